"""What the models say about a message: for each head a probability, and in words how sure that is."""

from collections.abc import Iterator
from functools import cache
from math import exp, sqrt
from typing import Final, Literal, NamedTuple

from folkmoot.detect.model_features import windows
from folkmoot.detect.model_language import language
from folkmoot.detect.model_weights import Curve, Header, scorer, shipped
from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Category

HowSure = Literal["likely", "very likely"]

NEVER: Final = -1


class Reading(NamedTuple):
    """One window of one reading of a text, with its margins."""

    window: bytes
    disguised: bool
    margins: tuple[float, ...]


class Models:
    """The heads, made ready; it holds no state and may be shared between threads."""

    def __init__(self, header: Header, rows: bytes) -> None:
        self.header = header
        self.heads = tuple(map(Category, header.heads))
        self._floors = [floor(header, head) for head in range(len(header.heads))]
        self._scorer = scorer(rows, len(header.heads), header.bits, self._floors)
        self.rows = rows

    def found(self, folded: Folded, told: str | None = None) -> dict[Category, HowSure]:
        """The heads that speak up, each with how sure it is."""
        reached = 0
        for view in views(folded):
            for window in windows(view):
                reached |= self._scorer.reached(window)
        return self._words(folded, told, reached) if reached else {}

    def _words(self, folded: Folded, told: str | None, reached: int) -> dict[Category, HowSure]:
        curves = self.curves(language(folded, told))
        margins = self.margins(folded)
        found: dict[Category, HowSure] = {}
        for head, category in enumerate(self.heads):
            sure = how_sure(curves[head], margins[head]) if reached >> head & 1 else None
            if sure is not None:
                found[category] = sure
        return found

    def curves(self, code: str) -> tuple[Curve, ...]:
        """The curves for a language."""
        return self.header.curves.get(code) or self.header.curves[""]

    def margins(self, folded: Folded) -> tuple[float, ...]:
        """For each head the largest margin of any reading."""
        return tuple(map(max, zip(*(one.margins for one in self.readings(folded)), strict=True)))

    def readings(self, folded: Folded) -> Iterator[Reading]:
        """Every window of the text as it stands and with its tricks undone."""
        for number, view in enumerate(views(folded)):
            extra = self.header.disguise if number else 0.0
            for window in windows(view):
                *sums, count = self._scorer.sums(window)
                root = sqrt(count) if count else 1.0
                yield Reading(
                    window,
                    number > 0,
                    tuple(
                        one * scale / root + bias - extra
                        for one, scale, bias in zip(sums, self.header.scales, self.header.biases, strict=True)
                    ),
                )

    def scores(self, folded: Folded, told: str | None = None) -> dict[Category, float]:
        """Every head's probability, also of those that do not speak up."""
        curves = self.curves(language(folded, told))
        return {
            category: probability(curve, margin)
            for category, curve, margin in zip(self.heads, curves, self.margins(folded), strict=True)
        }


def views(folded: Folded) -> tuple[bytes, ...]:
    """The text as it stands, and with every trick undone where there was one."""
    first, last = folded.readings[0], folded.readings[-1]
    return (first,) if first is last else (first, last)


def probability(curve: Curve, margin: float) -> float:
    """A margin as a probability, from 0 to 1."""
    return 1.0 / (1.0 + exp(-max(-40.0, min(40.0, curve.slope * margin + curve.offset))))


def how_sure(curve: Curve, margin: float) -> HowSure | None:
    """How sure a head is, in words; None where it does not speak up."""
    if curve.very_likely is not None and margin >= curve.very_likely:
        return "very likely"
    return "likely" if curve.likely is not None and margin >= curve.likely else None


def floor(header: Header, head: int) -> int:
    """The least squared sum, times 65536, for one feature, at which the head could speak up in any language."""
    least = [curve.likely for curves in header.curves.values() if (curve := curves[head]).likely is not None]
    if not least:
        return NEVER
    sum_of_one = (min(one for one in least if one is not None) - header.biases[head]) / header.scales[head]
    return max(0, int(sum_of_one * sum_of_one * 65536 * (1 - 1e-9))) if sum_of_one > 0 else 0


@cache
def load() -> Models:
    """The models that come with the package."""
    return Models(*shipped())
