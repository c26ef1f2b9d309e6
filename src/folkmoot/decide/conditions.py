"""Triggers made ready: for each a function that says what of it a message shows."""

from collections.abc import Callable, Collection, Iterable
from functools import partial

from folkmoot.decide.durations import seconds
from folkmoot.decide.phrases import expand, named
from folkmoot.decide.rules import Policy
from folkmoot.detect import counts, hosts, places, secrets, together
from folkmoot.detect.triggers import (
    Copies,
    Find,
    Floods,
    Links,
    Media,
    Mentions,
    Secrets,
    Together,
    Trigger,
    Words,
)
from folkmoot.detect.words import Hit
from folkmoot.text.fold import Folded
from folkmoot.text.links import Link, links
from folkmoot.vocabulary import Context, Message, Span


class Finds:
    """What is found in one message, each thing looked for at most once."""

    __slots__ = ("_links", "_named", "context", "folded", "hits", "message")

    def __init__(self, message: Message, context: Context, folded: Folded, hits: list[Hit]) -> None:
        self.message = message
        self.context = context
        self.folded = folded
        self.hits = hits
        self._links: tuple[Link, ...] | None = None
        self._named: dict[str, list[Span]] = {}

    def links(self) -> tuple[Link, ...]:
        """The message's links."""
        if self._links is None:
            self._links = links(self.folded)
        return self._links

    def any_of(self, numbers: Collection[int]) -> bool:
        """Whether one of these phrases was found."""
        return any(hit.phrase in numbers for hit in self.hits)

    def named(self, name: str) -> list[Span]:
        """Where a price, a link, an invitation or a contact stands."""
        if name not in self._named:
            found = () if name in ("<price>", "<contact>") else self.links()
            self._named[name] = places.find(name, self.folded, found)
        return self._named[name]


class Sources:
    """What conditions are made from: the policy and the numbers of its phrases."""

    def __init__(self, policy: Policy, numbers: dict[str, int]) -> None:
        self.policy = policy
        self._numbers = numbers

    def numbers_of(self, phrases: Iterable[str]) -> frozenset[int]:
        """The numbers of phrases in the lexicon."""
        return frozenset(self._numbers[phrase] for phrase in phrases)


Condition = Callable[[Finds], Find | None]


def condition(trigger: Trigger, sources: Sources) -> Condition:
    """Make one trigger ready."""
    ready = _counted(trigger) if not isinstance(trigger, Words | Together) else _read(trigger, sources)
    if not trigger.unless:
        return ready
    unless = sources.numbers_of(expand(trigger.unless, sources.policy.lists))
    return lambda finds: None if finds.any_of(unless) else ready(finds)


def _read(trigger: Words | Together, sources: Sources) -> Condition:
    lists = sources.policy.lists
    if isinstance(trigger, Words):
        return partial(_words, sources.numbers_of(expand(trigger.any, lists)))
    each = [(sources.numbers_of(expand(one, lists)), named(one, lists)) for one in trigger.each]
    return partial(_together, each, trigger.within)


def _counted(trigger: Links | Copies | Floods | Mentions | Media | Secrets) -> Condition:
    if isinstance(trigger, Links):
        return lambda finds: hosts.find(finds.links(), trigger)
    if isinstance(trigger, Mentions):
        return lambda finds: counts.mentions(finds.message, trigger)
    if isinstance(trigger, Media):
        return lambda finds: counts.media(finds.message, trigger)
    if isinstance(trigger, Secrets):
        return lambda finds: secrets.find(finds.folded)
    within = seconds(trigger.within) or 0.0
    if isinstance(trigger, Copies):
        return lambda finds: counts.copies(finds.message, finds.context, trigger, within)
    return lambda finds: counts.floods(finds.message, finds.context, trigger, within)


def _words(numbers: frozenset[int], finds: Finds) -> Find | None:
    hits = [hit for hit in finds.hits if hit.phrase in numbers]
    if not hits:
        return None
    disguised = all(hit.disguised for hit in hits)
    sentence = "It uses words that the rule names" + (
        ", written so as not to be recognised." if disguised else "."
    )
    return Find(name="words", strength=1.0, sentence=sentence, spans=_spans(hits))


def _spans(hits: list[Hit]) -> tuple[Span, ...]:
    return tuple(sorted({hit.span for hit in hits}, key=lambda span: (span.start, span.end)))


Each = list[tuple[frozenset[int], tuple[str, ...]]]


def _together(each: Each, within: int, finds: Finds) -> Find | None:
    found: list[list[Span]] = []
    for numbers, names in each:
        spans = [hit.span for hit in finds.hits if hit.phrase in numbers]
        if not spans and not names:
            return None
        found.append(spans)
    for spans, (_, names) in zip(found, each, strict=True):
        for name in names:
            spans.extend(finds.named(name))
        if not spans:
            return None
    chosen = together.find(finds.folded, found, within)
    if chosen is None:
        return None
    sentence = "It puts words side by side that the rule names only in combination."
    return Find(name="together", strength=1.0, sentence=sentence, spans=chosen)
