"""Our own two keys: one says who we are (federation), the other says "accepted" (policy)."""

import os
import secrets
import stat
from pathlib import Path

from msgspec import Struct

from folkmoot.gateways.matrix import unpadded
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.signatures import BadKeyError, SigningKey

POLICY_KEY_NAME = "policy_server"
_VALID_MS = 24 * 3600 * 1000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(Exception):
    """A key file cannot be used: unreadable, open to others, or damaged; the message names the remedy."""


class OwnKeys(Struct, frozen=True):
    """The federation key, served at /_matrix/key/v2/server, and the policy key that m.room.policy names."""

    federation: SigningKey
    policy: SigningKey

    def document(self, server: str, now_ms: int) -> JsonObject:
        """Return the signed list of our federation keys (specification: "Publishing Keys")."""
        published: JsonObject = {
            "server_name": server,
            "valid_until_ts": now_ms + _VALID_MS,
            "verify_keys": {self.federation.id: {"key": self.federation.public}},
            "old_verify_keys": {},
        }
        self.federation.sign_object(published, server)
        return published


def open_keys(folder: Path) -> OwnKeys:
    """Read both keys from `folder`, making each (mode 600) where it does not exist yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = "f" + secrets.token_hex(3)
    return OwnKeys(
        federation=_open(folder / "federation.key", name),
        policy=_open(folder / "policy.key", POLICY_KEY_NAME),
    )


def generate() -> OwnKeys:
    """Make two keys that live in memory only."""
    return OwnKeys(
        SigningKey("f" + secrets.token_hex(3), secrets.token_bytes(32)),
        SigningKey(POLICY_KEY_NAME, secrets.token_bytes(32)),
    )


def _open(path: Path, name: str) -> SigningKey:
    try:
        _make(path, f"ed25519 {name} {unpadded.encode(secrets.token_bytes(32))}\n")
    except FileExistsError:
        pass
    except OSError as trouble:
        raise KeyFileError(f"{path}: cannot be written ({trouble.strerror}).") from trouble
    return _read(path)


def _make(path: Path, line: str) -> None:
    # Written aside and linked into place, so that a crash leaves no half key and two starts agree on one.
    if path.exists():
        raise FileExistsError
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    finally:
        aside.unlink()


def _read(path: Path) -> SigningKey:
    try:
        if path.stat().st_mode & _OTHERS:
            raise KeyFileError(f"{path}: others may read this private key. Run: chmod 600 {path}")
        algorithm, name, seed = path.read_text(encoding="ascii").split()
        if algorithm != "ed25519":
            raise KeyFileError(f"{path}: holds a key of another kind than ed25519.")
        return SigningKey(name, unpadded.decode(seed))
    except OSError as trouble:
        raise KeyFileError(f"{path}: cannot be read ({trouble.strerror}).") from trouble
    except (BadKeyError, ValueError) as trouble:
        raise KeyFileError(
            f"{path}: is damaged. Restore it from a backup; without one, delete it, and a new key is made "
            "(every protected room must then set m.room.policy anew)."
        ) from trouble
