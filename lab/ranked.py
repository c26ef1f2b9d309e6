"""How well probabilities rank longer prose."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from sklearn.metrics import average_precision_score

from lab.sources import HEADS, Row

HALVES: Final = ("first half", "second half")
"""The second half was looked at last; the two are told apart by a hash of the text."""


def prose_figures(
    rows: Sequence[Row], scores: Mapping[str, Sequence[float]], spoken: Sequence[bool]
) -> dict[str, float]:
    """Average precision of each head and of any, and what is found at the border of *likely*."""
    figures = {}
    for head in HEADS:
        known = [place for place, row in enumerate(rows) if head in row.labels]
        truth = [rows[place].labels[head] for place in known]
        if any(truth):
            figures[head] = float(average_precision_score(truth, [scores[head][place] for place in known]))
    truth = np.array([max(row.known.values()) for row in rows])
    most = np.max([scores[head] for head in HEADS], axis=0)
    figures["any"] = float(average_precision_score(truth, most))
    for half, name in enumerate(HALVES):
        part = np.array([row.kept == bool(half) for row in rows])
        figures[f"any, {name}"] = float(average_precision_score(truth[part], most[part]))
    figures["found"] = float(np.array(spoken)[truth == 1].mean())
    figures["alarms"] = float(np.array(spoken)[truth == 0].mean())
    return figures


def name_of(row: Row) -> str:
    """A short name for a row, by its text."""
    return hashlib.sha256(row.text.encode()).hexdigest()[:12]
