"""Words and phrases: all of a policy's at once, in one pass over each reading of the folded text.

Each phrase carries a set of bits: what it is looked for by. Where a phrase stands is worked out on demand.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

import hyperscan
import msgspec

from folkmoot.detect.guided import LONGEST, WORTH_IT, Vocabulary
from folkmoot.detect.spellings import latin
from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Span

MOST_HITS: Final = 256
"""A text that repeats a word thousands of times proves no more than one that repeats it so often."""

MOST_SPELLED: Final = 30_000
"""Longer lists are looked for only as they are written: not in Latin letters, and not by guessing tricks."""


class Hits(NamedTuple):
    """What was found in a text."""

    bits: int
    """All bits of the phrases that are there."""
    places: list[tuple[int, int, int]]
    """For each phrase found the number of its pattern, the reading, and where it ends."""


NOTHING: Final = Hits(0, [])


class Place(NamedTuple):
    """Where a phrase stands in the original."""

    span: Span
    disguised: bool
    """Whether a trick had to be undone to read it."""
    phrase: str
    """The phrase as it was given."""


def _met(number: int, start: int, end: int, flags: int, into: Any) -> bool:
    """Take down that a phrase ends here; true where that is enough."""
    places, reading = into
    places.append((number, reading, end))
    return len(places) >= MOST_HITS


def pattern(phrase: str) -> bytes:
    """What to look for in a folded text; empty where nothing of the phrase is left after folding."""
    text = phrase.removeprefix("=")
    wanted = fold(text.strip("*")).readings[0]
    if wanted == b"  ":
        return b""
    return wanted[text.startswith("*") : len(wanted) - text.endswith("*")]


class _Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A lexicon made ready, as it is stored; sets of bits are hexadecimal, for they may be long."""

    patterns: list[bytes]
    bits: list[str]
    given: list[str]
    exact: dict[int, list[tuple[str, str]]]
    spelled_from: int
    shy_from: int
    database: bytes


