"""The sentence encoder's sums in C, where the installation has them: pieces in, the numbers of a text out."""

import ctypes
import mmap
import threading
from array import array
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import as_file, files
from typing import Any, Final

NAMES: Final = ("libencoder.so", "libencoder.dylib", "encoder.dll")
"""What `model_encoder.c` is built to; `scripts/hatch_build.py` builds it."""
MOST: Final = 162
"""How many pieces a text may have, with its beginning and its end."""
NUMBERS: Final = 512
_BRANCHES: Final = (2, 3, 5)
_WIDE: Final = 256
_PIECES, _CHUNKS = 128_010, 17
_FLOATS: Final = (
    "steps",
    "least",
    "project_least",
    "project_bias",
    "gain",
    "base",
    "first_bias",
    "second_bias",
    "last_gain",
    "last_base",
    "whole_bias",
)
_STEMS: Final = {
    "project_bias": "proj_b",
    "gain": "ln_g",
    "base": "ln_b",
    "first_bias": "b1_",
    "second_bias": "b2_",
}
"""What these are called in the package, for each branch, ..."""
_LAYERS: Final = {
    "whole": ("cnn_W",),
    "inner": ("d0", "p1"),
    "deep": ("d1",),
    "outer": ("p3", "d2"),
    "end": ("d3",),
}
"""... and the tables of each layer over the whole text, next to one another."""


class _Sums(ctypes.Structure):
    """The struct `folkmoot_sums` of the kernel."""

    _fields_ = (
        ("rows", ctypes.c_void_p),
        ("steps", ctypes.c_void_p),
        ("inputs", ctypes.c_int32),
        ("outputs", ctypes.c_int32),
    )


class _Encoder(ctypes.Structure):
    """The struct `folkmoot_encoder` of the kernel."""

    _fields_ = (
        ("table", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in _FLOATS),
        ("project", _Sums),
        ("first", _Sums * len(_BRANCHES)),
        ("second", _Sums * len(_BRANCHES)),
        *((name, _Sums) for name in _LAYERS),
        ("tiny", ctypes.c_float),
        ("level", ctypes.c_int32),
    )


@cache
def library() -> ctypes.CDLL | None:
    """The compiled kernel; None where it was not built or cannot be loaded."""
    for name in NAMES:
        place = files(__package__) / name
        if not place.is_file():
            continue
        try:
            with as_file(place) as path:
                found = ctypes.CDLL(str(path))
            found.folkmoot_encoder_level.restype = ctypes.c_int32
            found.folkmoot_encoder_state.restype = ctypes.c_int64
            found.folkmoot_encode.restype = ctypes.c_int32
            found.folkmoot_encode.argtypes = [
                ctypes.c_void_p,
                ctypes.c_void_p,
                ctypes.c_char_p,
                ctypes.c_int32,
                ctypes.c_void_p,
            ]
        except (OSError, AttributeError):
            return None
        return found
    return None


class Kernel:
    """The compiled encoder with its weights; may be shared by threads, which take turns."""

    def __init__(self, found: ctypes.CDLL, weights: Any, level: int | None = None) -> None:
        self._np: Any = import_module("numpy")
        self._kept: list[Any] = []
        self._with = _Encoder(level=found.folkmoot_encoder_level() if level is None else level)
        self._fill(weights)
        self._state = mmap.mmap(-1, found.folkmoot_encoder_state())
        self._numbers = (ctypes.c_float * NUMBERS)()
        state = ctypes.c_char.from_buffer(self._state)
        self._kept.append(state)
        self._places = ctypes.addressof(self._with), ctypes.addressof(state)
        self._encode, self._lock = found.folkmoot_encode, threading.Lock()

    def __call__(self, pieces: list[int]) -> Any:
        """The numbers of a text; their squares add up to one."""
        if not 0 < len(pieces) <= MOST or not 0 <= min(pieces) <= max(pieces) < _PIECES:
            raise ValueError(f"A text has 1 to {MOST} pieces, each known, not {len(pieces)}.")
        told = array("i", pieces).tobytes()
        with self._lock:
            self._encode(*self._places, told, len(pieces), self._numbers)
            return self._np.array(self._numbers, dtype=self._np.float32)

    def _fill(self, weights: Any) -> None:
        np, into = self._np, self._with
        table = np.empty((_CHUNKS, _PIECES // _CHUNKS, NUMBERS), dtype=np.uint8)
        for part in range(_CHUNKS):
            table[part] = weights[f"q{part + 1}"]
        into.table = self._address(table)
        into.tiny = float(weights["eps"])
        project = [_whole(np, weights[f"proj{wide}"]) for wide in _BRANCHES]
        into.project = self._sums(project)
        floats = {
            "steps": weights["scale"],
            "least": weights["lo"],
            "project_least": np.concatenate([rows.sum(axis=0) * step for rows, step in project]),
            "last_gain": weights["ln_g"],
            "last_base": weights["ln_b"],
            "whole_bias": weights["cnn_b"],
        }
        named = {
            "project_bias": "proj_b",
            "gain": "ln_g",
            "base": "ln_b",
            "first_bias": "b1_",
            "second_bias": "b2_",
        }
        for name, stem in named.items():
            floats[name] = np.concatenate([weights[f"{stem}{wide}"] for wide in _BRANCHES])
        for name, numbers in floats.items():
            setattr(into, name, self._address(np.ascontiguousarray(numbers, dtype=np.float32)))
        for branch, wide in enumerate(_BRANCHES):
            first, step = _whole(np, weights[f"w1_{wide}"])
            into.first[branch] = self._sums([(part, step) for part in np.split(first, wide)])
            into.second[branch] = self._sums([_whole(np, weights[f"w2_{wide}"])])
        layers = {
            "whole": ("cnn_W",),
            "inner": ("d0", "p1"),
            "deep": ("d1",),
            "outer": ("p3", "d2"),
            "end": ("d3",),
        }
        for name, stems in layers.items():
            setattr(into, name, self._sums([_whole(np, weights[stem]) for stem in stems]))

    def _sums(self, parts: Iterable[tuple[Any, float]]) -> _Sums:
        """Tables next to one another: sixteen outputs at a time, two inputs of each side by side."""
        np, parts = self._np, list(parts)
        rows = np.concatenate([part for part, _ in parts], axis=1)
        steps = np.concatenate([np.full(part.shape[1], step, dtype=np.float32) for part, step in parts])
        inputs, outputs = rows.shape
        packed = rows.reshape(inputs // 2, 2, outputs // 16, 16).transpose(2, 0, 3, 1)
        return _Sums(self._address(np.ascontiguousarray(packed)), self._address(steps), inputs, outputs)

    def _address(self, kept: Any) -> int:
        """Where an array lies in memory, for as long as this lives."""
        self._kept.append(kept)
        return int(kept.ctypes.data)


def _whole(np: Any, numbers: Any) -> tuple[Any, float]:
    """The weights as their makers rounded them: whole numbers to 127, and what one stands for."""
    step = float(np.abs(numbers).max()) / 127
    return np.rint(numbers / step).astype(np.int8), step
