"""Killed by -9 after each request to a real Synapse: what it had taken is not done twice, and comes back."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from folkmoot.act import deciding
from folkmoot.cli.demo.homeserver import Account, Homeserver
from folkmoot.decide import starters
from folkmoot.remember import actions, choices, groups, rooms
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Decision, DecisionKind
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind
from tests.support.synapse import Person, new_person
from tests.unit.act.runner import KILLED, Runner, runner

__all__ = ["runner"]

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.xdist_group("synapse"),
    pytest.mark.asyncio(loop_scope="module"),
]
_REQUESTS = 6
"""So many requests change something: two for the door, one each for removing, muting, kicking and banning."""


class Hall:
    """A room of a real homeserver, its group, and what is decided there."""

    def __init__(self, server: Homeserver, store: Store, people: list[Person]) -> None:
        """Make the group and the bot's account."""
        self.server, self.store = server, store
        self.ada, self.bo, self.cy, self.di = people
        self.bot: Account = server.register(f"killed{time.monotonic_ns()}")
        self.group = store.write_now(
            lambda c: groups.create(c, "Hall", starters.text("neighbours"), by=self.ada.id, at=0.0).id
        )
        store.write_now(lambda c: groups.start(c, self.group, by=self.ada.id, at=0.0))
        # What a minute of this test does is more than the breaker lets through.
        store.write_now(lambda c: choices.put(c, self.group, "most_actions", 1000, by=self.ada.id, at=0.0))
        self.room = ""

    async def open(self) -> None:
        """Make the room, and let everybody in."""
        levels = {"users": {self.bot.id: 100, self.ada.id: 100, self.bo.id: 10}, "invite": 0}
        options = {"preset": "public_chat", "power_level_content_override": levels, "room_version": "11"}
        self.room = await self.ada.create_room(**options)
        self.store.write_now(lambda c: rooms.add(c, self.group, self.room, "Hall", by=self.ada.id, at=0.0))
        bot = Person(self.bot, self.server.url)
        await self.enter(bot, self.bo, self.cy, self.di)
        await bot.close()

    async def enter(self, *people: Person) -> None:
        """Let people in."""
        for person in people:
            await person.do("POST", f"/rooms/{quote(self.room)}/join")

    async def run(self, program: Runner, after: int = -2) -> int:
        """Carry out what is due, or be killed after a request."""
        account = {"account": self.bot.id, "token": self.bot.token}
        return await program.run(self.store, self.server.url, **account, after=after)

    async def decide(self) -> Decision:
        """Decide everything that can be decided."""
        said = (await self.bo.send(self.room, "buy now")).json()["event_id"]
        people: list[tuple[ActionKind, str, str]] = [
            (ActionKind.LOCK_DOWN, "", ""),
            (ActionKind.REMOVE, self.bo.id, said),
            (ActionKind.MUTE, self.bo.id, ""),
            (ActionKind.KICK, self.di.id, ""),
            (ActionKind.BAN, self.cy.id, ""),
        ]
        return self.put(
            [Wanted(kind=kind, person=who, message=what, room=self.room) for kind, who, what in people]
        )

    def undo(self, decision: Decision) -> Decision:
        """Take all of it back."""
        back = [
            Wanted(kind=one.kind.inverse, person=one.person, room=one.room, inverse_of=one.id)
            for one in reversed(self.store.read_now(lambda c: actions.of_decision(c, decision.id)))
            if one.kind.inverse
        ]
        return self.put(back, supersedes=decision.id)

    def put(self, wanted: list[Wanted], *, supersedes: str | None = None) -> Decision:
        """Make a decision of ADA's."""
        kind = DecisionKind.UNDO if supersedes else DecisionKind.DECISION
        draft = deciding.Draft(
            group=self.group, by=self.ada.id, wanted=tuple(wanted), kind=kind, supersedes=supersedes
        )
        return self.store.write_now(lambda c: deciding.put(c, draft, at=time.time()))

    def states(self, decision: Decision) -> set[str]:
        """Return how far the actions of a decision are."""
        return {one.state.value for one in self.store.read_now(lambda c: actions.of_decision(c, decision.id))}

    async def seen(self) -> dict[str, Any]:
        """Return what a member sees of the room now."""
        levels = await self.ada.state(self.room, "m.room.power_levels") or {}
        people = {}
        for person in (self.bo, self.cy, self.di):
            member = await self.ada.state(self.room, "m.room.member", person.id) or {}
            people[person.id] = member["membership"]
        return {
            "door": (await self.ada.state(self.room, "m.room.join_rules") or {})["join_rule"],
            "invite": levels.get("invite"),
            "level": levels["users"].get(self.bo.id),
            "people": [people[one.id] for one in (self.bo, self.cy, self.di)],
        }

    async def done_by_the_bot(self) -> list[str]:
        """Return every event of the bot's in the room, oldest first: what people there saw happen."""
        page = await self.ada.do("GET", f"/rooms/{quote(self.room)}/messages?dir=b&limit=500")
        mine = [one for one in page["chunk"] if one["sender"] == self.bot.id]
        return [one["type"].removeprefix("m.room.") for one in reversed(mine)][1:]  # its own joining


@pytest_asyncio.fixture(loop_scope="module")
async def hall(synapse: Homeserver, tmp_path: Any) -> AsyncIterator[Hall]:
    """A room in which everything can be decided."""
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    people = [new_person(synapse) for _ in range(4)]
    made = Hall(synapse, store, people)
    await made.open()
    yield made
    for person in people:
        await person.close()
    store.close()


async def test_killed_after_each_request(runner: Runner, hall: Hall) -> None:
    """Acting and undoing, killed after each request that changed something: everything happened once."""
    before = await hall.seen()
    for request in range(_REQUESTS):
        decision = await hall.decide()
        past = len(await hall.done_by_the_bot())
        assert await hall.run(runner, after=request) == KILLED
        assert await hall.run(runner) == 0
        assert hall.states(decision) == {"done"}
        shut = {"door": "invite", "invite": 50, "level": -1, "people": ["join", "ban", "leave"]}
        assert await hall.seen() == shut
        happened = (await hall.done_by_the_bot())[past:]
        assert happened == ["join_rules", "power_levels", "redaction", "power_levels", "member", "member"]
        undone = hall.undo(decision)
        assert await hall.run(runner, after=request) == KILLED
        assert await hall.run(runner) == 0
        assert hall.states(undone) == {"done"}
        assert await hall.seen() == {**before, "people": ["join", "invite", "invite"]}
        happened = (await hall.done_by_the_bot())[past + 6 :]
        assert happened == ["member", "member", "member", "power_levels", "join_rules", "power_levels"]
        await hall.enter(hall.cy, hall.di)
