"""Event ids and room ids (specification: "Event format" of room versions 1, 3, 4 and 12)."""

import hashlib

from folkmoot.gateways.matrix import canonical_json, unpadded
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.redact import redact
from folkmoot.gateways.matrix.room_versions import RoomVersion

_LONGEST = 255


class NoEventIdError(ValueError):
    """An event of room version 1 or 2 carries no event id that is one."""


def signed_part(event: JsonObject, version: RoomVersion, *, whole: bool = True) -> bytes:
    """Return the bytes that a signature covers and an event id is the hash of (`whole`: as for `encode`)."""
    left = redact(event, version)
    left.pop("signatures", None)
    return canonical_json.encode(left, strict=version.strict_json, whole=whole)


def event_id(event: JsonObject, version: RoomVersion, signed: bytes | None = None) -> str:
    """Return an event's id; `signed` spares computing its signed part a second time."""
    if version.events_carry_their_id:
        found = event.get("event_id")
        if not isinstance(found, str) or not found.startswith("$") or len(found.encode()) > _LONGEST:
            raise NoEventIdError
        return found
    digest = hashlib.sha256(signed if signed is not None else signed_part(event, version)).digest()
    return "$" + (unpadded.encode_url_safe(digest) if version.url_safe_ids else unpadded.encode(digest))


def room_of(event: JsonObject, version: RoomVersion) -> str | None:
    """Return the room an event belongs to; a create event of version 12 names its room by its own hash."""
    if version.room_id_is_a_hash and event.get("type") == "m.room.create":
        return "!" + event_id(event, version)[1:]
    found = event.get("room_id")
    return found if isinstance(found, str) else None
