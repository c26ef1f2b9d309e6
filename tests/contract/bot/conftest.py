"""The whole program on loopback beside a real Synapse: policy server, judging, bot."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver, free_port
from folkmoot.gateways.matrix.bot.bot import Bot
from folkmoot.remember import groups, rooms
from folkmoot.remember.records import Protection
from folkmoot.settings import load
from folkmoot.wiring import Folkmoot
from tests.support.synapse import Person, authority, new_person, synapse

__all__ = ["authority", "synapse"]


class Town:
    """A homeserver, Folkmoot, and what tests ask of both."""

    def __init__(self, server: Homeserver, file: Path) -> None:
        """Put Folkmoot together from a settings file; `start` lets it live."""
        self.server = server
        self.file = file
        self.settings = settings = load(file, {})
        self.folkmoot = Folkmoot(settings)
        self.bot_id = settings.bot.account
        self._positions: dict[str, str] = {}
        self.policy_id = f"@moot:{settings.policy_server.server_name}"

    @property
    def bot(self) -> Bot:
        """Return the bot that lives now."""
        assert self.folkmoot.bot is not None
        return self.folkmoot.bot

    async def start(self) -> None:
        """Start everything; letters need not wait half a minute here."""
        self.bot.courier.window = 0.5
        await self.folkmoot.start()

    async def protected_room(self, ada: Person, *others: Person, name: str = "Garden") -> str:
        """Go through the set-up as an administrator does: invite, give power, choose by name."""
        room = await ada.create_room(name=name, invite=[one.id for one in others])
        for other in others:
            await other.do("POST", f"/rooms/{quote(room)}/join", {})
        await ada.do("POST", f"/rooms/{quote(room)}/invite", {"user_id": self.bot_id})
        await self.heard(ada, room, f"give {self.bot_id} power level 50")
        await self.give_power(ada, room, self.bot_id, 50)
        await self.heard(ada, room, "Which policy should this room have?")
        await ada.send(room, "Neighbours and clubs")
        await self.heard(ada, room, "Protection is ON")
        return room

    async def give_power(self, ada: Person, room: str, person: str, power: int) -> None:
        """Change one person's power level."""
        levels = await ada.state(room, "m.room.power_levels") or {}
        levels.setdefault("users", {})[person] = power
        assert (await ada.put_state(room, "m.room.power_levels", levels)).status_code == 200

    async def heard(self, person: Person, room: str, words: str, *, within: float = 30) -> str:
        """Wait until somebody wrote something in a room, and return the whole message."""

        async def find() -> str | None:
            return next((text for text in await person.texts(room) if words in text), None)

        return await self.until(find, within=within, what=words)

    async def told(self, person: Person, words: str, *, within: float = 30) -> str:
        """Wait until the bot told a person something in a direct chat, and return the whole message."""

        async def find() -> str | None:
            for room in await self.directs(person):
                for text in await person.texts(room):
                    if words in text:
                        return text
            return None

        return await self.until(find, within=within, what=words)

    async def directs(self, person: Person) -> list[str]:
        """Accept the bot's direct invitations, and return the person's rooms that are none of the group's."""
        # Each time from where we were: Synapse remembers the answer to a first sync for two minutes.
        since = f"&since={self._positions[person.id]}" if person.id in self._positions else ""
        synced = await person.do("GET", f"/sync?timeout=0{since}")
        self._positions[person.id] = synced["next_batch"]
        for room, about in synced.get("rooms", {}).get("invite", {}).items():
            events = about["invite_state"]["events"]
            if any(one["content"].get("is_direct") and one["sender"] == self.bot_id for one in events):
                await person.do("POST", f"/rooms/{quote(room)}/join", {})
        known = {room.id for room in self.folkmoot.store.read_now(rooms.every)}
        mine = (await person.do("GET", "/joined_rooms"))["joined_rooms"]
        return [room for room in mine if room not in known]

    async def until(self, find: Callable[[], Awaitable[str | None]], *, within: float, what: str) -> str:
        """Wait until something is found, and return it."""
        end = time.monotonic() + within
        while (found := await find()) is None:
            assert time.monotonic() < end, f"it did not come in time: {what}"
            await asyncio.sleep(0.1)
        return found

    async def until_state(self, room: str, state: Protection, *, within: float = 30) -> None:
        """Wait until a room's protection is noted as so."""

        async def find() -> str | None:
            known = await self.folkmoot.store.read(lambda c: rooms.get(c, room))
            return room if known is not None and known.protection is state else None

        await self.until(find, within=within, what=state.value)

    def practising(self, room: str) -> bool:
        """Say whether the room's group is in practice."""
        known = self.folkmoot.store.read_now(lambda c: rooms.get(c, room))
        assert known is not None
        return self.folkmoot.store.read_now(lambda c: groups.get(c, known.group)).practice


@pytest.fixture
async def town(synapse: Homeserver, authority: Authority, tmp_path: Path) -> AsyncIterator[Town]:
    """Folkmoot beside a real Synapse, with a fresh bot account and an empty database."""
    bot = synapse.register(f"folkmoot{time.monotonic_ns()}", display="Folkmoot")
    token = tmp_path / "bot.token"
    token.touch(mode=0o600)
    token.write_text(bot.token)
    operator = tmp_path / "operator.token"
    operator.touch(mode=0o600)
    operator.write_text(synapse.register(f"operator{time.monotonic_ns()}", administrator=True).token)
    port = free_port()
    certificate = authority.issue("policy-server", "localhost", "127.0.0.1")
    text = f"""
        [store]
        folder = "{tmp_path / "kept"}"
        [web]
        port = 0
        [policy_server]
        server_name = "localhost:{port}"
        port = {port}
        certificate = "{certificate.chain}"
        certificate_key = "{certificate.key}"
        authority = "{authority.certificate}"
        allow_networks = ["127.0.0.1/32", "::1/128"]
        [bot]
        homeserver = "{synapse.url}"
        account = "{bot.id}"
        token_file = "{token}"
        device = "{bot.device}"
        watch_every = 0.5
        reports_token_file = "{operator}"
        reports_every = 0.5
    """
    file = tmp_path / "folkmoot.toml"
    file.write_text(text)
    made = Town(synapse, file)
    await made.start()
    yield made
    await made.folkmoot.close()


@pytest.fixture
async def ada(synapse: Homeserver) -> AsyncIterator[Person]:
    """An administrator."""
    person = new_person(synapse)
    yield person
    await person.close()


@pytest.fixture
async def bo(synapse: Homeserver) -> AsyncIterator[Person]:
    """A plain member."""
    person = new_person(synapse)
    yield person
    await person.close()
