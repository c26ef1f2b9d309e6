"""Where in a TOML text each key and value stands, which the standard library's parser does not tell."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A line and a column, both counted from 1, and how many characters are meant."""

    line: int
    column: int
    width: int = 1


_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_\-]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", re.DOTALL
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")


class Places:
    """The places of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines = text.split("\n")
        self._keys: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, tuple[int, int]] = {}
        self._tables: dict[Path, int] = {}
        self._read()

    def line(self, number: int) -> str:
        """A line of the text, without its end."""
        return self._lines[number - 1].rstrip("\r") if 0 < number <= len(self._lines) else ""

    def key(self, path: Path) -> Place:
        """Where a key stands, or the nearest thing above it."""
        return self._place(path, self._keys)

    def value(self, path: Path) -> Place:
        """Where a value stands, or the nearest thing above it."""
        return self._place(path, self._values)

    def source(self, path: Path) -> str:
        """How a value is written; empty where there is none of its own."""
        start, end = self._values.get(path, (0, 0))
        return self._text[start:end]

    def _place(self, path: Path, first: dict[Path, tuple[int, int]]) -> Place:
        while path:
            found = first.get(path) or self._values.get(path) or self._keys.get(path)
            if found:
                return self._at(*found)
            path = path[:-1]
        return Place(1, 1)

    def _at(self, start: int, end: int) -> Place:
        line = self._text.count("\n", 0, start) + 1
        begin = self._starts[line - 1]
        stop = min(end, len(self._lines[line - 1]) + begin)
        return Place(line, start - begin + 1, max(1, stop - start))

    def _read(self) -> None:
        at, table = self._skip(0), ()
        current: Path = table
        while at < len(self._text):
            if self._text.startswith("[", at):
                at, current = self._header(at)
            else:
                at = self._pair(at, current)
            at = self._skip(at)

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _header(self, at: int) -> tuple[int, Path]:
        several = self._text.startswith("[[", at)
        start = at
        at, parts = self._dotted(at + 1 + several)
        path = self._below((), [name for name, _, _ in parts[:-1]])
        last: str = parts[-1][0]
        end = at + 1 + several
        if several:
            number = self._tables.get((*path, last), 0)
            self._tables[(*path, last)] = number + 1
            self._keys.setdefault((*path, last), (start, end))
            found: Path = (*path, last, number)
        else:
            found = self._below(path, [last])
        self._keys[found] = (start, end)
        return end, found

    def _below(self, path: Path, names: list[str]) -> Path:
        """The path of a table, by way of the last table of each array on the way."""
        for name in names:
            path = (*path, name)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _dotted(self, at: int) -> tuple[int, list[tuple[str, int, int]]]:
        """A key of one or several parts, and where what follows it begins."""
        parts: list[tuple[str, int, int]] = []
        while True:
            at = self._skip(at)
            match = _STRING.match(self._text, at) or _BARE_KEY.match(self._text, at)
            if not match:
                return at, parts or [("", at, at)]
            parts.append((match[0].strip("\"'"), at, match.end()))
            at = self._skip(match.end())
            if not self._text.startswith(".", at):
                return at, parts
            at += 1

    def _pair(self, at: int, table: Path) -> int:
        at, parts = self._dotted(at)
        path = table
        for name, start, end in parts:
            path = (*path, name)
            self._keys.setdefault(path, (start, end))
        return self._value(self._skip(at + 1), path)

    def _value(self, at: int, path: Path) -> int:
        start = at
        if self._text.startswith("[", at):
            for number, inner in enumerate(self._members(at, "]")):
                at = self._value(inner, (*path, number))
                self._end = at
            at = self._end
        elif self._text.startswith("{", at):
            for inner in self._members(at, "}"):
                self._end = self._pair(inner, path)
            at = self._end
        else:
            match = _STRING.match(self._text, at) or _PLAIN.match(self._text, at)
            at = max(match.end(), at + 1) if match else at + 1
        self._values[path] = (start, start + len(self._text[start:at].rstrip()))
        return at

    def _members(self, at: int, closing: str) -> Iterator[int]:
        """Where each member of an array or an inline table begins; `_end` says where the last one ended."""
        self._end = at + 1
        while True:
            at = self._skip(self._end)
            if at >= len(self._text) or self._text.startswith(closing, at):
                self._end = at + 1
                return
            yield at
            at = self._skip(self._end)
            self._end = at + 1 if self._text.startswith(",", at) else at
