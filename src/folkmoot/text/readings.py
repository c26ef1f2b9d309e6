"""Other ways to read a message whose writer dodged: look-alike letters, s p a c e d words, br.ok.en words,
l33t, frrree.

Each trick is a list of edits, so that the same few lines give the text and, when something was found in it,
the way back.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
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
_CYRILLIC: Final = re.compile("[бгджзилпфцчшщъыьэюя]")
_ODD: Final = re.compile("[\u13a0-\u13ff\u2c80-\u2cff\ua4d0-\ua4ff]")
_GENUINE: Final = re.compile(f"(?![{''.join(map(chr, LOOKALIKES))}])[\u0370-\u058f]")
_SPACED: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,5}[^\W_]){2,}(?![^\W_])")
_SHORT: Final = r"[^\W_]{1,4}"
_BROKEN: Final = re.compile(
    rf"(?:(?<![^\W_]){_SHORT})[.*_~^\-](?=[^\W_])|(?<=[^\W_])[.*_~^\-](?={_SHORT}(?![^\W_]))"
)
WRITTEN_WITH_SIGNS: Final = re.compile(r"[^\W_]*+(?:[@$!|(+`]*[^\W_]*)*+")
"""A word, with the signs in and around it that may stand for letters."""
_QUANTITY: Final = re.compile(r"\d+[^\W\d_]{0,3}|[^\d@$!|(+`]*[!(|+]*")
"""What needs no other reading: 400gb, and words with signs behind them only."""
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED: Final = re.compile(r"(?<![^\W_])(?:([^\W\d_])\1++){2,}+(?![^\W_])")
_PICTURES: Final = re.compile(r"[^\w\x00-\x7f]")
_GLUED: Final = re.compile(r"(?<=[^\W_]) (?:[^\w\x00-\x7f][ ]?)+(?=[^\W_])")
LETTER_OF: Final = str.maketrans("03456789@$(+`", "oeasgtbgasct" + "e")
"""Which letter a digit or a sign stands for; 1, ! and | are doubtful."""
_ONE: Final = {letter: str.maketrans("1!|", letter * 3) for letter in "il"}
_ONES: Final = re.compile(r"([^\W\d_])?([1!|]+)([^\W\d_])?")
_VOWELS: Final = frozenset("aeiouyäöüаеиоуы")
_GLIDING: Final = frozenset("bcfgkps")
"""The letters that l follows at the beginning of a syllable."""


def _lookalikes(text: str) -> Iterator[Edit]:
    """Letters of one script in a word of another; everywhere, when none of the other's own is about."""
    everywhere = not _GENUINE.search(text)
    for token in _TOKEN.finditer(text):
        word = token[0]
        if _FOREIGN.search(word) and (everywhere or _LATIN.search(word) or _ODD.search(word)):
            yield token.start(), token.end(), word.translate(_script_of(word, everywhere))


def _script_of(word: str, everywhere: bool) -> dict[int, str] | dict[int, int]:
    """The table that makes a mixed word a word of the script that most of it is in."""
    latin, foreign = len(_LATIN.findall(word)), len(_FOREIGN.findall(word))
    if latin and (_GENUINE.search(word) or (not everywhere and foreign > latin)):
        return TO_GREEK if any("\u0370" <= char <= "\u03ff" for char in word) else TO_CYRILLIC
    return LOOKALIKES


def spaced_stretches(text: str) -> Iterator[tuple[list[tuple[int, int]], str, bool]]:
    """Stretches of single letters: the gaps inside words, the letters, and whether other gaps part words."""
    for stretch in _SPACED.finditer(text):
        gaps = list(_GAP.finditer(stretch[0]))
        parting = _parting([gap[0] for gap in gaps])
        inside = [gap.span() for gap in gaps if gap[0] not in parting]
        places = [(stretch.start() + start, stretch.start() + end) for start, end in inside]
        yield places, _GAP.sub("", stretch[0]), bool(parting)


def _spaced(text: str) -> Iterator[Edit]:
    """The separators between single letters, but for those that part words."""
    for gaps, _, _ in spaced_stretches(text):
        yield from ((*gap, "") for gap in gaps)


def _parting(gaps: list[str]) -> set[str]:
    """Which of these gaps between letters part words: spaces among signs, the rarer of lines and spaces, or
    the wider ones."""
    spaces = {gap for gap in gaps if any(map(str.isspace, gap))}
    if len(spaces) < len({*gaps}):
        return spaces
    lines = [gap for gap in gaps if "\n" in gap]
    if lines and len(lines) < len(gaps):
        return {*lines} if 2 * len(lines) < len(gaps) else {*gaps} - {*lines}
    narrow = min(map(len, gaps))
    return {gap for gap in gaps if len(gap) > narrow}


def _broken(text: str) -> Iterator[Edit]:
    """A sign inside a word, where one of its halves is too short to be a word of its own."""
    for sign in _BROKEN.finditer(text):
        yield sign.end() - 1, sign.end(), ""


def _leet(letter: str) -> Callable[[str], Iterator[Edit]]:
    """Digits and signs that stand for letters, with 1, ! and | read as the letter given, or as it sounds."""

    def edits(text: str) -> Iterator[Edit]:
        for token in WRITTEN_WITH_SIGNS.finditer(text):
            word = token[0] if letter == "i" else token[0].rstrip("!(|+")
            if len(word) > 1 and not is_a_quantity(word) and any(map(str.isalpha, word)):
                read = word.translate(LETTER_OF)
                instead = read.translate(_ONE[letter]) if letter else sounding(read)
                yield token.start(), token.start() + len(word), instead

    return edits


