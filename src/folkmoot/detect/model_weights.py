"""The models as a file: a magic word, a header in JSON, and a row of small whole numbers for each bucket."""

import sys
from functools import cache
from importlib.resources import files
from struct import Struct as Layout
from typing import Final

import msgspec
from msgspec import Struct

from folkmoot.detect.model_features import features
from folkmoot.detect.model_kernel import Kernel, library

MAGIC: Final = b"FMOOT\x01"
_LENGTH: Final = Layout("<I")
ZERO: Final = 128
"""What a weight of nothing is written as: each byte is a weight plus this."""


class Curve(Struct, frozen=True, array_like=True):
    """How a head's margin becomes a probability in one group of languages, and from where it says so."""

    slope: float
    offset: float
    likely: float | None
    """The least margin that counts as likely; None where the head abstains."""
    very_likely: float | None


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an artefact says about its weights."""

    name: str
    bits: int
    heads: tuple[str, ...]
    scales: tuple[float, ...]
    """What one step of a head's weights is worth."""
    biases: tuple[float, ...]
    curves: dict[str, tuple[Curve, ...]]
    """For each group of languages a curve for each head; `""` is for every other language."""
    disguise: float
    """How much more a reading with tricks undone must reach than the text as it stands."""


class BrokenWeightsError(ValueError):
    """The file of weights is not what this version reads: install Folkmoot anew, or train again."""


def pack(header: Header, rows: bytes) -> bytes:
    """The artefact as bytes."""
    told = msgspec.json.encode(header)
    return MAGIC + _LENGTH.pack(len(told)) + told + rows


def unpack(raw: bytes) -> tuple[Header, bytes]:
    """The header and the rows of an artefact."""
    start = len(MAGIC) + _LENGTH.size
    if not raw.startswith(MAGIC) or len(raw) < start:
        raise BrokenWeightsError("The file of weights does not begin as one does. Install Folkmoot anew.")
    end = start + _LENGTH.unpack_from(raw, len(MAGIC))[0]
    try:
        header = msgspec.json.decode(raw[start:end], type=Header)
    except msgspec.DecodeError as error:
        raise BrokenWeightsError(f"The header of the weights is broken: {error}") from error
    rows = raw[end:]
    if not 1 <= len(header.heads) <= 16 or len(rows) != len(header.heads) << header.bits:
        raise BrokenWeightsError("The file of weights is not complete. Install Folkmoot anew.")
    return header, rows


@cache
def shipped() -> tuple[Header, bytes]:
    """The artefact that comes with the package, read once."""
    return unpack((files(__package__) / "weights" / "folkmoot.weights").read_bytes())


_REMEMBERED: Final = 60_000


class _Lanes(dict[int, int]):
    """Rows as large numbers with 32 bits for each head, so that one addition adds all heads."""

    def __init__(self, rows: bytes, heads: int) -> None:
        self._rows = rows
        self._heads = heads

    def __missing__(self, bucket: int) -> int:
        """Spread a row out once and remember it, up to a bound."""
        spread = bytearray(4 * self._heads)
        spread[::4] = self._rows[bucket * self._heads : (bucket + 1) * self._heads]
        lane = int.from_bytes(spread, "little")
        if len(self) < _REMEMBERED:
            self[bucket] = lane
        return lane


class Slow:
    """The scorer in Python: the same sums as the kernel's, bit for bit."""

    def __init__(self, rows: bytes, heads: int, bits: int, floors: list[int]) -> None:
        self._lanes = _Lanes(rows, heads)
        self._heads = heads
        self._bits = bits
        self._floors = floors

    def sums(self, window: bytes) -> list[int]:
        """Each head's sum, and then the number of features."""
        found = features(window, self._bits)
        total = sum(map(self._lanes.__getitem__, found)).to_bytes(4 * self._heads + 4, "little")
        heads = memoryview(total[: 4 * self._heads]).cast("I").tolist()
        if sys.byteorder == "big":
            heads = [int.from_bytes(total[4 * head : 4 * head + 4], "little") for head in range(self._heads)]
        return [one - ZERO * len(found) for one in heads] + [len(found)]

    def reached(self, window: bytes) -> int:
        """A bit for each head whose sum reaches its floor."""
        *sums, count = self.sums(window)
        found = 0
        for head, (one, floor) in enumerate(zip(sums, self._floors, strict=True)):
            if floor >= 0 and one > 0 and one * one * 65536 >= floor * count:
                found |= 1 << head
        return found


def scorer(rows: bytes, heads: int, bits: int, floors: list[int]) -> Kernel | Slow:
    """The compiled scorer where there is one, else the one in Python."""
    found = library()
    return Slow(rows, heads, bits, floors) if found is None else Kernel(found, rows, heads, bits, floors)
