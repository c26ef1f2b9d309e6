"""The verdict: a policy made ready once, then asked about each message.

A message pays for what it contains, not for how many rules there are: see `kept`.
"""

from copy import copy
from functools import reduce
from operator import or_
from typing import Final

from msgspec.structs import replace

from folkmoot.decide.cel import ConditionError
from folkmoot.decide.conditions import Slots, condition
from folkmoot.decide.exceptions import Found, excepted, in_scope
from folkmoot.decide.finds import Finds
from folkmoot.decide.kept import Kept
from folkmoot.decide.known import asked
from folkmoot.decide.phrases import host_lists_of, named
from folkmoot.decide.rules import Policy, Rule, Scope
from folkmoot.decide.signals import CUT
from folkmoot.decide.signals import failed as failed_signal
from folkmoot.decide.signals import signals as signals_of
from folkmoot.detect.hosts import Fed
from folkmoot.detect.triggers import Expert, Together
from folkmoot.detect.words import Lexicon
from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Context, Message, Outcome, Signal, Verdict


class Judge:
    """A policy version made ready for judging; it holds no state and may be shared between threads."""

    def __init__(self, policy: Policy, prepared: bytes = b"") -> None:
        self.policy = policy
        slots = Slots(policy.lists)
        self._kept = Kept()
        self._together: list[tuple[int, int, bool]] = []
        """The bits that phrases standing together require, all their bits, and whether they name more."""
        for order, rule in enumerate(policy.rules):
            for trigger in rule.when:
                made = condition(trigger, order, slots)
                self._kept.keep(trigger, made)
                if isinstance(trigger, Together):
                    bits = reduce(or_, map(slots.bit, trigger.each))
                    more = any(named(phrases, policy.lists) for phrases in trigger.each)
                    self._together.append((made.required, bits, more))
        self._excepting = [slots.bit(rule.exceptions.words) for rule in policy.rules]
        self._besides = slots.besides()
        self._lexicon = Lexicon(slots.phrases, prepared)
        self._kept.ready()
        self._label = policy.label
        wanted = asked_of(policy)
        self.needs_copies = bool(self._kept.copies) or bool(wanted & _COPIES)
        """Whether the context's `copies` can change a verdict."""
        self.needs_recent = bool(self._kept.floods) or "recent" in wanted
        """Whether the context's `recent` can change a verdict."""
        self.needs_pictures = bool(self._kept.pictured)
        """Whether the context's `pictures` can change a verdict."""
        self.host_lists = host_lists_of(policy)
        """The names of the lists of hosts that somebody feeds."""
        self._fed: Fed = {}

    def prepared(self) -> bytes:
        """What took long to make ready, so that a judge of the same rules is made at once."""
        return self._lexicon.prepared()

    def judge(self, message: Message, context: Context, folded: Folded | None = None) -> Verdict:
        """The automatic outcome for a message; `folded` saves folding it again."""
        folded = folded or fold(message.text)
        finds = Finds(message, context, folded, self._lexicon, self._besides, self._fed)
        worth = self._kept.worth_a_look(finds)
        if not worth and not self._kept.asked and not folded.cut:
            return Verdict(message=message.id, outcome=Outcome.ALLOW, policy=self._label)
        found: dict[int, Found] = {}
        for made in worth:
            find = made.met(finds)
            if find is not None:
                found.setdefault(made.rule, []).append((find, made.unsure))
        failed = self._ask(finds, found) if self._kept.asked else []
        if not found and not failed and not folded.cut:
            return Verdict(message=message.id, outcome=Outcome.ALLOW, policy=self._label)
        met = [one for order in sorted(found) if (one := self._met(order, found[order], finds))]
        return self._verdict(message, folded, met, failed)

    def joins(self, view: bytes, place: int, *, signs: bool) -> bool:
        """Whether what stands before and after a place of a view may be found by being read together.

        `signs`: whether a price, a link or the like may stand after it.
        """
        before, after, across = self._lexicon.across(view, place)
        if across or not (after or signs):
            return across
        return any(
            (before | after) & required == required
            and (after & bits or (more and signs))
            and (more or required & ~after)
            for required, bits, more in self._together
        )

    def everywhere(self) -> "Judge":
        """The same judge with every rule live, in every room and for everybody."""
        rules = tuple(replace(rule, mode="live", scope=Scope()) for rule in self.policy.rules)
        wide = copy(self)
        wide.policy = replace(self.policy, rules=rules)
        return wide

    def fed(self, lists: Fed) -> "Judge":
        """The same judge with these lists of hosts, in place of those it had."""
        other = copy(self)
        other._fed = {name: lists[name] for name in self.host_lists if name in lists}
        return other

    def _ask(self, finds: Finds, found: dict[int, Found]) -> list[Signal]:
        """Ask the conditions in CEL, which know what else was found; returns those that failed."""
        sure = {order: [find.name for find, unsure in each if not unsure] for order, each in found.items()}
        finds.signals = tuple(sorted({name for names in sure.values() for name in names}))
        finds.rules = tuple(self.policy.rules[order].id for order in sorted(sure) if sure[order])
        failed = []
        for made in self._kept.asked:
            if finds.hits.bits & made.unless:
                continue
            try:
                find = made.met(finds)
            except ConditionError:
                failed.append(failed_signal(self.policy.rules[made.rule]))
                continue
            if find is not None:
                found.setdefault(made.rule, []).append((find, made.unsure))
        return failed

    def _met(self, order: int, found: Found, finds: Finds) -> "Met | None":
        """What of a rule a message meets; a rule met by doubtful signs only opens a case at most."""
        rule = self.policy.rules[order]
        if not in_scope(rule.scope, finds.message, finds.context):
            return None
        found = excepted(rule.exceptions, self._excepting[order], found, finds)
        if not found:
            return None
        sure = any(not unsure for _, unsure in found)
        return rule, rule.outcome if sure else Outcome.CASE, found

    def _verdict(self, message: Message, folded: Folded, met: list["Met"], failed: list[Signal]) -> Verdict:
        live = sorted((one for one in met if one[0].mode == "live"), key=lambda one: -one[1].weight)
        signals = [signal for rule, _, found in live for signal in signals_of(rule, found)]
        signals += failed
        if folded.cut:
            signals.append(CUT)
        return Verdict(
            message=message.id,
            outcome=live[0][1] if live else Outcome.ALLOW,
            policy=self._label,
            rules=tuple(rule.id for rule, _, _ in live),
            shadow_rules=tuple(rule.id for rule, _, _ in met if rule.mode == "shadow"),
            signals=tuple(signals),
        )


Met = tuple[Rule, Outcome, Found]
"""A rule that a message met, the outcome, and what of it was found."""


def compile_policy(policy: Policy, prepared: bytes = b"") -> Judge:
    """Make a policy ready for judging; do it once per policy version.

    `prepared` is what `Judge.prepared` gave for the same triggers, in this version of the program.
    """
    return Judge(policy, prepared)


_COPIES: Final = frozenset({"copies", "own_copies", "copying_senders"})


def asked_of(policy: Policy) -> frozenset[str]:
    """What the conditions of a policy ask for."""
    triggers = [trigger for rule in policy.rules for trigger in rule.when]
    return frozenset(name for one in triggers if isinstance(one, Expert) for name in asked(one.cel))


def phrases_of(rule: Rule) -> list[tuple[str, ...]]:
    """The lists of phrases that a rule names, as they are written."""
    lists = [rule.exceptions.words]
    for trigger in rule.when:
        lists += [trigger.unless, getattr(trigger, "any", ()), *getattr(trigger, "each", ())]
    return lists
