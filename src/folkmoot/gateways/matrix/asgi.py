"""The bare HTTP side: reading a request within bounds, writing an answer, and never a 500 or a 429.

A homeserver shows its member a bare "Internal server error" for either, so that every fault of ours becomes
an answer with words.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson
from msgspec import Struct

from folkmoot.gateways.matrix import canonical_json
from folkmoot.gateways.matrix.canonical_json import JsonObject, NotCanonicalError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_JSON = (b"content-type", b"application/json")
CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, OPTIONS"),
    (b"access-control-allow-headers", b"X-Requested-With, Content-Type, Authorization"),
)
_MOST_HEADERS = 64
_HEADER_BYTES = 16_384
_LONGEST_URI = 8192


class RefusedError(Exception):
    """The answer to a request that gets none of what it asks for; its text is for the caller to read."""

    def __init__(self, status: int, errcode: str, error: str, fields: JsonObject | None = None) -> None:
        """Answer with `status` and a Matrix error object."""
        super().__init__(error)
        self.status = status
        self.body: JsonObject = {"errcode": errcode, "error": error, **(fields or {})}


class Request(Struct, frozen=True):
    """One request, its body not yet read."""

    method: str
    uri: str
    """The request target exactly as sent, which is what its signature covers."""
    path: tuple[str, ...]
    query: dict[str, str]
    authorization: tuple[str, ...]
    length: int | None


class Answer(Struct, frozen=True):
    """What is sent back."""

    body: JsonObject
    status: int = 200
    cors: bool = False
    wire: bytes | None = None
    """The body as bytes where it is not simply `body`."""


class Budget:
    """Bytes of request bodies held at this moment, over all requests."""

    def __init__(self, most: int) -> None:
        """Allow `most` bytes at a time."""
        self._left = most

    def take(self, size: int) -> None:
        """Count bytes that are now held."""
        if size > self._left:
            raise RefusedError(400, "M_UNKNOWN", "Too much is going on at once; please send it again.")
        self._left -= size

    def give_back(self, size: int) -> None:
        """Count bytes that are no longer held."""
        self._left += size


def read_request(scope: Scope) -> Request:
    """Take the head of a request apart; RefusedError if it is too large or not text."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    raw_path: bytes = scope.get("raw_path") or str(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > _MOST_HEADERS or size > _HEADER_BYTES or len(raw_path) + len(query) > _LONGEST_URI:
        raise RefusedError(400, "M_TOO_LARGE", "The head of the request is too large.")
    target = raw_path + b"?" + query if query else raw_path
    try:
        uri = target.decode("ascii")
        parts = raw_path.decode("ascii").split("/")[1:]
        if b"%" in raw_path:
            parts = [unquote(part, errors="strict") for part in parts]
        asked = parse_qs(query.decode("ascii"), max_num_fields=32) if query else {}
    except ValueError as trouble:  # not ASCII, or percent-encoding that is no text
        raise RefusedError(400, "M_UNKNOWN", "The request's address is malformed.") from trouble
    return Request(
        method=scope["method"],
        uri=uri,
        path=tuple(parts),
        query={key: values[0] for key, values in asked.items()},
        authorization=tuple(v.decode("latin-1") for name, v in headers if name == b"authorization"),
        length=_length(headers),
    )


def _length(headers: list[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and len(value) < 16:
            return int(value)
    return None


async def read_body(
    request: Request, receive: Receive, budget: Budget, *, limit: int, seconds: float
) -> bytes:
    """Read a body of at most `limit` bytes within `seconds`."""
    too_large = RefusedError(413, "M_TOO_LARGE", f"The request's body is larger than {limit} bytes.")
    if request.length is not None and request.length > limit:
        raise too_large
    parts: list[bytes] = []
    held = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RefusedError(400, "M_NOT_JSON", "The connection ended within the body.")
                part: bytes = message.get("body", b"")
                if held + len(part) > limit:
                    raise too_large
                budget.take(len(part))
                held += len(part)
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as trouble:
        raise RefusedError(400, "M_NOT_JSON", "The request's body came too slowly.") from trouble
    finally:
        budget.give_back(held)


def read_object(body: bytes) -> JsonObject:
    """Read a JSON object from a body."""
    try:
        return canonical_json.decode_object(body)
    except NotCanonicalError as trouble:
        raise RefusedError(400, "M_NOT_JSON", f"The request's body is {trouble}.") from trouble


def write(value: Any) -> bytes:
    """Write an answer that is no object as JSON."""
    return orjson.dumps(value)


def wire_of(answer: Answer) -> bytes:
    """Return an answer's body as it goes out."""
    return answer.wire if answer.wire is not None else orjson.dumps(answer.body)


async def respond(send: Send, answer: Answer) -> None:
    """Send an answer."""
    body = wire_of(answer)
    headers = [_JSON, (b"content-length", str(len(body)).encode()), *(CORS if answer.cors else ())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live(receive: Receive, send: Send) -> None:
    """Follow the server's start and stop, for which we have nothing to do."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def place_of(trouble: BaseException) -> str:
    """Say which error happened and where, without its text, which might quote a message."""
    trace = trouble.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(trouble).__name__
    code = trace.tb_frame.f_code
    file = code.co_filename.rpartition("/")[2]
    return f"{type(trouble).__name__} in {code.co_name} ({file}:{trace.tb_lineno})"
