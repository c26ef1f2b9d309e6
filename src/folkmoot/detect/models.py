"""What the models say about a message: for each head a probability, and in words how sure that is."""

from collections.abc import Iterator
from functools import cache
from math import exp, inf, sqrt
from typing import Final, NamedTuple

from folkmoot.detect.model_features import SHORTEST, views, windows
from folkmoot.detect.model_language import language
from folkmoot.detect.model_scorers import Lexicon, margins, scorer, steps
from folkmoot.detect.model_second import Second, asked_from
from folkmoot.detect.model_second import load as second_opinion
from folkmoot.detect.model_signs import alike, signs
from folkmoot.detect.model_weights import ZERO, Curve, Header, Tables, shipped
from folkmoot.detect.model_words import Weigher, strongest
from folkmoot.detect.triggers import Find, HowSure, Model
from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Category, Span

Taken = dict[Category, HowSure]
"""What a message is taken for, and how sure that is; empty for nearly every message."""


class Reading(NamedTuple):
    """One window of one reading of a text, with its margins."""

    view: int
    """The number of the reading among those of the folded text."""
    window: bytes
    margins: tuple[float, ...]


class Models:
    """The heads, made ready; it holds no state and may be shared between threads."""

    def __init__(self, header: Header, tables: Tables, second: Second | None = None) -> None:
        self.header = header
        self.heads = tuple(map(Category, header.heads))
        self._second = second
        self._floors = [floor(header, head, second) for head in range(len(header.heads))]
        self._scorer = scorer(header, tables, self._floors)
        self._steps = steps(header, self._floors)
        self._tables = tables
        self._lexicon = Lexicon(tables.marks, header.word_bits)

    def taken_for(self, folded: Folded, told: str | None = None) -> Taken:
        """The heads that speak up, each with how sure it is."""
        reached = self._scorer.glance(folded)
        return self._sure(folded, told, reached) if reached else {}

    def _sure(self, folded: Folded, told: str | None, reached: int) -> Taken:
        code = language(folded, told)
        curves, margins = self.curves(code), self.margins(folded)
        second = self._second if self._second and code in self._second.header.languages else None
        if second is not None:
            if not second.wanted(curves, margins):
                return {}
            curves, margins, reached = second.header.curves, second.opinion(folded, margins), -1
        found: Taken = {}
        for head, category in enumerate(self.heads):
            sure = how_sure(curves[head], margins[head]) if reached >> head & 1 else None
            if sure is not None:
                found[category] = sure
        return found

    def asks(self, folded: Folded, told: str | None = None) -> bool:
        """Whether a second opinion is asked about a message."""
        second, code = self._second, language(folded, told)
        known = second is not None and code in second.header.languages
        if second is None or not known or min(map(len, folded.readings)) < SHORTEST:
            return False
        return second.wanted(self.curves(code), self.margins(folded))

    def curves(self, code: str) -> tuple[Curve, ...]:
        """The curves for a language."""
        return self.header.curves.get(code) or self.header.curves[""]

    def margins(self, folded: Folded) -> tuple[float, ...]:
        """For each head the largest margin of any reading."""
        return tuple(map(max, zip(*(one.margins for one in self.readings(folded)), strict=True)))

    def readings(self, folded: Folded) -> Iterator[Reading]:
        """Every window of the text as it stands and with its tricks undone."""
        before = signs(folded)
        for number in views(folded):
            extra = self.header.disguise if number else 0.0
            for window in windows(alike(folded.readings[number])):
                found = margins(self._scorer.sums(before + window), self._steps)
                yield Reading(number, window, tuple(one - extra for one in found))

    def marked(self, folded: Folded, category: Category) -> tuple[Span, ...]:
        """Where the words stand that weigh most with a head."""
        head = self.heads.index(category)
        best = max(self.readings(folded), key=lambda one: one.margins[head])
        if best.margins[head] < self._floors[head]:
            return ()  # a second opinion said so, and that weighs no words
        places = strongest(best.window, self._weigher(head, signs(folded) + best.window))
        start = alike(folded.readings[best.view]).find(best.window)
        return tuple(folded.locate(best.view, start + one, start + end) for one, end in places)

    def _weigher(self, head: int, window: bytes) -> Weigher:
        """What a head gives for each run and each word of a window."""
        heads, mask = len(self.heads), (1 << self.header.run_bits) - 1
        sums = self._scorer.sums(window)
        of_run = self.header.run_steps[head] / sqrt(sums[heads] or 1)
        of_word = self.header.word_steps[head] / sqrt(sums[2 * heads + 1] or 1)

        def run(key: int) -> float:
            return (self._tables.runs[(key & mask) * heads + head] - ZERO) * of_run

        def word(key: int) -> float:
            slot = self._lexicon.slot(key)
            return (self._tables.words[slot * (heads + 1) + head] - ZERO) * of_word if slot >= 0 else 0.0

        return Weigher(run, word)

    def prepare(self) -> None:
        """Load what a second opinion needs, where there is one."""
        if self._second is not None:
            self._second.prepare()

    def scores(self, folded: Folded, told: str | None = None) -> dict[Category, float]:
        """Every head's probability, also of those that do not speak up."""
        code = language(folded, told)
        curves, margins = self.curves(code), self.margins(folded)
        if self._second and code in self._second.header.languages:
            curves, margins = self._second.header.curves, self._second.opinion(folded, margins)
        return {
            category: probability(curve, margin)
            for category, curve, margin in zip(self.heads, curves, margins, strict=True)
        }


