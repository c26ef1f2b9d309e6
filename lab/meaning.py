"""What the encoder makes of texts: asked once for each, and kept in `.cache/lab`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed

from folkmoot.detect.model_encoder import LONGEST, NUMBERS, Encoder
from lab.held import CACHE
from lab.sources import Row

AT_ONCE: Final = 2


def meanings(rows: Sequence[Row], folder: Path = CACHE) -> np.ndarray:
    """What the encoder makes of each row."""
    folder.mkdir(parents=True, exist_ok=True)
    texts, kept = folder / "meaning.json", folder / "meaning.npy"
    known: dict[str, np.ndarray] = {}
    if texts.is_file() and kept.is_file():
        known = dict(zip(json.loads(texts.read_text("utf-8")), np.load(kept), strict=True))
    wanted = [row.text[:LONGEST] for row in rows]
    new = sorted(set(wanted) - set(known))
    if new:
        parts = [new[at::AT_ONCE] for at in range(AT_ONCE)]
        for part, found in zip(
            parts, Parallel(n_jobs=AT_ONCE)(delayed(_asked)(one) for one in parts), strict=True
        ):
            known |= zip(part, found, strict=True)
        texts.write_text(json.dumps(list(known), ensure_ascii=False), "utf-8")
        np.save(kept, np.stack(list(known.values())))
    return np.stack([known[text] for text in wanted]).astype(np.float32)


def _asked(texts: Sequence[str]) -> np.ndarray:
    if not texts:
        return np.empty((0, NUMBERS), dtype=np.float16)
    encoder = Encoder()
    return np.stack([encoder(text).astype(np.float16) for text in texts])
