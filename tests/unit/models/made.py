"""Small models made for tests, so that no test depends on what was learnt last."""

from random import Random

from folkmoot.detect.model_features import features
from folkmoot.detect.model_weights import ZERO, Curve, Header
from folkmoot.detect.models import Models
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category

HEADS = tuple(one.value for one in Category if one not in (Category.PRIVACY, Category.OFF_TOPIC))
BITS = 12


def random_rows(heads: int, bits: int, seed: int) -> bytes:
    """Weights of every size, at random."""
    return Random(seed).randbytes(heads << bits)


def header(curves: dict[str, tuple[Curve, ...]], disguise: float = 0.0) -> Header:
    """The header of a model whose weights are worth a tenth each."""
    count = len(HEADS)
    return Header(
        name="made",
        bits=BITS,
        heads=HEADS,
        scales=(0.1,) * count,
        biases=(-1.0,) * count,
        curves=curves,
        disguise=disguise,
    )


def everywhere(likely: float | None, very_likely: float | None) -> dict[str, tuple[Curve, ...]]:
    """The same curve for all heads and languages."""
    return {"": (Curve(1.0, 0.0, likely, very_likely),) * len(HEADS)}


def knows(
    category: Category, phrase: str, curves: dict[str, tuple[Curve, ...]], disguise: float = 0.0
) -> Models:
    """A model one of whose heads knows a phrase, and nothing else."""
    rows = bytearray([ZERO]) * (len(HEADS) << BITS)
    head = HEADS.index(category.value)
    for feature in features(fold(phrase).readings[0], BITS):
        rows[feature * len(HEADS) + head] = 255
    return Models(header(curves, disguise), bytes(rows))
