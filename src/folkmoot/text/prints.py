"""What a text's copies have in common: a fingerprint for the same text, a sketch for nearly the same."""

from itertools import pairwise
from typing import Final

from xxhash import xxh3_64_intdigest

from folkmoot.text.fold import Folded

LEAST_LETTERS: Final = 24
LEAST_WORDS: Final = 5
"""Shorter texts (greetings, thanks, +1) are said again by everybody: they have no fingerprint."""

SKETCH_SIZE: Final = 8


def _weight(word: bytes) -> int:
    """How much text a word is: its length, much for a character that is a word, nothing for an emoji."""
    if len(word) > 4 or word[0] < 0xE0:
        return len(word)
    return 0 if word[0] in (0xE2, 0xF0) else 8


def _substance(words: list[bytes]) -> bool:
    """Whether there is enough text for its repetition to mean something."""
    return len(words) >= LEAST_WORDS and sum(map(_weight, words)) >= LEAST_LETTERS


def fingerprint(folded: Folded) -> int:
    """A 63-bit number that copies of a text share, tricks and decoration aside; 0 where the text is too
    short to tell."""
    view = folded.readings[-1]
    if len(view) < LEAST_LETTERS or not _substance(view.split()):
        return 0
    return xxh3_64_intdigest(view) >> 1 or 1


def sketch(folded: Folded) -> bytes:
    """A few numbers drawn from a text's pairs of words: near copies share most of them; empty for a short
    text."""
    words = folded.readings[-1].split()
    if not _substance(words):
        return b""
    pairs = {xxh3_64_intdigest(first + b" " + second) for first, second in pairwise(words)}
    return b"".join(number.to_bytes(8, "little") for number in sorted(pairs)[:SKETCH_SIZE])
