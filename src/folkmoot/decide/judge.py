"""The verdict: a policy made ready once, then asked about each message."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from folkmoot.decide.conditions import Finds, Sources, condition
from folkmoot.decide.exceptions import excepted, in_scope
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
    conditions: tuple[Callable[[Finds], Find | None], ...]
    excepting: frozenset[int]
    """The numbers in the lexicon of the phrases that let a message pass."""


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
        met: list[tuple[Ready, list[Find]]] = []
        for ready in self._rules:
            found = [find for met_by in ready.conditions if (find := met_by(finds)) is not None]
            if found and in_scope(ready.rule.scope, message, context):
                kept = excepted(ready.rule.exceptions, ready.excepting, found, finds)
                if kept:
                    met.append((ready, kept))
        return self._verdict(message, folded, met)

    def _verdict(self, message: Message, folded: Folded, met: list[tuple[Ready, list[Find]]]) -> Verdict:
        live = sorted(
            ((ready, found) for ready, found in met if ready.rule.mode == "live"),
            key=lambda one: (-one[0].rule.outcome.weight, one[0].order),
        )
        signals = [_signal(ready.rule, find) for ready, found in live for find in found]
        if folded.cut:
            signals.append(_CUT)
        return Verdict(
            message=message.id,
            outcome=live[0][0].rule.outcome if live else Outcome.ALLOW,
            policy=self.policy.label,
            rules=tuple(ready.rule.id for ready, _ in live),
            shadow_rules=tuple(ready.rule.id for ready, _ in met if ready.rule.mode == "shadow"),
            signals=tuple(signals),
        )


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
    conditions = tuple(condition(trigger, sources) for trigger in rule.when)
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
        lists += [getattr(trigger, "any", ()), *getattr(trigger, "each", ())]
    return lists
