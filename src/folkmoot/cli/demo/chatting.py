"""Each member's own view of the rooms for the chat page, and what happened to what they wrote."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import msgspec
from msgspec import Struct

from folkmoot.cli.demo.person import Answer, Event, MatrixError, Person
from folkmoot.cli.demo.witness import receive

LETTERS = "letters"
_PATIENCE = 3.0
_LONGEST_JOURNAL = 2_000


class Bubble(Struct, frozen=True, kw_only=True):
    """One message as a member sees it: delivered to all, or refused and seen by nobody else."""

    number: int
    room: str
    key: str
    sender: str
    text: str
    at: float
    mine: bool
    refusal: dict[str, Any] | None = None

    @property
    def reason(self) -> str:
        """The first line of the statement of reasons."""
        return str((self.refusal or {}).get("error", ""))

    @property
    def rule(self) -> str:
        """The rule that stopped it."""
        return str((self.refusal or {}).get("org.folkmoot.rule", ""))

    @property
    def link(self) -> str:
        """Where the whole statement of reasons can be read."""
        link = str((self.refusal or {}).get("org.folkmoot.link", ""))
        return link if link.startswith(("http://", "https://")) else ""

    @property
    def word_for_word(self) -> str:
        """The homeserver's refusal as it came."""
        return msgspec.json.format(msgspec.json.encode(self.refusal), indent=2).decode()


class View:
    """One member's view: everything that member's client received, and what was refused to them."""

    def __init__(self, person: Person, bot: str, rooms: Mapping[str, str], names: Mapping[str, str]) -> None:
        """Show `person`'s rooms (ids by key) and the direct messages of `bot`."""
        self.person = person
        self.bot = bot
        self.journal: list[Bubble] = []
        self.trouble = ""
        self._keys = {room: key for key, room in rooms.items()}
        self._rooms = rooms
        self._names = names
        self._numbers = itertools.count(1)
        self._read = 0
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()
        self._ended = False

    async def begin(self) -> None:
        """Start to follow the rooms, once, with everything in view that was said so far."""
        async with self._beginning:
            if self._following is None:
                await self._receive(0.0)
                self._following = asyncio.create_task(self._follow())

    async def end(self) -> None:
        """Stop following, and let every `news` come to its end."""
        self._ended = True
        self._announce()
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following

    @property
    def newest(self) -> int:
        """The number of the newest bubble in any room; 0 before there is one."""
        return self.journal[-1].number if self.journal else 0

    def bubbles(self, room: str, most: int = 100) -> list[Bubble]:
        """Return the newest messages of a room, oldest first."""
        return [bubble for bubble in self.journal if bubble.room == room][-most:]

    async def say(self, room: str, text: str) -> Bubble | None:
        """Say something in a room; returns how it went as soon as this member sees it."""
        answer = await self.person.send(self._rooms[room], text)
        if answer.event is None:
            return self._refused(room, text, answer)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            for bubble in reversed(self.journal):
                if bubble.key == answer.event:
                    return bubble
            await self._wait(0.5)
        return None

    async def news(self, after: int, beat: float = 15.0) -> AsyncIterator[Bubble | None]:
        """Give every bubble after number `after`, then each new one; None now and then while all is quiet."""
        while not self._ended:
            fresh = [bubble for bubble in self.journal if bubble.number > after]
            for bubble in fresh:
                after = bubble.number
                yield bubble
            if not fresh and not await self._wait(beat):
                yield None

    async def _wait(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)
            return True
        return False

    async def _follow(self) -> None:
        while True:
            await self._receive(10.0)
            if self.trouble:
                await asyncio.sleep(1.0)

    async def _receive(self, wait: float) -> None:
        try:
            await receive(self.person, self.bot, wait)
            self.trouble = ""
        except (httpx2.HTTPError, MatrixError) as trouble:
            self.trouble = f"The homeserver does not answer ({type(trouble).__name__})."
        self._take_in()

    def _take_in(self) -> None:
        new = self.person.seen[self._read :]
        self._read = len(self.person.seen)
        for event in new:
            key = LETTERS if event.room in self.person.letters else self._keys.get(event.room)
            if key is not None and event.text:
                self._add(self._delivered(key, event))

    def _delivered(self, room: str, event: Event) -> Bubble:
        return Bubble(
            number=next(self._numbers),
            room=room,
            key=event.id,
            sender=self._names.get(event.sender, event.sender),
            text=event.text,
            at=event.at,
            mine=event.sender == self.person.id,
        )

    def _refused(self, room: str, text: str, answer: Answer) -> Bubble:
        number = next(self._numbers)
        bubble = Bubble(
            number=number,
            room=room,
            key=f"refused-{number}",
            sender=self.person.name,
            text=text,
            at=time.time(),
            mine=True,
            refusal=answer.body,
        )
        self._add(bubble)
        return bubble

    def _add(self, bubble: Bubble) -> None:
        self.journal.append(bubble)
        del self.journal[:-_LONGEST_JOURNAL]
        self._announce()

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
