"""Trains the shipped models: `python -m lab.train [--data FOLDER]` reads what lab/manifest.toml names, and
writes the artefact. The same files give the same artefact on the same machine."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed

from folkmoot.detect.model_language import language
from folkmoot.detect.model_weights import ZERO, Curve, Header, Tables, pack
from folkmoot.detect.models import how_sure, probability
from folkmoot.text.fold import fold
from lab.calibrate import ALARMS, Held, curves, figures
from lab.composed import composed_rows
from lab.decorated import decorated_rows
from lab.held import keep
from lab.learn import fit, jobs, targets
from lab.lexicon import Lexicon, lexicon, slots
from lab.matrix import matrix, meanings
from lab.ranked import name_of, prose_figures
from lab.sources import (
    DATA,
    FOLDS,
    HEADS,
    HERE,
    MissingDataError,
    Row,
    open_rows,
    prose_rows,
    views,
    written_rows,
)

RUN_BITS: Final = 17
WORD_BITS: Final = 17
NAME: Final = "folkmoot-1"
ARTEFACT: Final = HERE.parent / "src" / "folkmoot" / "detect" / "weights" / "folkmoot.weights"
HELD_OUT: Final = HERE / "held_out.json"
CALM: Final = frozenset({"sms", "sms_mt", "irc", "tele_ru", "judol", "convabuse"})
"""The sources in which people write what they ordinarily write."""
Fits = dict[tuple[str, int | None], tuple[np.ndarray, float]]


def train(folder: Path, say: "Clock") -> tuple[bytes, dict[str, Any]]:
    """The artefact, and figures on the rows held out."""
    known = lexicon()
    small = [*written_rows(), *prose_rows(folder)]
    rest = [*composed_rows(), *decorated_rows(written_rows())]
    everything = [*open_rows("train_open.jsonl.gz", folder), *rest, *small]
    say(f"read {len(everything)} rows, {len(small)} of them written for this or prose")
    table = matrix(views(everything), RUN_BITS, known)
    say(f"{table.nnz} features")
    found = Parallel(n_jobs=2)(delayed(fit)(table, everything, head, part) for head, part in jobs())
    fits: Fits = dict(zip(jobs(), found, strict=True))
    say("fitted")
    held_rows = list(open_rows("val_open.jsonl.gz", folder))
    tables, run_steps, word_steps = quantised(fits, known)
    borders, found_out = calibrated(fits, held_rows, small, known)
    header = Header(
        name=NAME,
        heads=HEADS,
        run_bits=RUN_BITS,
        word_bits=WORD_BITS,
        run_steps=run_steps,
        word_steps=word_steps,
        biases=tuple(fits[head, None][1] for head in HEADS),
        curves=borders,
        disguise=1.0,
    )
    say("calibrated")
    artefact = pack(header, tables)
    keep(artefact, small, found_out.pop("margins"))
    return artefact, found_out


def quantised(fits: Fits, known: Lexicon) -> tuple[Tables, tuple[float, ...], tuple[float, ...]]:
    """The tables, and what a step of each head is worth; what words mean is folded into their weights."""
    runs, words, run_steps, word_steps = [], [], [], []
    for head in HEADS:
        weights = fits[head, None][0]
        of_runs, of_words, of_meaning = np.split(weights, [1 << RUN_BITS, (1 << RUN_BITS) + len(known.keys)])
        folded = (of_words + meanings(known) @ of_meaning) * np.sqrt(known.weights)
        for column, columns, steps in ((of_runs, runs, run_steps), (folded, words, word_steps)):
            steps.append(float(np.quantile(np.abs(column[column != 0]), 0.9998)) / 127)
            columns.append(np.clip(np.rint(column / steps[-1]), -127, 127).astype(np.int16) + ZERO)
    places, marks = slots(known, WORD_BITS)
    rows = np.zeros((1 << WORD_BITS, len(HEADS) + 1), dtype=np.uint8)
    rows[places] = np.stack([*words, known.weights], axis=1)
    tables = Tables(np.stack(runs, axis=1).astype(np.uint8).tobytes(), marks.tobytes(), rows.tobytes())
    return tables, tuple(run_steps), tuple(word_steps)


def calibrated(
    fits: Fits, open_held: Sequence[Row], small: Sequence[Row], known: Lexicon
) -> tuple[dict[str, tuple[Curve, ...]], dict[str, Any]]:
    """For each language the curves of all heads; and for each head what it finds of the rows held out."""
    rows = [*open_held, *small]
    table = matrix(views(rows), RUN_BITS, known)
    languages = np.array([language(fold(row.text)) for row in rows])
    names = sorted(set(languages) - {""})
    hard = np.array([row.source.startswith("pass") or row.source == "irc" for row in rows])
    calm = np.array([row.source in CALM for row in rows])
    by_head, told, by_margin = [], {}, []
    for head in HEADS:
        margins = held_out(fits, head, table, rows, len(open_held))
        known = targets(rows, head) >= 0
        held = Held(margins, targets(rows, head) == 1, languages, hard, calm).part(known)
        by_head.append(curves(held, names, fits[head, None][1], ALARMS[head]))
        told[head] = figures(held, by_head[-1])
        by_margin.append(margins)
    borders = {name: tuple(found[name] for found in by_head) for name in ("", *names)}
    return borders, {
        "heads": told,
        "prose": prose(rows, by_margin, borders["en"]),
        "spoken": spoken(rows, by_margin, languages, borders),
        "margins": np.stack(by_margin, axis=1)[len(open_held) :],
    }


def spoken(
    rows: Sequence[Row],
    margins: Sequence[np.ndarray],
    languages: np.ndarray,
    borders: dict[str, tuple[Curve, ...]],
) -> dict[str, list[str]]:
    """For each written row that a head takes for something: the heads, none of which learnt from it."""
    found: dict[str, list[str]] = {}
    for place, row in enumerate(rows):
        if row.weight > 1.0 and row.source != "oai":
            curves = borders.get(str(languages[place])) or borders[""]
            heads = [
                head
                for head, one, curve in zip(HEADS, margins, curves, strict=True)
                if how_sure(curve, float(one[place]))
            ]
            if heads:
                found[name_of(row)] = heads
    return found


def prose(rows: Sequence[Row], margins: Sequence[np.ndarray], curves: Sequence[Curve]) -> dict[str, Any]:
    """The figures on longer prose, each text judged by models that did not learn from its quarter."""
    chosen = [place for place, row in enumerate(rows) if row.source == "oai"]
    scores = {
        head: [probability(curve, float(one[place])) for place in chosen]
        for head, one, curve in zip(HEADS, margins, curves, strict=True)
    }
    spoken = [
        any(how_sure(curve, float(one[place])) for one, curve in zip(margins, curves, strict=True))
        for place in chosen
    ]
    return prose_figures([rows[place] for place in chosen], scores, spoken)


def held_out(fits: Fits, head: str, table: sp.csr_matrix, rows: Sequence[Row], first_own: int) -> np.ndarray:
    """Each row's margin from a fit that did not see it."""
    weights, bias = fits[head, None]
    margins = table @ weights + bias
    parts = np.array([row.fold for row in rows])
    for part in range(FOLDS):
        weights, bias = fits[head, part]
        chosen = np.flatnonzero((parts == part) & (np.arange(len(rows)) >= first_own))
        margins[chosen] = table[chosen] @ weights + bias
    return margins


class Clock:
    """Says what was done, with the time since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, done: str) -> None:
        """Print one line."""
        print(f"{time.monotonic() - self._start:6.1f} s  {done}", flush=True)


def main() -> int:
    """Train, write the artefact, and say where it is."""
    options = argparse.ArgumentParser(description="Train the shipped models.")
    options.add_argument("--data", type=Path, default=DATA, help="the folder with the data sets")
    options.add_argument("--out", type=Path, default=ARTEFACT, help="where to write the artefact")
    chosen = options.parse_args()
    say = Clock()
    try:
        artefact, found = train(chosen.data, say)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_bytes(artefact)
    HELD_OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    say(f"wrote {chosen.out} ({len(artefact)} bytes)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
