"""Ed25519 keys and signatures of JSON objects (specification: appendices, "Signing JSON")."""

from functools import lru_cache
from typing import Self

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey as Ed25519SigningKey
from nacl.signing import VerifyKey as Ed25519VerifyKey

from folkmoot.gateways.matrix import canonical_json, unpadded
from folkmoot.gateways.matrix.canonical_json import JsonObject

_SEED_BYTES = 32
_SIGNATURE_BYTES = 64
# A signing key whose private half became public (ELEMENTSEC-2025-1670): nothing signed with it counts.
_BURNT = frozenset({"l/O9hxMVKB6Lg+3Hqf0FQQZhVESQcMzbPN1Cz2nM3og"})


class BadKeyError(ValueError):
    """The text is not an ed25519 key that may be used."""


class SigningKey:
    """A private ed25519 key with its Matrix key id, such as `ed25519:policy_server`."""

    __slots__ = ("_key", "id", "public")

    def __init__(self, name: str, seed: bytes) -> None:
        """Make the key of a 32-byte seed; `name` is what follows the colon in its id."""
        if len(seed) != _SEED_BYTES:
            raise BadKeyError("an ed25519 seed has 32 bytes")
        self._key = Ed25519SigningKey(seed)
        self.id = f"ed25519:{name}"
        self.public = unpadded.encode(bytes(self._key.verify_key))

    def sign(self, message: bytes) -> str:
        """Return the signature of `message` as unpadded Base64."""
        return unpadded.encode(self._key.sign(message).signature)

    def sign_object(self, value: JsonObject, server: str) -> None:
        """Add our signature to a JSON object, in place; `unsigned` is not covered."""
        signature = self.sign(_covered(value))
        value.setdefault("signatures", {}).setdefault(server, {})[self.id] = signature


class VerifyKey:
    """A public ed25519 key."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519VerifyKey) -> None:
        """Wrap a key of the library."""
        self._key = key

    @classmethod
    def read(cls, text: object) -> Self:
        """Read a key from unpadded Base64; BadKeyError if it is none, or one that the world knows."""
        if not isinstance(text, str):
            raise BadKeyError("not an ed25519 public key")
        return cls(_read_key(text))

    def verifies(self, message: bytes, signature: object) -> bool:
        """Tell whether `signature` (unpadded Base64) is this key's of `message`."""
        try:
            body = unpadded.decode(signature)
            if len(body) != _SIGNATURE_BYTES:
                return False
            self._key.verify(message, body)
        except (unpadded.NotBase64Error, BadSignatureError):
            return False
        return True


@lru_cache(maxsize=4096)
def _read_key(text: str) -> Ed25519VerifyKey:
    # The keys of the same few servers are asked for twice in every request; a text that is none is not kept.
    try:
        body = unpadded.decode(text)
        if unpadded.encode(body) in _BURNT:
            raise BadKeyError("this key's private half is public knowledge")
        return Ed25519VerifyKey(body)
    except BadKeyError:
        raise
    except (ValueError, TypeError) as trouble:
        raise BadKeyError("not an ed25519 public key") from trouble


def object_verifies(value: JsonObject, server: str, key_id: str, key: VerifyKey) -> bool:
    """Tell whether a JSON object carries a right signature of `server` made with `key`."""
    signature = signatures_of(value, server).get(key_id)
    return signature is not None and key.verifies(_covered(value), signature)


def signatures_of(value: JsonObject, server: str) -> dict[str, str]:
    """Return the ed25519 signatures of `server` on an object, by key id; what is malformed is left out."""
    signatures = value.get("signatures")
    of_server = signatures.get(server) if isinstance(signatures, dict) else None
    if not isinstance(of_server, dict):
        return {}
    return {key: one for key, one in of_server.items() if isinstance(one, str) and key.startswith("ed25519:")}


def _covered(value: JsonObject) -> bytes:
    return canonical_json.encode(
        {key: one for key, one in value.items() if key not in ("signatures", "unsigned")}
    )
