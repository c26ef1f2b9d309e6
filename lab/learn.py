"""Fitting the heads: logistic regression, one head at a time, with what is not known left out."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from lab.sources import FOLDS, HEADS, LENDING, Row

Fit = tuple[np.ndarray, float]
"""A head's weights and its bias."""

MOST_ORDINARY = 40_000
"""So many rows that are not of the kind, from the large sources, are enough for a head."""
STRENGTH = 5.0
ROUNDS = 150
SHARE = 0.3
"""What all rows of the kind weigh together, for each unit that the others weigh."""
BORROWED = 0.25
"""What a row counts for the head of advertising that another category lent it."""


def targets(rows: Sequence[Row], head: str) -> np.ndarray:
    """1 and 0 where a head is known, -1 where it is not."""
    return np.array([row.labels.get(head, -1) for row in rows], dtype=np.int8)


def chosen(rows: Sequence[Row], known: np.ndarray) -> np.ndarray:
    """The rows to fit a head on: all of the kind, all that were written for this, part of the rest."""
    plain = np.array([row.weight <= 1.0 and row.source not in ("composed", "synth") for row in rows])
    ordinary = np.flatnonzero((known == 0) & plain)
    if len(ordinary) > MOST_ORDINARY:
        ordinary = np.random.default_rng(7).choice(ordinary, MOST_ORDINARY, replace=False)
    rest = np.flatnonzero((known == 1) | ((known == 0) & ~plain))
    return np.sort(np.concatenate([ordinary, rest]))


def fit(table: sp.csr_matrix, rows: Sequence[Row], head: str, without: int | None) -> Fit:
    """A head's weights and bias; `without` leaves a part of the written rows out."""
    known = targets(rows, head)
    if without is not None:
        away = np.array([row.weight > 1.0 and row.fold == without for row in rows])
        known[away] = -1
    places = chosen(rows, known)
    labels = known[places]
    weights = np.array([_weight(rows[place], head) for place in places])
    of_kind = labels == 1
    weights[of_kind] *= min(20.0, SHARE * weights[~of_kind].sum() / weights[of_kind].sum())
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, solver="lbfgs", tol=1e-3)
    model.fit(table[places], labels, sample_weight=weights)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _weight(row: Row, head: str) -> float:
    """How much a row counts: one that is an advertisement by the way counts less as one."""
    borrowed = head == "spam" and row.source in LENDING and row.labels.get(head) == 1
    return row.weight * (BORROWED if borrowed else 1.0)


def jobs() -> list[tuple[str, int | None]]:
    """Every fit there is to do: each head on everything, and without each part."""
    return [(head, part) for part in (None, *range(FOLDS)) for head in HEADS]
