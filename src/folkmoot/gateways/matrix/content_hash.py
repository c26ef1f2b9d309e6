"""The content hash: what ties a signature, which covers only the redacted event, to the words in it.

Specification: server-server API, "Calculating the content hash for an event".
"""

import hashlib
import hmac

from folkmoot.gateways.matrix import canonical_json, unpadded
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.room_versions import RoomVersion

# The specification drops the first three; the others are fields that Synapse once added and never hashes.
_NOT_HASHED = frozenset({"unsigned", "signatures", "hashes", "age_ts", "outlier", "destinations"})


def content_hash(event: JsonObject, version: RoomVersion, *, whole: bool = True) -> bytes:
    """Return the SHA-256 over everything in the event but its signatures, hashes and unsigned notes."""
    hashed = {key: value for key, value in event.items() if key not in _NOT_HASHED}
    return hashlib.sha256(canonical_json.encode(hashed, strict=version.strict_json, whole=whole)).digest()


def matches(event: JsonObject, version: RoomVersion, *, whole: bool = True) -> bool:
    """Tell whether the event's own `hashes.sha256` is that of its content (`whole`: as for `encode`)."""
    hashes = event.get("hashes")
    try:
        claimed = unpadded.decode(hashes.get("sha256") if isinstance(hashes, dict) else None)
    except unpadded.NotBase64Error:
        return False
    return hmac.compare_digest(claimed, content_hash(event, version, whole=whole))


def add(event: JsonObject, version: RoomVersion) -> None:
    """Put the content hash into an event of our own."""
    event["hashes"] = {"sha256": unpadded.encode(content_hash(event, version))}
