"""The open cases of some members, for one transaction: read once, and written together at its end."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from folkmoot.decide.urgency import sooner, urgency
from folkmoot.remember import cases, choices
from folkmoot.remember.choices import Choices
from folkmoot.remember.quick import Putting, Reading, Writing
from folkmoot.remember.records import Case, CaseKind, VerdictRecord
from folkmoot.remember.seal import Seals, ToSeal
from folkmoot.remember.tables import case_verdicts
from folkmoot.remember.tables import cases as table
from folkmoot.vocabulary import Category, Urgency

_HOUR = 3600.0
_FEW: Final = 8
"""So many open cases are looked for one by one; more are looked for together."""

_OPEN: Final = select(table.c.person, table.c.id, table.c.urgency).where(
    table.c.state == cases.OPEN, table.c.kind == CaseKind.PERSON.value, table.c.group_id == bindparam("group")
)
_OPEN_OF: Final = Reading(_OPEN.where(table.c.person == bindparam("person")))
_VERDICT: Final = Putting(case_verdicts, ("case_id", "verdict"))
_MORE: Final = Writing(
    update(table)
    .where(table.c.id == bindparam("case"))
    .values(last_at=bindparam("last"), verdict_count=table.c.verdict_count + bindparam("count"))
)


def hours_of(chosen: Choices, how: Urgency) -> float:
    """Return how many hours a group lets a case of this urgency wait."""
    return {
        Urgency.URGENT: chosen.urgent_hours,
        Urgency.SOON: chosen.soon_hours,
        Urgency.WHEN_YOU_CAN: chosen.later_hours,
    }[how]


def new_case(
    group: str, person: str, how: Urgency, chosen: Choices, *,
    at: float, kind: CaseKind = CaseKind.PERSON, name: str = "",
) -> Case:  # fmt: skip
    """Return a case that opens now, with nothing in it yet; its id is `name` where one is given."""
    return Case(
        id=name or secrets.token_hex(8),
        group=group,
        kind=kind,
        person=person,
        opened_at=at,
        last_at=at,
        state=cases.OPEN,
        verdict_count=0,
        report_count=0,
        urgency=how,
        due_at=at + hours_of(chosen, how) * _HOUR,
        reminded_at=None,
        claimed_by=None,
        claimed_at=None,
        version=1,
        closed_at=None,
        erase_at=None,
    )


class Cabinet:
    """The open cases of some members, for one transaction: read once, and written with `close`."""

    def __init__(
        self, connection: Connection, members: Iterable[tuple[str, str]], seals: Seals | None = None
    ) -> None:
        """Read the open cases of these members, each given as group and person."""
        self._connection = connection
        self._seals = seals
        by_group: dict[str, list[str]] = {}
        for group, person in filter(all, members):
            by_group.setdefault(group, []).append(person)
        self._open: dict[tuple[str, str], str] = {}
        self._urgency: dict[str, Urgency] = {}
        self._chosen: dict[str, Choices] = {}
        for group, people in by_group.items():
            for first in range(0, len(people), 500):
                self._read(group, people[first : first + 500])
        self._new: dict[str, dict[str, Any]] = {}
        self._more: dict[str, dict[str, Any]] = {}
        self._verdicts: list[dict[str, str]] = []
        self._texts: list[ToSeal] = []

    def _read(self, group: str, people: list[str]) -> None:
        rows: Iterable[Sequence[Any]]
        if len(people) > _FEW:
            rows = self._connection.execute(_OPEN.where(table.c.person.in_(people)), {"group": group})
        else:
            values = ({"group": group, "person": one} for one in people)
            rows = [row for each in values for row in _OPEN_OF.rows(self._connection, each)]
        for person, case, how in rows:
            self._open[group, person] = case
            self._urgency[case] = Urgency(how)

    def has_open(self, group: str, person: str) -> bool:
        """Tell whether a case about a member is open."""
        return (group, person) in self._open

    def put(self, kept: VerdictRecord, text: str = "") -> tuple[str, bool]:
        """Put a verdict into the member's open case, or open one; returns its id and whether it is new.

        `text` is what was written, where it is at hand: it is kept sealed.
        """
        name = kept.group, kept.sender
        how = urgency(_categories(kept))
        case = self._open.get(name)
        is_new = case is None
        if case is None:
            case = self._begin(kept, how)
        self._grow(case, kept.at)
        self._raise(case, kept, how)
        self._verdicts.append({"case_id": case, "verdict": kept.id})
        if text:
            about = ToSeal(kept.group, case, "message", kept.message, kept.sender, text, kept.at)
            self._texts.append(about)
        return case, is_new

    def close(self) -> None:
        """Write what was put."""
        cases.put_rows(self._connection, [*self._new.values()])
        _MORE.all(self._connection, [*self._more.values()])
        _VERDICT.all(self._connection, self._verdicts)
        if self._texts and self._seals is not None:
            self._seals.put_all(self._connection, self._texts)

    def _begin(self, kept: VerdictRecord, how: Urgency) -> str:
        """Open a case; its key is durable beforehand, as nearly always."""
        name = "" if self._seals is None else self._seals.new_key()
        made = new_case(kept.group, kept.sender, how, self._choices(kept.group), at=kept.at, name=name)
        if kept.sender:  # messages whose sender nobody named are not one person's
            self._open[kept.group, kept.sender] = made.id
        self._urgency[made.id] = how
        self._new[made.id] = cases.row_of(made)
        return made.id

    def _grow(self, case: str, at: float) -> None:
        if (new := self._new.get(case)) is not None:
            new["last_at"], new["verdict_count"] = at, new["verdict_count"] + 1
        else:
            more = self._more.setdefault(case, {"case": case, "last": at, "count": 0})
            more["last"], more["count"] = at, more["count"] + 1

    def _raise(self, case: str, kept: VerdictRecord, how: Urgency) -> None:
        """Make a case more urgent, and due sooner, if what comes in is."""
        now = sooner(self._urgency[case], how)
        if now is self._urgency[case]:
            return
        self._urgency[case] = now
        due = kept.at + hours_of(self._choices(kept.group), now) * _HOUR
        if case in self._new:
            self._new[case] |= {"urgency": now.value, "due_at": due}
        else:
            cases.touch(self._connection, case, urgency=now.value, due_at=due)

    def _choices(self, group: str) -> Choices:
        if group not in self._chosen:
            self._chosen[group] = choices.get(self._connection, group)
        return self._chosen[group]


def _categories(kept: VerdictRecord) -> frozenset[Category]:
    """What a verdict is about, by its deciding rule where that is known."""
    return frozenset(kept.categories or (signal.category for signal in kept.finding.signals))
