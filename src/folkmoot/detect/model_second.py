"""A second opinion where the small models are not sure: a sentence encoder, and a small network over it.

It is there where `folkmoot[encoder]` is installed, and asked about few messages."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files
from math import inf, log
from struct import Struct as Layout
from typing import Any, Final

import msgspec
from msgspec import Struct

from folkmoot.detect.model_encoder import NUMBERS, installed
from folkmoot.detect.model_encoder_compiled import fastest
from folkmoot.detect.model_weights import BrokenWeightsError, Curve
from folkmoot.text.fold import Folded

MAGIC: Final = b"FMSEC\x02"
_LENGTH: Final = Layout("<I")
Margins = tuple[float, ...]
"""For each head how much speaks for it."""


class Weighing(Struct, frozen=True, array_like=True):
    """How both opinions on a head are put together."""

    small: float
    """What one of the small model's margin counts, ..."""
    second: float
    """... one of the network's, ..."""
    bias: float


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file of the network says about it."""

    name: str
    encoder: str
    """The package whose numbers it reads, and its version."""
    heads: tuple[str, ...]
    hidden: int
    """How many numbers are worked out of the encoder's, before the heads."""
    asked_from: float
    """From which probability of any small model on it is asked."""
    weighings: tuple[Weighing, ...]
    curves: tuple[Curve, ...]
    """What both opinions together say, as a probability, and from where a head speaks up."""
    languages: tuple[str, ...]
    """Where it was found reliable; elsewhere the small models decide."""


class Second:
    """Says what the network makes of a message; what that takes is loaded when first needed."""

    def __init__(self, raw: bytes, encoder: Callable[[], Callable[[str], Any]] = fastest) -> None:
        self.header, start = _header(raw)
        self._made = cache(lambda: _Network(raw[start:], self.header, encoder()))
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Load the encoder, so that no message waits for it: a second, and about 200 MB."""
        with self._lock:
            self._made()

    def wanted(self, curves: Sequence[Curve], margins: Margins) -> bool:
        """Whether any small model gives its head enough to ask."""
        least = self.header.asked_from
        return any(one >= asked_from(curve, least) for curve, one in zip(curves, margins, strict=True))

    def opinion(self, folded: Folded, small: Margins) -> Margins:
        """What both make of a message together: as it is written, and with its tricks undone."""
        told = self.margins(folded.text)
        if len(folded.readings) > 1:
            told = tuple(map(max, told, self.margins(folded.squeezed)))
        return tuple(
            one.small * first + one.second * second + one.bias
            for one, first, second in zip(self.header.weighings, small, told, strict=True)
        )

    def margins(self, text: str) -> Margins:
        """What the network makes of a text."""
        with self._lock:
            return self._made().margins(text)


class _Network:
    """The numbers of the network, and the encoder whose numbers it takes."""

    def __init__(self, raw: bytes, told: Header, encoder: Callable[[str], Any]) -> None:
        np = self._np = import_module("numpy")
        hidden, heads = told.hidden, len(told.heads)
        count = 2 * hidden + (hidden + 1) * heads
        floats = np.frombuffer(raw, "<f4", count)
        steps, self._first_bias, last, self._last_bias = _cut(floats, hidden, hidden, hidden * heads)
        whole = np.frombuffer(raw, np.int8, NUMBERS * hidden, 4 * count).reshape(NUMBERS, hidden)
        self._first, self._last = whole.astype(np.float32) * steps, last.reshape(hidden, heads)
        self._encoder = encoder

    def margins(self, text: str) -> Margins:
        """The margin of each head."""
        inner = self._np.maximum(self._encoder(text) @ self._first + self._first_bias, 0)
        return tuple((inner @ self._last + self._last_bias).tolist())


def _cut(numbers: Any, *sizes: int) -> list[Any]:
    """Consecutive parts, the last of what is left over."""
    parts, start = [], 0
    for size in (*sizes, len(numbers) - sum(sizes)):
        parts.append(numbers[start : start + size])
        start += size
    return parts


def pack(header: Header, tables: Iterable[bytes]) -> bytes:
    """The file as bytes."""
    told = msgspec.json.encode(header)
    return MAGIC + _LENGTH.pack(len(told)) + told + b"".join(tables)


def _header(raw: bytes) -> tuple[Header, int]:
    start = len(MAGIC) + _LENGTH.size
    if not raw.startswith(MAGIC):
        raise BrokenWeightsError("This is no file of a second opinion. Install Folkmoot anew.")
    end = start + _LENGTH.unpack_from(raw, len(MAGIC))[0]
    return msgspec.json.decode(raw[start:end], type=Header), end


def asked_from(curve: Curve, probability: float) -> float:
    """The margin of a small model that makes this probability."""
    return (log(probability / (1 - probability)) - curve.offset) / curve.slope if curve.slope else inf


@cache
def load() -> Second | None:
    """The second opinion, where the package that it needs is installed."""
    place = files(__package__) / "weights" / "second.weights"
    if not installed() or not place.is_file():
        return None
    return Second(place.read_bytes())
