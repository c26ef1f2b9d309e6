"""The port `Wire` to the homeserver in memory."""

import asyncio

from folkmoot.gateways.matrix.bot.sight import MEMBER, Powers
from folkmoot.gateways.matrix.bot.twin import TwinHomeserver, TwinRoom
from folkmoot.gateways.matrix.bot.wire import Content, Event, News, OutOfReachError, RefusedError


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

    async def state(self, room: str, kind: str, key: str = "") -> Event | None:
        """Return one state event of a room that we are in."""
        return (await self._room(room)).state.get((kind, key))

    async def event(self, room: str, event: str) -> Event | None:
        """Return one event of a room that we are in."""
        found = (one for one in (await self._room(room)).timeline if one.id == event)
        return next(found, None)

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

    async def put_state(self, room: str, kind: str, content: Content, key: str = "") -> None:
        """Set a state event, if we have the power."""
        if kind == MEMBER:
            await self.invite(room, key, direct=content.get("is_direct") is True)
            return
        powers = (await self._room(room)).powers
        self._need(powers, powers.to_set(kind))
        self._server.put(room, self._account, kind, content, key)

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
