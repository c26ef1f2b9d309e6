"""Texts as sparse matrices of the very features that the shipped scorer sees."""

from collections.abc import Iterable

import numpy as np
import scipy.sparse as sp

from folkmoot.detect.model_features import features, windows


def matrix(views: Iterable[bytes], bits: int) -> sp.csr_matrix:
    """One row for each text: its first window's features, each one over the root of their number."""
    places, ends = [], [0]
    for view in views:
        found = sorted(features(windows(view)[0], bits))
        places.append(np.fromiter(found, dtype=np.int32, count=len(found)))
        ends.append(ends[-1] + len(found))
    counts = np.diff(ends)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return sp.csr_matrix((values, np.concatenate(places), ends), shape=(len(counts), 1 << bits))
