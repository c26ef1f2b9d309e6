"""Another server's keys, as it publishes and we remember them (specification: "Retrieving server keys")."""

from msgspec import Struct

from folkmoot.gateways.matrix import signatures
from folkmoot.gateways.matrix.canonical_json import JsonObject, NotCanonicalError
from folkmoot.gateways.matrix.signatures import BadKeyError, VerifyKey

_LONGEST_TRUST_MS = 7 * 24 * 3600 * 1000
_MOST_KEYS = 32


class BadKeyDocumentError(ValueError):
    """A server's list of keys is malformed, another server's, out of date, or not signed by its own keys."""


class OldKey(Struct, frozen=True):
    """A key that signs nothing new, and until when (ms) it did."""

    key: str
    expired: int


class KeySet(Struct, frozen=True):
    """A server's keys (unpadded Base64, by key id); times are milliseconds since 1970."""

    server: str
    keys: dict[str, str]
    old_keys: dict[str, OldKey]
    valid_until: int
    fetched_at: int

    def for_request(self, key_id: str, now: int) -> str | None:
        """Return the key if it may sign a request sent now."""
        return self.keys.get(key_id) if now <= self.valid_until else None

    def for_event(self, key_id: str, sent_at: int, *, enforce_validity: bool) -> str | None:
        """Return the key if it may have signed an event sent at `sent_at`."""
        current = self.keys.get(key_id)
        if current is not None and (not enforce_validity or sent_at <= self.valid_until):
            return current
        old = self.old_keys.get(key_id)
        if old is not None and (not enforce_validity or sent_at <= old.expired):
            return old.key
        return None

    def is_stale(self, now: int) -> bool:
        """Tell whether half of the keys' lifetime is over, the time to look for news."""
        return now > self.fetched_at + (self.valid_until - self.fetched_at) // 2


def read(document: JsonObject, server: str, now: int) -> KeySet:
    """Read a server's answer; only keys that signed the answer themselves count."""
    if document.get("server_name") != server:
        raise BadKeyDocumentError("it names another server")
    valid_until = document.get("valid_until_ts")
    if type(valid_until) is not int or valid_until <= now:
        raise BadKeyDocumentError("it is out of date")
    listed = _listed(document, "verify_keys")
    keys = {key_id: text for key_id, text in listed if _signed(document, server, key_id, text)}
    if not keys:
        raise BadKeyDocumentError("none of its keys signed it")
    return KeySet(
        server=server,
        keys=keys,
        old_keys=_old(document),
        valid_until=min(valid_until, now + _LONGEST_TRUST_MS),
        fetched_at=now,
    )


def _listed(document: JsonObject, field: str) -> list[tuple[str, str]]:
    listed = document.get(field)
    if not isinstance(listed, dict) or len(listed) > _MOST_KEYS:
        return []
    return [
        (key_id, one["key"])
        for key_id, one in listed.items()
        if key_id.startswith("ed25519:") and isinstance(one, dict) and isinstance(one.get("key"), str)
    ]


def _signed(document: JsonObject, server: str, key_id: str, text: str) -> bool:
    try:
        return signatures.object_verifies(document, server, key_id, VerifyKey.read(text))
    except (BadKeyError, NotCanonicalError):
        return False


def _old(document: JsonObject) -> dict[str, OldKey]:
    found = {}
    for key_id, text in _listed(document, "old_verify_keys"):
        expired = document["old_verify_keys"][key_id].get("expired_ts")
        if type(expired) is int:
            found[key_id] = OldKey(text, expired)
    return found
