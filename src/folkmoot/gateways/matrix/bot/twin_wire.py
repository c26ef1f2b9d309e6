"""The port `Wire` to the homeserver in memory."""

import asyncio

from msgspec.structs import replace

from folkmoot.gateways.matrix.bot.sight import MEMBER, Powers
from folkmoot.gateways.matrix.bot.twin import TwinHomeserver, TwinRoom
from folkmoot.gateways.matrix.bot.wire import (
    Content,
    Event,
    Gap,
    News,
    OutOfReachError,
    RefusedError,
    part_of,
)


class TwinWire:
    """The port `Wire` to a homeserver in memory."""

    def __init__(self, server: TwinHomeserver, account: str) -> None:
        """Act as `account`."""
        self._server = server
        self._account = account

    async def whoami(self) -> str:
        """Return the account."""
        await self._reach()
        return self._account

    async def display_name(self) -> str:
        """Return the name that people see."""
        await self._reach()
        return self._server.names.get(self._account, "")

    async def news(self, since: str | None, *, wait: float) -> News:
        """Return what happened since a position."""
        await self._reach()
        await self._server.wait(int(since or 0), wait)
        await self._reach()
        return self._server.news(self._account, int(since or 0))

    async def missed(self, gap: Gap, since: str) -> list[Event]:
        """Return what was left out of the news."""
        await self._room(gap.room)
        return self._server.missed(gap, int(since))

    async def state(self, room: str, kind: str, key: str = "") -> Event | None:
        """Return one state event of a room that we are in."""
        return (await self._room(room)).state.get((kind, key))

    async def event(self, room: str, event: str) -> Event | None:
        """Return one event of a room that we are in."""
        timeline = (await self._room(room)).timeline
        found = next((one for one in timeline if one.id == event), None)
        edits = [
            part_of(one.content, "m.new_content")
            for one in timeline
            if one.is_edit and part_of(one.content, "m.relates_to").get("event_id") == event
        ]
        return replace(found, edited=edits[-1]) if found is not None and edits else found

    async def joined(self, room: str) -> list[str]:
        """Return who is in a room."""
        place = await self._room(room)
        return [key for (kind, key) in place.state if kind == MEMBER and place.membership(key) == "join"]

    async def send(self, room: str, kind: str, content: Content, *, once: str) -> str:
        """Send an event; the same `once` has no second effect."""
        await self._room(room)
        if room in self._server.silenced:
            raise RefusedError(500, "M_UNKNOWN", "Internal server error")
        return self._server.send_once(room, self._account, kind, content, once)

    async def put_state(self, room: str, kind: str, content: Content, key: str = "") -> str:
        """Set a state event, if we have the power."""
        if kind == MEMBER:
            await self.invite(room, key, direct=content.get("is_direct") is True)
            return self._server.rooms[room].state[kind, key].id
        place = await self._room(room)
        powers = place.powers
        self._need(powers, powers.to_set(kind))
        if kind == "m.room.power_levels":
            self._may_change(powers, content)
        now = place.state.get((kind, key))
        if now is not None and (now.sender, now.content) == (self._account, content):
            return now.id  # as Synapse does
        return self._server.put(room, self._account, kind, content, key)

    async def replaced(self, room: str, event: str) -> Content | None:
        """Return what a state event took the place of."""
        await self._room(room)
        return self._server.replaced.get(event)

    async def redact(self, room: str, event: str, *, reason: str, once: str) -> None:
        """Take an event's content away, if it is our own or we have the power."""
        del reason
        place = await self._room(room)
        if not any(one.id == event and one.sender == self._account for one in place.timeline):
            self._need(place.powers, place.powers.to_do("redact"))
        self._server.redact(room, self._account, event, once)

    async def kick(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out who is there, if we have the power."""
        if (await self._above(room, person, "kick")).membership(person) not in ("join", "invite", "knock"):
            raise RefusedError(403, "M_FORBIDDEN", f"{person} is not in the room.")
        self._server.member(room, self._account, person, "leave", reason=reason)

    async def ban(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out and keep them out, if we have the power."""
        await self._above(room, person, "ban")
        self._server.member(room, self._account, person, "ban", reason=reason)

    async def unban(self, room: str, person: str) -> None:
        """Let somebody who is banned come back, if we have the power."""
        if (await self._above(room, person, "ban")).membership(person) != "ban":
            raise RefusedError(403, "M_BAD_STATE", f"{person} is not banned.")
        self._server.member(room, self._account, person, "leave")

    async def join(self, room: str) -> None:
        """Accept an invitation."""
        await self._reach()
        if self._server.rooms[room].membership(self._account) not in ("invite", "join"):
            raise RefusedError(403, "M_FORBIDDEN", "You are not invited to this room.")
        self._server.member(room, self._account, self._account, "join")

    async def leave(self, room: str) -> None:
        """Leave a room, or decline an invitation."""
        await self._reach()
        self._server.member(room, self._account, self._account, "leave")

    async def invite(self, room: str, person: str, *, direct: bool = False) -> None:
        """Invite somebody who isn't there or banned, if we have the power."""
        place = await self._room(room)
        self._need(place.powers, place.powers.to_invite)
        if place.membership(person) in ("join", "ban"):
            raise RefusedError(403, "M_FORBIDDEN", f"{person} is in the room, or banned from it.")
        self._server.member(room, self._account, person, "invite", direct=direct)

    async def create_room(self) -> str:
        """Make a private room with nobody else in it."""
        await self._reach()
        return self._server.create_room(self._account)

    async def close(self) -> None:
        """Do nothing: there are no connections."""

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if self._server.away:
            raise OutOfReachError("the homeserver is away")

    async def _room(self, room: str) -> TwinRoom:
        await self._reach()
        place = self._server.rooms.get(room)
        if place is None or place.membership(self._account) != "join":
            raise RefusedError(403, "M_FORBIDDEN", "You are not in this room.")
        return place

    def _need(self, powers: Powers, needed: int) -> None:
        if powers.of(self._account) < needed:
            raise RefusedError(403, "M_FORBIDDEN", "You don't have the power.")

    async def _above(self, room: str, person: str, act: str) -> TwinRoom:
        place = await self._room(room)
        self._need(place.powers, max(place.powers.to_do(act), place.powers.of(person) + 1))
        return place

    def _may_change(self, powers: Powers, content: Content) -> None:
        """Refuse to change the power of those who have as much as we, or to give more than we have."""
        before, after = part_of(powers.levels, "users"), part_of(content, "users")
        for person in {*before, *after} - {self._account}:
            if before.get(person) != after.get(person):
                self._need(powers, max(powers.of(person) + 1, after.get(person, 0)))
