"""Canonical JSON, the one way to write a JSON value as bytes that Matrix signs and hashes.

Specification: appendices, "Canonical JSON" (integers of 53 bits only, no floats, keys sorted by code point).
"""

import json
from typing import Any

import orjson

JsonObject = dict[str, Any]


class NotCanonicalError(ValueError):
    """The value has no canonical form: a float, a number beyond 53 bits, nesting too deep."""


def encode(value: Any, *, strict: bool = True, whole: bool = True) -> bytes:
    """Return the canonical bytes of a JSON value; rooms of version 1 to 5 (not strict) knew other numbers.

    Without `whole` it is a part of what was encoded just before: its numbers were looked at then.
    """
    if not strict:
        return _encode_loosely(value)
    if whole:
        _refuse_floats(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except TypeError as trouble:  # orjson's own error is a TypeError: too deep, too large, no text
        raise NotCanonicalError(str(trouble)) from trouble


def encode_any(value: Any) -> bytes:
    """Return the canonical bytes of what may come from an old room: strictly if it can be, else loosely."""
    try:
        return encode(value)
    except NotCanonicalError:
        return _encode_loosely(value)


def decode_object(body: bytes) -> JsonObject:
    """Read a JSON object; anything else is a NotCanonicalError."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as trouble:
        # The error's own text may quote the document, so that only the place is kept.
        raise NotCanonicalError(f"not valid JSON at character {trouble.pos}") from None
    if type(value) is not dict:
        raise NotCanonicalError("not a JSON object")
    return value


def _refuse_floats(value: Any) -> None:
    waiting = [[value]]
    for some in waiting:  # which grows meanwhile
        for one in some:
            kind = type(one)
            if kind is str or kind is int:
                continue
            if kind is dict:
                waiting.append(one.values())
            elif kind is list:
                waiting.append(one)
            elif kind is float:
                raise NotCanonicalError("numbers with a decimal point have no canonical form")


def _encode_loosely(value: Any) -> bytes:
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as trouble:
        raise NotCanonicalError("too deep, or not JSON") from trouble
