"""Where a character of a TOML string stands in the source that it was written in."""

import re
from typing import Final

from folkmoot.decide.places import Place

_MARKS: Final = ('"""', "'''", '"', "'")
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[ \t]*\r?\n\s*|.)", re.DOTALL)


def inside(source: str, place: Place, start: int, width: int) -> Place:
    """The place of some characters of a string's value; `source` begins where the string does."""
    mark = next((one for one in _MARKS if source.startswith(one)), "")
    if not mark:
        return place
    at = _after(source, len(mark), mark)
    raw = mark.startswith("'")
    seen = 0
    while seen < start and at < len(source) and not source.startswith(mark, at):
        at, seen = _next(source, at, raw, seen)
    end, until = at, seen
    while until < start + width and end < len(source) and not source.startswith(mark, end):
        end, until = _next(source, end, raw, until)
    line = source.count("\n", 0, at)
    column = at - source.rfind("\n", 0, at) if line else place.column + at
    stop = source.find("\n", at)
    end = end if stop < 0 else min(end, stop)
    return Place(place.line + line, column, max(1, end - at))


def _after(source: str, at: int, mark: str) -> int:
    """Behind the line end that may follow the marks of a string of several lines."""
    if len(mark) == 3:
        at += len(source[at : at + 2]) - len(source[at : at + 2].removeprefix("\r\n").removeprefix("\n"))
    return at


def _next(source: str, at: int, raw: bool, seen: int) -> tuple[int, int]:
    """The place of the next character of the value, and how many there were before it."""
    match = None if raw else _ESCAPE.match(source, at)
    if match:
        joined = match[0][1:].lstrip(" \t\r").startswith("\n")  # a line that goes on stands for nothing
        return match.end(), seen + (not joined)
    if source.startswith("\r\n", at):
        return at + 2, seen + 1
    return at + 1, seen + 1
