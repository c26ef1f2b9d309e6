"""Which rules of a policy would touch speech that is to pass: shown before a rule goes live.

The messages come with the package: the suite that every release must let pass, in all its topics and
languages. They were written for this project and are given away under CC0 1.0.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.rules import Policy
from folkmoot.decide.signals import UNSURE
from folkmoot.vocabulary import Context, Message, Outcome

MOST_SHOWN: Final = 3
"""So many examples of each rule are shown."""

CARE: Final = "care"
"""The topic of people who say that they do not want to live: a case is help for them, and no more is done."""

_NOON: Final = 1_767_268_800.0
"""The first of January 2026, twelve o'clock UTC: a condition may ask for the time."""


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """One message that is to pass."""

    id: str
    lang: str
    topic: str
    text: str


class Touched(Struct, frozen=True):
    """A message that is to pass, and a rule that would not let it."""

    row: Row
    rule: str
    outcome: Outcome
    sentence: str
    """Why, for a layperson."""


@cache
def protected() -> tuple[Row, ...]:
    """The messages that are to pass."""
    lines = (files(__package__) / "protected.jsonl").read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=Row) for line in lines)


def touched(policy: Policy, judge: Judge | None = None) -> tuple[Touched, ...]:
    """What each rule of a policy would do to speech that is to pass, were it live and held everywhere.

    `judge` saves making the policy ready again. Each message is judged as if a newcomer had just sent it.
    """
    judge = (judge or compile_policy(policy)).everywhere()
    context = Context(now=_NOON, joined_at=_NOON, messages_before=0)
    return tuple(one for row in protected() for one in _of(judge, row, context))


def to_see(policy: Policy) -> tuple[Touched, ...]:
    """What somebody has to see before a policy goes live: of a starter as it ships nothing, for every release
    is held to the same messages with each of them."""
    live = policy.all_live()
    for starter in map(starters.load, starters.names()):
        if (live.rules, live.lists) == (starter.all_live().rules, starter.lists):
            return ()
    return touched(policy)


def _of(judge: Judge, row: Row, context: Context) -> Iterator[Touched]:
    """Each rule that a message would meet, with what that rule does: a doubtful sign opens a case."""
    verdict = judge.judge(Message(id=row.id, text=row.text, language=row.lang), context)
    for name in verdict.rules:
        rule, signals = judge.policy.rule(name), [one for one in verdict.signals if one.rule == name]
        if rule is not None and signals:
            sure = any(one.strength > UNSURE for one in signals)
            outcome = rule.outcome if sure else Outcome.CASE
            if outcome is not Outcome.CASE or row.topic != CARE:
                yield Touched(row, name, outcome, signals[0].sentence)


def shown(found: tuple[Touched, ...]) -> str:
    """What would be touched, rule by rule, with a few examples of each, for a person to read."""
    rules: dict[str, list[Touched]] = {}
    for one in found:
        rules.setdefault(one.rule, []).append(one)
    return "\n\n".join(_shown(rule, each) for rule, each in rules.items())


def _shown(rule: str, found: list[Touched]) -> str:
    count = f"{len(found)} of {len(protected()):,} messages that should pass"
    lines = [f"Warning: The rule “{rule}” would touch {count}. Such as:"]
    lines += [f"  {one.outcome} ({one.row.topic}, {one.row.lang}): {one.row.text}" for one in _few(found)]
    return "\n".join([*lines, f"  Why: {found[0].sentence}", "  Narrow the rule, or say what it excepts."])


def _few(found: list[Touched]) -> list[Touched]:
    """A few examples, of different topics before more of the same."""
    first = {one.row.topic: one for one in reversed(found)}
    rest = [one for one in found if first[one.row.topic] is not one]
    return [*sorted(first.values(), key=found.index), *rest][:MOST_SHOWN]
