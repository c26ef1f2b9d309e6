"""What the bot needs of a Matrix homeserver: a small port, and what comes through it, read leniently.

Everything here may have been written by a stranger, so each field is looked at before it is believed; what
does not fit is left out, and nothing raises.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

Content = Mapping[str, Any]


class OutOfReachError(Exception):
    """The homeserver did not answer; trying again later is all that can be done."""

    def __init__(self, trouble: str, *, waited: bool = False) -> None:
        """Keep what went wrong, and whether a connection was made and we waited in vain."""
        super().__init__(trouble)
        self.waited = waited


class RefusedError(Exception):
    """The homeserver answered with an error; the message names its code and what it said."""

    def __init__(self, status: int, code: str, said: str) -> None:
        """Keep the HTTP status, Matrix's error code and the homeserver's own words."""
        super().__init__(f"{status} {code}: {said}")
        self.status = status
        self.code = code


class Event(Struct, frozen=True, kw_only=True):
    """One event of a room; `state_key` is None where it is no state."""

    id: str
    room: str
    kind: str
    sender: str
    content: Content
    state_key: str | None = None
    before: Content = {}
    """What the same state said before, where the homeserver tells."""
    edited: Content | None = None
    """What its author has put in place of its content since, where the homeserver tells."""

    @property
    def body(self) -> str:
        """The text of a message; empty if there is none."""
        return text_of(self.content.get("body"))

    @property
    def replies_to(self) -> str | None:
        """The id of the event that this one replies to."""
        relation = part_of(part_of(self.content, "m.relates_to"), "m.in_reply_to")
        return text_of(relation.get("event_id")) or None

    @property
    def is_edit(self) -> bool:
        """Whether it only replaces an earlier message."""
        return part_of(self.content, "m.relates_to").get("rel_type") == "m.replace"


class Invitation(Struct, frozen=True, kw_only=True):
    """Somebody asks us into a room."""

    room: str
    by: str
    direct: bool


class Gap(Struct, frozen=True):
    """A room where more happened than was handed over."""

    room: str
    before: str
    """The place in the room's history where what was left out ends."""


class News(Struct, frozen=True, kw_only=True):
    """What happened since a position, oldest first in each room."""

    position: str
    invitations: tuple[Invitation, ...] = ()
    events: tuple[Event, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left: tuple[str, ...] = ()
    """Rooms that we are no longer in."""


class Wire(Protocol):
    """An account on a homeserver; every call raises OutOfReachError or RefusedError when it fails."""

    async def whoami(self) -> str:
        """Return the Matrix id of the account."""

    async def display_name(self) -> str:
        """Return the name that people see; empty if there is none."""

    async def news(self, since: str | None, *, wait: float) -> News:
        """Return what happened since a position, waiting up to `wait` seconds for something."""

    async def missed(self, gap: Gap, since: str) -> list[Event]:
        """Return what was left out of the news since a position, oldest first; a bounded number of events."""

    async def state(self, room: str, kind: str, key: str = "") -> Event | None:
        """Return one state event of a room; None if there is none."""

    async def event(self, room: str, event: str) -> Event | None:
        """Return one event; None if there is none or we may not see it."""

    async def joined(self, room: str) -> list[str]:
        """Return who is in a room."""

    async def send(self, room: str, kind: str, content: Content, *, once: str) -> str:
        """Send an event and return its id; a second send with the same `once` has no further effect."""

    async def put_state(self, room: str, kind: str, content: Content, key: str = "") -> str:
        """Set a state event and return its id; empty where the homeserver does not say it."""

    async def replaced(self, room: str, event: str) -> Content | None:
        """Return what a state event took the place of; None if nothing, or if the homeserver won't say."""

    async def redact(self, room: str, event: str, *, reason: str, once: str) -> None:
        """Take an event's content away; a second call with the same `once` has no further effect."""

    async def kick(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out of a room; they may come back."""

    async def ban(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out of a room and keep them out."""

    async def unban(self, room: str, person: str) -> None:
        """Let somebody who is banned come back; they are not in the room by that."""

    async def join(self, room: str) -> None:
        """Accept an invitation."""

    async def leave(self, room: str) -> None:
        """Leave a room, or decline an invitation."""

    async def invite(self, room: str, person: str, *, direct: bool = False) -> None:
        """Invite somebody; `direct` says that the room is a chat with that person alone."""

    async def create_room(self) -> str:
        """Make a private room without encryption, with nobody else in it yet, and return its id."""

    async def close(self) -> None:
        """Let go of the connections."""


def text_of(value: object) -> str:
    """Return `value` if it is text, otherwise an empty text."""
    return value if isinstance(value, str) else ""


def part_of(content: Content, name: str) -> Content:
    """Return the object under `name`, or an empty one."""
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return `value` if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def read_event(room: str, raw: object) -> Event | None:
    """Read one event as a homeserver sends it to clients; None if it makes no sense."""
    if not isinstance(raw, dict):
        return None
    event, kind, sender = (text_of(raw.get(name)) for name in ("event_id", "type", "sender"))
    key = raw.get("state_key")
    if not (kind and sender) or not (key is None or isinstance(key, str)):
        return None
    return Event(
        id=event,
        room=room,
        kind=kind,
        sender=sender,
        content=part_of(raw, "content"),
        state_key=key,
        before=part_of(part_of(raw, "unsigned"), "prev_content"),
        edited=_read_edited(raw),
    )


def _read_edited(raw: Content) -> Content | None:
    """Read the newest version of an edited message (spec: Event replacements, server behaviour)."""
    edit = part_of(part_of(part_of(raw, "unsigned"), "m.relations"), "m.replace")
    return part_of(part_of(edit, "content"), "m.new_content") or None


def read_news(raw: Content, account: str) -> News:
    """Read the answer of a `/sync` request (spec: client-server API, Syncing)."""
    rooms = part_of(raw, "rooms")
    events: list[Event] = []
    gaps: list[Gap] = []
    for room in (joined := part_of(rooms, "join")):
        timeline = part_of(part_of(joined, room), "timeline")
        if timeline.get("limited") is True:
            gaps.append(Gap(room, text_of(timeline.get("prev_batch"))))
        for one in list_of(timeline.get("events")):
            event = read_event(room, one)
            if event is not None:
                events.append(event)
    invited = part_of(rooms, "invite")
    asked = (_read_invitation(room, part_of(invited, room), account) for room in invited)
    return News(
        position=text_of(raw.get("next_batch")),
        invitations=tuple(one for one in asked if one is not None),
        events=tuple(events),
        gaps=tuple(gaps),
        left=tuple(part_of(rooms, "leave")),
    )


def _read_invitation(room: str, raw: Content, account: str) -> Invitation | None:
    for one in list_of(part_of(raw, "invite_state").get("events")):
        event = read_event(room, one)
        if event is not None and event.kind == "m.room.member" and event.state_key == account:
            direct = event.content.get("is_direct") is True
            return Invitation(room=room, by=event.sender, direct=direct)
    return None
