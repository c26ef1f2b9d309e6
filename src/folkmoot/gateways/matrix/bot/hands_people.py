"""Putting members out of a room and letting them back in, each once, however often it is asked for."""

from folkmoot.act.platform import BANNED, HOW, CantError, Keep, Receipt
from folkmoot.gateways.matrix.bot import sight
from folkmoot.gateways.matrix.bot.hands_state import plainly, powers_in
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import text_of

_INSIDE = ("join", "invite", "knock")
_WELCOME = ("join", "invite")


async def kick(
    here: Surroundings, room: str, person: str, reason: str, before: Receipt, keep: Keep
) -> Receipt:
    """Put a member out, unless something changed about them since we first wanted to."""
    membership, event = await _standing(here, room, person)
    if "was" not in before:
        if membership not in _INSIDE:
            return {"was": membership}
        await _need(here, room, person, "kick")
        before = {"was": membership, "saw": event}
        await keep(before)
    elif membership not in _INSIDE or (event and event != before.get("saw")):
        return before  # we did it before, or they left; whoever came back since is not put out again
    with plainly(f"I can't put {person} out"):
        await here.wire.kick(room, person, reason=reason)
    return before


async def ban(
    here: Surroundings, room: str, person: str, reason: str, before: Receipt, keep: Keep
) -> Receipt:
    """Put a member out and keep them out."""
    membership, _ = await _standing(here, room, person)
    if "was" not in before:
        if membership != "ban":
            await _need(here, room, person, "ban")
        before = {"was": membership}
        await keep(before)
    if membership != "ban":
        with plainly(f"I can't ban {person}"):
            await here.wire.ban(room, person, reason=reason)
    return before


async def invite(here: Surroundings, room: str, person: str, before: Receipt) -> Receipt:
    """Ask somebody back who was in the room and is not any more."""
    membership, _ = await _standing(here, room, person)
    if before.get("was") not in _WELCOME or membership in _INSIDE:
        return {}
    if membership == "ban":
        return {HOW: BANNED}
    with plainly(f"I can't invite {person}"):
        await here.wire.invite(room, person)
    return {HOW: "invited"}


async def unban(here: Surroundings, room: str, person: str, before: Receipt) -> Receipt:
    """Lift our own ban, and ask back who was in the room; the ban is over even if they can't be asked."""
    if before.get("was") in ("ban", None):
        return {}  # somebody else banned them before we did
    membership, _ = await _standing(here, room, person)
    if membership == "ban":
        with plainly(f"I can't lift the ban of {person}"):
            await here.wire.unban(room, person)
    try:
        return await invite(here, room, person, before)
    except CantError:
        return {HOW: "not invited"}


async def _standing(here: Surroundings, room: str, person: str) -> tuple[str, str]:
    """Return where a person stands in a room, and the event that says so."""
    await powers_in(here.wire, room)  # says so where we are not there, which no membership would
    member = await here.wire.state(room, sight.MEMBER, person)
    if member is None:
        return "none", ""
    return text_of(member.content.get("membership")) or "none", member.id


async def _need(here: Surroundings, room: str, person: str, act: str) -> None:
    powers = await powers_in(here.wire, room)
    own, needed = powers.of(here.account), max(powers.to_do(act), powers.of(person) + 1)
    if own < needed:
        name = await sight.title_of(here.wire, room)
        raise CantError(f"In “{name}” I need power {needed} to {act} {person}, and have {own}.")
