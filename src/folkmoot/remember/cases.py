"""Cases: what waits for a person; a member has at most one open case in a group."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from folkmoot.remember.quick import Putting
from folkmoot.remember.records import Case, CaseKind
from folkmoot.remember.tables import case_people, case_verdicts, cases
from folkmoot.vocabulary import Urgency

OPEN = "open"
CLOSED = "closed"
_NEW: Final = Putting(
    cases,
    (
        "id", "group_id", "kind", "person", "opened_at", "last_at", "state", "verdict_count", "report_count",
        "urgency", "due_at", "version",
    ),
)  # fmt: skip


def still_open(connection: Connection, group: str, *, most: int = 100) -> list[Case]:
    """Return the open cases of a group, the one touched last first."""
    query = select(cases).where(cases.c.group_id == group, cases.c.state == OPEN)
    return [_case(row) for row in connection.execute(query.order_by(cases.c.last_at.desc()).limit(most))]


def get(connection: Connection, case: str) -> Case | None:
    """Return a case by its id."""
    row = connection.execute(select(cases).where(cases.c.id == case)).one_or_none()
    return None if row is None else _case(row)


def begins(connection: Connection, group: str, start: str) -> list[Case]:
    """Return the cases of a group whose id begins like this, the newest first: people type few letters."""
    query = select(cases).where(cases.c.group_id == group, cases.c.id.startswith(start, autoescape=True))
    return [_case(row) for row in connection.execute(query.order_by(cases.c.opened_at.desc()).limit(5))]


def open_about(connection: Connection, group: str, person: str) -> Case | None:
    """Return the open case about a member."""
    query = select(cases).where(
        cases.c.group_id == group,
        cases.c.person == person,
        cases.c.state == OPEN,
        cases.c.kind == CaseKind.PERSON.value,
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _case(row)


def put(connection: Connection, case: Case) -> None:
    """Keep a new case."""
    put_rows(connection, [row_of(case)])


def put_rows(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep new cases, each given as its row."""
    _NEW.all(connection, rows)


def change(connection: Connection, case: Case, **values: object) -> bool:
    """Change a case that nobody changed meanwhile, and give it the next version; False if somebody did."""
    mine = update(cases).where(cases.c.id == case.id, cases.c.version == case.version)
    return bool(connection.execute(mine.values(version=case.version + 1, **values)).rowcount)


def touch(connection: Connection, case: str, **values: object) -> None:
    """Note something about a case that doesn't keep anybody from deciding it."""
    connection.execute(update(cases).where(cases.c.id == case).values(**values))


def due(connection: Connection, *, now: float, most: int = 200) -> list[Case]:
    """Return the open cases whose time is over, the longest over first."""
    query = select(cases).where(cases.c.state == OPEN, cases.c.due_at <= now)
    return [_case(row) for row in connection.execute(query.order_by(cases.c.due_at).limit(most))]


def to_erase(connection: Connection, *, now: float, most: int = 200) -> list[Case]:
    """Return the cases whose text has to be erased."""
    query = select(cases).where(cases.c.erase_at <= now).order_by(cases.c.erase_at)
    return [_case(row) for row in connection.execute(query.limit(most))]


def verdicts_of(connection: Connection, case: str) -> list[str]:
    """Return the ids of a case's verdicts."""
    return list(
        connection.execute(select(case_verdicts.c.verdict).where(case_verdicts.c.case_id == case)).scalars()
    )


def people_of(connection: Connection, case: Case) -> list[str]:
    """Return whom a case is about."""
    if case.kind is CaseKind.PERSON:
        return [case.person] if case.person else []
    query = select(case_people.c.person).where(case_people.c.case_id == case.id)
    return list(connection.execute(query.order_by(case_people.c.person)).scalars())


def add_people(connection: Connection, case: Case, people: list[str]) -> None:
    """Put more people into a case about a raid."""
    known = set(people_of(connection, case))
    rows = [
        {"case_id": case.id, "group_id": case.group, "person": one}
        for one in dict.fromkeys(people)
        if one not in known
    ]
    if rows:
        connection.execute(insert(case_people), rows)


def row_of(case: Case) -> dict[str, object]:
    """Return the row of a case."""
    return {
        "id": case.id,
        "group_id": case.group,
        "kind": case.kind.value,
        "person": case.person,
        "opened_at": case.opened_at,
        "last_at": case.last_at,
        "state": case.state,
        "verdict_count": case.verdict_count,
        "report_count": case.report_count,
        "urgency": case.urgency.value,
        "due_at": case.due_at,
        "version": case.version,
    }


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        group=row.group_id,
        kind=CaseKind(row.kind),
        person=row.person,
        opened_at=row.opened_at,
        last_at=row.last_at,
        state=row.state,
        verdict_count=row.verdict_count,
        report_count=row.report_count,
        urgency=Urgency(row.urgency),
        due_at=row.due_at,
        reminded_at=row.reminded_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        version=row.version,
        closed_at=row.closed_at,
        erase_at=row.erase_at,
    )
