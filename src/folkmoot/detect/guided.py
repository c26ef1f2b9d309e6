"""Tricks that can be undone in several ways, undone so that words of the policy come out: k1ll is kill, not
klll, and ca si no is casino.

Only words that the policy's phrases have are ever read into a text; where none fits, nothing is changed or
the ear decides as everywhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from folkmoot.text.looks import Look
from folkmoot.text.readings import (
    LETTER_OF,
    WRITTEN_WITH_SIGNS,
    Edit,
    Step,
    besides,
    is_a_quantity,
    sounding,
    spaced_stretches,
)
from folkmoot.text.shorts import is_odd

WORTH_IT: Final = int(Look.LEET | Look.SPACED | Look.PIECES)
"""What a text must seem to contain."""

LONGEST: Final = 1_500
"""Longer texts are not read in this way: its cost is that of the text."""

_DOUBTFUL: Final = "1!|"
_LOOK: Final = LETTER_OF | str.maketrans("1!|i", "llll")
_LEAST_JOINED: Final = 5
_LEAST_SHREDDED: Final = 3
"""How many letters a word has that is joined from pieces, and where the whole text is in pieces."""
_SHREDS: Final = 6
_LEAST_STEM: Final = 4
_LEAST_RUN: Final = 8
_LONGEST_RUN: Final = 60
_MOST_PIECES: Final = 10
_LONGEST_WORD: Final = 24
_MANY: Final = 3
"""So many odd pieces, or words with digits in them, and the rest of a text is taken for the same."""

_TOKEN: Final = re.compile(r"[^\W_]+")


class Vocabulary:
    """The words of a policy's phrases."""

    def __init__(self, patterns: Iterable[bytes]) -> None:
        """Take the words from folded phrases; one that does not end with a space is the beginning of a
        word."""
        self._words: set[str] = set()
        self._stems: set[str] = set()
        for pattern in patterns:
            words = pattern.decode().split()
            if not pattern.endswith(b" "):
                self._stems.add(words.pop())
            self._words.update(words[0 if pattern.startswith(b" ") else 1 :])
        self._looking = _by_look(self._words)
        self._beginning = _by_look(self._stems)
        self._lengths = sorted({len(stem) for stem in self._stems if len(stem) >= _LEAST_STEM}, reverse=True)

    def steps(self, looks: int) -> list[Step]:
        """How to read a text of these looks once more."""
        first, last = besides(looks)
        own: tuple[tuple[Look, Step], ...] = (
            (Look.LEET, self.lettered),
            (Look.SPACED, self.spaced),
            (Look.PIECES, self.joined),
        )
        return [*first, *(step for look, step in own if looks & int(look)), *last]

    def lettered(self, text: str) -> Iterator[Edit]:
        """Digits and signs that stand for letters, read so that a word of the policy comes out."""
        tokens = list(WRITTEN_WITH_SIGNS.finditer(text))
        many = sum(_is_dressed(token[0]) for token in tokens) >= _MANY
        for token in tokens:
            word = token[0]
            if len(word) > 1 and (many or _is_dressed(word)) and not word.isalpha():
                instead = self._decoded(word) or (_heard(word.rstrip("!(|+")) if _is_dressed(word) else "")
                if instead:
                    yield token.start(), token.start() + len(instead), instead

    def _decoded(self, word: str) -> str:
        """The word of the policy that this may be, or begins with; empty where there is none."""
        bare = word.rstrip("!(|+")
        for written in (word, bare):
            for one in self._looking.get(written.translate(_LOOK), ()):
                if _fits(one, written):
                    return one
        for length in self._lengths:
            for one in self._beginning.get(bare[:length].translate(_LOOK), ()):
                if _fits(one, bare):
                    return one + _heard(bare[length:])
        return ""

    def joined(self, text: str) -> Iterator[Edit]:
        """The spaces inside words of the policy, where pieces are no words of their own."""
        tokens = list(_TOKEN.finditer(text))
        odd = sum(is_odd(token[0]) for token in tokens)
        many = odd >= _MANY or _in_shreds(tokens)
        at = 0 if many or odd else len(tokens)
        while at < len(tokens) - 1:
            end = self._end(tokens, at, _LEAST_SHREDDED if many else _LEAST_JOINED)
            if end > at + 1:
                for before, after in zip(tokens[at : end - 1], tokens[at + 1 : end], strict=True):
                    yield before.end(), after.start(), ""
            at = end

    def _end(self, tokens: list[re.Match[str]], first: int, least: int) -> int:
        """Behind the last of the pieces that make the longest word; behind `first` if they make none."""
        found, stem, word = first + 1, 0, tokens[first][0]
        for place in range(first + 1, min(len(tokens), first + _MOST_PIECES)):
            if tokens[place].start() - tokens[place - 1].end() != 1:
                break
            before, word = len(word), word + tokens[place][0]
            if len(word) > _LONGEST_WORD:
                break
            if len(word) >= least and word in self._words:
                found = place + 1
            if not stem and self._begins(word, before):
                stem = place + 1
        return found if found > first + 1 else stem or found

    def _begins(self, word: str, before: int) -> bool:
        """Whether a word begins as one of the policy does, with more letters than it had before."""
        return any(before < length <= len(word) and word[:length] in self._stems for length in self._lengths)

    def spaced(self, text: str) -> Iterator[Edit]:
        """The separators between single letters, also where nothing tells where a word ends."""
        left = LONGEST // 4
        for gaps, letters, told in spaced_stretches(text):
            cuts: set[int] = set()
            if not told and _LEAST_RUN <= len(letters) <= min(left, _LONGEST_RUN):
                cuts = self._cuts(letters)
                left -= len(letters)
            yield from ((*gap, "") for place, gap in enumerate(gaps, 1) if place not in cuts)

    def _cuts(self, letters: str) -> set[int]:
        """Where words of the policy end that make up all of these letters, as few as can be; empty if none
        do."""
        ways: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(letters)
        for end in range(2, len(letters) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end - 1):
                way = ways[start]
                if way is not None and self._has(letters[start:end]):
                    best = ways[end]
                    if best is None or way[0] + 1 < best[0]:
                        ways[end] = (way[0] + 1, start)
        found, at = set(), len(letters)
        whole = ways[at]
        if whole is None or whole[0] * 3 > at:
            return set()
        while at and (step := ways[at]):
            found.add(at)
            at = step[1]
        return found - {len(letters)}

    def _has(self, word: str) -> bool:
        return word in self._words or (len(word) >= _LEAST_STEM and word in self._stems)


def _by_look(words: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        found[word.translate(_LOOK)].append(word)
    return found


def _heard(written: str) -> str:
    """A word that is none of ours, with a bar read as l and an exclamation mark as i."""
    return sounding(written.translate(LETTER_OF).replace("!", "i").replace("|", "l"))


def _is_dressed(word: str) -> bool:
    """Whether letters of a word seem to be written as digits or signs."""
    if word.isalpha() or not any(map(str.isalpha, word)):
        return False
    return "||" in word or "!|" in word or not is_a_quantity(word)


def _in_shreds(tokens: list[re.Match[str]]) -> bool:
    """Whether most words of a text have two letters at most."""
    short = sum(token.end() - token.start() <= 2 for token in tokens)
    return short >= _SHREDS and 3 * short >= 2 * len(tokens)


def _fits(word: str, written: str) -> bool:
    """Whether a word may be what is written, but for the signs that stand for i or l as one likes."""
    for one, sign in zip(word, written, strict=False):
        if sign in _DOUBTFUL:
            if one not in "il":
                return False
        elif sign.translate(LETTER_OF) != one:
            return False
    return True
