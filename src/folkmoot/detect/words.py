"""Words and phrases: all of a policy's at once, in one pass over the folded text."""

import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import hyperscan

from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Span

MOST_HITS = 256
"""A text that repeats a word thousands of times proves no more than one that repeats it so often."""


class Hit(NamedTuple):
    """A phrase found, and where in the original."""

    phrase: int
    """Its number in the lexicon."""
    span: Span
    disguised: bool
    """Whether a trick had to be undone to read it."""


def pattern(phrase: str) -> bytes:
    """What to look for in a folded text; empty where nothing of the phrase is left after folding."""
    text = phrase.removeprefix("=")
    wanted = fold(text.strip("*")).readings[0]
    if wanted == b"  ":
        return b""
    return wanted[text.startswith("*") : len(wanted) - text.endswith("*")]


class Lexicon:
    """A set of phrases, made ready to be looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(dict.fromkeys(phrases))
        self._by_pattern: dict[bytes, list[int]] = {}
        for number, phrase in enumerate(self.phrases):
            if found := pattern(phrase):
                self._by_pattern.setdefault(found, []).append(number)
        self._patterns = list(self._by_pattern)
        self._numbers = list(self._by_pattern.values())
        self._database = self._compile()
        self._own = threading.local()

    def _compile(self) -> hyperscan.Database | None:
        if not self._patterns:
            return None
        database = hyperscan.Database()
        count = len(self._patterns)
        database.compile(
            expressions=self._patterns,
            ids=list(range(count)),
            elements=count,
            flags=[0] * count,
            literal=True,
        )
        return database

    def find(self, folded: Folded) -> list[Hit]:
        """Every phrase that the text contains, in any of its readings."""
        hits: list[Hit] = []
        if self._database is None:
            return hits
        for reading, view in enumerate(folded.readings):
            for number, end in self._scan(view):
                hits += self._hits(folded, reading, number, end)
        return hits

    def _scan(self, view: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []

        def met(number: int, start: int, end: int, flags: int, context: object) -> bool:
            found.append((number, end))
            return len(found) >= MOST_HITS

        assert self._database is not None
        try:
            scratch = self._own.scratch
        except AttributeError:
            scratch = self._own.scratch = self._database.scratch.clone()
        with suppress(hyperscan.ScanTerminated):
            self._database.scan(view, met, scratch=scratch)
        return found

    def _hits(self, folded: Folded, reading: int, number: int, end: int) -> list[Hit]:
        span = folded.locate(reading, end - len(self._patterns[number]), end)
        disguised = reading > 0
        return [
            Hit(phrase, span, disguised)
            for phrase in self._numbers[number]
            if not self.phrases[phrase].startswith("=") or self._as_written(phrase, folded, span)
        ]

    def _as_written(self, phrase: int, folded: Folded, span: Span) -> bool:
        wanted = self.phrases[phrase].strip("=*").casefold()
        return wanted in folded.text[span.start : span.end].casefold()
