"""What the looking process is asked and answers: frames of a length and so many bytes."""

import struct
from typing import Final

import msgspec
from msgspec import Struct

HEAD: Final = struct.Struct(">II")
LARGEST_ANSWER: Final = 4_096


class Seen(Struct, frozen=True, kw_only=True):
    """What the looking process saw in one file."""

    fingerprint: str = ""
    """The PDQ of the first frame; empty where it has too little to see."""
    known: int | None = None
    """Bits between it and the nearest picture of the list; None if none is near."""
    nudity: float | None = None
    """How sure the model is; None where there is none."""
    unreadable: str = ""
    """Why it could not be looked at."""


def ask(file: bytes, known: tuple[str, ...]) -> bytes:
    """Write a question: the list of fingerprints, then the file."""
    listed = b"".join(bytes.fromhex(one) for one in known)
    return HEAD.pack(len(listed), len(file)) + listed + file


def known_of(listed: bytes) -> list[int]:
    """Read the list of a question."""
    return [int.from_bytes(listed[at : at + 32], "big") for at in range(0, len(listed), 32)]


def write(seen: Seen) -> bytes:
    """Write an answer."""
    body = msgspec.json.encode(seen)
    return HEAD.pack(0, len(body)) + body


def read(body: bytes) -> Seen:
    """Read an answer."""
    return msgspec.json.decode(body, type=Seen)
