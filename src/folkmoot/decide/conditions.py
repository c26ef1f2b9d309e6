"""Triggers made ready: what must be there for each to be worth a closer look, and the closer look."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

from folkmoot.decide import sentences
from folkmoot.decide.durations import seconds
from folkmoot.decide.phrases import expand, named
from folkmoot.detect import counts, hosts, models, pictures, places, secrets, together
from folkmoot.detect.triggers import (
    Copies,
    Find,
    Floods,
    Image,
    Links,
    Media,
    Mentions,
    Model,
    Secrets,
    Together,
    Trigger,
    Words,
    is_a_model,
)
from folkmoot.detect.words import Hits, Lexicon, Place
from folkmoot.text.fold import Folded
from folkmoot.text.links import Link, links
from folkmoot.text.looks import Look
from folkmoot.vocabulary import Context, Message, Span

Lists = dict[str, tuple[str, ...]]


class Finds:
    """What is found in one message, each thing looked for at most once."""

    __slots__ = ("_links", "_named", "_taken", "context", "folded", "hits", "lexicon", "message")

    def __init__(self, message: Message, context: Context, folded: Folded, lexicon: Lexicon) -> None:
        self.message = message
        self.context = context
        self.folded = folded
        self.lexicon = lexicon
        self.hits: Hits = lexicon.find(folded)
        self._links: tuple[Link, ...] | None = None
        self._named: dict[str, list[Span]] | None = None
        self._taken: models.Taken | None = None

    def links(self) -> tuple[Link, ...]:
        """The message's links."""
        if self._links is None:
            self._links = links(self.folded)
        return self._links

    def taken_for(self) -> models.Taken:
        """What the models take the message for."""
        if self._taken is None:
            self._taken = models.load().taken_for(self.folded, self.message.language)
        return self._taken

    def named(self, name: str) -> list[Span]:
        """Where a price, a link, an invitation or a contact stands."""
        if self._named is None:
            self._named = {}
        if name not in self._named:
            found = () if name in ("<price>", "<contact>") else self.links()
            self._named[name] = places.find(name, self.folded, found)
        return self._named[name]

    def spans(self, bit: int) -> list[Place]:
        """Where the phrases of a list stand."""
        return self.lexicon.spans(self.hits, self.folded, bit)


class Slots:
    """Gives each list of phrases that a policy names a bit of its own, the same list the same bit."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.phrases: dict[str, int] = {}
        self._bits: dict[frozenset[str], int] = {}

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
    return Condition(
        rule, trigger.unsure, 0, unless, _LOOKS.get(type(trigger), 0), _counted(trigger, slots.lists)
    )


_LOOKS: Final[dict[type, int]] = {Links: int(Look.LINK), Secrets: int(Look.SECRET)}


def _counted(
    trigger: Links | Copies | Floods | Mentions | Media | Secrets, lists: Lists
) -> Callable[[Finds], Find | None]:
    if isinstance(trigger, Links):
        wanted = hosts.wanted(trigger, expand(trigger.hosts, lists), expand(trigger.except_hosts, lists))
        return lambda finds: hosts.find(finds.links(), wanted, finds.context.now)
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
