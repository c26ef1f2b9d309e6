"""That messages were judged: one row each, without text, written as many at a time as come together."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update
from xxhash import xxh3_64_intdigest

from folkmoot.remember.cover import COVERED, Cover
from folkmoot.remember.records import Judged
from folkmoot.remember.tables import judged
from folkmoot.vocabulary import Outcome

_COLUMNS: Final = (
    "key", "group_id", "message", "room", "sender", "at", "done", "verdict", "fingerprint", "sketch",
    "called",
)  # fmt: skip
_AT_ONCE: Final = (256, 64, 16, 4, 1)
"""How many rows one statement inserts: SQLite runs it without stopping, and keeps each statement ready."""

_TRIES: Final = 8
"""How many keys a message may take, when others with the same number took the first."""

_LARGEST_KEY: Final = 2**63 - 1
Name = tuple[str, str]
"""Group and id of a message."""


def key(group: str, message: str, attempt: int = 0) -> int:
    """Return the number that stands for a message; two messages share one hardly ever, but may."""
    return ((xxh3_64_intdigest(f"{group}\0{message}".encode()) >> 1) + attempt) & _LARGEST_KEY


def insert(connection: Connection, rows: Sequence[Judged], cover: Cover | None = None) -> dict[Name, Judged]:
    """Insert those messages that were not judged before; returns what stands for the others.

    Where some were judged before, what stands for the new ones is returned as well.
    """
    if not rows or _insert(connection, rows, 0, cover) == len(rows):
        return {}
    known: dict[Name, Judged] = {}
    for attempt in range(_TRIES):
        known |= _read(connection, rows, attempt, cover)
        # Another message may have taken the key of one that is new.
        rows = [was for was in rows if (was.group, was.message) not in known]
        if not rows:
            return known
        _insert(connection, rows, attempt + 1, cover)
    raise OverflowError("no key is free for a message")


def _read(
    connection: Connection, asked: Sequence[Judged], attempt: int, cover: Cover | None
) -> dict[Name, Judged]:
    """Return what stands for those of these messages that have the key of this attempt."""
    names = {(was.group, was.message): key(was.group, was.message, attempt) for was in asked}
    keys = [*names.values()]
    found: dict[Name, Judged] = {}
    for first in range(0, len(keys), 500):
        query = select(judged).where(judged.c.key.in_(keys[first : first + 500]))
        for row in connection.execute(query):
            if (row.group_id, row.message) in names:
                found[row.group_id, row.message] = _judged(row, cover)
    return found


def find(connection: Connection, group: str, message: str) -> Judged | None:
    """Return what was answered for a message; None if it was never judged (or is forgotten)."""
    keys = [key(group, message, attempt) for attempt in range(_TRIES)]
    query = select(judged).where(judged.c.key.in_(keys))
    for row in connection.execute(query):
        if row.group_id == group and row.message == message:
            return _judged(row, None)
    return None


def set_done(connection: Connection, group: str, message: str, done: Outcome) -> None:
    """Note that something else was done about a message."""
    where = (judged.c.group_id == group) & (judged.c.message == message)
    keys = [key(group, message, attempt) for attempt in range(_TRIES)]
    connection.execute(update(judged).where(judged.c.key.in_(keys), where).values(done=done.value))


Past = tuple[float, str, str, str, int, bytes, bytes]
"""When, group, room, sender, fingerprint and sketch of one message, and whom it called."""


def since(
    connection: Connection, at: float, *, most: int = 100_000, cover: Cover | None = None
) -> list[Past]:
    """Return what floods and copies need of the messages judged at or after `at`, oldest first, newest
    `most` only."""
    last = select(judged).order_by(judged.c.seq.desc()).limit(most).subquery()
    about = (last.c.at, last.c.group_id, last.c.room, last.c.sender)
    query = (
        select(*about, last.c.fingerprint, last.c.sketch, last.c.called)
        .where(last.c.at >= at, last.c.sender != "")
        .order_by(last.c.seq)
    )
    return [
        (at, group, room, sender, *_shown(fingerprint, sketch, cover), called or b"")
        for at, group, room, sender, fingerprint, sketch, called in connection.execute(query)
    ]


def counts(connection: Connection, group: str, *, since: float) -> dict[str, int]:
    """Return how many messages were judged since then, by what was done."""
    query = (
        select(judged.c.done, func.count())
        .where(judged.c.group_id == group, judged.c.at >= since)
        .group_by(judged.c.done)
    )
    return {str(done): int(number) for done, number in connection.execute(query)}


def _insert(connection: Connection, rows: Sequence[Judged], attempt: int, cover: Cover | None) -> int:
    values = [_values(was, attempt, cover) for was in rows]
    if connection.dialect.name != "sqlite":
        from sqlalchemy.dialects import postgresql  # it takes as long to load as all the tables

        statement = postgresql.insert(judged).on_conflict_do_nothing()
        named = [dict(zip(_COLUMNS, row, strict=True)) for row in values]
        return connection.execute(statement, named).rowcount
    # Straight to the driver: what SQLAlchemy does for each statement costs more than a dozen rows.
    driver: Any = connection.connection.driver_connection
    inserted, first = 0, 0
    for size in _AT_ONCE:
        while len(values) - first >= size:
            flat = [*chain.from_iterable(values[first : first + size])]
            inserted += driver.execute(_STATEMENTS[size], flat).rowcount
            first += size
    return inserted


def _statement(rows: int) -> str:
    row = f"({','.join('?' * len(_COLUMNS))})"
    return f"INSERT INTO judged ({','.join(_COLUMNS)}) VALUES {','.join([row] * rows)} ON CONFLICT DO NOTHING"  # noqa: S608 - no word of anybody's


_STATEMENTS: Final = {size: _statement(size) for size in _AT_ONCE}


def _values(was: Judged, attempt: int, cover: Cover | None) -> tuple[object, ...]:
    fingerprint, sketch = was.fingerprint, was.sketch
    if cover is not None and fingerprint:
        fingerprint, sketch = cover.hide(fingerprint, sketch or b"")
    return (
        key(was.group, was.message, attempt),
        was.group,
        was.message,
        was.room,
        was.sender,
        was.at,
        was.done.value,
        was.verdict,
        fingerprint,
        sketch,
        was.called,
    )


def _shown(fingerprint: int | None, sketch: bytes | None, cover: Cover | None) -> tuple[int, bytes]:
    """The fingerprint and sketch that a row stands for; none where they are covered and there is no key."""
    if sketch is None or len(sketch) != COVERED:
        return fingerprint or 0, sketch or b""
    return (0, b"") if cover is None else cover.show(bytes(sketch))


def _judged(row: Row[Any], cover: Cover | None) -> Judged:
    fingerprint, sketch = _shown(row.fingerprint, row.sketch, cover)
    return Judged(
        message=row.message,
        group=row.group_id,
        room=row.room,
        sender=row.sender,
        at=row.at,
        done=Outcome(row.done),
        verdict=row.verdict,
        fingerprint=fingerprint or None,
        sketch=sketch or None,
        called=row.called,
    )
