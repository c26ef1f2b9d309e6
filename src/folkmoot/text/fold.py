"""A message as a reader sees it, in a form that words can be looked for in, with the way back to the
original.

A folded text is a row of words between single spaces, with a space at each end: ` like this `. A character
of a script that is written without spaces is a word by itself.
"""

import re
from bisect import bisect_right
from typing import Final

from folkmoot.text.folding import (
    first_places,
    first_reading,
    lettered,
    lettered_places,
    separated_places,
    words,
)
from folkmoot.text.letters import is_unspaced
from folkmoot.text.looks import Look, glance
from folkmoot.text.readings import Step, apply, plans, read
from folkmoot.vocabulary import Span

HEAD: Final = 8_000
TAIL: Final = 2_000
"""How much of a very long message is judged, in code points: its beginning and its end."""

DODGED: Final = 4_000
"""In how much of a message tricks are undone."""
READ_AGAIN: Final = 6_000
"""How much is read again in all: a long message is read in fewer ways."""

TRICKS: Final = int(
    Look.SPACED | Look.LEET | Look.RUNS | Look.MIXED | Look.BROKEN | Look.DOUBLED | Look.DECOR
)


class Folded:
    """A text, its views, and the way back from a place in a view to the original."""

    __slots__ = (
        "_came",
        "_lettered",
        "_order",
        "_ruler",
        "cut",
        "judged",
        "looks",
        "more",
        "readings",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.cut = len(text) > HEAD + TAIL
        judged = f"{text[:HEAD]}\n{text[-TAIL:]}" if self.cut else text
        self._order: list[int] | None = None
        if "\u202e" in text:
            judged, self._order = seen(judged)
        self.judged = judged
        """What of the text is looked at, in the order in which it is seen."""
        view, raw = first_reading(judged)
        self.looks = 0 if raw is None else glance(raw)
        """What the text seems to contain: a set of `Look`."""
        self.readings = [view]
        """The ways to read the text, as UTF-8: as it stands first, then with tricks undone."""
        self.more: tuple[tuple[bytes, list[Step]], ...] = ()
        """Readings that somebody asked for, with what was done to the text."""
        self._lettered = None if raw is None else raw.decode()
        self._came: dict[int, list[int]] | None = None
        self._ruler: tuple[list[int], list[float]] | None = None
        if self.looks & TRICKS:
            self._read_on()

    @property
    def lettered(self) -> str:
        """What is looked at, character by character as `LETTERS` reads it."""
        if self._lettered is None:
            self._lettered = lettered(self.judged)
        return self._lettered

    def _read_on(self) -> None:
        start = self.lettered[:DODGED]
        made: dict[tuple[Step, ...], str] = {}
        for chain in self._chains():
            text = start
            for count, step in enumerate(chain, 1):  # chains begin alike: each beginning is read once
                begun = tuple(chain[:count])
                if begun not in made:
                    made[begun] = read(text, step)
                text = made[begun]
            reading = words(text)
            if reading not in self.readings:
                self.readings.append(reading)

    def _undone(self, chain: list[Step]) -> bytes:
        text = self.lettered[:DODGED]
        for step in chain:
            text = read(text, step)
        return words(text)

    def read(self, chain: list[Step]) -> int | None:
        """Read the text in one more way; returns the number of the reading, None where it says nothing
        new."""
        reading = self._undone(chain)
        if reading in self.readings:
            return None
        self.more += ((reading, chain),)
        return len(self.readings) + len(self.more) - 1

    def view(self, reading: int) -> bytes:
        """A reading by its number."""
        count = len(self.readings)
        return self.readings[reading] if reading < count else self.more[reading - count][0]

    def _chains(self) -> list[list[Step]]:
        most = max(1, READ_AGAIN // max(1, min(DODGED, len(self.lettered))))
        return plans(self.looks)[:most]

    @property
    def folded(self) -> str:
        """The text as it stands, lower case, without ornaments, one space between words."""
        return self.readings[0].decode()

    @property
    def squeezed(self) -> str:
        """The text with every trick undone; the same as `folded` where there was none."""
        return self.readings[-1].decode()

    def locate(self, reading: int, start: int, end: int) -> Span:
        """The stretch of the original that bytes `start` to `end` of a reading came from."""
        return self._original(self._came_from(reading), self.view(reading), start, end)

    def _came_from(self, reading: int) -> list[int]:
        """For each character of a reading its place in the judged text, worked out once."""
        if self._came is None:
            self._came = {}
        if reading not in self._came:
            self._came[reading] = self._places(reading)
        return self._came[reading]

    def _original(self, places: list[int], view: bytes, start: int, end: int) -> Span:
        first = len(view[:start].decode()) + (view[start : start + 1] == b" ")
        after = len(view[:end].decode()) - (view[end - 1 : end] == b" ")
        stop = places[after - 1] + 1
        if view[end - 1 : end] == b" ":
            stop = max(stop, places[after])  # what was left out at the end of a word belongs to it
        return self.uncut(places[first], stop)

    def word_at(self, place: int) -> float:
        """How many words stand before a place of the original; a character of an unspaced script is half a
        word."""
        if self._ruler is None:
            self._ruler = self._measure()
        starts, counts = self._ruler
        return counts[bisect_right(starts, place)]

    def _measure(self) -> tuple[list[int], list[float]]:
        last = len(self.readings) - 1 if len(self.lettered) <= DODGED else 0
        came = self._came_from(last)
        starts, counts, count, at = [], [0.0], 0.0, 1
        for word in self.readings[last].decode().split():
            count += 0.5 if len(word) == 1 and is_unspaced(ord(word)) else 1.0
            starts.append(self.uncut(came[at], came[at] + 1).start)
            counts.append(count)
            at += len(word) + 1
        return (sorted(starts) if self._order else starts), counts

    def uncut(self, start: int, end: int) -> Span:
        """The stretch of the original for a stretch of the judged text."""
        if self._order is not None and end > start:
            places = [self._uncut(place) for place in self._order[start:end]]
            return Span(min(places), max(places) + 1)
        return Span(self._uncut(start), self._uncut(end - 1) + 1 if end else 0)

    def _uncut(self, place: int) -> int:
        return place + len(self.text) - HEAD - TAIL - 1 if self.cut and place > HEAD else place

    def _places(self, reading: int) -> list[int]:
        if reading == 0:
            return first_places(self.judged)
        count = len(self.readings)
        chains = self._chains() if reading < count else [self.more[reading - count][1]]
        wanted = self.view(reading)
        for chain in chains:
            text, came = self.lettered[:DODGED], lettered_places(self.judged)[:DODGED]
            for step in chain:
                text, moved = apply(text, came, step(text))
                came = moved or []
            if words(text) == wanted:
                return separated_places(text, came, len(self.judged))
        raise AssertionError("a reading can always be made again")


_TURNED: Final = re.compile("\u202e([^\u202c\n]*)\u202c?")


def seen(judged: str) -> tuple[str, list[int]]:
    """A text as readers see it where a sign turns the direction round, and where each character stood."""
    order: list[int] = []
    pieces: list[str] = []
    last = 0
    for turned in _TURNED.finditer(judged):
        order += range(last, turned.start(1))
        order += range(turned.end(1) - 1, turned.start(1) - 1, -1)
        pieces += judged[last : turned.start(1)], turned[1][::-1]
        last = turned.end(1)
    order += range(last, len(judged))
    return "".join([*pieces, judged[last:]]), order


def fold(text: str) -> Folded:
    """Fold a text; its cost is bounded however long it is."""
    return Folded(text)
