"""What the policy server needs from the rest of the product; `memory` has twins of it for tests."""

from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from folkmoot.gateways.matrix.key_sets import KeySet
from folkmoot.vocabulary import Message, OnFailure


class Standing(StrEnum):
    """Where the policy account stands in a room."""

    JOINING = "joining"
    """Invited, and the invitation accepted; the join is under way, also after a restart."""
    JOINED = "joined"
    LEFT = "left"
    """Left, kicked or banned: homeservers no longer ask us, so that protection is off."""


class Fact(Struct, frozen=True):
    """The content of one state event, and how far down the room's history it stands."""

    content: dict[str, Any]
    depth: int = 0
    sender: str = ""


class Room(Struct, frozen=True, kw_only=True):
    """What the policy server knows of a room: never members, never messages."""

    id: str
    version: str
    standing: Standing
    servers: tuple[str, ...] = ()
    """Servers that were in the room when we joined, the one that let us in first (at most 16)."""
    inviter: str = ""
    joined_depth: int = 0
    """How far down the room's history we joined."""
    creators: tuple[str, ...] = ()
    facts: dict[str, Fact] = {}
    """The room's state, by event type, for those types that matter to us."""

    def content(self, kind: str) -> dict[str, Any] | None:
        """Return the content of a state event; None if we know of none."""
        fact = self.facts.get(kind)
        return fact.content if fact is not None else None


class Rooms(Protocol):
    """The rooms that we were invited to."""

    async def find(self, room: str) -> Room | None:
        """Return a room; None if we never were invited to it."""

    async def keep(self, room: Room) -> None:
        """Remember a room durably, in place of what was known of it."""

    async def every(self) -> list[Room]:
        """Return all rooms, for the start."""

    async def admits(self, room: str, inviter: str) -> bool:
        """Tell whether an invitation may be accepted (operators may limit who is served)."""


class Terms(Struct, frozen=True, kw_only=True):
    """What a room's group decided about things the policy server does by itself, in the group's language."""

    group: str = ""
    on_failure: OnFailure = OnFailure.OPEN
    sign_encrypted: bool = True
    looks_at_pictures: bool = False
    """Whether messages with pictures get more time, because the pictures are fetched and looked at."""
    closed_sentence: str = (
        "This message could not be checked in time, and this group chose to wait rather than let it through. "
        "Please send it again."
    )
    encrypted_sentence: str = (
        "This group does not accept encrypted messages, because its rules cannot be applied to them."
    )


class Ruling(Struct, frozen=True, kw_only=True):
    """What was decided about a message."""

    allowed: bool
    error: str = ""
    """The first line of the statement of reasons, for the sender; needed if not allowed."""
    fields: dict[str, str] = {}
    """More for the sender's client, such as `rule`, `reason`, `link`, `outcome`; each gets our prefix."""
    remembered: bool = False
    """Whether judging the same message again, after a restart too, would give this same ruling."""


class Judging(Protocol):
    """The rest of the product, which judges."""

    async def terms(self, room: str) -> Terms:
        """Return what the room's group decided; the defaults where a room has no group yet."""

    async def judge(self, message: Message) -> Ruling:
        """Judge one message; raising, or taking too long, makes the group's open-or-closed setting answer."""

    async def unreadable(self, message: Message) -> Ruling:
        """Refuse a message that cannot be read, in a group that does not accept those."""

    async def failed(self, message: Message, why: str) -> Ruling:
        """Answer for a message that could not be judged, as its group chose; quick, whatever is broken."""


class Answer(Struct, frozen=True, kw_only=True):
    """The answer that an event got, and keeps: `error` is empty where it was signed."""

    event: str
    room: str
    error: str = ""
    fields: dict[str, str] = {}
    failure: str = ""
    """Why we could not judge, where the group's setting answered instead."""


class Answers(Protocol):
    """Answers already given: the same event gets the same answer, for ever after."""

    async def find(self, event: str) -> Answer | None:
        """Return the answer that an event got."""

    async def keep(self, answer: Answer) -> Answer:
        """Remember an answer durably and return the one that stands: the first."""


class KeyCache(Protocol):
    """Other servers' keys, remembered across a restart."""

    async def get(self, server: str) -> KeySet | None:
        """Return what is remembered of a server's keys."""

    async def put(self, keys: KeySet) -> None:
        """Remember a server's keys."""
