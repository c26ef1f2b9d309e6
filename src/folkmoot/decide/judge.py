"""The verdict: a policy made ready once, then asked about each message."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from folkmoot.decide.conditions import Condition, Finds, Sources, condition
from folkmoot.decide.exceptions import Found, excepted, in_scope
from folkmoot.decide.phrases import expand
from folkmoot.decide.rules import Policy, Rule
from folkmoot.detect.triggers import Copies, Find, Floods
from folkmoot.detect.words import Lexicon
from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Category, Context, Message, Outcome, Signal, Verdict


class Ready(NamedTuple):
    """A rule with its triggers made ready."""

    rule: Rule
    order: int
    conditions: tuple[tuple[Condition, bool], ...]
    """Each trigger, and whether it is a doubtful sign."""
    excepting: frozenset[int]
    """The numbers in the lexicon of the phrases that let a message pass."""


class Met(NamedTuple):
    """A rule that a message met, and what of it."""

    ready: Ready
    outcome: Outcome
    finds: tuple[Find, ...]


class Judge:
    """A policy version made ready for judging; it holds no state and may be shared between threads."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._lexicon = Lexicon(_phrases(policy))
        numbers = {phrase: number for number, phrase in enumerate(self._lexicon.phrases)}
        sources = Sources(policy, numbers)
        self._rules = [_ready(rule, order, sources) for order, rule in enumerate(policy.rules)]
        kinds = {type(trigger) for rule in policy.rules for trigger in rule.when}
        self.needs_copies = Copies in kinds
        """Whether the context's `copies` can change a verdict."""
        self.needs_recent = Floods in kinds
        """Whether the context's `recent` can change a verdict."""

    def judge(self, message: Message, context: Context, folded: Folded | None = None) -> Verdict:
        """The automatic outcome for a message; `folded` saves folding it again."""
        folded = folded or fold(message.text)
        finds = Finds(message, context, folded, self._lexicon.find(folded))
        met = [one for ready in self._rules if (one := _met(ready, finds)) is not None]
        return self._verdict(message, folded, met)

    def _verdict(self, message: Message, folded: Folded, met: list[Met]) -> Verdict:
        live = [one for one in met if one.ready.rule.mode == "live"]
        live.sort(key=lambda one: (-one.outcome.weight, one.ready.order))
        signals = [_signal(one.ready.rule, find) for one in live for find in one.finds]
        if folded.cut:
            signals.append(_CUT)
        return Verdict(
            message=message.id,
            outcome=live[0].outcome if live else Outcome.ALLOW,
            policy=self.policy.label,
            rules=tuple(one.ready.rule.id for one in live),
            shadow_rules=tuple(one.ready.rule.id for one in met if one.ready.rule.mode == "shadow"),
            signals=tuple(signals),
        )


def _met(ready: Ready, finds: Finds) -> Met | None:
    """What of a rule a message meets; a rule met by doubtful signs only opens a case at most."""
    found: Found = []
    for condition_met, unsure in ready.conditions:
        find = condition_met(finds)
        if find is not None:
            found.append((find, unsure))
    if not found or not in_scope(ready.rule.scope, finds.message, finds.context):
        return None
    found = excepted(ready.rule.exceptions, ready.excepting, found, finds)
    if not found:
        return None
    sure = any(not unsure for _, unsure in found)
    return Met(ready, ready.rule.outcome if sure else Outcome.CASE, tuple(find for find, _ in found))


def compile_policy(policy: Policy) -> Judge:
    """Make a policy ready for judging; do it once per policy version."""
    return Judge(policy)


_CUT = Signal(
    name="cut",
    category=Category.SPAM,
    strength=0.0,
    sentence="The message is very long; only its beginning and its end were judged.",
)


def _signal(rule: Rule, find: Find) -> Signal:
    return Signal(
        name=find.name,
        category=rule.category,
        strength=find.strength,
        spans=find.spans,
        sentence=find.sentence,
        rule=rule.id,
    )


def _ready(rule: Rule, order: int, sources: Sources) -> Ready:
    conditions = tuple((condition(trigger, sources), trigger.unsure) for trigger in rule.when)
    excepting = sources.numbers_of(expand(rule.exceptions.words, sources.policy.lists))
    return Ready(rule, order, conditions, excepting)


def _phrases(policy: Policy) -> Iterable[str]:
    """Every phrase that any rule of the policy looks for."""
    for rule in policy.rules:
        for phrases in phrases_of(rule):
            yield from expand(phrases, policy.lists)


def phrases_of(rule: Rule) -> Sequence[tuple[str, ...]]:
    """The lists of phrases that a rule names, as they are written."""
    lists = [rule.exceptions.words]
    for trigger in rule.when:
        lists += [trigger.unless, getattr(trigger, "any", ()), *getattr(trigger, "each", ())]
    return lists
