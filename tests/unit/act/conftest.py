"""A group on a homeserver in memory, with a real store, and decisions that are carried out there."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import copy, deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from folkmoot.act import deciding
from folkmoot.act.clock import Clock
from folkmoot.act.courier import Courier
from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot.hands import MatrixHands
from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity, Surroundings
from folkmoot.gateways.matrix.bot.twin import TwinHomeserver
from folkmoot.gateways.matrix.bot.twin_wire import TwinWire
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import actions, decisions, errands, groups, log, outbox, rooms, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Action, Decision, DecisionKind, Sanction
from folkmoot.remember.records import Letter
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind

BOT = "@folkmoot:twin"
POLICY = PolicyIdentity(user_id="@moot:policy.twin", server_name="policy.twin", public_key="a2V5")
ADA = "@ada:twin"
BO = "@bo:twin"
CY = "@cy:twin"
LEVELS = "m.room.power_levels"
RULES = "m.room.join_rules"
BEGIN = 1_800_000_000.0


class Town:
    """A group of two rooms that ADA administers and BO and CY are in, and what decides and acts there."""

    def __init__(self, store: Store, server: TwinHomeserver | None = None) -> None:
        """Make the group, its rooms and its hands."""
        self.now = BEGIN
        self.steady = 5.0
        self.live(store, server or TwinHomeserver())
        self.group = store.write_now(
            lambda c: groups.create(c, "Garden", starters.text("neighbours"), by=ADA, at=self.now).id
        )
        store.write_now(lambda c: groups.start(c, self.group, by=ADA, at=self.now))
        self.rooms = [self.add_room("Beds"), self.add_room("Sheds")]

    def live(self, store: Store, server: TwinHomeserver) -> None:
        """Put everything that acts together."""
        self.store, self.server = store, server
        self.wire = TwinWire(server, BOT)
        self.hands = MatrixHands(self.surroundings())
        self.courier = self.new_courier()
        self.clock = self.new_clock()

    def again(self, database: Path) -> "Town":
        """Return a copy of the town as it is now, which lives on by itself with a database of its own."""
        with (
            closing(sqlite3.connect(_path(self.store))) as ours,
            closing(sqlite3.connect(database)) as theirs,
        ):
            ours.backup(theirs)
        town = copy(self)
        town.live(Store(f"sqlite:///{database}"), deepcopy(self.server))
        return town

    def surroundings(self) -> Surroundings:
        """Return the outside of the bot."""
        return Surroundings(
            account=BOT,
            wire=self.wire,
            store=self.store,
            clock=lambda: self.now,
            policy=POLICY,
            receipts=Receipts(b"r" * 32, "https://console.twin"),
            sign_in=_never,
            changed=_nothing,
        )

    def new_courier(self) -> Courier:
        """Return a courier as after a restart."""
        return Courier(self.store, self.hands, clock=lambda: self.now)

    def new_clock(self) -> Clock:
        """Return a clock as after a restart."""
        return Clock(self.store, now=lambda: self.now, ended=self.courier.wake, steady=lambda: self.steady)

    def add_room(self, name: str, *, version: str = "11", power: int = 50) -> str:
        """Make a room of the group in which the bot has some power."""
        room = self.server.create_room(ADA, name=name, version=version, users={BOT: power})
        for person in (BOT, BO, CY):
            self.server.member(room, person, person, "join")
        self.server.put(room, ADA, RULES, {"join_rule": "public"}, "")
        self.store.write_now(lambda c: rooms.add(c, self.group, room, name, by=ADA, at=self.now))
        self.store.write_now(lambda c: rooms.set_administrators(c, room, {ADA: 100}, at=self.now))
        return room

    def decide(self, *wanted: Wanted, supersedes: str | None = None, held: bool = False) -> Decision:
        """Make a decision of ADA's."""
        kind = DecisionKind.UNDO if supersedes else DecisionKind.DECISION
        draft = deciding.Draft(group=self.group, by=ADA, wanted=wanted, kind=kind, supersedes=supersedes)
        return self.store.write_now(lambda c: deciding.put(c, draft, at=self.now, held=held))

    def undo(self, decision: Decision) -> Decision:
        """Take a decision back as review does: the last action first, and what it put on members ended."""
        done = self.actions(decision)
        back = [
            Wanted(
                kind=one.kind.inverse, person=one.person, room=one.room, message=one.message,
                inverse_of=one.id,
            )
            for one in reversed(done) if one.kind.inverse and not self.taken_back(one)
        ]  # fmt: skip
        made = self.decide(*back, supersedes=decision.id)
        for sanction in self.sanctions(decision):
            self.store.write_now(partial(sanctions.end, sanction=sanction, by=ADA, at=self.now))
        return made

    def taken_back(self, action: Action) -> bool:
        """Say whether something takes an action back."""
        return self.store.read_now(lambda c: errands.inverse(c, action.id)) is not None

    def undone(self, decision: Decision) -> bool:
        """Say whether a decision was taken back."""
        return self.store.read_now(lambda c: decisions.superseding(c, decision.id)) is not None

    def actions(self, decision: Decision) -> list[Action]:
        """Return the actions of a decision."""
        return self.store.read_now(lambda c: actions.of_decision(c, decision.id))

    def sanctions(self, decision: Decision) -> list[Sanction]:
        """Return the sanctions of a decision."""
        return self.store.read_now(lambda c: sanctions.of_decision(c, decision.id))

    def states(self, decision: Decision) -> list[str]:
        """Return how far the actions of a decision are."""
        return [one.state.value for one in self.actions(decision)]

    def letters(self, kind: str) -> list[Letter]:
        """Return the letters of a kind that nobody has delivered, due or not."""
        return self.store.read_now(lambda c: outbox.due(c, now=float("inf"), kinds=(kind,)))

    def logged(self, kind: str) -> int:
        """Return how many entries of a kind the log has."""
        entries = self.store.read_now(lambda c: log.entries(c, self.group, most=1000))
        return sum(one.kind == kind for one in entries)

    def levels(self, room: str) -> dict[str, Any]:
        """Return a room's power levels."""
        return dict(self.server.rooms[room].state[LEVELS, ""].content)

    def power(self, room: str, person: str) -> int | None:
        """Return the power level that a person is given by name; None if none is."""
        found: int | None = self.levels(room)["users"].get(person)
        return found

    def give(self, room: str, person: str, power: int) -> None:
        """Let ADA give somebody power."""
        levels = self.levels(room)
        self.server.put(room, ADA, LEVELS, {**levels, "users": {**levels["users"], person: power}}, "")

    def rule(self, room: str) -> str:
        """Return a room's join rule."""
        return str(self.server.rooms[room].state[RULES, ""].content["join_rule"])

    def membership(self, room: str, person: str) -> str:
        """Return where a person stands in a room."""
        return self.server.rooms[room].membership(person)

    def changes(self, room: str, kind: str, key: str | None = "", *, by: str = BOT) -> int:
        """Return how often somebody changed a state of a room: what people there saw happen."""
        events = self.server.rooms[room].timeline
        return sum((one.kind, one.state_key, one.sender) == (kind, key, by) for one in events)

    def protect(self, room: str) -> None:
        """Let the policy server judge a room."""
        self.server.put(room, ADA, "m.room.policy", {"via": POLICY.server_name}, "")
        self.server.member(room, ADA, POLICY.user_id, "join")

    async def until(self, true: Callable[[], bool], *, within: float = 20.0) -> None:
        """Wait until something is true; fail if it doesn't become so."""
        end = time.monotonic() + within
        while not true():
            assert time.monotonic() < end, "it did not become true in time"
            await asyncio.sleep(0.01)

    async def carry(self, seconds: float = 0.0) -> None:
        """Let time pass, and carry out what is due."""
        self.now += seconds
        self.steady += seconds
        await self.courier.settled()


def _path(store: Store) -> str:
    return store.url.removeprefix("sqlite:///")


def mute(person: str = BO, *, hours: float = 1.0, room: str = "") -> Wanted:
    """Return a wanted mute."""
    return Wanted(kind=ActionKind.MUTE, person=person, room=room, until=BEGIN + hours * 3600)


def wanted(kind: ActionKind, person: str = BO, **where: Any) -> Wanted:
    """Return any wanted action."""
    return replace(Wanted(kind=kind, person=person), **where)


async def _never(group: str, person: str) -> str:
    raise AssertionError(group + person)


async def _nothing() -> None:
    return


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "folkmoot.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    """A store of the test's own."""
    shutil.copy(empty, tmp_path / "folkmoot.db")
    opened = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    yield opened
    opened.close()


@pytest.fixture
def town(store: Store) -> Town:
    """A group that decides and acts."""
    return Town(store)


__all__ = ["MEMBER"]
