"""Sheets: what one commit judged in one group, packed into one row; and where to find each message."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from folkmoot.remember.tables import judged, judged_keys
from folkmoot.vocabulary import Outcome

_AT_ONCE: Final = 500
"""How many keys are looked for with one statement."""
COUNTED: Final = {
    Outcome.ALLOW: "allowed",
    Outcome.CASE: "cases",
    Outcome.STOP: "stopped",
    Outcome.REMOVE: "removed",
}
"""In which column of a sheet messages are counted, by what was done."""

_COLUMNS: Final = ("group_id", "began", "at", *COUNTED.values(), "body")
_SHEET: Final = f"INSERT INTO judged ({','.join(_COLUMNS)}) VALUES ({','.join('?' * len(_COLUMNS))})"  # noqa: S608 - no word of anybody's
_KEY: Final = "INSERT OR IGNORE INTO judged_keys (key, sheet) VALUES (?, ?)"


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One message that was judged, as a sheet has it: no text."""

    message: str
    room: str
    sender: str
    at: float
    done: Outcome
    verdict: str | None
    fingerprint: int | None
    sketch: bytes | None
    called: bytes | None
    turn: int
    """Which of its possible keys the message has."""


class Sheet(Struct, frozen=True, gc=False):
    """One row, read."""

    seq: int
    group: str
    entries: list[Entry]


_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(list[Entry]).decode


def write(connection: Connection, group: str, entries: Sequence[Entry], keys: Sequence[int]) -> bool:
    """Write what was judged in a group; False, and nothing is written, where a key is taken already."""
    row = (group, *_figures(entries), _ENCODE(entries))
    if connection.dialect.name == "sqlite":
        # Straight to the driver: what SQLAlchemy does for each statement costs more than a dozen messages.
        driver: Any = connection.connection.driver_connection
        seq = int(driver.execute(_SHEET, row).lastrowid)
        placed = driver.executemany(_KEY, [(key, seq) for key in keys]).rowcount
    else:
        from sqlalchemy.dialects import postgresql  # it takes as long to load as all the tables

        made = insert(judged).values(dict(zip(_COLUMNS, row, strict=True))).returning(judged.c.seq)
        seq = int(connection.execute(made).scalar_one())
        rows = [{"key": key, "sheet": seq} for key in keys]
        placed = connection.execute(
            postgresql.insert(judged_keys).values(rows).on_conflict_do_nothing()
        ).rowcount
    if placed == len(keys):
        return True
    connection.execute(delete(judged_keys).where(judged_keys.c.sheet == seq, judged_keys.c.key.in_(keys)))
    connection.execute(delete(judged).where(judged.c.seq == seq))
    return False


def rewrite(connection: Connection, sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Put other entries about the same messages into a sheet."""
    values = dict(zip(_COLUMNS[1:], (*_figures(entries), _ENCODE(entries)), strict=True))
    connection.execute(update(judged).where(judged.c.seq == sheet.seq).values(values))


def _figures(entries: Sequence[Entry]) -> tuple[float, ...]:
    """When the first and the last were judged, and how many there are of each outcome."""
    times = [entry.at for entry in entries]
    counts = Counter([entry.done for entry in entries])
    return min(times), max(times), *(counts[done] for done in COUNTED)


def places(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    """Return on which sheet each of these keys stands, for those that do."""
    found: dict[int, int] = {}
    for first in range(0, len(keys), _AT_ONCE):
        query = select(judged_keys).where(judged_keys.c.key.in_(keys[first : first + _AT_ONCE]))
        found |= {row.key: row.sheet for row in connection.execute(query)}
    return found


def read(connection: Connection, numbers: Iterable[int]) -> list[Sheet]:
    """Return sheets by their numbers, oldest first."""
    wanted = sorted(set(numbers))
    found: list[Sheet] = []
    for first in range(0, len(wanted), _AT_ONCE):
        query = select(judged.c.seq, judged.c.group_id, judged.c.body).where(
            judged.c.seq.in_(wanted[first : first + _AT_ONCE])
        )
        found += [
            Sheet(*row[:2], _DECODE(row.body)) for row in connection.execute(query.order_by(judged.c.seq))
        ]
    return found


def since(
    connection: Connection, at: float, *, group: str | None = None, newest_first: bool = False
) -> Iterator[Sheet]:
    """Give the sheets with anything judged at or after `at`, one at a time."""
    query = select(judged.c.seq, judged.c.group_id, judged.c.body).where(judged.c.at >= at)
    if group is not None:
        query = query.where(judged.c.group_id == group)
    for row in connection.execute(query.order_by(judged.c.seq.desc() if newest_first else judged.c.seq)):
        yield Sheet(*row[:2], _DECODE(row.body))


def after(connection: Connection, seq: int, *, most: int | None = None) -> Iterator[Sheet]:
    """Give the sheets that were written after one, oldest first, until they hold so many messages."""
    query = select(judged.c.seq, judged.c.group_id, judged.c.body).where(judged.c.seq > seq)
    given = 0
    for row in connection.execute(query.order_by(judged.c.seq)):
        if most is not None and given >= most:
            return
        sheet = Sheet(*row[:2], _DECODE(row.body))
        given += len(sheet.entries)
        yield sheet


def erase(connection: Connection, sheets: Sequence[Sheet], keys: Sequence[int]) -> None:
    """Delete sheets, and the keys by which their messages are found."""
    mine = [sheet.seq for sheet in sheets]
    for first in range(0, len(keys), _AT_ONCE):
        some = judged_keys.c.key.in_(keys[first : first + _AT_ONCE])
        connection.execute(delete(judged_keys).where(some, judged_keys.c.sheet.in_(mine)))
    connection.execute(delete(judged).where(judged.c.seq.in_(mine)))
