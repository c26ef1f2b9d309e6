"""Messages as JSON Lines: read one by one, with the place of what is wrong and how to mend it."""

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, BinaryIO, Final

import msgspec
from msgspec import Meta, Struct

from folkmoot.vocabulary import Role

LONGEST_LINE: Final = 16_000_000


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One message as a line of JSON has it."""

    text: str
    id: str | int | None = None
    sender: str | None = None
    room: str | None = None
    group: str | None = None
    sent_at: float | str | None = None
    """Seconds since 1970, or a date and time with a time zone."""
    role: Role = Role.MEMBER
    joined_at: float | str | None = None
    messages_before: Annotated[int, Meta(ge=0)] | None = None
    mentions: tuple[str, ...] = ()
    mentions_room: bool = False
    media: tuple[str, ...] = ()
    encrypted: bool = False
    language: str | None = None


FIELDS: Final = tuple(field.name for field in msgspec.structs.fields(Line))


_LATEST: Final = 1e11
"""Seconds since 1970 that no message is sent at: whoever writes more means milliseconds."""


class LineError(ValueError):
    """A line cannot be judged; the message names line, column and remedy."""

    def __init__(self, line: int, column: int, problem: str, remedy: str) -> None:
        super().__init__(f"line {line}, column {column}: {problem} {remedy}")
        self.line = line
        self.column = column


def moment(number: int, written: float | str | None, name: str = "sent_at") -> float | None:
    """A point in time in seconds since 1970; `LineError` where it cannot be understood."""
    if isinstance(written, float | int) and abs(written) > _LATEST:
        raise LineError(
            number, 1, f"“{name}” is far from now.", "Write seconds since 1970, not milliseconds."
        )
    if written is None or isinstance(written, float | int):
        return written
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is not None:
            return at.timestamp()
    except (ValueError, OverflowError):
        pass
    remedy = "Write seconds since 1970, or a date and time with its zone such as 2026-11-22T09:00:00Z."
    raise LineError(number, 1, f"“{name}” is no point in time.", remedy)


def read(source: BinaryIO) -> Iterator[tuple[int, Line]]:
    """Each line with its number, but for empty ones; the first that is wrong is a `LineError`."""
    decoder = msgspec.json.Decoder(Line)
    number = 0
    while raw := source.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        if len(raw) > LONGEST_LINE:
            raise LineError(
                number, 1, "The line is too long.", f"Write at most {LONGEST_LINE:,} bytes on a line."
            )
        try:
            line = decoder.decode(raw)
            _once(number, raw)
            yield number, line
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _explained(number, raw, str(error)) from error


_QUOTED: Final = [f'"{name}"'.encode() for name in FIELDS]


def _once(number: int, raw: bytes) -> None:
    """Each field stands there once: of two, a reader could not know which was judged."""
    if b"\\u" not in raw and all(raw.count(name) < 2 for name in _QUOTED):
        return
    known: set[str] = set()
    for written, column in _keys(raw.decode("utf-8")):
        key = msgspec.json.decode(written, type=str)
        if key in known:
            raise LineError(number, column, f"The field “{key}” is there twice.", "Write each field once.")
        known.add(key)


def _explained(number: int, raw: bytes, message: str) -> LineError:
    """The error with the column, in characters, and what to do."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode("utf-8")) + 1
        return LineError(number, column, "This is not UTF-8.", "Save the file as UTF-8.")
    if match := re.search(r"\(byte (\d+)\)", message):
        column = len(raw[: int(match[1])].decode("utf-8", "ignore")) + 1
        return LineError(number, column, "This is not JSON.", "Write one JSON object on each line.")
    if "truncated" in message:
        return LineError(
            number, len(text.rstrip()) + 1, "The JSON ends too early.", "Write each object on one line."
        )
    if match := re.search(r"unknown field `(.*)`", message):
        return LineError(
            number,
            _place(text, match[1], True),
            f"There is no field “{_plain(match[1])}”.",
            _nearest(match[1]),
        )
    if match := re.search(r"missing required field `(.*)`", message):
        return LineError(number, 1, f"The field “{match[1]}” is missing.", f'Add "{match[1]}": "…".')
    return _wrong_type(number, text, message)


def _plain(name: str) -> str:
    """A name from a file as a terminal may show it: short, and without what would steer the terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name[:60])


def _nearest(name: str) -> str:
    close = get_close_matches(name, FIELDS, 1)
    return f"Did you mean “{close[0]}”?" if close else f"There is: {', '.join(FIELDS)}."


_KINDS: Final = {
    "str": "text",
    "float | str | null": "seconds since 1970 or a date and time",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "array": "a list",
    "object": 'an object, such as {"text": "…"}',
    "null": "null",
}


def _wrong_type(number: int, text: str, message: str) -> LineError:
    match = re.search(r"Expected `([^`]*)`(?:, got `([^`]*)`)?", message)
    path = re.search(r"at `\$\.(\w+)", message)
    name = path[1] if path else ""
    column = _place(text, name, False) if name else 1
    if not match:
        return LineError(number, column, f"“{name}” has a value that is not known.", _values(name))
    if name == "messages_before" and ">= 0" in message:
        return LineError(number, column, f"“{name}” is less than 0.", "Write 0 or more, or leave it out.")
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in match[1].split(" | "))
    what = f"“{name}” has the wrong kind of value." if name else "The line is no object."
    return LineError(number, column, what, f"Write {wanted}.")


def _values(name: str) -> str:
    return f"There is: {', '.join(Role)}." if name == "role" else "See docs/developers/judging.md."


_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _place(text: str, name: str, at_key: bool) -> int:
    """The column of a field of the object: of its key, or of its value."""
    for key, column in _keys(text):
        if key[1:-1] == name:
            if at_key:
                return column
            value = _TOKEN.search(text, text.index(":", column - 1 + len(key)) + 1)
            return value.start() + 1 if value else column
    return 1


def _keys(text: str) -> Iterator[tuple[str, int]]:
    """The keys of the object as they are written, each with its column."""
    depth, before = 0, ""
    for token in _TOKEN.finditer(text):
        word = token[0]
        if depth == 1 and word[0] == '"' and before in ("{", ","):
            yield word, token.start() + 1
        depth += (word in "{[") - (word in "}]")
        before = word
