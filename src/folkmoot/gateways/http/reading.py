"""Reads a request: bounded in size and time, then decoded, or refused with the place of the trouble."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Raw, Struct, UnsetType

from folkmoot.gateways.http import places, problems
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.problems import RefusedError
from folkmoot.gateways.http.wire import Batch, MessageToJudge, Place

Receive = Callable[[], Awaitable[Any]]
Headers = dict[bytes, bytes]
T = TypeVar("T")

SECONDS_FOR_A_BODY = 10.0
_JSON_TYPE = re.compile(rb"application/json[ \t]*(?:;[ \t]*charset=\"?utf-8\"?[ \t]*)?\Z", re.IGNORECASE)
_AT = re.compile(r"(.*) - at `(\$[^`]*)`\Z", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`\Z", re.DOTALL)


class _Shape(Struct, frozen=True):
    """Tells a batch from a single message."""

    messages: Raw | UnsetType = msgspec.UNSET


_SHAPE = msgspec.json.Decoder(_Shape)
_ONE = msgspec.json.Decoder(MessageToJudge)
_MANY = msgspec.json.Decoder(Batch)


class Disconnected(Exception):  # noqa: N818
    """The other side has gone; there is nobody to answer."""


def accept(headers: Headers, most: int) -> None:
    """Refuse a body by its headers: another type, compressed, or announced as too large."""
    kind = headers.get(b"content-type", b"")
    if kind != b"application/json" and not _JSON_TYPE.match(kind):
        raise RefusedError(problems.WRONG_TYPE, "The Content-Type is not application/json.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RefusedError(problems.WRONG_TYPE, "The body is compressed.")
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > most:
        _too_large(most)


async def read_body(receive: Receive, most: int, patience: Patience) -> bytes:
    """Return the whole body, of at most so many bytes; it must arrive before we lose patience."""
    try:
        with patience.bound():
            return await _read(receive, most)
    except TimeoutError:
        raise RefusedError(
            problems.TOO_SLOW,
            f"After {patience.seconds:g} seconds the body was not complete.",
            headers={"Connection": "close"},
        ) from None


async def _read(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Disconnected
        part = event.get("body", b"")
        size += len(part)
        if size > most:
            _too_large(most)
        if not event.get("more_body", False):
            return b"".join([*parts, part]) if parts else part
        parts.append(part)


def decode(body: bytes, most_messages: int) -> tuple[tuple[MessageToJudge, ...], bool]:
    """Return the messages in a body, and whether it is a batch."""
    if b"messages" not in body:  # then it is no batch, unless it says so in escapes
        try:
            return (_ONE.decode(body),), False
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # what is wrong with it is told below
    try:
        if _SHAPE.decode(body).messages is msgspec.UNSET:
            return (_ONE.decode(body),), False
        messages = _MANY.decode(body).messages
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as trouble:
        _explain(body, trouble)
    if len(messages) > most_messages:
        raise RefusedError(
            problems.TOO_MANY, f"The batch has {len(messages)} messages; {most_messages} at most."
        )
    return messages, True


def decode_as(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Return what a body asks for, or refuse it with the place of the trouble."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as trouble:
        _explain(body, trouble)


def _too_large(most: int) -> NoReturn:
    raise RefusedError(problems.TOO_LARGE, f"At most {most} bytes are read.", headers={"Connection": "close"})


def _explain(body: bytes, trouble: Exception) -> NoReturn:
    """Say what is wrong with a body, and at which line and column."""
    if isinstance(trouble, msgspec.ValidationError):
        parts = _AT.match(str(trouble))
        what, path = (parts[1], parts[2]) if parts else (str(trouble), "$")
        unknown = _UNKNOWN.match(what)
        at = _find(body.decode(errors="replace"), path, unknown[1] if unknown else None)
        raise RefusedError(problems.WRONG_FIELD, f"{what}.", _place(body, at, path)) from None
    detail, at = _where_it_breaks(body)
    raise RefusedError(problems.NOT_JSON, detail, _place(body, at, None)) from None


def _find(text: str, path: str, key: str | None) -> int:
    try:
        return places.find(text, path, key)
    except (ValueError, RecursionError):  # the text breaks before the place is reached
        return 0


def _where_it_breaks(body: bytes) -> tuple[str, int]:
    """Return what is wrong with a text that is not JSON, and at which character."""
    try:
        text = body.decode()
    except UnicodeDecodeError as trouble:
        return "The body is not UTF-8.", len(body[: trouble.start].decode())
    try:
        json.loads(text)
    except json.JSONDecodeError as trouble:
        return f"{trouble.msg}.", trouble.pos
    except RecursionError:
        return "The body is nested too deeply.", 0
    return "The body holds a value that JSON does not have, such as NaN or half of a character.", 0


def _place(body: bytes, at: int, path: str | None) -> Place:
    line, column = places.line_and_column(body.decode(errors="replace"), at)
    return Place(line=line, column=column, path=path)
