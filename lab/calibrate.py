"""From margins to probabilities, and from where a head may speak up: on rows that it did not learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from folkmoot.detect.model_weights import Curve

SHARE: Final = 0.1
"""Probabilities are for a mix in which one message in ten is of the kind, ..."""
HARD: Final = 0.5
"""... and of the rest half are messages that look like it and must pass."""
PRECISION: Final = {"likely": 0.9, "very likely": 0.98}
ALARMS: Final = {
    "spam": 0.0009,
    "scam": 0.0007,
    "gambling": 0.0008,
    "sexual": 0.0012,
    "sexual-selling": 0.0010,
    "drugs": 0.0012,
    "violence": 0.0012,
    "harassment": 0.0020,
    "hate": 0.0006,
    "self-harm": 0.0010,
}
"""Which share of messages that must pass, though they look like it, a head may take for likely: together they
are what the release gate leaves room for."""
OWN_ALARMS: Final = 0.003
"""Within one language, where there are few rows, at least this share."""
SURE: Final = 0.15
"""Of these shares so much for very likely."""
ENOUGH: Final = 25
"""So many rows of the kind make a language one that was tried out."""
WORTHWHILE: Final = 0.03
"""A head that would find less than this share of what it is for keeps silent."""


@dataclass(frozen=True)
class Held:
    """The rows held out for a head: margins, truth, language, and which of them must pass."""

    margins: np.ndarray
    of_kind: np.ndarray
    languages: np.ndarray
    hard: np.ndarray
    calm: np.ndarray
    """Which of the others are what people ordinarily write; collections of hate are not."""

    def part(self, chosen: np.ndarray) -> "Held":
        """Some of the rows."""
        columns = (self.margins, self.of_kind, self.languages, self.hard, self.calm)
        return Held(*(column[chosen] for column in columns))

    def weights(self) -> np.ndarray:
        """How much each row counts in the stated mix."""
        weights = np.zeros(len(self.margins))
        plain = ~self.of_kind & ~self.hard & self.calm
        shares = [(self.of_kind, SHARE), (self.hard & ~self.of_kind, (1 - SHARE) * HARD)]
        shares.append((plain, (1 - SHARE) * (1 - HARD)))
        for chosen, share in shares:
            if chosen.any():
                weights[chosen] = share / chosen.sum()
        return weights / weights.sum()


class Line(NamedTuple):
    """A head's curve in one language before it has borders, its bias, and the alarms that it may raise."""

    slope: float
    offset: float
    bias: float
    alarms: float


def curves(held: Held, languages: Sequence[str], bias: float, alarms: float) -> dict[str, Curve]:
    """A curve for each language in which the head was tried out, and one for all others."""
    slope, offset = _platt(held)
    found = {"": _curve(held, held, Line(slope, offset, bias, alarms))}
    for language in languages:
        own = held.part(held.languages == language)
        if own.of_kind.sum() >= ENOUGH and (~own.of_kind).sum() >= 2 * ENOUGH:
            line = Line(slope, _shifted(own, slope, offset), bias, alarms)
            found[language] = _curve(own, held, line)
        else:
            found[language] = found[""]
    return found


def _platt(held: Held) -> tuple[float, float]:
    model = LogisticRegression(C=1e3)
    weights = held.weights() * len(held.margins)
    model.fit(held.margins[:, None], held.of_kind, sample_weight=weights)
    return float(max(model.coef_[0][0], 0.05)), float(model.intercept_[0])


def _shifted(own: Held, slope: float, offset: float) -> float:
    """The offset at which the probabilities of a language add up to the share that is of the kind."""
    weights, low, high = own.weights(), offset - 4.0, offset + 4.0
    for _ in range(40):
        middle = (low + high) / 2
        told = (weights / (1 + np.exp(-(slope * own.margins + middle)))).sum()
        low, high = (middle, high) if told < SHARE else (low, middle)
    return (low + high) / 2


def _curve(own: Held, everything: Held, line: "Line") -> Curve:
    shares = {"likely": line.alarms, "very likely": line.alarms * SURE}
    least = {
        sure: max(
            reached,
            line.bias + 0.2,
            _alarms(everything, shares[sure]),
            _alarms(own, max(OWN_ALARMS, 1.5 * line.alarms) if sure == "likely" else 0.0),
        )
        for sure, precision in PRECISION.items()
        if (reached := _precise(own, precision)) is not None
    }
    likely = least.get("likely")
    if likely is None or (own.margins[own.of_kind] >= likely).mean() < WORTHWHILE:
        return Curve(line.slope, line.offset, None, None)
    very = least.get("very likely")
    return Curve(line.slope, line.offset, likely, None if very is None else max(very, likely))


def _alarms(held: Held, share: float) -> float:
    """The margin that no more than a share of the messages that must pass exceed."""
    hard = np.sort(held.margins[held.hard & ~held.of_kind])[::-1]
    return float(hard[int(share * len(hard))]) + 1e-6 if len(hard) else -np.inf


def _precise(held: Held, precision: float) -> float | None:
    """The least margin from which on the stated share of what a head finds is of the kind."""
    order = np.argsort(-held.margins)
    weights = held.weights()[order]
    right = np.cumsum(weights * held.of_kind[order])
    share = right / np.maximum(np.cumsum(weights), 1e-12)
    enough = np.flatnonzero((share >= precision) & (right > 0))
    return float(held.margins[order][enough[-1]]) if len(enough) else None


def figures(held: Held, curves: dict[str, Curve]) -> dict[str, dict[str, float]]:
    """For each language, and for all: the rows held out, and what a head finds of them."""
    least = np.array([_least(curves.get(str(code)) or curves[""]) for code in held.languages])
    spoken = held.margins >= least
    found = {"all": _told(held, spoken)}
    for language in sorted(set(held.languages)):
        own = held.languages == language
        if held.of_kind[own].sum() >= 10:
            found[str(language) or "other"] = _told(held.part(own), spoken[own])
    return found


def _least(curve: Curve) -> float:
    return np.inf if curve.likely is None else curve.likely


def _told(held: Held, spoken: np.ndarray) -> dict[str, float]:
    hard = held.hard & ~held.of_kind
    weights = held.weights()
    right, all_spoken = (weights * held.of_kind)[spoken].sum(), weights[spoken].sum()
    return {
        "of_kind": int(held.of_kind.sum()),
        "recall": float(spoken[held.of_kind].mean()) if held.of_kind.any() else 0.0,
        "precision": float(right / all_spoken) if all_spoken else 1.0,
        "hard": int(hard.sum()),
        "hard_alarms": int(spoken[hard].sum()),
        "others": int((~held.of_kind & ~held.hard).sum()),
        "other_alarms": int(spoken[~held.of_kind & ~held.hard].sum()),
    }
