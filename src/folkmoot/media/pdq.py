"""PDQ, Meta's fingerprint of a picture: 256 bits that hardly change when it is scaled or saved again.

Every picture is brought to 512 × 512 first, as other tools do; from there the bits are the reference's
(ThreatExchange, pdq/cpp), but for one now and then.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import cos, pi, sqrt
from operator import mul
from typing import Final, NamedTuple

from PIL import Image

FARTHEST: Final = 31
"""So many bits of the 256 may differ between two fingerprints of one picture."""

LEAST_QUALITY: Final = 50
"""Below this a picture shows too little (one colour, a gradient) to be told from another."""

_SIDE: Final = 512
_DCT: Final = [[sqrt(2 / 64) * cos(pi / 128 * (i + 1) * (2 * j + 1)) for j in range(64)] for i in range(16)]

Rows = list[list[float]]


class Print(NamedTuple):
    """The fingerprints of one picture."""

    quality: int
    """From 0 to 100."""
    variants: tuple[int, ...]
    """As it stands first, then mirrored and turned."""

    @property
    def hex(self) -> str:
        """The fingerprint as lists of known pictures write it: 64 hexadecimal digits."""
        return f"{self.variants[0]:064x}"


def fingerprint(picture: Image.Image) -> Print:
    """Take a picture's fingerprints."""
    rows = _samples(picture)
    waves = _transformed(rows)
    return Print(_quality(rows), tuple(_bits(turned) for turned in _turns(waves)))


def nearest(taken: Print, known: Iterable[int]) -> int | None:
    """How many bits lie between a picture and the nearest known one; None if none is near enough."""
    if taken.quality < LEAST_QUALITY:
        return None
    near = min(((one ^ other).bit_count() for one in known for other in taken.variants), default=256)
    return near if near <= FARTHEST else None


def _samples(picture: Image.Image) -> Rows:
    """Blur with a tent and take 64 × 64 samples, at the reference's places.

    The reference blurs with two passes of a box of four, each of which moves the picture half a pixel, and
    samples beside the middle: together a pixel and a half.
    """
    square = picture.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR).convert("F")
    margin, moved = _SIDE / 256, 1.5
    box = (margin + moved, margin + moved, _SIDE - margin + moved, _SIDE - margin + moved)
    values: Sequence[float] = square.resize(
        (127, 127), Image.Resampling.BILINEAR, box=box
    ).get_flattened_data()  # type: ignore[assignment]
    return [list(values[254 * row : 254 * row + 127 : 2]) for row in range(64)]


def _quality(rows: Rows) -> int:
    """How much there is to see: the sum of the steps between neighbours."""
    steps = 0
    for above, below in pairwise(rows):
        steps += sum(int(abs(a - b) * 100 / 255) for a, b in zip(above, below, strict=True))
    for row in rows:
        steps += sum(int(abs(a - b) * 100 / 255) for a, b in pairwise(row))
    return min(100, steps // 90)


def _transformed(rows: Rows) -> Rows:
    """The 16 × 16 lowest waves of a picture, without the constant one (discrete cosine transform)."""
    columns = list(zip(*rows, strict=True))
    half = [[sum(map(mul, wave, column)) for column in columns] for wave in _DCT]
    return [[sum(map(mul, row, wave)) for wave in _DCT] for row in half]


def _turns(waves: Rows) -> list[Rows]:
    """The waves of a picture as it stands, mirrored and turned: only signs and order change."""
    mirrors: tuple[Callable[[int, int], int], ...] = (
        lambda i, j: 0,
        lambda i, j: i + 1,
        lambda i, j: j + 1,
        lambda i, j: i + j,
    )
    signed = [
        [[-x if odd(i, j) & 1 else x for j, x in enumerate(row)] for i, row in enumerate(waves)]
        for odd in mirrors
    ]
    return signed + [[list(column) for column in zip(*one, strict=True)] for one in signed]


def _bits(waves: Rows) -> int:
    """A bit for each wave that is stronger than the median."""
    flat = [wave for row in waves for wave in row]
    median = sorted(flat)[127]
    return sum(1 << place for place, wave in enumerate(flat) if wave > median)
