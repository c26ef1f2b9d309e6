"""The compiled scorer, where the installation has one; without it the same sums come from Python, later."""

import ctypes
import threading
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from folkmoot.detect.model_features import LONGEST

NAMES: Final = ("libmodels.so", "libmodels.dylib", "models.dll")
"""What `model_score.c` is built to; `scripts/hatch_build.py` builds it."""


class _Model(ctypes.Structure):
    """The struct `folkmoot_model` of the kernel."""

    _fields_ = (
        ("weights", ctypes.c_void_p),
        ("floors", ctypes.c_void_p),
        ("heads", ctypes.c_int32),
        ("bits", ctypes.c_int32),
    )


@cache
def library() -> ctypes.PyDLL | None:
    """The compiled kernel; None where it was not built or cannot be loaded."""
    for name in NAMES:
        place = files(__package__) / name
        if not place.is_file():
            continue
        try:
            with as_file(place) as path:
                found = ctypes.PyDLL(str(path))
            found.folkmoot_ready.restype = None
            found.folkmoot_score.restype = ctypes.c_int64
            found.folkmoot_score.argtypes = [
                ctypes.c_void_p,
                ctypes.c_char_p,
                ctypes.c_int64,
                ctypes.c_void_p,
            ]
        except (OSError, AttributeError):
            return None
        found.folkmoot_ready()
        return found
    return None


class Kernel:
    """The compiled scorer bound to one model's weights."""

    def __init__(self, found: ctypes.PyDLL, weights: bytes, heads: int, bits: int, floors: list[int]) -> None:
        self._heads = heads
        self._weights = weights + bytes(16)  # a row is read in steps of sixteen bytes
        self._floors = (ctypes.c_int64 * heads)(*floors)
        address = ctypes.cast(ctypes.c_char_p(self._weights), ctypes.c_void_p).value
        self._model = _Model(address, ctypes.addressof(self._floors), heads, bits)
        self._address = ctypes.addressof(self._model)
        self._score = found.folkmoot_score
        self._own = threading.local()

    def _sums(self) -> "ctypes.Array[ctypes.c_int64]":
        try:
            sums: ctypes.Array[ctypes.c_int64] = self._own.sums
        except AttributeError:
            sums = self._own.sums = (ctypes.c_int64 * (self._heads + 1))()
        return sums

    def reached(self, window: bytes) -> int:
        """A bit for each head whose sum reaches its floor."""
        if len(window) > LONGEST:
            raise ValueError(f"A window has at most {LONGEST} bytes, not {len(window)}.")
        return int(self._score(self._address, window, len(window), self._sums()))

    def sums(self, window: bytes) -> list[int]:
        """Each head's sum, and then the number of features."""
        self.reached(window)
        return list(self._sums())
