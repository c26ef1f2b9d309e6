"""How many known-bad messages are caught after each trick: `python -m bench.attacks` writes the table."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, structs
from tests.corpus import golden
from tests.corpus.attacks import SPLIT, TRICKS, Trick, attack, split
from tests.corpus.raids import tally

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.detect.triggers import Model
from folkmoot.intake.pieces import Pieces
from folkmoot.text.fold import fold
from folkmoot.text.scripts import scripts
from folkmoot.vocabulary import Context, Message, Outcome

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "evasion.md"
_LANGUAGES: Final = {"Cyrillic": "ru", "Greek": "el", "Arabic": "ar"}
_NOT_BAD: Final = ("concern", "near-misses", "scenes-pass", "evasions", "open-source")


class Bad(Struct, frozen=True):
    """A message that is caught as it stands."""

    text: str
    lang: str
    outcome: Outcome


class Rate(Struct, frozen=True):
    """How many of the attacked messages were caught."""

    caught: int
    attacked: int

    @property
    def share(self) -> float:
        """The share caught; 1 where nothing was attacked."""
        return self.caught / self.attacked if self.attacked else 1.0


@cache
def judge() -> Judge:
    """The strictest starter for everybody, by its rules alone: models are asked elsewhere."""
    policy = starters.load("public-room")
    rules = [
        structs.replace(rule, when=tuple(one for one in rule.when if not isinstance(one, Model)))
        for rule in policy.rules
    ]
    return compile_policy(structs.replace(policy, rules=tuple(rule for rule in rules if rule.when)))


def outcome(text: str) -> Outcome:
    """What happens to a message of which nothing else is known."""
    return judge().judge(Message(id="1", text=text), Context(now=0.0)).outcome


def _rows() -> Iterator[tuple[str, str]]:
    for path in sorted(golden.FOLDER.glob("*.txt")):
        if not path.stem.startswith(_NOT_BAD):
            for text in golden.read(path).messages:
                yield text, _LANGUAGES.get(next(iter(scripts(text)), ""), "")
    for path in sorted((ROOT / "lab" / "rows").glob("*.jsonl")):
        if not path.stem.startswith("pass_"):
            for line in path.read_bytes().splitlines():
                row = msgspec.json.decode(line)
                if 1 in row["labels"].values():
                    yield row["text"], row["lang"]


@cache
def bad() -> tuple[Bad, ...]:
    """Every message of the golden files and of lab/rows that is caught as it stands."""
    judged = {text: (lang, outcome(text)) for text, lang in _rows()}
    return tuple(Bad(text, *about) for text, about in judged.items() if about[1] is not Outcome.ALLOW)


def rate(trick: Trick, strength: int) -> Rate:
    """How many are caught at least as strictly as they would be without the trick."""
    caught = attacked = 0
    for one in bad():
        if trick.languages is None or one.lang in trick.languages:
            text = attack(trick, one.text, strength)
            if text != one.text:
                attacked += 1
                caught += outcome(text).weight >= one.outcome.weight
    return Rate(caught, attacked)


def split_rate(strength: int) -> Rate:
    """How many open a case when one sender sends them in two pieces or in four, five seconds apart."""
    caught = 0
    for one in bad():
        pieces = Pieces()
        verdicts = [
            pieces.judge(
                judge(),
                Message(id="1", text=text, sender="@a", room="!r"),
                Context(now=5.0 * number),
                fold(text),
            )
            for number, text in enumerate(split(one.text, strength))
        ]
        caught += any(verdict.outcome is not Outcome.ALLOW for verdict in verdicts)
    return Rate(caught, len(bad()))


_HEAD: Final = """# Evasion: what is still caught after each trick

Written by `python -m bench.attacks`; don't edit by hand. {count} messages that the starter “Big public room”
catches by its rules alone (no models) are attacked with each trick, lightly (some words) and heavily (every
word). *Caught* means: at least as strictly as without the trick. Links, prices and handles stay as they are.

Undoing tricks must never make innocent text match: see `tests/corpus/test_innocent.py`. Where a trick can be
undone in several ways (1 is i or l; where does a word end?), the words of the policy's own phrases decide;
texts of more than 1,500 characters, and policies of more than 30,000 phrases, are read without that.

| trick | light | heavy |
|---|---:|---:|
"""


_RAIDS: Final = """
## Raids

Five evenings of two hours in a group of sixty, with six raids each (`tests/corpus/raids.py`): a flood, one
text in every room, one who calls member after member, a gang that repeats a text with changes, the same in
disguise, and a gang of which each says it once. Ordinary are protected speech, greetings, `+1`, memes that
go round and a petition that twenty members pass on; people call each other. The words of the raids are
innocent: only counting can tell. The first of a raid always pass.

| starter | raid messages found | share of raids among what is found | ordinary, case | ordinary, stopped |
|---|---:|---:|---:|---:|
"""


def table() -> str:
    """The page as Markdown."""
    lines = [f"| {trick.name} | {_share(rate(trick, 0))} | {_share(rate(trick, 1))} |" for trick in TRICKS]
    lines.append(f"| {SPLIT} (a case) | {_share(split_rate(0))} | {_share(split_rate(1))} |")
    return _HEAD.format(count=len(bad())) + "\n".join(lines) + "\n" + _RAIDS + "\n".join(_raids()) + "\n"


def _raids() -> Iterator[str]:
    for name in starters.names():
        found = tally(compile_policy(starters.load(name).all_live()))
        yield (
            f"| {name} | {found.recall:.1%} of {found.raid} | {found.precision:.1%} "
            f"| {found.ordinary_found} of {found.ordinary} | {found.ordinary_stopped} |"
        )


def _share(found: Rate) -> str:
    return f"{found.share:.1%} of {found.attacked}" if found.attacked else "–"


if __name__ == "__main__":
    PAGE.write_text(table(), "utf-8")
    print(table(), file=sys.stdout)
