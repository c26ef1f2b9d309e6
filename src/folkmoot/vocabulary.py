"""Every noun of the product as a frozen struct; imports nothing of ours (see docs/glossary.md)."""

from enum import StrEnum

from msgspec import Struct


class Category(StrEnum):
    """A behaviour a rule may be about; opinion is not one, and nothing else ships."""

    SPAM = "spam"
    SCAM = "scam"
    GAMBLING = "gambling"
    SEXUAL = "sexual"
    SEXUAL_SELLING = "sexual-selling"
    DRUGS = "drugs"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"
    HATE = "hate"
    SELF_HARM = "self-harm"
    PRIVACY = "privacy"
    OFF_TOPIC = "off-topic"


class Outcome(StrEnum):
    """What a verdict says should happen to a message, mildest first."""

    ALLOW = "allow"
    CASE = "case"
    STOP = "stop"
    REMOVE = "remove"

    @property
    def weight(self) -> int:
        """How restrictive the outcome is; a larger number wins over a smaller one."""
        return _WEIGHTS[self]


_WEIGHTS = {Outcome.ALLOW: 0, Outcome.CASE: 1, Outcome.REMOVE: 2, Outcome.STOP: 3}


class Role(StrEnum):
    """Who a sender is to the group at the moment of sending."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    BOT = "bot"


class ActionKind(StrEnum):
    """One act on the platform; each knows its inverse."""

    REMOVE = "remove"
    WARN = "warn"
    MUTE = "mute"
    KICK = "kick"
    BAN = "ban"
    ALLOW_NEXT_TIME = "allow-next-time"
    LOCK_DOWN = "lock-down"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    UNMUTE = "unmute"
    INVITE = "invite"
    UNBAN = "unban"
    DISALLOW = "disallow"
    REOPEN = "reopen"

    @property
    def inverse(self) -> "ActionKind | None":
        """What takes the action back; None for one that itself takes something back."""
        return _INVERSES.get(self)

    @property
    def restricts(self) -> bool:
        """Whether it takes something from a member, who is owed a statement of reasons."""
        return self in _RESTRICTIONS

    @property
    def sanctions(self) -> bool:
        """Whether it limits a person from then on, as nobody limits an administrator."""
        return self in _SANCTIONS


_INVERSES = {
    ActionKind.REMOVE: ActionKind.RESTORE,
    ActionKind.WARN: ActionKind.WITHDRAW,
    ActionKind.MUTE: ActionKind.UNMUTE,
    ActionKind.KICK: ActionKind.INVITE,
    ActionKind.BAN: ActionKind.UNBAN,
    ActionKind.ALLOW_NEXT_TIME: ActionKind.DISALLOW,
    ActionKind.LOCK_DOWN: ActionKind.REOPEN,
}
_SANCTIONS = frozenset({ActionKind.MUTE, ActionKind.KICK, ActionKind.BAN})
_RESTRICTIONS = _SANCTIONS | {ActionKind.REMOVE, ActionKind.WARN}


class Urgency(StrEnum):
    """How soon a person should look, in words and never as a number."""

    URGENT = "urgent"
    SOON = "soon"
    WHEN_YOU_CAN = "when-you-can"


class OnFailure(StrEnum):
    """What happens to a message when we cannot judge it in time."""

    OPEN = "open"
    CLOSED = "closed"


class Span(Struct, frozen=True, array_like=True):
    """A stretch of the original text, in code points, end exclusive."""

    start: int
    end: int


class Message(Struct, frozen=True, kw_only=True):
    """What is judged, platform-free.

    `text` is what a reader would see. `sent_at` is in seconds since 1970 (UTC); None where the chat system
    gives none. `sender` and `room` are None where they are not known: what depends on them (floods, copies)
    then stays silent.
    """

    id: str
    text: str
    sender: str | None = None
    room: str | None = None
    group: str = ""
    sent_at: float | None = None
    mentions: tuple[str, ...] = ()
    mentions_room: bool = False
    media: tuple[str, ...] = ()
    """Media types of what is attached, such as `image/png`."""
    pictures: tuple[str, ...] = ()
    """Where attached pictures are on their chat system, such as `mxc://…`; only its gateway fetches them."""
    encrypted: bool = False
    language: str | None = None


class Trace(Struct, frozen=True, array_like=True):
    """That somebody sent something somewhere: no text."""

    at: float
    sender: str
    room: str


class Call(Struct, frozen=True, array_like=True):
    """That a message called somebody, who is known by a number."""

    at: float
    person: int


class Picture(Struct, frozen=True, kw_only=True):
    """What was found by looking at one attached picture; the picture itself is not kept."""

    known: int | None = None
    """How many of 256 bits lie between it and the nearest on the group's list; None if none is near."""
    nudity: float | None = None
    """How sure a model is that it shows nudity, from 0 to 1; None if none was asked."""
    unreadable: str = ""
    """Why it could not be looked at, in a sentence; empty where it could."""
    missing: bool = False
    """Whether it could not be had in time, so that nothing can be said about the file itself."""


class Context(Struct, frozen=True, kw_only=True):
    """What was known at the moment of judging, and the only source of time for a detector."""

    now: float
    role: Role = Role.MEMBER
    joined_at: float | None = None
    """When the sender joined the group, seconds since 1970; None if not known."""
    messages_before: int | None = None
    """How many messages of this sender the group has seen; None if not known."""
    recent: tuple[float, ...] = ()
    """When the sender's earlier messages in this room were sent, newest last (at most 64)."""
    copies: tuple[Trace, ...] = ()
    """Earlier messages in the group with (nearly) the same text, newest last (at most 64)."""
    calls: tuple[Call, ...] = ()
    """Whom the sender's earlier messages in the group called, newest last (at most 256)."""
    pictures: tuple[Picture, ...] = ()
    """What was found in the attached pictures, where they were looked at."""


class Signal(Struct, frozen=True, kw_only=True):
    """One detector's finding."""

    name: str
    """What was found, such as `words`, `link.shortener`, `flood`, `copies`."""
    category: Category
    strength: float
    """How sure, from 0 to 1."""
    spans: tuple[Span, ...] = ()
    sentence: str
    """Why, for a layperson; never quotes the message beyond what a public rule already names."""
    rule: str | None = None
    """The rule whose trigger found it, where one did."""


class Verdict(Struct, frozen=True, kw_only=True):
    """The automatic outcome for one message, with the rules and signals that led there."""

    message: str
    outcome: Outcome
    policy: str
    """Which policy version judged, such as `neighbours@3`."""
    rules: tuple[str, ...] = ()
    """Ids of the live rules that matched, the deciding one first."""
    shadow_rules: tuple[str, ...] = ()
    """Ids of rules being tried out that would have matched; they never count."""
    signals: tuple[Signal, ...] = ()
    failure: str | None = None
    """Set when we could not judge and the group's open-or-closed setting answered instead."""
    sanction: str | None = None
    """The decision by which the sender is muted, where that stopped the message and no rule."""
