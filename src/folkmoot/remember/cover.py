"""What is remembered of texts is kept under a key: who has the database alone cannot try texts out."""

import threading
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from struct import Struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_WHOLE: Final = Struct("<Q8xQ32sQ")
"""The fingerprint alone in the first block; then fingerprint, sketch and the sketch's length in four."""
_BLOCK: Final = 16
_HIDDEN: Final = Struct("<Q8x48s")
COVERED: Final = _WHOLE.size - _BLOCK
"""How long a covered sketch is, which no bare one is."""


class Cover:
    """Hides fingerprints and sketches, and shows them again.

    The same text is the same under it too, for copies are found by that; without the key nobody can make a
    text's fingerprint to compare it with.
    """

    def __init__(self, secret: bytes) -> None:
        """Take a key of its own from a secret."""
        key = blake2b(key=secret[:64], person=b"text prints", digest_size=32).digest()
        # Not chained: what is equal is meant to be equal, and a row is read by itself.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
        self._own = threading.local()

    def hide(self, prints: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """What to keep in place of fingerprints, each with its sketch."""
        try:
            update = self._own.hide
        except AttributeError:
            update = self._own.hide = self._cipher.encryptor().update
        covered = update(b"".join([_WHOLE.pack(one, one, sketch, len(sketch)) for one, sketch in prints]))
        for number, sketch in _HIDDEN.iter_unpack(covered):
            yield number >> 1 or 1, sketch

    def show(self, covered: bytes) -> tuple[int, bytes]:
        """The fingerprint and the sketch that were hidden; neither where that was done under another key."""
        try:
            update = self._own.show
        except AttributeError:
            update = self._own.show = self._cipher.decryptor().update
        _, fingerprint, sketch, length = _WHOLE.unpack(bytes(_BLOCK) + update(covered))
        return (fingerprint, sketch[:length]) if length <= len(sketch) else (0, b"")
