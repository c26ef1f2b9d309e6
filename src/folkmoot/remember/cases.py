"""Cases: what waits for a person; a member has at most one open case in a group."""

import secrets
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from folkmoot.remember.records import Case, VerdictRecord
from folkmoot.remember.tables import case_verdicts, cases


def add(connection: Connection, kept: VerdictRecord) -> tuple[str, bool]:
    """Put a verdict into the member's open case, or open one; returns the case's id and whether it is new."""
    case = _open_case(connection, kept.group, kept.sender)
    is_new = case is None
    if case is None:
        case = secrets.token_hex(8)
        connection.execute(
            insert(cases).values(
                id=case,
                group_id=kept.group,
                person=kept.sender,
                opened_at=kept.at,
                last_at=kept.at,
                state="open",
                verdict_count=1,
            )
        )
    else:
        connection.execute(
            update(cases)
            .where(cases.c.id == case)
            .values(last_at=kept.at, verdict_count=cases.c.verdict_count + 1)
        )
    connection.execute(insert(case_verdicts).values(case_id=case, verdict=kept.id))
    return case, is_new


def has_open(connection: Connection, group: str, person: str) -> bool:
    """Tell whether a case about a member is open."""
    return _open_case(connection, group, person) is not None


def still_open(connection: Connection, group: str, *, most: int = 100) -> list[Case]:
    """Return the open cases of a group, the one touched last first."""
    query = select(cases).where(cases.c.group_id == group, cases.c.state == "open")
    return [_case(row) for row in connection.execute(query.order_by(cases.c.last_at.desc()).limit(most))]


def _open_case(connection: Connection, group: str, person: str) -> str | None:
    query = select(cases.c.id).where(
        cases.c.group_id == group, cases.c.person == person, cases.c.state == "open"
    )
    return connection.execute(query).scalar_one_or_none()


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        group=row.group_id,
        person=row.person,
        opened_at=row.opened_at,
        last_at=row.last_at,
        state=row.state,
        verdict_count=row.verdict_count,
    )
