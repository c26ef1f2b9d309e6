"""What Folkmoot wrote down about a message, read from its own database without being able to change it."""

from pathlib import Path

from msgspec import Struct
from sqlalchemy import create_engine, select

from folkmoot.remember import verdicts
from folkmoot.remember.records import Case, VerdictRecord
from folkmoot.remember.tables import cases, groups
from folkmoot.remember.tables import verdicts as verdicts_table
from folkmoot.vocabulary import Category


class Entry(Struct, frozen=True, kw_only=True):
    """A kept verdict in short: the deciding rule, its category and why."""

    record: VerdictRecord
    rule: str
    category: Category | None
    why: str


class Books:
    """A read-only view of the database of a running Folkmoot."""

    def __init__(self, database: Path) -> None:
        """Open the SQLite file `database`; nothing can be written through this."""
        self._engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def group(self) -> str | None:
        """Return the id of the only group; None before there is one."""
        with self._engine.connect() as connection:
            return connection.execute(select(groups.c.id)).scalar_one_or_none()

    def about(self, event: str) -> Entry | None:
        """Return what was found in a message; None if nothing was, or it was never judged."""
        with self._engine.connect() as connection:
            judged = verdicts.find(connection, self.group() or "", event)
            if judged is None or judged.verdict is None:
                return None
            record = verdicts.get(connection, judged.verdict)
        return None if record is None else _entry(record)

    def latest_about(self, person: str) -> Entry | None:
        """Return the newest verdict about somebody's messages."""
        query = select(verdicts_table.c.id).where(verdicts_table.c.sender == person)
        with self._engine.connect() as connection:
            newest = connection.execute(query.order_by(verdicts_table.c.seq.desc()).limit(1)).scalar()
            record = None if newest is None else verdicts.get(connection, newest)
        return None if record is None else _entry(record)

    def was_judged(self, event: str) -> bool:
        """Tell whether a message was judged at all."""
        with self._engine.connect() as connection:
            return verdicts.find(connection, self.group() or "", event) is not None

    def open_cases(self) -> list[Case]:
        """Return the open cases of every group."""
        with self._engine.connect() as connection:
            found: list[Case] = []
            for group in connection.execute(select(groups.c.id)).scalars().all():
                found += verdicts.open_cases(connection, group)
            return found

    def cases_of(self, person: str) -> int:
        """Return how many cases were ever opened about somebody."""
        with self._engine.connect() as connection:
            return len(connection.execute(select(cases.c.id).where(cases.c.person == person)).all())


def _entry(record: VerdictRecord) -> Entry:
    rule = record.finding.rules[0] if record.finding.rules else ""
    for signal in record.finding.signals:
        if signal.rule == rule:
            return Entry(record=record, rule=rule, category=signal.category, why=signal.sentence)
    return Entry(record=record, rule=rule, category=None, why=record.finding.failure or "")
