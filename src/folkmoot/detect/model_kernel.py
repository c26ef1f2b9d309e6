"""The compiled scorer, where the installation has one; without it the same sums come from Python, later."""

import ctypes
import sys
import threading
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from folkmoot.detect.model_features import MOST_BYTES
from folkmoot.detect.model_weights import Header, Tables

NAMES: Final = ("libmodels.so", "libmodels.dylib", "models.dll")
"""What `model_score.c` is built to; `scripts/hatch_build.py` builds it."""


class _Model(ctypes.Structure):
    """The struct `folkmoot_model` of the kernel."""

    _fields_ = (
        ("runs", ctypes.c_void_p),
        ("marks", ctypes.c_void_p),
        ("words", ctypes.c_void_p),
        ("steps", ctypes.c_void_p),
        ("heads", ctypes.c_int32),
        ("run_bits", ctypes.c_int32),
        ("word_bits", ctypes.c_int32),
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

    def __init__(self, found: ctypes.PyDLL, header: Header, tables: Tables, floors: list[float]) -> None:
        self._heads = len(header.heads)
        marks = tables.marks
        if sys.byteorder == "big":
            marks = b"".join(marks[at : at + 2][::-1] for at in range(0, len(marks), 2))
        # Rows are read in steps of sixteen bytes, the last one too.
        self._kept = (tables.runs + bytes(16), marks, tables.words + bytes(16))
        numbers = zip(header.run_steps, header.word_steps, header.biases, floors, strict=True)
        flat = [number for step in numbers for number in step]
        self._steps = (ctypes.c_double * len(flat))(*flat)
        self._model = _Model(
            *map(_address, self._kept),
            ctypes.addressof(self._steps),
            self._heads,
            header.run_bits,
            header.word_bits,
        )
        self._place = ctypes.addressof(self._model)
        self._score = found.folkmoot_score
        self._own = threading.local()

    def _sums(self) -> "ctypes.Array[ctypes.c_int64]":
        try:
            sums: ctypes.Array[ctypes.c_int64] = self._own.sums
        except AttributeError:
            sums = self._own.sums = (ctypes.c_int64 * (2 * self._heads + 2))()
        return sums

    def reached(self, window: bytes) -> int:
        """A bit for each head whose margin reaches its floor."""
        if len(window) > MOST_BYTES:
            raise ValueError(f"A window has at most {MOST_BYTES} bytes, not {len(window)}.")
        return int(self._score(self._place, window, len(window), self._sums()))

    def sums(self, window: bytes) -> list[int]:
        """Each head's sum over the runs, their number; each head's sum over the words, their weight."""
        self.reached(window)
        return list(self._sums())


def _address(kept: bytes) -> int:
    """Where the bytes lie in memory, for as long as they are kept."""
    return ctypes.cast(ctypes.c_char_p(kept), ctypes.c_void_p).value or 0
