"""Rooms of a group, who administers them, and whether they are protected."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from folkmoot.remember import log
from folkmoot.remember.records import Protection, Room
from folkmoot.remember.tables import administrators, rooms

ELSEWHERE = ""
"""In place of a room: the group's chat has none that we know."""


class RoomTakenError(Exception):
    """The room belongs to another group already; remove it there first."""


def add(connection: Connection, group: str, room: str, title: str, *, by: str, at: float) -> Room:
    """Put a room into a group; a room that was removed comes back with a fresh start."""
    known = get(connection, room)
    if known is not None and known.removed_at is None:
        if known.group != group:
            raise RoomTakenError(room)
        return known
    values = {
        "group_id": group,
        "title": title,
        "added_at": at,
        "removed_at": None,
        "protection": Protection.STARTING.value,
        "protection_reason": "Being set up",
        "protection_at": at,
        "encrypted": False,
    }
    if known is None:
        connection.execute(insert(rooms).values(id=room, **values))
    else:
        connection.execute(update(rooms).where(rooms.c.id == room).values(values))
    log.write(connection, group, "room.added", by=by, at=at, subject=room, title=title)
    return _one(connection, room)


def remove(connection: Connection, room: str, *, by: str, at: float) -> None:
    """Take a room out of its group; its past stays readable to the group."""
    known = _one(connection, room)
    connection.execute(update(rooms).where(rooms.c.id == room).values(removed_at=at))
    log.write(connection, known.group, "room.removed", by=by, at=at, subject=room)


def get(connection: Connection, room: str) -> Room | None:
    """Return one room, removed or not; None if never seen."""
    row = connection.execute(select(rooms).where(rooms.c.id == room)).one_or_none()
    return None if row is None else _record(row)


def of_group(connection: Connection, group: str) -> list[Room]:
    """Return the rooms that belong to a group now, oldest first."""
    query = select(rooms).where(rooms.c.group_id == group, rooms.c.removed_at.is_(None))
    return [_record(row) for row in connection.execute(query.order_by(rooms.c.added_at))]


def every(connection: Connection) -> list[Room]:
    """Return all rooms that belong to a group now."""
    query = select(rooms).where(rooms.c.removed_at.is_(None)).order_by(rooms.c.added_at)
    return [_record(row) for row in connection.execute(query)]


def set_protection(connection: Connection, room: str, state: Protection, reason: str, *, at: float) -> bool:
    """Note whether the room is protected and why; returns whether that is a change (then it is logged)."""
    known = _one(connection, room)
    if (known.protection, known.protection_reason) == (state, reason):
        return False
    # Since when is counted from the change of the state, not of the words about it.
    since = at if known.protection is not state else known.protection_at
    connection.execute(
        update(rooms)
        .where(rooms.c.id == room)
        .values(protection=state.value, protection_reason=reason, protection_at=since)
    )
    kind = f"protection.{state.value}"
    log.write(connection, known.group, kind, by="folkmoot", at=at, subject=room, reason=reason)
    return True


def set_encrypted(connection: Connection, room: str, encrypted: bool) -> None:
    """Note that messages of the room cannot be read."""
    connection.execute(update(rooms).where(rooms.c.id == room).values(encrypted=encrypted))


def set_title(connection: Connection, room: str, title: str) -> None:
    """Note what the room is called now."""
    connection.execute(update(rooms).where(rooms.c.id == room).values(title=title))


def set_administrators(connection: Connection, room: str, powers: dict[str, int], *, at: float) -> None:
    """Note who administers a room; `powers` maps each person to their power there."""
    known = _one(connection, room)
    before = {
        row.person
        for row in connection.execute(select(administrators.c.person).where(administrators.c.room == room))
    }
    connection.execute(delete(administrators).where(administrators.c.room == room))
    for person, power in powers.items():
        connection.execute(
            insert(administrators).values(
                group_id=known.group, room=room, person=person, power=power, since=at
            )
        )
    for person in sorted(before ^ set(powers)):
        kind = "administrator.added" if person in powers else "administrator.gone"
        log.write(connection, known.group, kind, by="folkmoot", at=at, subject=person, room=room)


def name_administrators(
    connection: Connection, group: str, people: Iterable[str], *, by: str, at: float
) -> None:
    """Note who administers a group whose chat tells us no powers; each change is in the log."""
    mine = (administrators.c.group_id == group, administrators.c.room == ELSEWHERE)
    before = set(connection.execute(select(administrators.c.person).where(*mine)).scalars())
    now = set(people)
    connection.execute(delete(administrators).where(*mine))
    for person in sorted(now):
        row = {"group_id": group, "room": ELSEWHERE, "person": person, "power": 100, "since": at}
        connection.execute(insert(administrators).values(row))
    for person in sorted(before ^ now):
        kind = "administrator.added" if person in now else "administrator.gone"
        log.write(connection, group, kind, by=by, at=at, subject=person)


def administrators_of(connection: Connection, group: str) -> dict[str, int]:
    """Return the administrators of a group's present rooms with the highest power each has.

    In a group without rooms they are those who were named.
    """
    present = select(rooms.c.id).where(rooms.c.group_id == group, rooms.c.removed_at.is_(None))
    named = and_(administrators.c.group_id == group, administrators.c.room == ELSEWHERE)
    query = select(administrators.c.person, administrators.c.power).where(
        or_(named, administrators.c.room.in_(present))
    )
    powers: dict[str, int] = {}
    for person, power in connection.execute(query):
        powers[person] = max(power, powers.get(person, power))
    return powers


def groups_of(connection: Connection, person: str) -> list[str]:
    """Return the ids of the groups that a person administers."""
    query = (
        select(rooms.c.group_id)
        .distinct()
        .join(administrators, rooms.c.id == administrators.c.room)
        .where(administrators.c.person == person, rooms.c.removed_at.is_(None))
    )
    return [row.group_id for row in connection.execute(query)]


def _one(connection: Connection, room: str) -> Room:
    return _record(connection.execute(select(rooms).where(rooms.c.id == room)).one())


def _record(row: Row[Any]) -> Room:
    return Room(
        id=row.id,
        group=row.group_id,
        title=row.title,
        added_at=row.added_at,
        removed_at=row.removed_at,
        protection=Protection(row.protection),
        protection_reason=row.protection_reason,
        protection_at=row.protection_at,
        encrypted=row.encrypted,
    )
