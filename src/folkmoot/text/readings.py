"""Other ways to read a message whose writer dodged: look-alike letters, s p a c e d words, br.ok.en words,
l33t, frrree.

Each trick is a list of edits, so that the same few lines give the text and, when something was found in it,
the way back.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

from folkmoot.text.letters import LOOKALIKES, TO_CYRILLIC, TO_GREEK
from folkmoot.text.looks import Look

Edit = tuple[int, int, str]
"""Where from, where to, and what stands there instead: as long as what it replaces, or nothing."""

_GAP: Final = re.compile(r"[\W_]+")
_TOKEN: Final = re.compile(r"[^\W_]+")
_LATIN: Final = re.compile(r"[a-z]")
_FOREIGN: Final = re.compile(f"[{''.join(map(chr, LOOKALIKES))}]")
_GENUINE: Final = re.compile(f"[^\\W\\d_a-z{''.join(map(chr, LOOKALIKES))}]")
_SPACED: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .,\-_*|/~+=:'\"]{1,3}[^\W_]){2,}(?![^\W_])")
_SHORT: Final = r"[^\W_]{1,4}"
_BROKEN: Final = re.compile(
    rf"(?:(?<![^\W_]){_SHORT})[.*_~^\-](?=[^\W_])|(?<=[^\W_])[.*_~^\-](?={_SHORT}(?![^\W_]))"
)
_LEET: Final = re.compile(
    r"(?<![^\W_])(?:[\d$]+[^\W\d_]{2}|[\d$]*[^\W\d_]++(?:[@!|]+(?=[^\W_]|\$)|[\d$]))(?:[^\W_]|[@$!|]+(?=[^\W_]|\$)|\$)*"
)
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_DIGITS: Final = str.maketrans("03457@$89", "oeastasbg")
_ONE: Final = {letter: str.maketrans("1!|", letter * 3) for letter in "il"}


def _lookalikes(text: str) -> Iterator[Edit]:
    """Letters of one script in a word of another; everywhere, when none of the other's own is about."""
    everywhere = not _GENUINE.search(text)
    for token in _TOKEN.finditer(text):
        word = token[0]
        if _FOREIGN.search(word) and (everywhere or _LATIN.search(word)):
            yield token.start(), token.end(), word.translate(_script_of(word, everywhere))


def _script_of(word: str, everywhere: bool) -> dict[int, str] | dict[int, int]:
    """The table that makes a mixed word a word of the script that most of it is in."""
    latin, foreign = len(_LATIN.findall(word)), len(_FOREIGN.findall(word))
    if latin and (_GENUINE.search(word) or (not everywhere and foreign > latin)):
        return TO_GREEK if any("\u0370" <= char <= "\u03ff" for char in word) else TO_CYRILLIC
    return LOOKALIKES


def _spaced(text: str) -> Iterator[Edit]:
    """The separators between single letters; a wider gap, or a space among other signs, parts two words."""
    for stretch in _SPACED.finditer(text):
        gaps = list(_GAP.finditer(stretch[0]))
        signs = any(not gap[0].isspace() for gap in gaps)
        narrow = min(len(gap[0]) for gap in gaps)
        for gap in gaps:
            if not any(map(str.isspace, gap[0])) if signs else len(gap[0]) == narrow:
                yield stretch.start() + gap.start(), stretch.start() + gap.end(), ""


def _broken(text: str) -> Iterator[Edit]:
    """A sign inside a word, where one of its halves is too short to be a word of its own."""
    for sign in _BROKEN.finditer(text):
        yield sign.end() - 1, sign.end(), ""


def _leet(letter: str) -> Callable[[str], Iterator[Edit]]:
    """Digits and signs that stand for letters, with 1, ! and | read as the letter given."""

    def edits(text: str) -> Iterator[Edit]:
        for token in _LEET.finditer(text):
            word = token[0]
            if sum(map(str.isalpha, word)) >= 2:
                yield token.start(), token.end(), word.translate(_DIGITS).translate(_ONE[letter])

    return edits


def _runs(kept: int) -> Callable[[str], Iterator[Edit]]:
    """Letters repeated three times or more, cut down to so many."""

    def edits(text: str) -> Iterator[Edit]:
        for run in _RUN.finditer(text):
            yield run.start() + kept, run.end(), ""

    return edits


def apply(text: str, places: list[int] | None, edits: Iterator[Edit]) -> tuple[str, list[int] | None]:
    """The text after the edits, and where each of its characters came from, if that is wanted."""
    pieces, came, last = [], [], 0
    for start, end, instead in edits:
        pieces += [text[last:start], instead]
        if places is not None:
            came += places[last:start] + places[start : start + len(instead)]
        last = end
    if not last:
        return text, places
    pieces.append(text[last:])
    return "".join(pieces), None if places is None else came + places[last:]


_MIXED_LOOK, _SPACED_LOOK, _BROKEN_LOOK = int(Look.MIXED), int(Look.SPACED), int(Look.BROKEN)
_LEET_LOOK, _RUNS_LOOK = int(Look.LEET), int(Look.RUNS)

Step = Callable[[str], Iterator[Edit]]


def plans(looks: int) -> list[list[Step]]:
    """The chains of steps worth trying for what was seen at a glance; empty when nothing was."""
    first: list[Step] = []
    if looks & _MIXED_LOOK:
        first.append(_lookalikes)
    if looks & _SPACED_LOOK:
        first.append(_spaced)
    if looks & _BROKEN_LOOK:
        first.append(_broken)
    leet = [[_leet("i")], [_leet("l")]] if looks & _LEET_LOOK else [[]]
    runs = [[_runs(1)], [_runs(2)]] if looks & _RUNS_LOOK else [[]]
    chains = [first + one + other for one, other in product(leet, runs)]
    return [chain for chain in chains if chain]
