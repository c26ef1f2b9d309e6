"""Which words of a text weigh most with a model: worked out only for a head that speaks up."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple
from zlib import crc32

from folkmoot.detect.model_features import PAIR, RUNS, WORD
from folkmoot.detect.model_language import is_small

MOST: Final = 3
"""So many words are shown at most."""
WORTH: Final = 0.3
"""A word is shown if it weighs at least this share of the one that weighs most."""


class Weigher(NamedTuple):
    """What one head gives for a run or a pair, and for a word, by their CRC-32."""

    run: Callable[[int], float]
    word: Callable[[int], float]


def strongest(window: bytes, weigh: Weigher) -> list[tuple[int, int]]:
    """Where the words stand that weigh most, small words aside; next to each other they are one place."""
    words = list(_words(window))
    weights = [0.0] * len(words)
    _of_runs(window, words, weights, weigh)
    for number, (start, end) in enumerate(words):
        weights[number] += weigh.word(crc32(window[start:end], WORD))
    for number, ((start, end), (other, last)) in enumerate(pairwise(words)):
        pair = crc32(window[start:end] + b" " + window[other:last], PAIR)
        half = (weigh.run(pair) + weigh.word(pair)) / 2
        weights[number] += half
        weights[number + 1] += half
    telling = [
        0.0 if is_small(window[start:end]) else weight
        for (start, end), weight in zip(words, weights, strict=True)
    ]
    most = max(telling, default=0.0)
    if most <= 0:
        return []
    order = sorted(range(len(words)), key=lambda number: -telling[number])
    shown = {number for number in order[: _limit(words)] if telling[number] >= WORTH * most}
    shown |= {number + 1 for number in shown if number + 2 in shown and weights[number + 1] > 0}
    return list(_joined([words[number] for number in sorted(shown)]))


def _limit(words: list[tuple[int, int]]) -> int:
    """How many words to show: more where a character is a word."""
    return MOST * 2 if all(3 <= end - start <= 4 for start, end in words) else MOST


def _of_runs(window: bytes, words: list[tuple[int, int]], weights: list[float], weigh: Weigher) -> None:
    """Give each word its share of every run of characters that touches it."""
    starts = [at for at, byte in enumerate(window) if byte & 0xC0 != 0x80] + [len(window)]
    owner = [-1] * len(window)
    for number, (start, end) in enumerate(words):
        owner[start:end] = [number] * (end - start)
    for size in RUNS:
        for start, end in zip(starts, starts[size:]):  # noqa: B905
            weight = weigh.run(crc32(window[start:end]))
            if weight:
                touched = [one for one in owner[start:end] if one >= 0]
                for number in set(touched):
                    weights[number] += weight * touched.count(number) / len(touched)


def _words(window: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for word in window.split(b" "):
        if word:
            yield at, at + len(word)
        at += len(word) + 1


def _joined(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places with one space between them as one."""
    start = end = -2
    for one, last in places:
        if one != end + 1:
            if end > 0:
                yield start, end
            start = one
        end = last
    if end > 0:
        yield start, end
