"""Figures for the shipped artefact, through the very code that judges messages."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from folkmoot.detect.models import Models, Taken
from folkmoot.text.fold import fold
from lab.sources import HEADS, HERE, Row, manifest, open_rows, other_rows

PROTECTED: Final = HERE.parent / "tests" / "corpus" / "protected"
HATECHECK_LANGUAGES: Final = {"french": "fr", "german": "de", "hindi": "hi", "mandarin": "zh"}


@dataclass(frozen=True)
class Told:
    """What the models say about one row."""

    row: Row
    scores: dict[str, float]
    taken: Taken


def told(models: Models, rows: Iterable[Row]) -> list[Told]:
    """What the models say about each row."""
    found = []
    for row in rows:
        folded = fold(row.text)
        found.append(Told(row, models.scores(folded), models.taken_for(folded)))  # type: ignore[arg-type]
    return found


def by_head(found: Sequence[Told], head: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, probability, and whether the head speaks up, for the rows where the head is known."""
    known = [one for one in found if head in one.row.labels]
    truth = np.array([one.row.labels[head] for one in known])
    scores = np.array([one.scores[head] for one in known])
    return truth, scores, np.array([head in one.taken for one in known])


def open_figures(models: Models, folder: Path) -> list[dict[str, Any]]:
    """For each source and head of the open test rows: how well they are ranked, and what is found."""
    found = told(models, open_rows("dev_test_open.jsonl.gz", folder))
    figures = []
    for source in manifest()["sources"]:
        part = [one for one in found if one.row.source == source]
        for head in HEADS:
            truth, scores, spoken = by_head(part, head)
            if truth.sum() >= 10 and truth.sum() < len(truth):
                figures.append({"source": source, "head": head, **_ranked(truth, scores, spoken)})
    return figures


def _ranked(truth: np.ndarray, scores: np.ndarray, spoken: np.ndarray) -> dict[str, float]:
    best = max(f1_score(truth, scores >= least) for least in np.quantile(scores, np.linspace(0.02, 0.99, 60)))
    return {
        "rows": len(truth),
        "of_kind": int(truth.sum()),
        "ap": float(average_precision_score(truth, scores)),
        "auc": float(roc_auc_score(truth, scores)),
        "best_f1": float(best),
        "recall": float(spoken[truth == 1].mean()),
        "alarms": float(spoken[truth == 0].mean()),
    }


def hate_figures(models: Models, folder: Path) -> dict[str, dict[str, float]]:
    """Multilingual HateCheck: accuracy where the head speaks up, and where one half is the border."""
    found = told(models, other_rows("dev_mhc_4lang.jsonl.gz", folder))
    figures = {}
    for name, code in HATECHECK_LANGUAGES.items():
        truth, scores, spoken = by_head([one for one in found if one.row.lang == name], "hate")
        figures[code] = {
            "auc": float(roc_auc_score(truth, scores)),
            "spoken": float((spoken == truth).mean()),
            "half": float(((scores >= 0.5) == truth).mean()),
        }
    return figures


def must_pass(models: Models, folder: Path) -> dict[str, dict[str, Any]]:
    """Sets in which nothing is of any kind: how many open a case, and by which head."""
    figures = {}
    for name, rows in passing(folder).items():
        spoken = [one for one in told(models, rows) if one.taken]
        heads = Counter(str(head) for one in spoken for head in one.taken)
        figures[name] = {"rows": len(rows), "cases": len(spoken), "heads": dict(heads.most_common())}
        figures[name]["which"] = [one.row.text for one in spoken]
    return figures


def passing(folder: Path) -> dict[str, list[Row]]:
    """The sets in which nothing is of any kind."""
    safe = [row for row in other_rows("dev_xstest_half.jsonl.gz", folder) if row.labels["safe"] == 1]
    return {
        "tests/corpus/protected": list(protected()),
        "xstest, safe half": safe,
        "benign group chat (IRC)": list(other_rows("dev_groupchat_benign.jsonl.gz", folder)),
    }


def asked(models: Models, rows: Sequence[Row]) -> float:
    """About which share of rows a second opinion is asked."""
    return float(np.mean([models.asks(fold(row.text)) for row in rows]))


def protected() -> Iterable[Row]:
    """The suite of messages that must pass, but for those of people who need care."""
    for path in sorted(PROTECTED.glob("*.jsonl")):
        if path.stem == "care":
            continue
        for line in path.read_text("utf-8").splitlines():
            found = json.loads(line)
            yield Row(found["text"], found["lang"], "protected", dict.fromkeys(HEADS, 0), kind=found["topic"])