class Lexicon:
    """A set of phrases, made ready to be looked for; to be shared between threads."""

    def __init__(self, phrases: Mapping[str, int], prepared: bytes = b"") -> None:
        """Make phrases ready, each with its bits; `prepared` is what `prepared()` of the same gave."""
        self._own = threading.local()
        if prepared:
            self._restore(msgspec.msgpack.decode(prepared, type=_Prepared))
        else:
            self._make(phrases)

    def _make(self, phrases: Mapping[str, int]) -> None:
        bits: dict[bytes, int] = {}
        given: dict[bytes, str] = {}
        exact: dict[bytes, list[tuple[str, int]]] = {}
        for phrase, wanted in sorted(phrases.items()):  # of two spellings always the same is told
            found = pattern(phrase)
            given.setdefault(found, phrase)
            if found and phrase.startswith("="):
                bits.setdefault(found, 0)
                exact.setdefault(found, []).append((phrase.strip("=*").casefold(), wanted))
            elif found:
                bits[found] = bits.get(found, 0) | wanted
        self._spelled_from = self._shy_from = len(bits)
        if len(phrases) <= MOST_SPELLED:
            self._spell(phrases, bits, given)
        self._patterns = list(bits)
        self._bits = list(bits.values())
        self._given = [given[found] for found in self._patterns]
        self._exact = {number: exact[found] for number, found in enumerate(self._patterns) if found in exact}
        self._database = self._compile()
        self._vocabulary = self._words()

    def _spell(self, phrases: Mapping[str, int], bits: dict[bytes, int], given: dict[bytes, str]) -> None:
        """Add the phrases of other alphabets as they are typed in Latin letters; the short ones last."""
        spelled = [(phrase, latin(phrase), bits) for phrase, bits in phrases.items() if not phrase.isascii()]
        for shy in (False, True):
            if shy:
                self._shy_from = len(bits)
            known = frozenset(bits) if shy else frozenset()
            for phrase, ways, wanted in spelled:
                for other in map(pattern, ways[shy]):
                    if other not in known:
                        bits[other] = bits.get(other, 0) | wanted
                        given.setdefault(other, phrase)

    def _words(self) -> Vocabulary | None:
        return Vocabulary(self._patterns) if 0 < len(self._patterns) <= MOST_SPELLED else None

    def prepared(self) -> bytes:
        """Everything that took long to make, for another process that has the same phrases."""
        return msgspec.msgpack.encode(
            _Prepared(
                patterns=self._patterns,
                bits=[f"{bits:x}" for bits in self._bits],
                given=self._given,
                exact={
                    number: [(phrase, f"{bits:x}") for phrase, bits in exact]
                    for number, exact in self._exact.items()
                },
                spelled_from=self._spelled_from,
                shy_from=self._shy_from,
                database=hyperscan.dumpb(self._database) if self._database is not None else b"",
            )
        )

    def _restore(self, made: "_Prepared") -> None:
        # Most phrases share a set of bits: one object serves for all of them.
        known = {bits: int(bits, 16) for bits in set(made.bits)}
        self._patterns = made.patterns
        self._spelled_from = made.spelled_from
        self._shy_from = made.shy_from
        self._bits = [known[bits] for bits in made.bits]
        self._given = made.given
        self._exact = {
            number: [(phrase, int(bits, 16)) for phrase, bits in exact]
            for number, exact in made.exact.items()
        }
        self._database = None
        if made.database:
            self._database = hyperscan.loadb(made.database, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)
        self._vocabulary = self._words()

    def _compile(self) -> hyperscan.Database | None:
        if not self._patterns:
            return None
        database = hyperscan.Database()
        count = len(self._patterns)
        numbers, none = list(range(count)), [0] * count
        database.compile(expressions=self._patterns, ids=numbers, elements=count, flags=none, literal=True)
        return database

    def find(self, folded: Folded) -> Hits:
        """Every phrase that the text contains, in any of its readings."""
        database = self._database
        if database is None:
            return NOTHING
        try:
            scratch = self._own.scratch
        except AttributeError:
            scratch = self._own.scratch = database.scratch.clone()
        places: list[tuple[int, int, int]] = []
        for reading, view in enumerate(folded.readings):
            try:
                database.scan(view, _met, 0, (places, reading), scratch)
            except hyperscan.ScanTerminated:
                continue
        if folded.looks & WORTH_IT and (guided := self._guided(folded)):
            with suppress(hyperscan.ScanTerminated):
                database.scan(folded.view(guided), _met, 0, (places, guided), scratch)
        return self._sum(folded, places) if places else NOTHING

    def _guided(self, folded: Folded) -> int | None:
        """One more reading of a text with tricks in it, such that words of the phrases come out."""
        if self._vocabulary is None or len(folded.lettered) > LONGEST:
            return None
        return folded.read(self._vocabulary.steps(folded.looks))

    def _sum(self, folded: Folded, places: list[tuple[int, int, int]]) -> Hits:
        if max(places)[0] >= self._spelled_from:
            places = self._spelled(places)
        bits, known, exact = 0, self._bits, self._exact
        for place in places:
            bits |= known[place[0]]
            if place[0] in exact:
                bits |= self._exactly(folded, place)
        return Hits(bits, places)

    def _spelled(self, places: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        """What is left where phrases are spelled in Latin letters: short spellings do not stand alone."""
        shy = self._shy_from
        if any(self._spelled_from <= place[0] < shy for place in places):
            return places
        return [place for place in places if place[0] < shy]

    def across(self, view: bytes, border: int) -> tuple[int, int, bool]:
        """The bits of phrases that may stand before a place and after it, and whether one lies across it."""
        if self._database is None:
            return 0, 0, False
        if not hasattr(self._own, "scratch"):
            self._own.scratch = self._database.scratch.clone()
        found: list[tuple[int, int, int]] = []
        with suppress(hyperscan.ScanTerminated):
            self._database.scan(view, _met, 0, (found, 0), self._own.scratch)
        before = after = 0
        for number, _, end in found:
            if end - len(self._patterns[number]) < border < end - 1:
                return 0, 0, True
            bits = self._bits[number]
            for _, more in self._exact.get(number, ()):
                bits |= more
            if end > border + 1:
                after |= bits
            else:
                before |= bits
        return before, after, False

    def spans(self, hits: Hits, folded: Folded, bits: int) -> list[Place]:
        """Where phrases with any of these bits stand."""
        found = []
        for place in hits.places:
            number, reading, end = place
            if self._bits[number] & bits or (number in self._exact and self._exactly(folded, place) & bits):
                span = folded.locate(reading, end - len(self._patterns[number]), end)
                disguised = reading > 0 or number >= self._spelled_from
                found.append(Place(span, disguised, self._given[number]))
        return found

    def _exactly(self, folded: Folded, place: tuple[int, int, int]) -> int:
        """The bits of the phrases that stand at a place just as they are written."""
        number, reading, end = place
        span = folded.locate(reading, end - len(self._patterns[number]), end)
        written = folded.text[span.start : span.end].casefold()
        return sum({bits for phrase, bits in self._exact[number] if phrase in written})
