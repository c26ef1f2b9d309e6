"""Triggers made ready: what must be there for each to be worth a closer look, and the closer look."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

from msgspec.structs import replace

from folkmoot.decide import cel, sentences
from folkmoot.decide.durations import seconds
from folkmoot.decide.finds import Besides, Finds
from folkmoot.decide.known import MODELS
from folkmoot.decide.phrases import expand, named
from folkmoot.detect import counts, hosts, models, pictures, secrets, together
from folkmoot.detect.patterns import Patterns, Written
from folkmoot.detect.triggers import (
    Copies,
    Expert,
    Find,
    Floods,
    Image,
    Links,
    Media,
    Mentions,
    Model,
    Pattern,
    Secrets,
    Together,
    Trigger,
    Words,
    is_a_model,
)
from folkmoot.detect.words import Place
from folkmoot.text.looks import Look
from folkmoot.vocabulary import Category, Span

Lists = dict[str, tuple[str, ...]]


class Slots:
    """Gives each list of phrases that a policy names a bit of its own, the same list the same bit."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.phrases: dict[str, int] = {}
        self._bits: dict[frozenset[str], int] = {}
        self.patterns: dict[Written, int] = {}
        """Each pattern that the policy names, with its bit."""
        self.asks_for_lists = False
        """Whether a condition asks of which lists a text has phrases."""

    def pattern_bits(self, trigger: Pattern) -> int:
        """The bits of a trigger's patterns."""
        bits = 0
        for one in trigger.any:
            bits |= self.patterns.setdefault(Written(one, trigger.exactly), 1 << len(self.patterns))
        return bits

    def besides(self) -> Besides | None:
        """What rules for experts look for, if there are any."""
        lists = {name: self.bit((f"@{name}",)) for name in self.lists} if self.asks_for_lists else {}
        return Besides(Patterns([*self.patterns]), lists) if self.patterns or lists else None

    def bit(self, phrases: Iterable[str]) -> int:
        """The bit of these phrases; 0 where there are none."""
        found = frozenset(expand(phrases, self.lists))
        if not found:
            return 0
        if found not in self._bits:
            self._bits[found] = 1 << len(self._bits)
            for phrase in found:
                self.phrases[phrase] = self.phrases.get(phrase, 0) | self._bits[found]
        return self._bits[found]


class Condition(NamedTuple):
    """A trigger made ready."""

    rule: int
    """The order of its rule in the policy."""
    unsure: bool
    required: int
    """The bits that must all be there before it is worth a closer look."""
    unless: int
    """The bits that silence it."""
    look: int
    """What the text must seem to contain; 0 if that does not matter."""
    met: Callable[[Finds], Find | None]
    """The closer look."""


def condition(trigger: Trigger, rule: int, slots: Slots) -> Condition:
    """Make one trigger ready."""
    made = _made(trigger, rule, slots)
    return (
        made if trigger.category is None else made._replace(met=partial(_about, trigger.category, made.met))
    )


def _about(category: Category, met: Callable[[Finds], Find | None], finds: Finds) -> Find | None:
    """What a trigger finds, under the category that it names."""
    found = met(finds)
    return None if found is None else replace(found, category=category)


def _made(trigger: Trigger, rule: int, slots: Slots) -> Condition:
    unless = slots.bit(trigger.unless)
    if isinstance(trigger, Words):
        bit = slots.bit(trigger.any)
        return Condition(rule, trigger.unsure, bit, unless, 0, partial(_words, bit))
    if isinstance(trigger, Together):
        each = [(slots.bit(phrases), named(phrases, slots.lists)) for phrases in trigger.each]
        required = 0
        for bit, names in each:
            required |= 0 if names else bit
        return Condition(rule, trigger.unsure, required, unless, 0, partial(_together, each, trigger.within))
    if isinstance(trigger, Model):
        models.load()  # here, so that no message waits for it
        return Condition(rule, True, 0, unless, 0, partial(_model, trigger))
    if isinstance(trigger, Image):
        unsure = trigger.unsure or is_a_model(trigger)
        return Condition(
            rule, unsure, 0, unless, 0, lambda finds: pictures.find(finds.context.pictures, trigger)
        )
    if isinstance(trigger, Pattern):
        return Condition(rule, trigger.unsure, 0, unless, 0, partial(_pattern, slots.pattern_bits(trigger)))
    if isinstance(trigger, Expert):
        return _expert(trigger, rule, unless, slots)
    return Condition(
        rule, trigger.unsure, 0, unless, _LOOKS.get(type(trigger), 0), _counted(trigger, slots.lists)
    )


