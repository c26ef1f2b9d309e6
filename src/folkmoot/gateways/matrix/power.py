"""Who has what power in a room (specification: m.room.power_levels; room version 12: creators)."""

from typing import Any

from folkmoot.gateways.matrix.ports import Room

_STATE_DEFAULT = 50
CREATOR_POWER = 1 << 53
"""The power of a room's creators since version 12: more than any level that can be given."""


def of(room: Room, person: str) -> int:
    """Return a person's power in a room."""
    if person in room.creators and _has_creators(room):
        return CREATOR_POWER
    levels = room.content("m.room.power_levels")
    if levels is None:
        return 100 if person in room.creators else 0
    given = levels.get("users")
    own = given.get(person) if isinstance(given, dict) else None
    return _level(own if own is not None else levels.get("users_default"), 0)


def administers(room: Room, person: str) -> bool:
    """Tell whether a person may change the room's state, and so its protection."""
    levels = room.content("m.room.power_levels") or {}
    return of(room, person) >= max(_STATE_DEFAULT, _level(levels.get("state_default"), _STATE_DEFAULT))


def may_set(room: Room, person: str, kind: str) -> bool:
    """Tell whether a person may send state of some type; without power levels, only creators count."""
    levels = room.content("m.room.power_levels")
    if levels is None:
        return person in room.creators
    listed = levels.get("events")
    own = listed.get(kind) if isinstance(listed, dict) else None
    needed = own if own is not None else levels.get("state_default")
    return of(room, person) >= _level(needed, _STATE_DEFAULT)


def may_remove(room: Room, person: str, target: str, membership: str) -> bool:
    """Tell whether a person may kick (`leave`) or ban another."""
    levels = room.content("m.room.power_levels") or {}
    needed = _level(levels.get("ban" if membership == "ban" else "kick"), _STATE_DEFAULT)
    return of(room, person) >= needed and of(room, person) > of(room, target)


def _level(value: Any, otherwise: int) -> int:
    # Up to room version 9 a level may be written as text.
    try:
        return otherwise if value is None or isinstance(value, bool | float) else int(value)
    except (TypeError, ValueError):
        return otherwise


def _has_creators(room: Room) -> bool:
    return room.version.isdigit() and int(room.version) >= 12
