"""Cases: what waits for a person; a member has at most one open case in a group."""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from folkmoot.remember.records import Case, VerdictRecord
from folkmoot.remember.tables import case_verdicts, cases


class Cabinet:
    """The open cases of some members, for one transaction: read once, and written with `close`."""

    def __init__(self, connection: Connection, members: Iterable[tuple[str, str]]) -> None:
        """Read the open cases of these members, each given as group and person."""
        self._connection = connection
        by_group: dict[str, list[str]] = {}
        for group, person in filter(all, members):
            by_group.setdefault(group, []).append(person)
        self._open: dict[tuple[str, str], str] = {}
        for group, people in by_group.items():
            for first in range(0, len(people), 500):
                self._read(group, people[first : first + 500])
        self._new: dict[str, dict[str, object]] = {}
        self._more: dict[str, dict[str, Any]] = {}
        self._verdicts: list[dict[str, str]] = []

    def _read(self, group: str, people: list[str]) -> None:
        query = select(cases.c.person, cases.c.id).where(
            cases.c.group_id == group, cases.c.person.in_(people), cases.c.state == "open"
        )
        for person, case in self._connection.execute(query):
            self._open[group, person] = case

    def has_open(self, group: str, person: str) -> bool:
        """Tell whether a case about a member is open."""
        return (group, person) in self._open

    def put(self, kept: VerdictRecord) -> tuple[str, bool]:
        """Put a verdict into the member's open case, or open one; returns its id and whether it is new."""
        name = kept.group, kept.sender
        case = self._open.get(name)
        is_new = case is None
        if case is None:
            case = secrets.token_hex(8)
            if kept.sender:  # messages whose sender nobody named are not one person's
                self._open[name] = case
            self._new[case] = {
                "id": case,
                "group_id": kept.group,
                "person": kept.sender,
                "opened_at": kept.at,
                "last_at": kept.at,
                "state": "open",
                "verdict_count": 0,
            }
        more = self._more.setdefault(case, {"case": case, "last": kept.at, "count": 0})
        more["last"], more["count"] = kept.at, more["count"] + 1
        self._verdicts.append({"case_id": case, "verdict": kept.id})
        return case, is_new

    def close(self) -> None:
        """Write what was put."""
        if self._new:
            self._connection.execute(insert(cases), list(self._new.values()))
        if self._more:
            grown = update(cases).where(cases.c.id == bindparam("case"))
            grown = grown.values(
                last_at=bindparam("last"), verdict_count=cases.c.verdict_count + bindparam("count")
            )
            self._connection.execute(grown, list(self._more.values()))
            self._connection.execute(insert(case_verdicts), self._verdicts)


def still_open(connection: Connection, group: str, *, most: int = 100) -> list[Case]:
    """Return the open cases of a group, the one touched last first."""
    query = select(cases).where(cases.c.group_id == group, cases.c.state == "open")
    return [_case(row) for row in connection.execute(query.order_by(cases.c.last_at.desc()).limit(most))]


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
