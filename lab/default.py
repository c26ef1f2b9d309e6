"""What the default setting finds: the starter *Neighbours and clubs* as it ships, words and models."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from sklearn.metrics import f1_score, roc_auc_score

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.rules import Policy
from folkmoot.detect import models as judging
from folkmoot.detect.models import Models
from folkmoot.detect.triggers import Model
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Context, Message, Outcome
from lab.measure import asked, hate_figures, must_pass, passing
from lab.ranked import name_of
from lab.sources import HEADS, Row, open_rows, other_rows, written_rows

STARTER: Final = "neighbours"


def opened(judge: Judge, rows: Iterable[Row]) -> np.ndarray:
    """For each row whether the judge does anything but let it pass."""
    context = Context(now=0.0)
    verdicts = (judge.judge(Message(id="1", text=row.text), context) for row in rows)
    return np.array([verdict.outcome is not Outcome.ALLOW for verdict in verdicts])


def without_models(policy: Policy) -> Policy:
    """The policy with its words and links only."""
    rules = (
        replace(rule, when=tuple(one for one in rule.when if not isinstance(one, Model)))
        for rule in policy.rules
    )
    return replace(policy, rules=tuple(rules))


def second_figures(held_out: Mapping[str, Any], models: Models, folder: Path) -> dict[str, Any]:
    """The same with second opinions, from fits that did not see a row's quarter; and what must pass."""
    bare = compile_policy(without_models(starters.load(STARTER).all_live()))
    sets = must_pass(models, folder)
    return {
        "prose": held_out["prose"],
        "written": _written(bare, held_out["spoken"]),
        "always": _written(bare, held_out["spoken_always"]),
        "asked_from": held_out["asked_from"],
        "must_pass": sets,
        "asked": {name: asked(models, rows) for name, rows in passing(folder).items()},
        "hatecheck": hate_figures(models, folder),
    }


def default_figures(models: Models, folder: Path, spoken: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Recall on the written rows, each judged by models that did not see its quarter; HateCheck; spam."""
    judging.load = lambda: models  # type: ignore[assignment]  # these, and no second opinion
    policy = starters.load(STARTER).all_live()
    full, bare = compile_policy(policy), compile_policy(without_models(policy))
    return {
        "written": _written(bare, spoken),
        "hatecheck": _hatecheck(full, folder),
        "telegram": _telegram(models, full, folder),
    }


def _written(bare: Judge, spoken: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    rows = list(written_rows())
    by_rules = opened(bare, rows)
    by_models = np.array([name_of(row) in spoken for row in rows])
    sources = np.array([row.source for row in rows])
    kinds = {source: sources == source for source in HEADS}
    kinds |= {
        "all": np.isin(sources, HEADS),
        "must pass": np.char.startswith(sources.astype(str), "pass"),
    }
    return {
        name: {
            "rows": int(chosen.sum()),
            "rules": float(by_rules[chosen].mean()),
            "models": float(by_models[chosen].mean()),
            "both": float((by_rules | by_models)[chosen].mean()),
        }
        for name, chosen in kinds.items()
    }


def _hatecheck(full: Judge, folder: Path) -> dict[str, float]:
    rows = list(other_rows("dev_mhc_4lang.jsonl.gz", folder))
    truth, found = np.array([row.labels["hate"] == 1 for row in rows]), opened(full, rows)
    return {
        "accuracy": float((truth == found).mean()),
        "found": float(found[truth].mean()),
        "alarms": float(found[~truth].mean()),
    }


def _telegram(models: Models, full: Judge, folder: Path) -> dict[str, float]:
    rows = [row for row in open_rows("dev_test_open.jsonl.gz", folder) if row.source == "tele_ru"]
    truth = np.array([row.labels["spam"] for row in rows])
    scores = np.array([models.scores(fold(row.text))["spam"] for row in rows])  # type: ignore[index]
    return {
        "auc": float(roc_auc_score(truth, scores)),
        "best_f1": max(
            float(f1_score(truth, scores >= least)) for least in np.quantile(scores, np.linspace(0, 1, 99))
        ),
        "half_f1": float(f1_score(truth, scores >= 0.5)),
        "default_f1": float(f1_score(truth, opened(full, rows))),
    }
