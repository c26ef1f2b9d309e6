"""Folkmoot beside its peers: the same messages in turn, what they cost and what is found."""

import gzip
import json
import random
import statistics
from pathlib import Path
from time import process_time

from msgspec import Struct

from bench.peers.child import Peer, running
from bench.texts import CORPUS, messages
from folkmoot.decide import starters
from folkmoot.decide.judge import Judge
from folkmoot.text.fold import fold
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Context, Message, Outcome

DATA = Path(__file__).parents[2] / "shared" / "data"
ROUNDS = 5
EACH = 120
_SAMPLE = 800


class Contender(Struct, frozen=True, kw_only=True):
    """One line of the table."""

    name: str
    version: str
    about: str
    microseconds: float
    """Processor time for a message: the median of the rounds."""
    flagged: dict[str, float]
    """The share of each set that it flags."""


class Comparison(Struct, frozen=True, kw_only=True):
    """All contenders, ours first, the sets they were asked about, and who is missing."""

    contenders: list[Contender]
    sets: dict[str, int]
    missing: list[str]


class Ours:
    """Folkmoot as a contender: folding, fingerprints and the judge of a starter policy; anything but
    *allow* counts as flagged."""

    def __init__(self, policy: str) -> None:
        self.name = f"Folkmoot ({policy})"
        self.version = "this commit"
        self.about = "folding, fingerprints, rules, models, in many languages"
        self._judge = Judge(starters.load(policy).all_live())
        self._context = Context(now=1_800_000_000.0, messages_before=10)

    def flags(self, texts: list[str]) -> tuple[list[bool], float]:
        """Return which texts are not simply allowed, and the processor time."""
        began = process_time()
        found = []
        for number, text in enumerate(texts):
            message = Message(id=str(number), text=text, sender="@a", room="!r")
            folded = fold(text)
            prints(folded)
            found.append(self._judge.judge(message, self._context, folded).outcome is not Outcome.ALLOW)
        return found, process_time() - began


def run(quick: bool = False) -> Comparison:
    """Ask everybody about everything."""
    sets = {name: rows[: 60 if quick else _SAMPLE] for name, rows in _sets().items()}
    with running() as (peers, missing):
        everybody: list[Ours | Peer] = [Ours("neighbours"), Ours("public-room"), *peers]
        costs = _costs(everybody, 2 if quick else ROUNDS, 20 if quick else EACH)
        flagged = {who.name: {name: _share(who, rows) for name, rows in sets.items()} for who in everybody}
    contenders = [
        Contender(
            name=who.name,
            version=who.version,
            about=who.about,
            microseconds=costs[who.name],
            flagged=flagged[who.name],
        )
        for who in everybody
    ]
    return Comparison(
        contenders=contenders, sets={name: len(rows) for name, rows in sets.items()}, missing=missing
    )


def _costs(everybody: list["Ours | Peer"], rounds: int, each: int) -> dict[str, float]:
    """The median cost of a message; in each round everybody gets the same messages, never seen before."""
    texts = messages(rounds * each, seed=23)
    took: dict[str, list[float]] = {who.name: [] for who in everybody}
    for number in range(rounds):
        part = texts[number * each : (number + 1) * each]
        for who in everybody[number % len(everybody) :] + everybody[: number % len(everybody)]:
            took[who.name].append(who.flags(part)[1] / each * 1e6)
    return {name: statistics.median(found) for name, found in took.items()}


def _share(who: "Ours | Peer", rows: list[str]) -> float:
    flags: list[bool] = []
    for first in range(0, len(rows), 100):
        flags += who.flags(rows[first : first + 100])[0]
    return sum(flags) / len(rows) if rows else 0.0


def _sets() -> dict[str, list[str]]:
    """Texts that must pass, and texts that ought to be found, as far as they are here."""
    chance = random.Random(5)
    protected = [
        json.loads(line)["text"]
        for path in sorted((CORPUS / "protected").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found = {"must pass: protected speech": protected}
    found["must pass: group chat"] = _rows("dev_groupchat_benign", wanted=0)
    found["to find: moderation set"] = _rows("dev_oai_half", wanted=1)
    found["to find: open test set"] = _rows("dev_test_open", wanted=1)
    for rows in found.values():
        chance.shuffle(rows)
    return {name: rows for name, rows in found.items() if rows}


def _rows(name: str, wanted: int) -> list[str]:
    """The rows of a development set with any label, or with none."""
    path = DATA / f"{name}.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows if max(row["labels"].values(), default=0) == wanted]
