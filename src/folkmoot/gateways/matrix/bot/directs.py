"""The bot's chats with single people: found again, made when needed, never two at a time."""

import asyncio
from typing import Any

from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.notes import Companion, Direct
from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import Event, RefusedError, text_of


class Directs:
    """Rooms for two, one for each person; kept in the store."""

    def __init__(self, here: Surroundings) -> None:
        """Begin with what the store knows."""
        self._here = here
        self._one_at_a_time = asyncio.Lock()
        self._companions: dict[str, str] = {}

    async def load(self) -> None:
        """Read which chats there are."""
        found = await self._here.store.read(lambda c: notes.every(c, Companion))
        self._companions = {room: one.person for room, one in found.items()}

    def companion(self, room: str) -> str | None:
        """Return whom we share this room with; None if it is no direct chat."""
        return self._companions.get(room)

    async def adopt(self, room: str, person: str) -> None:
        """Take a room that somebody opened with us as our chat with them."""
        at = self._here.clock()

        def keep(connection: Any) -> None:
            notes.put(connection, Direct, person, Direct(room), at=at)
            notes.put(connection, Companion, room, Companion(person), at=at)

        await self._here.store.write(keep)
        self._companions[room] = person

    async def forget(self, room: str) -> None:
        """Forget a chat that we are no longer in."""

        def drop(connection: Any) -> None:
            companion = notes.get(connection, Companion, room)
            if companion is None:
                return
            notes.forget(connection, Companion, room)
            known = notes.get(connection, Direct, companion.person)
            if known is not None and known.room == room:
                notes.forget(connection, Direct, companion.person)

        if self._companions.pop(room, None) is not None:
            await self._here.store.write(drop)

    async def tell(self, person: str, content: dict[str, Any], *, once: str) -> str:
        """Send a person a message in our chat with them; the same `once` tells them once only."""
        room = await self.room_with(person)
        return await self._here.wire.send(room, "m.room.message", content, once=once)

    async def room_with(self, person: str) -> str:
        """Return our chat with a person, opening or reopening it if there is none they are in."""
        async with self._one_at_a_time:
            known = await self._here.store.read(lambda c: notes.get(c, Direct, person))
            if known is not None and await self._still_open(known.room, person):
                return known.room
            return await self._open(person)

    async def reopen_readable(self, room: str, person: str) -> str | None:
        """Open a chat without encryption in place of `room`; None where the homeserver makes none."""
        async with self._one_at_a_time:
            known = await self._here.store.read(lambda c: notes.get(c, Direct, person))
            if known is not None and known.room != room:
                return None
            made = await self._open(person)
        encrypted = await self._here.wire.state(made, "m.room.encryption")
        return made if encrypted is None else None

    async def _open(self, person: str) -> str:
        # First the room, then the note, then the invitation: killed in between, nobody is invited twice.
        made = await self._here.wire.create_room()
        await self.adopt(made, person)
        await self._here.wire.invite(made, person, direct=True)
        return made

    async def _still_open(self, room: str, person: str) -> bool:
        wire = self._here.wire
        try:
            if set(await wire.joined(room)) - {person, self._here.account}:
                return False  # somebody else is there too: it is not between us any more
            membership = _membership(await wire.state(room, MEMBER, person))
            if membership in ("leave", ""):
                await wire.invite(room, person, direct=True)
        except RefusedError:
            return False
        return membership != "ban"


def _membership(member: Event | None) -> str:
    return text_of(member.content.get("membership")) if member else ""
