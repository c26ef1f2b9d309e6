"""Two scorers that give the same numbers: the compiled one, and one in Python where there is no other."""

import sys
from collections.abc import Iterable
from math import sqrt
from typing import TYPE_CHECKING, Final

from folkmoot.detect import model_kernel
from folkmoot.detect.model_features import SHORTEST, pairs, runs, views, windows, words
from folkmoot.detect.model_signs import alike, signs
from folkmoot.detect.model_weights import ZERO, Header, Tables
from folkmoot.text.fold import Folded

if TYPE_CHECKING:
    from folkmoot.detect._score import Kernel

_REMEMBERED: Final = 60_000


def steps(header: Header, floors: Iterable[float]) -> list[tuple[float, float, float, float]]:
    """For each head: a step of its runs, a step of its words, its bias, and its floor."""
    return [*zip(header.run_steps, header.word_steps, header.biases, floors, strict=True)]


def margins(sums: list[int], steps: list[tuple[float, float, float, float]]) -> tuple[float, ...]:
    """What the sums are worth; every operation in the order in which the kernel does it."""
    heads = len(steps)
    runs_root = sqrt(sums[heads] or 1)
    words_root = sqrt(sums[2 * heads + 1] or 1)
    return tuple(
        sums[head] * step[0] / runs_root + sums[heads + 1 + head] * step[1] / words_root + step[2]
        for head, step in enumerate(steps)
    )


class Slow:
    """The scorer in Python: the same sums and bits as the kernel's."""

    def __init__(self, header: Header, tables: Tables, floors: list[float]) -> None:
        self._heads = len(header.heads)
        self._bits = header.run_bits
        self._steps = steps(header, floors)
        self._runs = _Lanes(tables.runs, self._heads)
        self._words = _Lanes(tables.words, self._heads + 1)
        self._lexicon = Lexicon(tables.marks, header.word_bits)

    def sums(self, window: bytes) -> list[int]:
        """Each head's sum over the runs, their number; each head's sum over the words, their weight."""
        found = runs(window, self._bits)
        slots = {slot for key in (*words(window), *pairs(window)) if (slot := self._lexicon.slot(key)) >= 0}
        of_runs, of_words = self._runs.total(found), self._words.total(slots)
        return [
            *(one - ZERO * len(found) for one in of_runs),
            len(found),
            *(one - ZERO * len(slots) for one in of_words[:-1]),
            of_words[-1],
        ]

    def margins(self, window: bytes) -> tuple[float, ...]:
        """Each head's margin."""
        return margins(self.sums(window), self._steps)

    def glance(self, folded: Folded) -> int:
        """A bit for each head whose margin reaches its floor in any window of a text that says enough."""
        if min(map(len, folded.readings)) < SHORTEST:
            return 0
        found, before = 0, signs(folded)
        for number in views(folded):
            for window in windows(alike(folded.readings[number])):
                found |= self.reached(before + window)
        return found

    def reached(self, window: bytes) -> int:
        """A bit for each head whose margin reaches its floor in a window."""
        found = 0
        for head, margin in enumerate(self.margins(window)):
            if margin >= self._steps[head][3]:
                found |= 1 << head
        return found


class Lexicon:
    """Which slot a word has, by its key."""

    def __init__(self, marks: bytes, bits: int) -> None:
        self._marks = marks
        self._mask = (1 << bits) - 1

    def slot(self, key: int) -> int:
        """The slot, or -1 where the word is not known."""
        slot, wanted = key & self._mask, (key >> 17 | 0x8000).to_bytes(2, "little")
        while (mark := self._marks[2 * slot : 2 * slot + 2]) != b"\0\0":
            if mark == wanted:
                return slot
            slot = (slot + 1) & self._mask
        return -1


class _Lanes(dict[int, int]):
    """Rows as large numbers with 32 bits for each lane, so that one addition adds all lanes."""

    def __init__(self, rows: bytes, width: int) -> None:
        self._rows = rows
        self._width = width

    def __missing__(self, place: int) -> int:
        """Spread a row out once and remember it, up to a bound."""
        spread = bytearray(4 * self._width)
        spread[::4] = self._rows[place * self._width : (place + 1) * self._width]
        lane = int.from_bytes(spread, "little")
        if len(self) < _REMEMBERED:
            self[place] = lane
        return lane

    def total(self, places: set[int]) -> list[int]:
        """The sum of rows, lane by lane."""
        total = sum(map(self.__getitem__, places)).to_bytes(4 * self._width, sys.byteorder)
        lanes = memoryview(total).cast("I").tolist()
        return lanes if sys.byteorder == "little" else lanes[::-1]


def scorer(header: Header, tables: Tables, floors: list[float]) -> "Kernel | Slow":
    """The compiled scorer where there is one, else the one in Python."""
    make = model_kernel.kernel if model_kernel.COMPILED else Slow
    return make(header, tables, floors)
