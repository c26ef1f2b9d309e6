"""Finding out who is meant by a name: among the members of the group's rooms."""

from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import RefusedError, text_of
from folkmoot.remember import rooms

_MOST_ROOMS = 20
_MOST_NAMES = 300


async def named(here: Surroundings, group: str, name: str) -> list[str]:
    """Return the members whom a name may mean: by the first part of their id, else by their display name."""
    wanted = name.strip().casefold().removeprefix("@")
    if not wanted:
        return []
    present = await _members(here, group)
    by_id = [one for one in present if one[1:].partition(":")[0].casefold() == wanted]
    if by_id:
        return by_id
    found: list[str] = []
    for person, room in [*present.items()][:_MOST_NAMES]:
        if await _display(here, room, person) == wanted:
            found.append(person)
    return found


async def _members(here: Surroundings, group: str) -> dict[str, str]:
    """Everybody in the group's rooms, each with a room that they are in."""
    known = await here.store.read(lambda c: rooms.of_group(c, group))
    present: dict[str, str] = {}
    for room in known[:_MOST_ROOMS]:
        try:
            for person in await here.wire.joined(room.id):
                present.setdefault(person, room.id)
        except RefusedError:
            continue
    ours = (here.account, here.policy.user_id)
    return {person: room for person, room in sorted(present.items()) if person not in ours}


async def _display(here: Surroundings, room: str, person: str) -> str:
    try:
        member = await here.wire.state(room, MEMBER, person)
    except RefusedError:
        return ""
    return text_of(member.content.get("displayname")).strip().casefold() if member else ""
