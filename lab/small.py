"""What the small models make of rows that they did not learn from, and when they ask for a second opinion."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed

from folkmoot.detect.model_features import SHORTEST
from folkmoot.detect.model_weights import Header
from folkmoot.detect.models import Models, probability
from folkmoot.text.fold import fold
from lab.composed import composed_rows
from lab.held import keep, kept
from lab.learn import fit
from lab.lexicon import lexicon
from lab.matrix import matrix
from lab.sources import FOLDS, HEADS, Row, open_rows, views
from lab.train import RUN_BITS

ASKED: Final = 0.05
"""About which share of ordinary chat it is asked."""


def held_margins(own: Sequence[Row], folder: Path, weights: Path) -> np.ndarray:
    """For each written row and each text of prose the margin of each head, from a fit without its part."""
    found = kept(weights.read_bytes(), own)
    if found is None:  # lab.train kept those of other weights, or of other rows
        found = _fitted(own, folder)
        keep(weights.read_bytes(), own, found)
    return found


def _fitted(own: Sequence[Row], folder: Path) -> np.ndarray:
    known = lexicon()
    rows = [*open_rows("train_open.jsonl.gz", folder), *composed_rows(), *own]
    table = matrix(views(rows), RUN_BITS, known)
    jobs = [(head, part) for part in range(FOLDS) for head in HEADS]
    fits = Parallel(n_jobs=2)(delayed(fit)(table, rows, head, part) for head, part in jobs)
    parts = np.array([row.fold for row in own])
    margins = np.empty((len(own), len(HEADS)), dtype=np.float32)
    for (head, part), (weights, bias) in zip(jobs, fits, strict=True):
        chosen = np.flatnonzero(parts == part)
        first = len(rows) - len(own)
        margins[chosen, HEADS.index(head)] = table[first + chosen] @ weights + bias
    return margins


def asking(models: Models, folder: Path) -> float:
    """The probability that the stated share of ordinary chat reaches with the small models."""
    chat = [row.text for row in open_rows("val_open.jsonl.gz", folder) if row.source == "irc"]
    return float(np.quantile([most(models, text) for text in chat], 1 - ASKED))


def most(models: Models, text: str) -> float:
    """The largest probability of any small model; nothing for a text too short to be judged."""
    folded = fold(text)
    return max(models.scores(folded).values()) if min(map(len, folded.readings)) >= SHORTEST else 0.0


def asked(header: Header, small: np.ndarray, languages: Sequence[str], least: float) -> np.ndarray:
    """Which rows it would be asked about."""
    found = []
    for margins, code in zip(small, languages, strict=True):
        told = header.curves.get(code) or header.curves[""]
        found.append(max(map(probability, told, margins.tolist())) >= least)
    return np.array(found)