def _expert(trigger: Expert, rule: int, unless: int, slots: Slots) -> Condition:
    """Make a condition in CEL ready; one that asks models is always a doubtful sign."""
    ready = cel.asking(trigger.cel)
    slots.asks_for_lists = slots.asks_for_lists or "lists" in ready.names
    modelled = not MODELS.isdisjoint(ready.names)
    if modelled:
        models.load()  # here, so that no message waits for it
    unsure = trigger.unsure or modelled
    return Condition(rule, unsure, 0, unless, 0, ready.met)


_LOOKS: Final[dict[type, int]] = {Links: int(Look.LINK), Secrets: int(Look.SECRET)}


def _counted(
    trigger: Links | Copies | Floods | Mentions | Media | Secrets, lists: Lists
) -> Callable[[Finds], Find | None]:
    if isinstance(trigger, Links):
        wanted = hosts.wanted(trigger, expand(trigger.hosts, lists), expand(trigger.except_hosts, lists))
        return lambda finds: hosts.find(finds.links(), wanted, finds.context.now, finds.fed)
    if isinstance(trigger, Media):
        return lambda finds: counts.media(finds.message, trigger)
    if isinstance(trigger, Secrets):
        return lambda finds: secrets.find(finds.folded)
    within = seconds(trigger.within or "") or 0.0
    if isinstance(trigger, Mentions):
        return lambda finds: counts.mentions(finds.message, finds.context, trigger, within)
    if isinstance(trigger, Copies):
        return lambda finds: counts.copies(finds.message, finds.context, trigger, within)
    return lambda finds: counts.floods(finds.message, finds.context, trigger, within)


def _pattern(bits: int, finds: Finds) -> Find | None:
    found = finds.patterns() & bits
    return finds.besides.patterns.met(finds.folded, found) if found and finds.besides else None


def _model(trigger: Model, finds: Finds) -> Find | None:
    return models.find(finds.taken_for(), trigger, finds.folded)


def _words(bit: int, finds: Finds) -> Find | None:
    found = finds.spans(bit)
    if not found:
        return None
    met = {place.span: place.phrase for place in found}
    return _find("words", met, all(place.disguised for place in found))


def _find(name: str, met: dict[Span, str], disguised: bool) -> Find:
    spans = tuple(sorted(met, key=lambda span: (span.start, span.end)))
    phrases = tuple(met[span] for span in spans)
    sentence = sentences.SAYING[name](phrases, disguised)
    return Find(name=name, strength=1.0, sentence=sentence, spans=spans, phrases=phrases, disguised=disguised)


Each = list[tuple[int, tuple[str, ...]]]


def _together(each: Each, within: int, finds: Finds) -> Find | None:
    """One of each list close together; what is cheap to find is looked for first."""
    found: list[list[Place]] = []
    for bit, names in each:
        if not names and not finds.hits.bits & bit:
            return None
        found.append(finds.spans(bit) if finds.hits.bits & bit else [])
    for row, (_, names) in zip(found, each, strict=True):
        for name in names:
            row.extend(Place(span, False, name) for span in finds.named(name))
        if not row:
            return None
    chosen = together.find(finds.folded, [[place.span for place in row] for row in found], within)
    if chosen is None:
        return None
    met = {place.span: place for row in found for place in reversed(row)}
    disguised = any(met[span].disguised for span in chosen)
    return _find("together", {span: met[span].phrase for span in chosen}, disguised)
