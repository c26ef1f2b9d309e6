"""Muting a member and shutting a room's door, by what Matrix has for it: power levels and join rules."""

import json
from typing import Any

from folkmoot.act.platform import HOW, JUDGING, CantError, Keep, Receipt
from folkmoot.gateways.matrix.bot import sight
from folkmoot.gateways.matrix.bot.hands_state import change, plainly, powers_in
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import part_of, text_of

LEVELS = "m.room.power_levels"
RULES = "m.room.join_rules"
_NONE = "none"
_SHUT = {"join_rule": "invite"}
_CLOSED = ("invite", "private")


async def mute(here: Surroundings, room: str, person: str, before: Receipt, keep: Keep) -> Receipt:
    """Put a member's power below what writing takes; where we can't, see that judging stops them."""
    powers = await powers_in(here.wire, room)
    own = powers.of(here.account)
    if "level" not in before:
        if powers.of(person) <= powers.silent:
            return {HOW: "already"}
        if own < powers.to_set(LEVELS) or own <= powers.of(person) or not powers.stated:
            return await _by_judging(here, room)
        known = part_of(powers.levels, "users").get(person)
        before = {"level": _NONE if known is None else json.dumps(known), "muted": str(powers.silent)}
        await keep(before)
    muted = int(before["muted"])

    def lower(content: dict[str, Any]) -> None:
        content["users"] = {**part_of(content, "users"), person: muted}

    try:
        with plainly("I can't change power levels"):
            await change(here.wire, room, LEVELS, lower)
    except CantError:
        return await _by_judging(here, room)
    return {**before, HOW: "power-level"}


async def unmute(here: Surroundings, room: str, person: str, before: Receipt) -> Receipt:
    """Put a member's power back to what it was, if it still is what `mute` made of it."""
    if "level" not in before:
        return {HOW: before.get(HOW, "nothing")}
    muted, level = int(before["muted"]), before["level"]

    def lift(content: dict[str, Any]) -> None:
        users = dict(part_of(content, "users"))
        if users.get(person) == muted:
            del users[person]
            content["users"] = users if level == _NONE else {**users, person: json.loads(level)}

    with plainly(f"I can't give {person} their power level back"):
        await change(here.wire, room, LEVELS, lift)
    return {HOW: "power-level"}


async def lock_down(here: Surroundings, room: str, before: Receipt, keep: Keep) -> Receipt:
    """Let people in by invitation only, and let only those who run the room invite."""
    powers = await powers_in(here.wire, room)
    own, needed = powers.of(here.account), powers.to_set(RULES)
    if "rules" not in before:
        if own < needed:
            raise CantError(f"To shut the door I need power {needed}, and have {own}.")
        rules = await here.wire.state(room, RULES)
        invite = powers.levels.get("invite")
        before = {
            "rules": json.dumps(dict(rules.content) if rules else _SHUT),
            "invite": _NONE if invite is None else json.dumps(invite),
            "raised": str(powers.administrator),
        }
        await keep(before)

    def shut(content: dict[str, Any]) -> None:
        if content.get("join_rule") not in _CLOSED:
            content.clear()
            content.update(_SHUT)

    raised = int(before["raised"])

    def raise_level(content: dict[str, Any]) -> None:
        if sight.read_level(content.get("invite"), 0) < raised:
            content["invite"] = raised

    with plainly("I can't shut the door"):
        await change(here.wire, room, RULES, shut)
        if powers.stated and own >= max(powers.to_set(LEVELS), raised):
            await change(here.wire, room, LEVELS, raise_level)
    return before


async def reopen(here: Surroundings, room: str, before: Receipt) -> Receipt:
    """Put join rules and the level for inviting back, each if it still is what `lock_down` made of it."""
    if "rules" not in before:
        return {}
    rules, invite, raised = json.loads(before["rules"]), before["invite"], int(before["raised"])

    def unlock(content: dict[str, Any]) -> None:
        if content == _SHUT:
            content.clear()
            content.update(rules)

    def lower(content: dict[str, Any]) -> None:
        if content.get("invite") == raised:
            del content["invite"]
            content |= {} if invite == _NONE else {"invite": json.loads(invite)}

    with plainly("I can't open the door again"):
        await change(here.wire, room, RULES, unlock)
        await change(here.wire, room, LEVELS, lower)
    return {}


async def _by_judging(here: Surroundings, room: str) -> Receipt:
    """Say that messages are stopped before delivery; CantError where nobody judges them."""
    policing = sight.read_policing(await here.wire.state(room, sight.POLICY))
    judged = policing is not None and policing.via == here.policy.server_name
    if judged and await sight.is_member(here.wire, room, here.policy.user_id):
        return {HOW: JUDGING}
    name = text_of(await sight.title_of(here.wire, room))
    raise CantError(
        f"In “{name}” I lack the power to change power levels, and protection is off: "
        "give me power, or switch protection on."
    )
