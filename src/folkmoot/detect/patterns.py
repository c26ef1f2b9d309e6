"""Regular expressions of a policy: in the text as it is written, and in it with tricks undone.

RE2 reads a text once from the front and never goes back, so no pattern can be made slow. How much memory one
may take and how much it may repeat is bounded when a policy is made ready.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import re2

from folkmoot.detect.pattern_errors import Refusal, explained, refused, too_large
from folkmoot.detect.triggers import Find
from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Span

MOST: Final = 50
"""How many patterns a policy has at most."""
MOST_PLACES: Final = 32
"""Of so many places of one pattern a verdict tells at most."""
_MEMORY: Final = 4 << 20
_LARGEST: Final = 20_000
"""How large a pattern may be once it is made ready: sets of thousands of letters are large."""
_PROBES: Final = ("", "a", " a b1 ", "\n")


class Written(NamedTuple):
    """A pattern as a rule names it."""

    pattern: str
    exactly: bool
    """Whether only the text as it is written counts, capitals and all."""


@lru_cache(256)
def _made(written: Written) -> "re2._Regexp":
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    options.case_sensitive = written.exactly
    return re2.compile(written.pattern, options=options)


def trouble(pattern: str) -> Refusal | None:
    """Why a pattern cannot be used; None where it can."""
    found = refused(pattern)
    if found is not None:
        return found
    try:
        made = _made(Written(pattern, False))
    except re2.error as error:
        message = error.args[0]
        return explained(pattern, message.decode("utf-8", "replace"))
    except UnicodeEncodeError as error:
        return Refusal(error.start, 1, "This sign cannot be written.", "Leave it out.")
    if made.programsize > _LARGEST:
        return too_large(pattern)
    if any((met := made.search(probe)) and met.start() == met.end() for probe in _PROBES):
        remedy = "Let it require at least one sign, such as with + in place of *."
        return Refusal(0, len(pattern), "The pattern fits everywhere: it also fits nothing.", remedy)
    return None


class Patterns:
    """All patterns of a policy, made ready; to be shared between threads."""

    def __init__(self, written: Sequence[Written]) -> None:
        self._all = [(1 << number, one.exactly, _made(one)) for number, one in enumerate(written)]

    def find(self, folded: Folded) -> int:
        """A bit for each pattern that the text fits."""
        raw, bits = _raw(folded), 0
        for bit, exactly, made in self._all:
            texts = (raw,) if exactly else (raw, *folded.readings)
            if any(_fits(made, text) for text in texts):
                bits |= bit
        return bits

    def met(self, folded: Folded, wanted: int) -> Find | None:
        """Where the text fits any of the patterns of these bits: as it is written, or else read otherwise."""
        spans = {span for made, _ in self._of(wanted) for span in _written(made, folded)}
        disguised = not spans
        if disguised:
            spans = {
                span for made, exactly in self._of(wanted) if not exactly for span in _read(made, folded)
            }
        if not spans:
            return None
        hidden = ", written so as not to be recognised" if disguised else ""
        return Find(
            name="pattern",
            strength=1.0,
            sentence=f"It has the form of something that the rule describes{hidden}.",
            spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
            disguised=disguised,
        )

    def _of(self, wanted: int) -> Iterator[tuple["re2._Regexp", bool]]:
        return ((made, exactly) for bit, exactly, made in self._all if bit & wanted)


def _raw(folded: Folded) -> bytes:
    """The text as it is written; what is no character becomes a question mark."""
    return folded.judged.encode("utf-8", "replace")


def _fits(made: "re2._Regexp", text: bytes) -> bool:
    return next(_places(made, text), None) is not None


def _places(made: "re2._Regexp", text: bytes) -> Iterator[tuple[int, int]]:
    """Where a text fits a pattern, but for places of nothing or of spaces only."""
    for number, match in enumerate(made.finditer(text)):
        if number >= MOST_PLACES:
            return
        start, end = match.span()
        if text[start:end].strip(b" "):
            yield start, end


def _written(made: "re2._Regexp", folded: Folded) -> Iterator[Span]:
    text = _raw(folded)
    for start, end in _places(made, text):
        first = len(text[:start].decode("utf-8"))
        yield folded.uncut(first, first + len(text[start:end].decode("utf-8")))


def _read(made: "re2._Regexp", folded: Folded) -> Iterator[Span]:
    for reading, view in enumerate(folded.readings):
        for start, end in _places(made, view):
            yield folded.locate(reading, start, end)
