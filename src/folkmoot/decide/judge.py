"""The verdict: a policy made ready once, then asked about each message.

Conditions are kept by what they require, so that a message pays for what it contains, not for how many rules
there are.
"""

from collections.abc import Iterator
from typing import Final

from folkmoot.decide import sentences
from folkmoot.decide.conditions import Condition, Finds, Slots, condition
from folkmoot.decide.exceptions import Found, excepted, in_scope
from folkmoot.decide.rules import Policy, Rule
from folkmoot.detect.triggers import Copies, Floods, Image, Media, Mentions, Model, Trigger
from folkmoot.detect.words import Lexicon
from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Category, Context, Message, Outcome, Signal, Verdict


class Judge:
    """A policy version made ready for judging; it holds no state and may be shared between threads."""

    def __init__(self, policy: Policy, prepared: bytes = b"") -> None:
        self.policy = policy
        slots = Slots(policy.lists)
        self._required: dict[int, list[Condition]] = {}
        self._looked: list[Condition] = []
        self._copies: list[Condition] = []
        self._floods: list[Condition] = []
        self._attached: list[Condition] = []
        self._modelled: list[Condition] = []
        self._pictured: list[Condition] = []
        for order, rule in enumerate(policy.rules):
            for trigger in rule.when:
                self._keep(trigger, condition(trigger, order, slots))
        self._excepting = [slots.bit(rule.exceptions.words) for rule in policy.rules]
        self._lexicon = Lexicon(slots.phrases, prepared)
        self.needs_copies = bool(self._copies)
        """Whether the context's `copies` can change a verdict."""
        self.needs_recent = bool(self._floods)
        """Whether the context's `recent` can change a verdict."""
        self.needs_pictures = bool(self._pictured)
        """Whether the context's `pictures` can change a verdict."""

    def prepared(self) -> bytes:
        """What took long to make ready, so that a judge of the same rules is made at once."""
        return self._lexicon.prepared()

    def _keep(self, trigger: Trigger, made: Condition) -> None:
        """Keep a condition where only those messages come by that it is about."""
        if made.required:
            self._required.setdefault(made.required & -made.required, []).append(made)
        elif isinstance(trigger, Copies):
            self._copies.append(made)
        elif isinstance(trigger, Floods):
            self._floods.append(made)
        elif isinstance(trigger, Mentions | Media):
            self._attached.append(made)
        elif isinstance(trigger, Model):
            self._modelled.append(made)
        elif isinstance(trigger, Image):
            self._pictured.append(made)
        else:
            self._looked.append(made)

    def judge(self, message: Message, context: Context, folded: Folded | None = None) -> Verdict:
        """The automatic outcome for a message; `folded` saves folding it again."""
        folded = folded or fold(message.text)
        finds = Finds(message, context, folded, self._lexicon)
        found: dict[int, Found] = {}
        for made in self._worth_a_look(finds):
            find = made.met(finds)
            if find is not None:
                found.setdefault(made.rule, []).append((find, made.unsure))
        if not found and not folded.cut:
            return Verdict(message=message.id, outcome=Outcome.ALLOW, policy=self.policy.label)
        met = [one for order in sorted(found) if (one := self._met(order, found[order], finds))]
        return self._verdict(message, folded, met)

    def _worth_a_look(self, finds: Finds) -> Iterator[Condition]:
        """The conditions whose requirements the message meets."""
        bits, looks = finds.hits.bits, finds.folded.looks
        rest = bits
        while rest:
            first = rest & -rest
            rest ^= first
            for made in self._required.get(first, ()):
                if bits & made.required == made.required and not bits & made.unless:
                    yield made
        for made in self._looked:
            if (looks & made.look or not made.look) and not bits & made.unless:
                yield made
        for about, kept in (
            (finds.context.copies, self._copies),
            (finds.context.recent, self._floods),
            (finds.context.pictures, self._pictured),
            (finds.message.mentions or finds.message.mentions_room or finds.message.media, self._attached),
            (self._modelled and finds.taken_for(), self._modelled),
        ):
            if about:
                yield from (made for made in kept if not bits & made.unless)

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

    def _verdict(self, message: Message, folded: Folded, met: list["Met"]) -> Verdict:
        live = sorted((one for one in met if one[0].mode == "live"), key=lambda one: -one[1].weight)
        signals = [signal for rule, _, found in live for signal in _signals(rule, found)]
        if folded.cut:
            signals.append(_CUT)
        return Verdict(
            message=message.id,
            outcome=live[0][1] if live else Outcome.ALLOW,
            policy=self.policy.label,
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


UNSURE: Final = 0.5
"""How strong a doubtful sign is at most."""

_CUT: Final = Signal(
    name="cut",
    category=Category.SPAM,
    strength=0.0,
    sentence="The message is very long; only its beginning and its end were judged.",
)


def _signals(rule: Rule, found: Found) -> list[Signal]:
    """What a rule found, as signals: findings of one kind are one signal, with all their places."""
    alike: dict[tuple[str, str], Found] = {}
    for one in found:
        alike.setdefault((one[0].name, "" if one[0].phrases else one[0].sentence), []).append(one)
    return [_signal(rule, name, sentence, finds) for (name, sentence), finds in alike.items()]


def _sentence(name: str, found: Found) -> str:
    """What findings of one kind have met, in the order of the text, in one sentence."""
    met = {span: phrase for find, _ in found for span, phrase in zip(find.spans, find.phrases, strict=True)}
    phrases = [met[span] for span in sorted(met, key=lambda span: (span.start, span.end))]
    disguised = any(find.disguised for find, _ in found)
    return sentences.SAYING[name](phrases, disguised)


def _signal(rule: Rule, name: str, sentence: str, found: Found) -> Signal:
    spans = {span for find, _ in found for span in find.spans}
    return Signal(
        name=name,
        category=found[0][0].category or rule.category,
        strength=max(min(find.strength, UNSURE) if unsure else find.strength for find, unsure in found),
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
        sentence=sentence or _sentence(name, found),
        rule=rule.id,
    )


def phrases_of(rule: Rule) -> list[tuple[str, ...]]:
    """The lists of phrases that a rule names, as they are written."""
    lists = [rule.exceptions.words]
    for trigger in rule.when:
        lists += [trigger.unless, getattr(trigger, "any", ()), *getattr(trigger, "each", ())]
    return lists
