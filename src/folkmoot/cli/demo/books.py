"""What Folkmoot wrote down about a message, read from its own database without being able to change it."""

from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, create_engine, select

from folkmoot.remember import verdicts
from folkmoot.remember.records import Judged, VerdictRecord
from folkmoot.remember.tables import cases, groups
from folkmoot.vocabulary import Category


class Entry(Struct, frozen=True, kw_only=True):
    """A kept verdict in short: the deciding rule, its category and why."""

    record: VerdictRecord
    rule: str
    category: Category | None
    why: str


class Books:
    """A read-only view of the database of a running Folkmoot that looks after one group."""

    def __init__(self, database: Path) -> None:
        """Open the SQLite file `database`; nothing can be written through this."""
        self._engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def about(self, event: str) -> Entry | None:
        """Return what was found in a message; None if nothing was, or it was never judged."""
        with self._engine.connect() as connection:
            was = _judged(connection, event)
            return None if was is None else _entry(connection, was.verdict)

    def was_judged(self, event: str) -> bool:
        """Tell whether a message was judged at all."""
        with self._engine.connect() as connection:
            return _judged(connection, event) is not None

    def cases_about(self, person: str) -> int:
        """Return how many cases were ever opened about somebody."""
        with self._engine.connect() as connection:
            return len(connection.execute(select(cases.c.id).where(cases.c.person == person)).all())


def _judged(connection: Connection, event: str) -> Judged | None:
    group = connection.execute(select(groups.c.id)).scalar_one_or_none()
    return None if group is None else verdicts.find(connection, group, event)


def _entry(connection: Connection, verdict: str | None) -> Entry | None:
    record = None if verdict is None else verdicts.get(connection, verdict)
    if record is None:
        return None
    rule = record.finding.rules[0] if record.finding.rules else ""
    for signal in record.finding.signals:
        if signal.rule == rule:
            return Entry(record=record, rule=rule, category=signal.category, why=signal.sentence)
    return Entry(record=record, rule=rule, category=None, why=record.finding.failure or "")