def probability(curve: Curve, margin: float) -> float:
    """A margin as a probability, from 0 to 1."""
    return 1.0 / (1.0 + exp(-max(-40.0, min(40.0, curve.slope * margin + curve.offset))))


def how_sure(curve: Curve, margin: float) -> HowSure | None:
    """How sure a head is, in words; None where it does not speak up."""
    if curve.very_likely is not None and margin >= curve.very_likely:
        return "very likely"
    return "likely" if curve.likely is not None and margin >= curve.likely else None


def floor(header: Header, head: int, second: Second | None = None) -> float:
    """The least margin at which a head speaks up in any language, or asks for a second opinion."""
    told = [curves[head].likely for curves in header.curves.values()]
    if second is not None:
        told += [asked_from(curves[head], second.header.asked_from) for curves in header.curves.values()]
    return min((margin for margin in told if margin is not None), default=inf)


_asking = False


@cache
def load() -> Models:
    """The models that come with the package; they ask for second opinions if `begin` said so."""
    return Models(*shipped(), second=second_opinion() if _asking else None)


def begin(second_opinions: bool) -> None:
    """Say whether second opinions are asked for from now on, where the encoder is installed."""
    global _asking
    if second_opinions is not _asking:
        _asking = second_opinions
        load.cache_clear()


_ABOUT: Final = {
    Category.SPAM: "an advertisement or spam",
    Category.SCAM: "fraud",
    Category.GAMBLING: "an invitation to gamble",
    Category.SEXUAL: "sexual content",
    Category.SEXUAL_SELLING: "an offer of sexual content",
    Category.DRUGS: "an offer of drugs",
    Category.VIOLENCE: "a threat or a call to violence",
    Category.HARASSMENT: "an attack on a person",
    Category.HATE: "hate against a group of people",
    Category.SELF_HARM: "from somebody who may be in danger",
}
_STRENGTH: Final[dict[HowSure, float]] = {"likely": 0.4, "very likely": 0.5}


def find(taken: Taken, trigger: Model, folded: Folded) -> Find | None:
    """What a trigger's head makes of a message; the words that weigh most are marked."""
    category = Category(trigger.head)
    sure = taken.get(category)
    if sure is None or (trigger.at_least == "very likely" and sure == "likely"):
        return None
    spans = load().marked(folded, category)
    marked = " The marked words weigh most." if spans else ""
    return Find(
        name="model",
        strength=_STRENGTH[sure],
        sentence=f"To a model this is {sure} {_ABOUT[category]}.{marked} It can be wrong: a person decides.",
        spans=spans,
        category=category,
    )
