"""Texts as sparse matrices of the very features that the shipped scorer sees."""

from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp

from folkmoot.detect.model_features import runs
from lab.lexicon import Lexicon, table

MEANING = 0.03
"""How much the meaning of words counts beside the words themselves."""


def run_table(views: Iterable[bytes], bits: int) -> sp.csr_matrix:
    """One row for each text: its runs, each one over the root of their number."""
    places, ends = [], [0]
    for view in views:
        found = sorted(runs(view, bits))
        places.append(np.fromiter(found, dtype=np.int32, count=len(found)))
        ends.append(ends[-1] + len(found))
    counts = np.diff(ends)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return sp.csr_matrix((values, np.concatenate(places), ends), shape=(len(counts), 1 << bits))


def matrix(views: Sequence[bytes], bits: int, known: Lexicon) -> sp.csr_matrix:
    """Runs, words, and the mean of what the words mean, side by side."""
    of_words = table(views, known)
    meaning = sp.csr_matrix(of_words @ meanings(known))
    return sp.hstack([run_table(views, bits), of_words, meaning], format="csr", dtype=np.float32)


def meanings(known: Lexicon) -> np.ndarray:
    """The words' vectors, scaled so that every text has about the same length of meaning."""
    vectors = known.vectors - known.vectors.mean(axis=0)
    return (vectors / vectors.std(axis=0).mean() * MEANING).astype(np.float32)
