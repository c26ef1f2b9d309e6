"""What we ask a homeserver for, and its answers as bytes: bounded, and never trusted to be JSON."""

import json
from typing import Any

import aiohttp

from folkmoot.gateways.matrix.bot.wire import OutOfReachError

_LARGEST_ANSWER = 64 * 1024 * 1024
_KINDS = (
    "m.room.message",
    "m.room.encrypted",
    "m.reaction",
    "m.room.member",
    "m.room.policy",
    "m.room.power_levels",
    "m.room.encryption",
    "m.room.tombstone",
    "m.room.name",
)
PROXY = frozenset({502, 503, 504})
"""What a reverse proxy answers while the homeserver behind it is away."""
_NOTHING = {"not_types": ["*"]}
WANTED = json.dumps(
    {
        "presence": _NOTHING,
        "account_data": _NOTHING,
        "room": {
            "ephemeral": _NOTHING,
            "account_data": _NOTHING,
            "state": _NOTHING,
            "timeline": {"types": list(_KINDS), "limit": 100, "lazy_load_members": True},
        },
    },
    separators=(",", ":"),
)
"""What we want to hear of in a `/sync` answer."""
MISSED = json.dumps({"types": list(_KINDS), "lazy_load_members": True}, separators=(",", ":"))
"""The same, of what a `/sync` answer left out."""


async def read(answer: aiohttp.ClientResponse) -> bytes:
    """Return the body of an answer; OutOfReachError if it is larger than any should be."""
    read = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        read += piece
        if len(read) > _LARGEST_ANSWER:
            raise OutOfReachError("the homeserver's answer is too large")
    return bytes(read)


def decoded(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds; an empty one where it holds none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
