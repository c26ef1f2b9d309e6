"""Keeps what the small models made of rows held out, in `.cache/lab`, for `lab.second`."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from lab.sources import HERE, Row

CACHE: Final = HERE.parent / ".cache" / "lab"
PLACE: Final = CACHE / "small.npz"


def keep(weights: bytes, rows: Sequence[Row], margins: np.ndarray, place: Path = PLACE) -> None:
    """Keep the margins that belong to an artefact and rows."""
    place.parent.mkdir(parents=True, exist_ok=True)
    np.savez(place, key=_key(weights, rows), margins=margins.astype(np.float32))


def kept(weights: bytes, rows: Sequence[Row], place: Path = PLACE) -> np.ndarray | None:
    """The margins kept for an artefact and rows; None where there are none."""
    if not place.is_file():
        return None
    found = np.load(place)
    return np.asarray(found["margins"]) if str(found["key"]) == _key(weights, rows) else None


def _key(weights: bytes, rows: Sequence[Row]) -> str:
    return hashlib.sha256(weights + repr([(row.text, row.labels) for row in rows]).encode()).hexdigest()
