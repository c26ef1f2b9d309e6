"""Answers as they go out: a body, and the head that says how it may be used."""

from typing import Any, Final

import msgspec
from msgspec import Struct, field

from folkmoot.gateways.http.problems import RefusedError

ENCODE: Final = msgspec.json.Encoder().encode
_KEPT_NOWHERE: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_JSON: Final = "application/json"


class Answer(Struct, frozen=True):
    """What goes back."""

    body: bytes
    status: int = 200
    kind: str = _JSON
    headers: dict[str, str] = field(default_factory=dict)


def problem(refused: RefusedError) -> Answer:
    """Return a refusal as an answer."""
    return Answer(
        ENCODE(refused.problem), refused.kind.status, "application/problem+json", dict(refused.headers)
    )


def head(answer: Answer) -> list[tuple[bytes, bytes]]:
    """Return the head of an answer, all but the length of its body."""
    own = {"content-type": answer.kind, **answer.headers}
    return [*_KEPT_NOWHERE, *((name.lower().encode(), value.encode()) for name, value in own.items())]


def lines(answer: Answer) -> bytes:
    """Return the head of an answer as it stands in HTTP/1.1, all but the length of its body."""
    return b"".join(b"%b: %b\r\n" % line for line in head(answer))


JSON_HEAD: Final = head(Answer(b""))
JSON_LINES: Final = lines(Answer(b""))
"""What most answers have."""


async def send(answer: Answer, send: Any, *, with_body: bool) -> None:
    """Send an answer the ASGI way."""
    plain = not answer.headers and answer.kind == _JSON
    headers = [(b"content-length", b"%d" % len(answer.body)), *(JSON_HEAD if plain else head(answer))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})
