"""The X-Matrix authorization header: who asks, proven by a signature over the whole request.

Specification: server-server API, "Request Authentication". The signed object always names the destination, so
that a request signed for another server never counts here, whether or not the header repeats it.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from folkmoot.gateways.matrix import canonical_json, names
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.signatures import SigningKey

_LONGEST_HEADER = 4096
_MOST_HEADERS = 8
_MOST_PARAMETERS = 16
# One parameter (RFC 9110, "auth-param"); unquoted values may hold a colon, as older servers write key ids.
_PARAMETER = re.compile(
    r"""[ \t]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*+)"|([^\s,"]+))[ \t]*"""
)
_ESCAPE = re.compile(r"\\(.)")


class BadAuthorizationError(ValueError):
    """The request does not prove who sent it; the text says what is missing, and is safe to show."""


class Claim(Struct, frozen=True):
    """What one X-Matrix header claims, not yet verified."""

    origin: str
    key: str
    signature: str
    destination: str | None = None


def parse_all(headers: Iterable[str], own_name: str) -> tuple[Claim, ...]:
    """Read a request's authorization headers: one origin, one claim per key, all for us."""
    claims: list[Claim] = []
    for header in headers:
        if len(claims) == _MOST_HEADERS:
            raise BadAuthorizationError("Too many authorization headers.")
        claims.append(parse(header))
    if not claims:
        raise BadAuthorizationError("Missing Authorization header of scheme X-Matrix.")
    if len({claim.origin for claim in claims}) > 1:
        raise BadAuthorizationError("Authorization headers name different origins.")
    if any(claim.destination not in (None, own_name) for claim in claims):
        raise BadAuthorizationError("The request was made for another destination.")
    return tuple(claims)


def parse(header: str) -> Claim:
    """Read one header; BadAuthorizationError says what is wrong with it."""
    if len(header) > _LONGEST_HEADER:
        raise BadAuthorizationError("The Authorization header is too long.")
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "x-matrix":
        raise BadAuthorizationError("The Authorization header must be of scheme X-Matrix.")
    found = _parameters(rest)
    for needed in ("origin", "key", "sig"):
        if not found.get(needed):
            raise BadAuthorizationError(f"The Authorization header lacks '{needed}'.")
    if not names.is_server(found["origin"]):
        raise BadAuthorizationError("The origin is not a server name.")
    if not found["key"].startswith("ed25519:"):
        raise BadAuthorizationError("The key must be an ed25519 key.")
    return Claim(found["origin"], found["key"], found["sig"], found.get("destination"))


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        one = _PARAMETER.match(text, at)
        if one is None or len(found) == _MOST_PARAMETERS:
            raise BadAuthorizationError("The Authorization header is malformed.")
        name, quoted, bare = one[1].lower(), one[2], one[3]
        if name in found:
            raise BadAuthorizationError(f"The Authorization header gives '{name}' twice.")
        found[name] = _ESCAPE.sub(r"\1", quoted) if quoted is not None else bare
        at = one.end()
        if at < len(text):
            if text[at] != ",":
                raise BadAuthorizationError("The Authorization header is malformed.")
            at += 1
    return found


def covered(method: str, uri: str, origin: str, destination: str, content: JsonObject | None) -> bytes:
    """Return the bytes that a request's signature covers; `content` is None for a request without a body."""
    signed: JsonObject = {"method": method, "uri": uri, "origin": origin, "destination": destination}
    if content is not None:
        signed["content"] = content
    return canonical_json.encode_any(signed)


def authorization(
    key: SigningKey, method: str, uri: str, origin: str, destination: str, content: JsonObject | None
) -> str:
    """Return the header value that authorizes a request of ours."""
    signature = key.sign(covered(method, uri, origin, destination, content))
    return f'X-Matrix origin="{origin}",destination="{destination}",key="{key.id}",sig="{signature}"'
