"""Where in a JSON text something stands, in lines and columns, for people who have to mend it."""

import json
import re
from typing import Any

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Return the line and the column of a position, both counted from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def find(text: str, path: str, key: str | None = None) -> int:
    """Return where the value at `path` (such as `$.messages[3].text`) begins in a valid JSON text.

    With `key`, return where that key stands in the object at `path`. As far as the path leads is good enough:
    what is not there is looked for at the place where it should be.
    """
    at = _skip(text, 0)
    for name, number in _STEP.findall(path):
        step = _into_object(text, at, name)[1] if name else _into_array(text, at, int(number))
        if step is None:
            return at
        at = step
    if key is not None:
        at = _into_object(text, at, key)[0] or at
    return at


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _value(text: str, at: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, at)


def _into_object(text: str, at: int, name: str) -> tuple[int | None, int | None]:
    """Return where the key `name` and its value stand in the object that begins at `at`."""
    if not text.startswith("{", at):
        return None, None
    at = _skip(text, at + 1)
    while text.startswith('"', at):
        key, after = _value(text, at)
        value = _skip(text, _skip(text, after) + 1)
        if key == name:
            return at, value
        at = _skip(text, _value(text, value)[1])
        at = _skip(text, at + 1)
    return None, None


def _into_array(text: str, at: int, number: int) -> int | None:
    """Return where element `number` of the array that begins at `at` stands."""
    if not text.startswith("[", at):
        return None
    at = _skip(text, at + 1)
    for _ in range(number):
        if text.startswith("]", at):
            return None
        at = _skip(text, _value(text, at)[1])
        at = _skip(text, at + 1)
    return at
