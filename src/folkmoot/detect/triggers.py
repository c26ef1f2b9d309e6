"""What can set a rule off: one typed struct per kind of trigger, with the words a policy file uses for it."""

from typing import Literal

from msgspec import Struct

from folkmoot.vocabulary import Category, Span


class Watch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every kind of trigger may say besides."""

    unless: tuple[str, ...] = ()
    """Phrases that show that the message is about something else; then this trigger is silent."""
    unsure: bool = False
    """A doubtful sign: it opens a case at most, whatever the rule's outcome is."""
    category: Category | None = None
    """What it is about, where that is not what the rule is about."""


class Words(Watch, frozen=True, tag="words", tag_field="kind"):
    """Any of these words or phrases.

    `word` is a whole word, `stem*` also longer words, `*end` also words that end so, `=word` exactly as
    written, accents included, and `@name` every phrase of the policy's list of that name.
    """

    any: tuple[str, ...]


class Together(Watch, frozen=True, tag="together", tag_field="kind"):
    """One phrase from each of several lists, close to each other.

    Besides phrases a list may name `<price>`, `<amount>` (a weight), `<link>`, `<invite>` and `<contact>` (a
    handle or a telephone number).
    """

    each: tuple[tuple[str, ...], ...]
    within: int = 12
    """How many words may lie between the first and the last; a Chinese, Japanese or Thai character counts
    as half a word."""


LinkKind = Literal["any", "shortener", "invite", "lookalike", "mixed-script", "number", "hidden"]


class Links(Watch, frozen=True, tag="links", tag_field="kind"):
    """A link of one of these kinds, or to one of these hosts or their subdomains."""

    what: tuple[LinkKind, ...] = ()
    hosts: tuple[str, ...] = ()
    """A host, a host `until` a day, or `@name`: those of the policy's list of that name."""
    host_lists: tuple[str, ...] = ()
    """Names of lists that the operator feeds: the group's own, and those for all groups."""
    except_hosts: tuple[str, ...] = ()
    well_known: tuple[str, ...] = ()
    """Hosts that others are made to look like: the group's bank, its own site."""


Where = Literal["same", "different", "any"]
Whose = Literal["same", "different", "several", "any"]


class Copies(Watch, frozen=True, tag="copies", tag_field="kind"):
    """The same or nearly the same text so many times, this message included."""

    count: int = 3
    within: str = "10 minutes"
    senders: Whose = "any"
    """Whose copies count: of the same sender, each other sender once, those of several among whom this
    sender repeats the text, or all."""
    rooms: Where = "any"
    """Count copies in the same room, in different rooms, or all."""


class Floods(Watch, frozen=True, tag="floods", tag_field="kind"):
    """So many messages of one sender in one room, this one included."""

    count: int = 10
    within: str = "30 seconds"


class Mentions(Watch, frozen=True, tag="mentions", tag_field="kind"):
    """A message that calls so many people, or the whole room."""

    count: int | None = None
    within: str | None = None
    """Counts all different people that one sender calls in so long a time, this message included; without
    it those of one message."""
    room: bool = False


class Media(Watch, frozen=True, tag="media", tag_field="kind"):
    """An attachment of one of these types, such as `video/*`."""

    types: tuple[str, ...]


class Secrets(Watch, frozen=True, tag="secrets", tag_field="kind"):
    """A key or a token that lets whoever reads it act as somebody else."""


Head = Literal[
    "spam",
    "scam",
    "gambling",
    "sexual",
    "sexual-selling",
    "drugs",
    "violence",
    "harassment",
    "hate",
    "self-harm",
]
HowSure = Literal["likely", "very likely"]


class Model(Watch, frozen=True, tag="model", tag_field="kind"):
    """What a model takes the message for; whatever the rule's outcome, a model alone opens a case at most.

    A model says nothing in languages in which it was not found reliable.
    """

    head: Head
    """Which model: the category that it knows."""
    at_least: HowSure = "likely"


ImageFinding = Literal["known", "nudity", "unreadable"]


class Image(Watch, frozen=True, tag="image", tag_field="kind"):
    """What was found by looking at an attached picture, where pictures are looked at.

    `known` is a picture on the group's own list, or nearly one; `nudity` is what a model takes it for, which
    alone opens a case at most; `unreadable` is a file that can't be looked at.
    """

    what: ImageFinding
    at_least: HowSure = "likely"
    """How sure the model must be; for `nudity` only."""


class Pattern(Watch, frozen=True, tag="pattern", tag_field="kind"):
    """Any of these regular expressions (RE2), in the text as it is written or with its tricks undone."""

    any: tuple[str, ...]
    exactly: bool = False
    """Only the text as it is written counts, with capitals and small letters as the pattern has them."""


class Expert(Watch, frozen=True, tag="condition", tag_field="kind"):
    """A condition in CEL over what is known of a message; one that asks models opens a case at most."""

    cel: str


Trigger = (
    Words | Together | Links | Copies | Floods | Mentions | Media | Secrets | Model | Image | Pattern | Expert
)


def is_a_model(trigger: Trigger) -> bool:
    """Whether a trigger is what a model thinks, which alone never stops or removes anything."""
    return isinstance(trigger, Model) or (isinstance(trigger, Image) and trigger.what == "nudity")


class Find(Struct, frozen=True, kw_only=True):
    """What a detector found: a signal before it knows its rule and category."""

    name: str
    strength: float
    sentence: str
    spans: tuple[Span, ...] = ()
    phrases: tuple[str, ...] = ()
    """For each span which of the rule's phrases it is, where it is one."""
    disguised: bool = False
    """Whether the phrases were written so as not to be recognised."""
    category: Category | None = None
    """What it is about, where the detector knows better than the rule."""
