"""That messages were judged, without text: as many at a time as come together, so that each costs little."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, func, select
from xxhash import xxh3_64_intdigest

from folkmoot.remember import sheets
from folkmoot.remember.cover import COVERED, Cover
from folkmoot.remember.records import Judged
from folkmoot.remember.sheets import COUNTED, Entry, Sheet
from folkmoot.remember.tables import judged
from folkmoot.vocabulary import Outcome

_TRIES: Final = 8
"""How many keys a message may take, when others with the same number took the first."""

_LARGEST_KEY: Final = 2**63 - 1
_SWEPT_AT_ONCE: Final = 100
Name = tuple[str, str]
"""Group and id of a message."""


def key(group: str, message: str, attempt: int = 0) -> int:
    """Return the number that stands for a message; two messages share one hardly ever, but may."""
    return ((xxh3_64_intdigest(f"{group}\0{message}".encode()) >> 1) + attempt) & _LARGEST_KEY


def insert(connection: Connection, rows: Sequence[Judged], cover: Cover | None = None) -> dict[Name, Judged]:
    """Insert those messages that were not judged before; returns what stands for the others.

    Where some were judged before, what stands for the new ones of their group is returned as well.
    """
    by_group: dict[str, list[Judged]] = {}
    for was in rows:
        by_group.setdefault(was.group, []).append(was)
    known: dict[Name, Judged] = {}
    for group, mine in by_group.items():
        # Nearly every message is new: no questions before.
        if not _write(connection, group, [(was, 0) for was in mine], cover):
            known |= _insert_new(connection, group, mine, cover)
    return known


def _insert_new(
    connection: Connection, group: str, rows: Sequence[Judged], cover: Cover | None
) -> dict[Name, Judged]:
    """Insert the new ones among messages of a group, of which some were judged before; returns what stands
    for each."""
    known: dict[str, Judged] = {}
    claimed: dict[int, tuple[Judged, int]] = {}
    for turn in range(_TRIES):
        taken = sheets.places(connection, [key(group, was.message, turn) for was in rows])
        wanted = {was.message for was in rows}
        for sheet in sheets.read(connection, taken.values()):
            mine = (one for one in sheet.entries if sheet.group == group and one.message in wanted)
            known |= {one.message: _judged(group, one, cover) for one in mine}
        for was in rows:
            number = key(group, was.message, turn)
            if was.message not in known and number not in taken and number not in claimed:
                known[was.message], claimed[number] = was, (was, turn)
        # Another message may have taken the key of one that is new.
        rows = [was for was in rows if was.message not in known]
        if not rows:
            if claimed and not _write(connection, group, [*claimed.values()], cover):
                raise RuntimeError("another process judges messages of this group")
            return {(group, message): was for message, was in known.items()}
    raise OverflowError("no key is free for a message")


def find(connection: Connection, group: str, message: str) -> Judged | None:
    """Return what was answered for a message; None if it was never judged (or is forgotten)."""
    _, entry = _find(connection, group, message)
    return None if entry is None else _judged(group, entry, None)


def set_done(connection: Connection, group: str, message: str, done: Outcome) -> None:
    """Note that something else was done about a message."""
    sheet, entry = _find(connection, group, message)
    if sheet is not None:
        changed = [replace(one, done=done) if one is entry else one for one in sheet.entries]
        sheets.rewrite(connection, sheet, changed)


def _find(connection: Connection, group: str, message: str) -> tuple[Sheet, Entry] | tuple[None, None]:
    keys = [key(group, message, attempt) for attempt in range(_TRIES)]
    for sheet in sheets.read(connection, sheets.places(connection, keys).values()):
        for entry in sheet.entries:
            if entry.message == message and sheet.group == group:
                return sheet, entry
    return None, None


Past = tuple[float, str, str, str, int, bytes, bytes]
"""When, group, room, sender, fingerprint and sketch of one message, and whom it called."""


def since(
    connection: Connection, at: float, *, most: int = 100_000, cover: Cover | None = None
) -> list[Past]:
    """Return what floods and copies need of the messages judged at or after `at`, oldest first, newest
    `most` only."""
    found: list[Past] = []
    for sheet in sheets.since(connection, at, newest_first=True):
        for one in reversed(sheet.entries):
            if one.at >= at and one.sender:
                prints = _shown(one.fingerprint, one.sketch, cover)
                found.append((one.at, sheet.group, one.room, one.sender, *prints, one.called or b""))
        if len(found) >= most:
            break
    return found[:most][::-1]


def counts(connection: Connection, group: str, *, since: float) -> dict[str, int]:
    """Return how many messages were judged since then, by what was done."""
    whole = [func.coalesce(func.sum(judged.c[column]), 0) for column in COUNTED.values()]
    mine = (judged.c.group_id == group, judged.c.began >= since)
    found = dict(zip(COUNTED, connection.execute(select(*whole).where(*mine)).one(), strict=True))
    parted = select(judged.c.seq).where(
        judged.c.group_id == group, judged.c.began < since, judged.c.at >= since
    )
    for sheet in sheets.read(connection, connection.execute(parted).scalars()):
        for entry in sheet.entries:
            found[entry.done] += entry.at >= since
    return {done.value: int(number) for done, number in found.items() if number}


def sweep(connection: Connection, *, before: float) -> int:
    """Forget the messages judged before then; returns how many there were."""
    query = select(judged.c.seq).where(judged.c.at < before).order_by(judged.c.seq).limit(_SWEPT_AT_ONCE)
    count = 0
    while gone := sheets.read(connection, connection.execute(query).scalars()):
        keys = [key(one.group, entry.message, entry.turn) for one in gone for entry in one.entries]
        sheets.erase(connection, gone, keys)
        count += len(keys)
    return count


def _write(
    connection: Connection, group: str, rows: Sequence[tuple[Judged, int]], cover: Cover | None
) -> bool:
    keys = [key(group, was.message, turn) for was, turn in rows]
    return sheets.write(connection, group, [*_entries(rows, cover)], keys)


def _entries(rows: Sequence[tuple[Judged, int]], cover: Cover | None) -> Iterator[Entry]:
    """What is written of messages, each given with the turn of its key."""
    bare = [(was.fingerprint, was.sketch or b"") for was, _ in rows if was.fingerprint]
    hidden = iter(cover.hide(bare)) if cover is not None else None
    for was, turn in rows:
        fingerprint, sketch = was.fingerprint, was.sketch
        if fingerprint and hidden is not None:
            fingerprint, sketch = next(hidden)
        yield Entry(
            was.message, was.room, was.sender, was.at, was.done, was.verdict, fingerprint, sketch, was.called,
            turn,
        )  # fmt: skip


def _shown(fingerprint: int | None, sketch: bytes | None, cover: Cover | None) -> tuple[int, bytes]:
    """The fingerprint and sketch that an entry stands for; none where they are covered and there is no
    key."""
    if sketch is None or len(sketch) != COVERED:
        return fingerprint or 0, sketch or b""
    return (0, b"") if cover is None else cover.show(sketch)


def _judged(group: str, entry: Entry, cover: Cover | None) -> Judged:
    fingerprint, sketch = _shown(entry.fingerprint, entry.sketch, cover)
    return Judged(
        message=entry.message,
        group=group,
        room=entry.room,
        sender=entry.sender,
        at=entry.at,
        done=entry.done,
        verdict=entry.verdict,
        fingerprint=fingerprint or None,
        sketch=sketch or None,
        called=entry.called,
    )
