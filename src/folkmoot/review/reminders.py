"""What waits too long is brought up again: to whom, and not while they sleep."""

from collections.abc import Sequence

from sqlalchemy import Connection, update

from folkmoot.remember import appeals, cases, log, outbox, preferences
from folkmoot.remember.deciding_tables import appeals as appeal_table
from folkmoot.remember.records import Case
from folkmoot.review import eyes
from folkmoot.review.queue import administrators

AGAIN = 24 * 3600.0
"""After so many seconds people are reminded once more."""
_MOST = 100


def remind(connection: Connection, *, now: float) -> int:
    """Ask for reminders of every case and appeal whose time is over; returns how many were asked for.

    A case that somebody claimed and left is handed over: it is free again, and everybody is told. Each person
    is written to in their own waking hours.
    """
    count = 0
    for case in cases.due(connection, now=now, most=_MOST):
        if case.reminded_at is None or case.reminded_at <= now - AGAIN:
            count += _about_case(connection, case, now)
    for appeal in appeals.still_open(connection, most=_MOST):
        late = appeal.due_at <= now and (appeal.reminded_at is None or appeal.reminded_at <= now - AGAIN)
        if late:
            mine = update(appeal_table).where(appeal_table.c.id == appeal.id)
            connection.execute(mine.values(reminded_at=now))
            people = eyes.of(connection, appeal)
            count += _write(connection, appeal.group, "appeal", appeal.id, people, now)
    return count


def _about_case(connection: Connection, case: Case, now: float) -> int:
    people = [one for one in administrators(connection, case.group) if one != case.person]
    if case.claimed_by is not None:
        cases.change(connection, case, claimed_by=None, claimed_at=None, reminded_at=now)
        log.write(
            connection, case.group, "case.handed-over", by="folkmoot", at=now, subject=case.id,
            claimed_by=case.claimed_by,
        )  # fmt: skip
    else:
        cases.touch(connection, case.id, reminded_at=now)
    return _write(connection, case.group, "case", case.id, people, now)


def _write(
    connection: Connection, group: str, what: str, name: str, people: Sequence[str], now: float
) -> int:
    for person in people:
        awake = preferences.get(connection, group, person).awake_at(now)
        outbox.put(connection, group, "reminder", {what: name, "person": person}, at=now, after=awake - now)
    return len(people)
