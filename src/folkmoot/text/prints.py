"""What a text's copies have in common: a fingerprint for the same text, a sketch for nearly the same."""

from struct import Struct
from typing import Final
from zlib import crc32

from xxhash import xxh3_64_intdigest

from folkmoot.text.fold import Folded

LEAST_LETTERS: Final = 24
LEAST_WORDS: Final = 5
"""Shorter texts (greetings, thanks, +1) are said again by everybody: they have no fingerprint."""

SKETCH_SIZE: Final = 8
_NONE: Final = (0, b"")
_PACKED: Final = [Struct(f"<{size}I") for size in range(SKETCH_SIZE + 1)]


def _weight(word: bytes) -> int:
    """How much text a word is: its length, much for a character that is a word, nothing for an emoji."""
    if len(word) > 4 or word[0] < 0xE0:
        return len(word)
    return 0 if word[0] in (0xE2, 0xF0) else 8


def _substance(view: bytes, words: list[bytes]) -> bool:
    """Whether there is enough text for its repetition to mean something."""
    if len(words) < LEAST_WORDS:
        return False
    if b" \xe2" not in view and b" \xf0" not in view and len(view) - len(words) - 1 >= LEAST_LETTERS:
        return True  # without emoji every word counts at least its length
    return sum(map(_weight, words)) >= LEAST_LETTERS


def slow_sketch(view: bytes) -> bytes:
    """The sketch of a view, in Python: `sketch.c` gives the same sooner, where it was built."""
    if len(view) < LEAST_LETTERS:
        return b""
    words = view.split()
    if not _substance(view, words):
        return b""
    # Two words are told by the checksum of the second that goes on from that of the first.
    sums = [*map(crc32, words)]
    smallest = sorted({*map(crc32, words[1:], sums)})[:SKETCH_SIZE]
    return _PACKED[len(smallest)].pack(*smallest)


try:
    from folkmoot.text._sketch import sketch as _sketch
except ImportError:  # built without a C compiler
    _sketch = slow_sketch


def prints(folded: Folded) -> tuple[int, bytes]:
    """A text's fingerprint and sketch, for the cost of one look at its words."""
    view = folded.readings[-1]
    found = _sketch(view)
    return (xxh3_64_intdigest(view) >> 1 or 1, found) if found else _NONE


def fingerprint(folded: Folded) -> int:
    """A 63-bit number that copies of a text share, tricks and decoration aside; 0 where the text is too
    short to tell."""
    return prints(folded)[0]


def sketch(folded: Folded) -> bytes:
    """A few numbers drawn from a text's pairs of words: near copies share most of them; empty for a short
    text."""
    return prints(folded)[1]


def person(name: str) -> int:
    """The number that stands for somebody who is called, so that different people can be counted."""
    return xxh3_64_intdigest(name.encode("utf-8", "replace")) >> 1


def numbers(sketch: bytes) -> tuple[int, ...]:
    """The numbers of a sketch, the smallest first."""
    return _PACKED[min(len(sketch) // 4, SKETCH_SIZE)].unpack_from(sketch)
