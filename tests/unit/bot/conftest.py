"""A bot in a homeserver in memory, with a real store, for every test."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot import messages
from folkmoot.gateways.matrix.bot.bot import Bot
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity, Surroundings
from folkmoot.gateways.matrix.bot.twin import TwinHomeserver
from folkmoot.gateways.matrix.bot.twin_wire import TwinWire
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups, policies, rooms, tokens, verdicts
from folkmoot.remember.records import Group, Judged, Protection, Room, VerdictRecord
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import Outcome, Verdict

BOT = "@folkmoot:twin"
POLICY = PolicyIdentity(user_id="@moot:policy.twin", server_name="policy.twin", public_key="a2V5")
RULE = starters.load("neighbours").rules[0]
ADA = "@ada:twin"
BO = "@bo:twin"


class Clock:
    """Now, and later when a test says so."""

    def __init__(self) -> None:
        """Begin at the present."""
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return the seconds since 1970."""
        return time.time() + self.ahead


class Scene:
    """A homeserver in memory, a store and a bot, and what tests ask of them."""

    def __init__(self, store: Store) -> None:
        """Put everything together; `start` lets the bot live."""
        self.server = TwinHomeserver()
        self.server.joins_at_once.add(POLICY.user_id)
        self.server.names[BOT] = "Folkmoot"
        self.store = store
        self.clock = Clock()
        self.trouble = ""
        self.window = 0.3
        self.homeservers: tuple[str, ...] = ()
        self.wire = TwinWire(self.server, BOT)
        self.bot = self._bot()
        self._task: asyncio.Task[None] | None = None

    def _bot(self) -> Bot:
        here = Surroundings(
            account=BOT,
            wire=self.wire,
            store=self.store,
            clock=self.clock,
            policy=POLICY,
            receipts=Receipts(b"r" * 32, "https://console.twin"),
            sign_in=self._sign_in,
            changed=self._changed,
            homeservers=self.homeservers,
        )
        return Bot(here, self, watch_every=0.2, tell_every=0.02, window=self.window, pause=0.0)

    async def start(self) -> None:
        """Start the bot, and wait until it listens."""
        await self.bot.start()
        self._task = asyncio.create_task(self.bot.run())
        await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Stop the bot as `close` does."""
        task, self._task = self._task, None
        await self.bot.close()
        if task is not None:
            await asyncio.wait_for(task, 5)

    async def kill(self) -> None:
        """End the bot in the middle of whatever it does."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def restart(self) -> None:
        """Start a fresh bot on the same store."""
        self.bot = self._bot()
        await self.start()

    async def protected_room(self, *, name: str = "Garden", users: dict[str, int] | None = None) -> str:
        """Take a room through the whole set-up with the first starter; BO is a plain member."""
        room = self.invite_to_room(name=name, users=users)
        await self.until(lambda: any("Which policy" in text for text in self.texts(room)))
        self.server.say(room, ADA, "1")
        await self.until_state(room, Protection.ON)
        await self.until(lambda: any("Protection is ON" in text for text in self.texts(room)))
        return room

    def invite_to_room(self, *, name: str = "Garden", users: dict[str, int] | None = None) -> str:
        """Make a room of ADA's with BO in it, and invite the bot."""
        room = self.server.create_room(ADA, name=name, users={BOT: 50, **(users or {})})
        self.server.member(room, BO, BO, "join")
        self.server.member(room, ADA, BOT, "invite")
        return room

    def direct_with(self, person: str) -> str:
        """Let a person open a direct chat with the bot."""
        room = self.server.create_room(person)
        self.server.member(room, person, BOT, "invite", direct=True)
        return room

    def texts(self, room: str) -> list[str]:
        """Return what the bot wrote in a room."""
        return self.server.texts(room, BOT)

    def told(self, person: str) -> list[str]:
        """Return what the bot wrote to a person alone."""
        return self.server.directs(BOT, person)

    async def answer(self, room: str, person: str, text: str, *, reply_to: str = "") -> str:
        """Say something and return what the bot answers to it in the room, whatever else it writes there."""
        said = self.server.say(room, person, text, reply_to=reply_to)
        await self.until(lambda: self._answer(room, said) is not None)
        answer = self._answer(room, said)
        assert answer is not None
        return answer

    def _answer(self, room: str, said: str) -> str | None:
        """What replies to a message, or was sent as the answer to it."""
        sent = self.server.sent_once(room, BOT, messages.once_in(said, "answer"))
        answers = (one for one in self.server.rooms[room].timeline if one.sender == BOT)
        return next((one.body for one in answers if one.replies_to == said or one.id == sent), None)

    async def until(self, true: Callable[[], bool], *, within: float = 10.0) -> None:
        """Wait until something is true; fail if it doesn't become so."""
        end = time.monotonic() + within
        while not true():
            assert time.monotonic() < end, "it did not become true in time"
            await asyncio.sleep(0.01)

    async def until_state(self, room: str, state: Protection) -> None:
        """Wait until a room's protection is noted as so."""
        await self.until(lambda: (self.room(room) or _NOWHERE).protection is state)

    def room(self, room: str) -> Room | None:
        """Return what is noted of a room."""
        return self.store.read_now(lambda c: rooms.get(c, room))

    def group(self, room: str) -> Group:
        """Return the group of a room."""
        known = self.room(room)
        assert known is not None
        return self.store.read_now(lambda c: groups.get(c, known.group))

    def newest_policy(self, room: str) -> str:
        """Return the text of the policy in force."""
        group = self.group(room)
        return self.store.read_now(lambda c: policies.current(c, group.id)).source

    def judge(
        self, room: str, sender: str, *, done: Outcome = Outcome.STOP, outcome: Outcome = Outcome.STOP
    ) -> VerdictRecord:
        """Record a verdict as the pipeline does, with its letter."""
        group = self.group(room)
        now = self.clock()
        was = Judged(
            message=f"$m{time.monotonic_ns()}", group=group.id, room=room, sender=sender, at=now, done=done
        )
        verdict = Verdict(message=was.message, outcome=outcome, policy="neighbours@1", rules=(RULE.id,))
        asked = [verdicts.Ask(was, verdict, 1)]
        (answer,) = self.store.write_now(lambda c: verdicts.record(c, asked))
        assert answer.kept is not None
        return answer.kept

    async def _sign_in(self, group: str, person: str) -> str:
        secret = await self.store.write(
            lambda c: tokens.make(c, group, TokenKind.SIGN_IN, by=person, at=self.clock(), lasts=900)
        )
        return f"https://console.twin/sign-in/{secret}"

    async def _changed(self) -> None:
        return

    async def __call__(self) -> str:
        """Be the way to the policy server: say what is wrong with it."""
        return self.trouble

    async def close(self) -> None:
        """Do nothing: there are no connections."""


_NOWHERE = Room(
    id="",
    group="",
    title="",
    added_at=0,
    removed_at=None,
    protection=Protection.OFF,
    protection_reason="",
    protection_at=0,
    encrypted=False,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own."""
    opened = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    yield opened
    opened.close()


@pytest.fixture
async def scene(store: Store) -> AsyncIterator[Scene]:
    """A bot that lives for the length of the test."""
    made = Scene(store)
    await made.start()
    yield made
    await made.stop()