def is_a_quantity(word: str) -> bool:
    """Whether a word with digits or signs needs no other reading: 400gb, or signs behind it only."""
    return _QUANTITY.fullmatch(word) is not None


def sounding(word: str) -> str:
    """Read each 1 as i or l by its neighbours: i between consonants, l beside a vowel, and two as ll."""

    def read(ones: re.Match[str]) -> str:
        before, count, after = ones[1] or "", len(ones[2]), ones[3] or ""
        if before in _VOWELS:
            tail = "i" if count > 2 and after not in _VOWELS else ""
            found = "l" * (count - len(tail)) + tail
        else:
            glides = count == 1 and before in _GLIDING and after in _VOWELS
            found = "l" if glides else "i" + "l" * (count - 1)
        return before + found + after

    return _ONES.sub(read, word)


def _runs(kept: int) -> Callable[[str], Iterator[Edit]]:
    """Letters repeated three times or more, cut down to so many."""

    def edits(text: str) -> Iterator[Edit]:
        for run in _RUN.finditer(text):
            yield run.start() + kept, run.end(), ""

    return edits


def _doubled(text: str) -> Iterator[Edit]:
    """Every second letter of words that have each letter twice or more."""
    for word in _DOUBLED.finditer(text):
        if len(word[0]) >= 4:
            for run in re.finditer(r"(.)\1+", word[0]):
                half = run.start() + (run.end() - run.start() + 1) // 2
                yield word.start() + half, word.start() + run.end(), ""


def _plain(text: str) -> Iterator[Edit]:
    """Pictures, which only part words here."""
    for picture in _PICTURES.finditer(text):
        yield picture.start(), picture.end(), ""


def _glued(text: str) -> Iterator[Edit]:
    """Pictures inside a word; such as stand between words are only dropped."""
    last = 0
    for pictures in _GLUED.finditer(text):
        yield from ((last + start, last + end, "") for start, end, _ in _plain(text[last : pictures.start()]))
        yield pictures.start(), pictures.end(), ""
        last = pictures.end()
    yield from ((last + start, last + end, "") for start, end, _ in _plain(text[last:]))


def _cyrillic(text: str) -> Iterator[Edit]:
    """Latin words between Cyrillic ones, where all their letters could be Cyrillic."""
    if not _CYRILLIC.search(text):
        return
    for token in _TOKEN.finditer(text):
        word = token[0].translate(TO_CYRILLIC)
        if word != token[0] and not _LATIN.search(word):
            yield token.start(), token.end(), word


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


def read(text: str, step: "Step") -> str:
    """The text after a step, where nobody asks for the way back."""
    quick = _QUICK.get(step)
    return quick(text) if quick else apply(text, None, step(text))[0]


_QUICK: Final[dict["Step", Callable[[str], str]]] = {
    _plain: partial(_PICTURES.sub, ""),
    _glued: lambda text: _PICTURES.sub("", _GLUED.sub("", text)),
}
"""Steps for which one expression does what all their edits do."""

MOST_READINGS: Final = 8
"""Who plays every trick at once is not read in every way there is."""

Step = Callable[[str], Iterator[Edit]]

_MIXED_LOOK, _SPACED_LOOK, _BROKEN_LOOK = int(Look.MIXED), int(Look.SPACED), int(Look.BROKEN)
_LEET_LOOK, _RUNS_LOOK, _DECOR_LOOK = int(Look.LEET), int(Look.RUNS), int(Look.DECOR)
_DOUBLED_LOOK: Final = int(Look.DOUBLED)


@cache
def plans(looks: int) -> list[list[Step]]:
    """The chains of steps worth trying for what was seen at a glance; empty when nothing was."""
    first: list[Step] = []
    if looks & _SPACED_LOOK:
        first.append(_spaced)
    if looks & _BROKEN_LOOK:
        first.append(_broken)
    if looks & _DOUBLED_LOOK:
        first.append(_doubled)
    mixed: list[list[Step]] = [[_cyrillic], [_lookalikes]] if looks & _MIXED_LOOK else [[]]
    decor: list[list[Step]] = [[_plain], [_glued]] if looks & _DECOR_LOOK else [[]]
    leet: list[list[Step]] = [[_leet("i")], [_leet("l")], [_leet("")]] if looks & _LEET_LOOK else [[]]
    runs: list[list[Step]] = [[_runs(1)], [_runs(2)]] if looks & _RUNS_LOOK else [[]]
    chains = [one + look + first + two + three for one, look, two, three in product(decor, mixed, leet, runs)]
    return [chain for chain in chains if chain][:MOST_READINGS]


def besides(looks: int) -> tuple[list[Step], list[Step]]:
    """What is undone before and after tricks that somebody undoes by what they know of the words."""
    first: list[Step] = [_glued] if looks & _DECOR_LOOK else []
    if looks & _MIXED_LOOK:
        first.append(_lookalikes)
    if looks & _BROKEN_LOOK:
        first.append(_broken)
    if looks & _DOUBLED_LOOK:
        first.append(_doubled)
    return first, [_runs(1)] if looks & _RUNS_LOOK else []
