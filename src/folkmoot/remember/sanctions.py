"""Sanctions and allowances: what stands for a member of one group for a time."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from folkmoot.remember import log
from folkmoot.remember.deciding import Sanction, SanctionKind
from folkmoot.remember.deciding_tables import allowances, sanctions
from folkmoot.remember.quick import Putting, Reading

_NEW: Final = Putting(
    sanctions, ("id", "group_id", "person", "kind", "decision_id", "action_id", "since", "until")
)
_MUTES: Final = Reading(
    select(sanctions.c.id)
    .where(
        sanctions.c.ended_at.is_(None),
        sanctions.c.group_id == bindparam("group"),
        sanctions.c.person == bindparam("person"),
        sanctions.c.kind == SanctionKind.MUTE.value,
        or_(sanctions.c.until.is_(None), sanctions.c.until > bindparam("at")),
    )
    .limit(1)
)


def put(
    connection: Connection,
    group: str,
    person: str,
    kind: SanctionKind,
    *,
    decision: str,
    action: str,
    at: float,
    until: float | None,
) -> None:
    """Let a sanction begin; it holds at once, whatever becomes of the action on the platform."""
    row = {"id": secrets.token_hex(16), "group_id": group, "person": person, "kind": kind.value}
    row |= {"decision_id": decision, "action_id": action}
    _NEW.all(connection, [{**row, "since": at, "until": until}])


def get(connection: Connection, sanction: str) -> Sanction | None:
    """Return a sanction by its id."""
    row = connection.execute(select(sanctions).where(sanctions.c.id == sanction)).one_or_none()
    return None if row is None else _sanction(row)


def end(connection: Connection, sanction: Sanction, *, by: str, at: float) -> bool:
    """End a sanction, once, with its entry in the log."""
    change = update(sanctions).where(sanctions.c.id == sanction.id, sanctions.c.ended_at.is_(None))
    changed = connection.execute(change.values(ended_at=at, ended_by=by)).rowcount
    if changed:
        log.write(
            connection, sanction.group, "sanction.ended", by=by, at=at, subject=sanction.decision,
            what=sanction.kind.value, person=sanction.person,
        )  # fmt: skip
    return bool(changed)


def standing(
    connection: Connection, group: str | None = None, *, person: str | None = None
) -> list[Sanction]:
    """Return what has not ended, oldest first; its time may be over without anybody having ended it yet."""
    query = select(sanctions).where(sanctions.c.ended_at.is_(None))
    if group is not None:
        query = query.where(sanctions.c.group_id == group)
    if person is not None:
        query = query.where(sanctions.c.person == person)
    return [_sanction(row) for row in connection.execute(query.order_by(sanctions.c.since))]


def is_muted(connection: Connection, group: str, person: str, *, at: float) -> bool:
    """Tell whether somebody is muted in a group at this time."""
    return bool(_MUTES.rows(connection, {"group": group, "person": person, "at": at}))


def over(connection: Connection, *, now: float, most: int = 100) -> list[Sanction]:
    """Return the sanctions whose time is over and that still have to be ended."""
    query = select(sanctions).where(sanctions.c.ended_at.is_(None), sanctions.c.until <= now)
    return [_sanction(row) for row in connection.execute(query.order_by(sanctions.c.until).limit(most))]


def of_decision(connection: Connection, decision: str, *, person: str | None = None) -> list[Sanction]:
    """Return what a decision put on members, or on one of them, ended or not."""
    query = select(sanctions).where(sanctions.c.decision_id == decision)
    if person is not None:
        query = query.where(sanctions.c.person == person)
    return [_sanction(row) for row in connection.execute(query)]


def allow(connection: Connection, group: str, person: str, mark: str, *, decision: str, until: float) -> None:
    """Let an author send a text once more, known by its keyed hash; the same text twice is one."""
    row = {"group_id": group, "person": person, "mark": mark, "decision_id": decision, "until": until}
    same = (allowances.c.decision_id == decision, allowances.c.person == person, allowances.c.mark == mark)
    if connection.execute(select(allowances.c.mark).where(*same)).first() is None:
        connection.execute(insert(allowances).values(row))


def disallow(connection: Connection, decision: str, *, person: str | None = None, at: float) -> None:
    """End the allowances that a decision gave, to everybody or to one member."""
    given = update(allowances).where(allowances.c.decision_id == decision, allowances.c.ended_at.is_(None))
    if person is not None:
        given = given.where(allowances.c.person == person)
    connection.execute(given.values(ended_at=at))


def allowed(connection: Connection, *, now: float) -> Sequence[tuple[str, str, str, float]]:
    """Return every allowance in force, as group, person, mark and end."""
    query = select(allowances.c.group_id, allowances.c.person, allowances.c.mark, allowances.c.until)
    query = query.where(allowances.c.until > now, allowances.c.ended_at.is_(None))
    return [(row.group_id, row.person, row.mark, row.until) for row in connection.execute(query)]


def _sanction(row: Row[Any]) -> Sanction:
    return Sanction(
        id=row.id,
        group=row.group_id,
        person=row.person,
        kind=SanctionKind(row.kind),
        decision=row.decision_id,
        action=row.action_id,
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
