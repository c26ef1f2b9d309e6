"""Files of hosts: one on a line, or rows of host, note and end; what is wrong is named with its place."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple

from folkmoot.remember.host_lists import ListedHost
from folkmoot.text.hosts import domain, unpunycode

LARGEST: Final = 50_000_000
LONGEST_NOTE: Final = 300
_LAST: Final = time(23, 59, 59)
MOST_SHOWN: Final = 20

_LABEL: Final = re.compile(r"[^\W_](?:[\w\-]{0,61}[^\W_])?")
_SINK: Final = re.compile(r"\s*(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+")
"""What stands before each name in a file of the kind that machines look names up in."""
_HEADER: Final = ("host", "note", "until")


class Wrong(NamedTuple):
    """Something wrong in a file, with its place and what to do."""

    line: int
    column: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        """The place, the problem and the remedy on one line."""
        return f"line {self.line}, column {self.column}: {self.problem} {self.remedy}"


class HostError(ValueError):
    """A host from the command line cannot be used; the message says why and what to do."""


class HostsError(ValueError):
    """A file cannot be used; the message has everything that is wrong in it, each with its place."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        shown = [str(wrong) for wrong in wrongs[:MOST_SHOWN]]
        if len(wrongs) > MOST_SHOWN:
            shown.append(f"and {len(wrongs) - MOST_SHOWN} more. Nothing was taken over.")
        super().__init__("\n".join(shown))
        self.wrongs = wrongs


class Read(NamedTuple):
    """What a file has."""

    hosts: list[ListedHost]
    ended: int
    """How many rows were left out because their end is over."""


def read(text: str, now: float) -> Read:
    """Every host of a file; `HostsError` where a row cannot be used."""
    found: dict[str, ListedHost] = {}
    wrongs: list[Wrong] = []
    ended = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        row = _SINK.sub("", line, count=1)
        if not row.strip() or row.lstrip().startswith("#") or (number == 1 and _is_header(row)):
            continue
        made = _row(number, row, len(line) - len(row))
        if isinstance(made, Wrong):
            wrongs.append(made)
        elif made.until is not None and made.until <= now:
            ended += 1
        else:
            found[made.host] = made
    if wrongs:
        raise HostsError(wrongs)
    return Read([*found.values()], ended)


def one(host: str, note: str, until: str, now: float) -> ListedHost:
    """A host from the command line; `HostError` where it cannot be used."""
    made = _listed(1, [(1, host), (1, note), (1, until)])
    if isinstance(made, Wrong):
        raise HostError(f"{made.problem} {made.remedy}")
    if made.until is not None and made.until <= now:
        raise HostError(f"“{_plain(until)}” is over. Name a day to come, or leave the end out.")
    return made


def shown_end(until: float | None) -> str:
    """An end as the files write it; empty where there is none."""
    if until is None:
        return ""
    moment = datetime.fromtimestamp(until, UTC)
    return moment.date().isoformat() if moment.time() == _LAST else moment.isoformat(timespec="seconds")


def _is_header(row: str) -> bool:
    return (
        tuple(cell.strip().lower() for cell in row.split(","))[: len(_HEADER)]
        == _HEADER[: row.count(",") + 1]
    )


def _row(number: int, row: str, before: int) -> ListedHost | Wrong:
    try:
        cells = next(csv.reader([row], strict=True, skipinitialspace=True))
    except csv.Error:
        remedy = "Close each quotation mark, and write one inside a cell twice."
        return Wrong(number, before + 1 + row.find('"'), "The quotation marks do not fit.", remedy)
    if len(cells) > len(_HEADER):
        column = before + 1 + len(",".join(row.split(",")[: len(_HEADER)]))
        remedy = "Write host, note and end; put a note with a comma into quotation marks."
        return Wrong(number, column, f"The row has {len(cells)} cells.", remedy)
    return _listed(number, [*_placed(row, cells, before)])


def _placed(row: str, cells: list[str], before: int) -> Iterator[tuple[int, str]]:
    """Each cell with its column; three of them, empty where the row has fewer."""
    at = 0
    for cell in [*cells, "", "", ""][: len(_HEADER)]:
        plain = cell.partition(" #")[0].strip() if len(cells) == 1 else cell.strip()
        at = max(row.find(plain, at), at) if plain else at
        yield before + at + 1, plain
        at += len(plain)


def _listed(number: int, cells: list[tuple[int, str]]) -> ListedHost | Wrong:
    (at_host, host), (at_note, note), (at_end, end) = cells
    plain = unpunycode(host.strip().lower().rstrip("."))
    if trouble := _trouble(plain):
        return Wrong(number, at_host, f"“{_plain(host)}” {trouble[0]}", trouble[1])
    if len(note) > LONGEST_NOTE:
        return Wrong(number, at_note, "The note is too long.", f"Write at most {LONGEST_NOTE} characters.")
    try:
        return ListedHost(host=plain, note=note, until=_end(end))
    except (ValueError, OverflowError):
        remedy = "Write a day such as 2026-12-24, or a moment with its zone such as 2026-12-24T18:00:00Z."
        return Wrong(number, at_end, f"“{_plain(end)}” is no end.", remedy)


def _trouble(host: str) -> tuple[str, str] | None:
    """Why this can stand on no list, and what to do; None if it can."""
    if "://" in host or "/" in host:
        bare = (host.partition("://")[2] or host).partition("/")[0]
        return "is an address.", "Write its host alone" + (".", f": {_plain(bare)}")[_trouble(bare) is None]
    if "*" in host:
        return "has a star.", "Leave it out: what is below a host is meant too."
    if "@" in host or ":" in host:
        return "is no host.", "Write the name alone, without a person and without a port."
    labels = host.split(".")
    if len(host) > 250 or not all(map(_LABEL.fullmatch, labels)) or len(labels) < 2:
        return "is no host.", "Write a name such as bad.example.org."
    if domain(host) is None and not labels[-1].isdigit():
        return "is an ending that many sites share.", "Write the whole host, such as bad.example.org."
    return None


def _end(written: str) -> float | None:
    if not written:
        return None
    if len(written) == len("2026-12-24"):
        return datetime.combine(date.fromisoformat(written), _LAST, UTC).timestamp()
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment.timestamp()


def _plain(written: str) -> str:
    """What somebody wrote as a terminal may show it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in written[:80])
