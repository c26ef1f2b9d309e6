"""Small models made for tests, so that no test depends on what was learnt last."""

from random import Random
from struct import pack_into
from zlib import crc32

from folkmoot.detect.model_features import PAIR, WORD, pairs, runs, words
from folkmoot.detect.model_signs import alike
from folkmoot.detect.model_weights import ZERO, Curve, Header, Tables
from folkmoot.detect.models import Models
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category

HEADS = tuple(one.value for one in Category if one not in (Category.PRIVACY, Category.OFF_TOPIC))
BITS = 12
WORDS = "the a and you are to we of in i der die und kill sell casino money love 很 想 我 会 мир дом كل"
KNOWN = tuple(WORDS.split())


def tables(heads: int, learnt: dict[int, bytes], weights: dict[int, bytes]) -> Tables:
    """Tables from rows by bucket, and words' rows by their keys."""
    of_runs = bytearray([ZERO]) * (heads << BITS)
    for bucket, row in learnt.items():
        of_runs[bucket * heads : (bucket + 1) * heads] = row
    marks, of_words = bytearray(2 << BITS), bytearray((heads + 1) << BITS)
    for key, row in weights.items():
        slot = key & ((1 << BITS) - 1)
        while any(marks[2 * slot : 2 * slot + 2]):
            slot = (slot + 1) & ((1 << BITS) - 1)
        pack_into("<H", marks, 2 * slot, key >> 17 | 0x8000)
        of_words[slot * (heads + 1) : (slot + 1) * (heads + 1)] = row
    return Tables(bytes(of_runs), bytes(marks), bytes(of_words))


def noise(heads: int, seed: int) -> Tables:
    """Weights of every size, at random."""
    chance = Random(seed)
    keys = [crc32(word.encode(), WORD) for word in KNOWN]
    keys += [crc32(f"{one} {other}".encode(), PAIR) for one in KNOWN[-9:] for other in KNOWN[-9:]]
    keys += [chance.getrandbits(32) for _ in range((1 << BITS) // 2)]
    learnt = {bucket: chance.randbytes(heads) for bucket in range(1 << BITS)}
    return tables(heads, learnt, {key: chance.randbytes(heads) + bytes([7]) for key in keys})


def header(
    curves: dict[str, tuple[Curve, ...]], disguise: float = 0.0, heads: tuple[str, ...] = HEADS
) -> Header:
    """The header of models whose weights are worth a tenth each."""
    return Header(
        name="made",
        heads=heads,
        run_bits=BITS,
        word_bits=BITS,
        run_steps=(0.1,) * len(heads),
        word_steps=(0.2,) * len(heads),
        biases=(-1.0,) * len(heads),
        curves=curves,
        disguise=disguise,
    )


def everywhere(
    likely: float | None, very_likely: float | None, heads: int = len(HEADS)
) -> dict[str, tuple[Curve, ...]]:
    """The same curve for all heads and languages."""
    return {"": (Curve(1.0, 0.0, likely, very_likely),) * heads}


def knows(
    category: Category, phrase: str, curves: dict[str, tuple[Curve, ...]], disguise: float = 0.0
) -> Models:
    """Models one head of which knows a phrase, and nothing else."""
    head, window = HEADS.index(category.value), alike(fold(phrase).readings[0])
    row = bytes(255 if place == head else ZERO for place in range(len(HEADS)))
    learnt = dict.fromkeys(runs(window, BITS), row)
    weights = dict.fromkeys([*words(window), *pairs(window)], row + bytes([9]))
    return Models(header(curves, disguise), tables(len(HEADS), learnt, weights))
