"""Statements that every kept verdict needs, made ready once: on SQLite they go straight to the driver.

What SQLAlchemy does for each statement costs ten times what SQLite does for it. Values must be of the types
that SQLite has itself: text, numbers, bytes, nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Insert, Select, Table, Update, insert

Row = Mapping[str, Any]


class _Words(NamedTuple):
    """A statement as SQLite reads it."""

    said: str
    order: Sequence[str]
    """The names of its values, in order."""
    fixed: dict[str, Any]
    """Those that are always the same."""


class _Ready:
    """A statement whose values are bound by name, and its words for SQLite."""

    def __init__(
        self, statement: Select[Any] | Insert | Update, columns: Sequence[str] | None = None
    ) -> None:
        self._statement: Final = statement
        self._columns: Final = columns

    @cached_property
    def _words(self) -> _Words:
        from sqlalchemy.dialects import sqlite  # only once it is needed: commands start without it

        made: Any = self._statement.compile(dialect=sqlite.dialect(), column_keys=self._columns)
        fixed = {name: bind.value for name, bind in made.binds.items() if not bind.required}
        return _Words(str(made), made.positiontup, fixed)

    def _values(self, row: Row) -> tuple[Any, ...]:
        fixed = self._words.fixed
        return tuple([fixed[name] if name in fixed else row[name] for name in self._words.order])


class Reading(_Ready):
    """A query."""

    def rows(self, connection: Connection, values: Row) -> list[tuple[Any, ...]]:
        """Return the rows as plain tuples."""
        driver = _driver(connection)
        if driver is None:
            return [tuple(row) for row in connection.execute(self._statement, values)]
        found: list[tuple[Any, ...]] = driver.execute(self._words.said, self._values(values)).fetchall()
        return found


class Writing(_Ready):
    """A statement that writes."""

    def all(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Carry it out with each of these values, at once; with none, do nothing."""
        if not rows:
            return
        driver = _driver(connection)
        if driver is None:
            connection.execute(self._statement, rows)
        else:
            driver.executemany(self._words.said, [self._values(row) for row in rows])


class Putting(Writing):
    """Rows that are put into a table, each with a value for each of these columns."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        """The table, and the columns."""
        super().__init__(insert(table), columns)
        self._numbering: Final = insert(table).returning(*table.primary_key)

    def numbered(self, connection: Connection, rows: Sequence[Row]) -> list[int]:
        """Put rows in order, where the table numbers them; returns their numbers."""
        driver = _driver(connection)
        if driver is None:
            return [int(connection.execute(self._numbering, row).scalar_one()) for row in rows]
        return [int(driver.execute(self._words.said, self._values(row)).lastrowid) for row in rows]


def _driver(connection: Connection) -> Any:
    """SQLite's own connection, inside a transaction; None where SQLAlchemy has to do it."""
    if connection.dialect.name != "sqlite" or not connection.in_transaction():
        return None
    return connection.connection.driver_connection
