"""What administrators decide about a member on their own initiative: warn, mute, kick, ban, and lift it."""

from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.console import case_commands, finding
from folkmoot.gateways.matrix.bot.console.case_commands import wanted
from folkmoot.gateways.matrix.bot.console.orders import Does, Order
from folkmoot.gateways.matrix.bot.console.reading import Request
from folkmoot.remember import sanctions
from folkmoot.remember.deciding import SanctionKind
from folkmoot.review.consequences import Pick
from folkmoot.review.reporting import About

_HOW_LONG = "For how long? For instance: mute @name:server 2h because … (30m, 2h, 3d or 1w)"
_ENDS = frozenset({Pick.MUTE, Pick.BAN})


def sanctions_with(pick: Pick) -> Callable[[Desk, Ask], Awaitable[Answer]]:
    """Return the command that does this to a member, by a case or by their name."""

    async def run(desk: Desk, ask: Ask) -> Answer:
        asked = finding.request(desk, ask)
        if pick is Pick.MUTE and asked.lasts is None:
            return Answer(text=_HOW_LONG)
        lasts = asked.lasts if pick in _ENDS else None
        if await _is_about_a_case(desk, ask, asked):
            found = await finding.case(desk, ask, asked)
            if isinstance(found, Answer):
                return found
            return await case_commands.order_on(desk, ask, found, (pick,), reason=asked.reason, lasts=lasts)
        about = await finding.member(desk, ask, asked)
        if isinstance(about, Answer):
            return about
        return await wanted(desk, ask, _order(about, pick, asked, lasts))

    return run


async def remove(desk: Desk, ask: Ask) -> Answer:
    """Remove what a case is about, or the message that somebody replied to."""
    asked = finding.request(desk, ask)
    if not asked.ref and await finding.card(desk, ask) is None:
        about = await finding.member(desk, ask, Request())
        if not isinstance(about, Answer) and about.message:
            return await wanted(desk, ask, _order(about, Pick.REMOVE, _all_reason(ask, asked), None))
    return await case_commands.decides(Pick.REMOVE)(desk, ask)


async def lock_down(desk: Desk, ask: Ask) -> Answer:
    """Shut the doors of all rooms, after a second tap."""
    asked = finding.request(desk, ask)
    reason = asked.reason or asked.name
    return await wanted(desk, ask, Order(does=Does.LOCK_DOWN, reason=reason))


def lifts(kind: SanctionKind) -> Callable[[Desk, Ask], Awaitable[Answer]]:
    """Return the command that takes back whatever mutes or bans a member."""

    async def run(desk: Desk, ask: Ask) -> Answer:
        asked = finding.request(desk, ask)
        about = await finding.member(desk, ask, asked)
        if isinstance(about, Answer):
            return await _by_sanction(desk, ask, asked, kind) or about
        made = await desk.here.store.read(lambda c: _of(c, group_of(ask).id, about.person, kind))
        if not made:
            word = "muted" if kind is SanctionKind.MUTE else "banned"
            return Answer(text=f"{about.person} is not {word} by any decision in this group.")
        order = Order(does=Does.UNDO, subject=made[-1], reason=asked.reason)
        return await wanted(desk, ask, order)

    return run


async def _by_sanction(desk: Desk, ask: Ask, asked: Request, kind: SanctionKind) -> Answer | None:
    """Somebody who is banned is no member any more: look among those who are restricted."""
    name = asked.name.casefold().removeprefix("@")
    group = group_of(ask).id
    standing = await desk.here.store.read(lambda c: sanctions.standing(c, group))
    found = [
        one
        for one in standing
        if name and one.kind is kind and one.person[1:].partition(":")[0].casefold() == name
    ]
    if len({one.person for one in found}) != 1:
        return None
    return await wanted(desk, ask, Order(does=Does.UNDO, subject=found[-1].decision, reason=asked.reason))


async def _is_about_a_case(desk: Desk, ask: Ask, asked: Request) -> bool:
    if asked.ref:
        return True
    return not asked.people and not asked.name and await finding.card(desk, ask) is not None


def _order(about: About, pick: Pick, asked: Request, lasts: float | None) -> Order:
    return Order(
        does=Does.SANCTION,
        picks=(pick,),
        lasts=lasts,
        person=about.person,
        room=about.room,
        message=about.message,
        text=about.text,
        reason=asked.reason,
    )


def _all_reason(ask: Ask, asked: Request) -> Request:
    """In a reply, everything after the command says why."""
    return asked if asked.reason else Request(reason=" ".join(ask.words))


def _of(connection: Connection, group: str, person: str, kind: SanctionKind) -> list[str]:
    return [one.decision for one in sanctions.standing(connection, group, person=person) if one.kind is kind]
