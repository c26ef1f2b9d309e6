"""What the models see of a text: runs of three to five characters, words, and pairs of neighbouring words.

Each is known by its CRC-32. Runs and pairs share buckets; words, and pairs in scripts that are written
without spaces, are looked up in a lexicon. `model_sums.h` does the same.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from zlib import crc32

from folkmoot.text.fold import Folded

SHORTEST: Final = 28
"""From how many bytes of its shortest reading on a text is judged: a word or two say too little."""

LONGEST: Final = 960
"""How many bytes of a text are judged together; longer ones in windows of that size."""

MOST_BYTES: Final = 1024
"""How many bytes a scorer takes at once: a window and the text's signs before it."""

MOST_WINDOWS: Final = 4
"""How many windows of a long text are judged: its beginning, and its last."""

RUNS: Final = (3, 4, 5)
WORD: Final = 1
PAIR: Final = 2
"""What a CRC-32 starts from, so that a word, a pair and a run of the same characters differ."""


def views(folded: Folded) -> tuple[int, ...]:
    """The text as it stands, and with every trick undone where there was one."""
    last = len(folded.readings) - 1
    return (0, last) if last else (0,)


def windows(view: bytes) -> tuple[bytes, ...]:
    """The view, or the windows that stand for a long one."""
    return (view,) if len(view) <= LONGEST else tuple(_cut(view))


def _cut(view: bytes) -> Iterator[bytes]:
    start = 0
    for _ in range(MOST_WINDOWS - 1):
        end = _border(view, start + LONGEST)
        yield view[start:end]
        if end == len(view):
            return
        start = end - 1 if view[end - 1] == 0x20 else end
    if start < len(view):
        tail = max(start, len(view) - LONGEST)
        while view[tail] & 0xC0 == 0x80:
            tail += 1
        yield view[tail:]


def _border(view: bytes, most: int) -> int:
    """Where a window ends: after a space, or before a character where there is no space."""
    if most >= len(view):
        return len(view)
    space = view.rfind(b" ", most - LONGEST + 1, most)
    if space > most - LONGEST // 4:
        return space + 1
    while view[most] & 0xC0 == 0x80:
        most -= 1
    return most


def runs(window: bytes, bits: int) -> set[int]:
    """The buckets of every run of three to five characters, and of every two neighbouring words."""
    mask = (1 << bits) - 1
    found = {key & mask for key in pairs(window)}
    if window.isascii():
        for size in RUNS:
            found.update([crc32(window[at : at + size]) & mask for at in range(len(window) - size + 1)])
        return found
    starts = [at for at, byte in enumerate(window) if byte & 0xC0 != 0x80] + [len(window)]
    for size in RUNS:
        found.update([crc32(window[one:end]) & mask for one, end in zip(starts, starts[size:])])  # noqa: B905
    return found


def words(window: bytes) -> list[int]:
    """The keys of every word."""
    return [crc32(word, WORD) for word in window.split(b" ") if word]


def pairs(window: bytes) -> list[int]:
    """The keys of every two neighbouring words."""
    found = [word for word in window.split(b" ") if word]
    return [crc32(b"%b %b" % pair, PAIR) for pair in pairwise(found)]
