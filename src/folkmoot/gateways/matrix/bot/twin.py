"""A homeserver in memory: rooms, power and invitations as the bot meets them, for tests without a network."""

import asyncio
from itertools import count
from typing import Any

from msgspec.structs import replace

from folkmoot.gateways.matrix.bot.sight import MEMBER, Powers, read_powers
from folkmoot.gateways.matrix.bot.wire import (
    Content,
    Event,
    Gap,
    Invitation,
    News,
    text_of,
)


class TwinRoom:
    """One room: its state, and everything that was sent."""

    def __init__(self, room: str) -> None:
        """Begin empty."""
        self.id = room
        self.state: dict[tuple[str, str], Event] = {}
        self.timeline: list[Event] = []

    def membership(self, person: str) -> str:
        """Return where a person stands in the room."""
        member = self.state.get((MEMBER, person))
        return text_of(member.content.get("membership")) if member else ""

    @property
    def powers(self) -> Powers:
        """Return who has which power."""
        levels = self.state.get(("m.room.power_levels", ""))
        return read_powers(self.state.get(("m.room.create", "")), levels)


class TwinHomeserver:
    """Rooms and people; what people do is called here, what the bot does comes through a `TwinWire`."""

    def __init__(self) -> None:
        """Begin with no rooms."""
        self.rooms: dict[str, TwinRoom] = {}
        self.away = False
        """Set to make every request of a wire fail."""
        self.silenced: set[str] = set()
        """Rooms in which every message fails, as with a policy server that does not answer."""
        self.joins_at_once: set[str] = set()
        """Accounts that accept every invitation, as the policy server's does."""
        self.names: dict[str, str] = {}
        self.most_news = 0
        """How many events of one room are handed over at once, the newest; 0: all."""
        self.replaced: dict[str, Content] = {}
        """What each state event took the place of."""
        self._stream: list[Event] = []
        self._sent: dict[tuple[str, str, str], str] = {}
        self._numbers = count(1)
        self._news = asyncio.Event()

    def create_room(
        self, by: str, *, name: str = "", version: str = "11", users: dict[str, int] | None = None
    ) -> str:
        """Make a private room; its maker has power 100, or stands above all from version 12 on."""
        room = TwinRoom(f"!{next(self._numbers)}:twin")
        self.rooms[room.id] = room
        self.put(room.id, by, "m.room.create", {"room_version": version}, "")
        self.put(room.id, by, MEMBER, {"membership": "join"}, by)
        own = {} if int(version) >= 12 else {by: 100}
        self.put(room.id, by, "m.room.power_levels", {"users": {**own, **(users or {})}}, "")
        if name:
            self.put(room.id, by, "m.room.name", {"name": name}, "")
        return room.id

    def put(self, room: str, by: str, kind: str, content: Content, key: str | None = None) -> str:
        """Let an event happen, whatever the rules say; returns its id."""
        place = self.rooms[room]
        before = place.state.get((kind, key)) if key is not None else None
        event = Event(
            id=f"${next(self._numbers)}",
            room=room,
            kind=kind,
            sender=by,
            content=content,
            state_key=key,
            before={} if before is None else before.content,
        )
        if key is not None:
            if before is not None:
                self.replaced[event.id] = before.content
            place.state[kind, key] = event
        place.timeline.append(event)
        self._stream.append(event)
        self._news.set()
        return event.id

    def say(self, room: str, by: str, text: str, *, reply_to: str = "") -> str:
        """Let a person write something; returns the event's id."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return self.put(room, by, "m.room.message", content)

    def react(self, room: str, by: str, event: str, key: str) -> str:
        """Let a person react to a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.put(room, by, "m.reaction", {"m.relates_to": relation})

    def member(
        self, room: str, by: str, person: str, membership: str, *, direct: bool = False, reason: str = ""
    ) -> None:
        """Change where a person stands: invite, join, leave (by another: a kick) or ban."""
        content: dict[str, Any] = {"membership": membership}
        content |= ({"is_direct": True} if direct else {}) | ({"reason": reason} if reason else {})
        self.put(room, by, MEMBER, content, person)
        if membership == "invite" and person in self.joins_at_once:
            self.member(room, person, person, "join")

    def texts(self, room: str, by: str) -> list[str]:
        """Return what an account wrote in a room, oldest first."""
        sent = [one for one in self.rooms[room].timeline if one.kind == "m.room.message"]
        return [one.body for one in sent if one.sender == by]

    def directs(self, account: str, person: str) -> list[str]:
        """Return what an account wrote to a person in rooms that only the two are in, or are asked into."""
        found: list[str] = []
        for room in self.rooms.values():
            members = {key for (kind, key) in room.state if kind == MEMBER}
            if members == {account, person}:
                found += self.texts(room.id, account)
        return found

    def news(self, account: str, since: int) -> News:
        """Return what an account learns about since a position."""
        mine = {room.id for room in self.rooms.values() if room.membership(account) == "join"}
        invitations, left = [], []
        for event in self._stream[since:]:
            if event.kind != MEMBER or event.state_key != account:
                continue
            now = self.rooms[event.room].membership(account)
            if now == "invite" and event.content.get("membership") == "invite":
                direct = event.content.get("is_direct") is True
                invitations.append(Invitation(room=event.room, by=event.sender, direct=direct))
            elif now in ("leave", "ban"):
                left.append(event.room)
        events = tuple(event for event in self._stream[since:] if event.room in mine)
        kept, gaps = self._limited(events)
        return News(
            position=str(len(self._stream)),
            invitations=tuple(invitations),
            events=kept,
            gaps=gaps,
            left=tuple(left),
        )

    def missed(self, gap: Gap, since: int) -> list[Event]:
        """Return what `news` left out of a room."""
        return [event for event in self._stream[since : int(gap.before)] if event.room == gap.room]

    def _limited(self, events: tuple[Event, ...]) -> tuple[tuple[Event, ...], tuple[Gap, ...]]:
        by_room: dict[str, list[Event]] = {}
        for event in events:
            by_room.setdefault(event.room, []).append(event)
        left_out = {room: all_[: -self.most_news] for room, all_ in by_room.items() if self.most_news}
        dropped = {event.id for theirs in left_out.values() for event in theirs}
        gaps = [
            Gap(room, str(self._stream.index(theirs[-1]) + 1)) for room, theirs in left_out.items() if theirs
        ]
        return tuple(event for event in events if event.id not in dropped), tuple(gaps)

    async def wait(self, since: int, seconds: float) -> None:
        """Wait until something happened after a position."""
        if len(self._stream) > since:
            return
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    def send_once(self, room: str, by: str, kind: str, content: Content, once: str) -> str:
        """Send an event; the same name has no second effect."""
        name = (by, room, once)
        if name not in self._sent:
            self._sent[name] = self.put(room, by, kind, content)
        return self._sent[name]

    def sent_once(self, room: str, by: str, once: str) -> str | None:
        """Return the event that was sent under a name, if one was."""
        return self._sent.get((by, room, once))

    def redact(self, room: str, by: str, event: str, once: str) -> None:
        """Take an event's content away; the same name has no second effect."""
        if (by, room, once) in self._sent:
            return
        place = self.rooms[room]
        place.timeline = [replace(one, content={}) if one.id == event else one for one in place.timeline]
        self._sent[by, room, once] = self.put(room, by, "m.room.redaction", {"redacts": event})
