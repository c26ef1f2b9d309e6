"""Killed by -9 at every step from a decision to its end: each action is there once, each inverse is right."""

import asyncio
import json
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from folkmoot.remember.deciding import Decision
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import BO, CY, LEVELS, MEMBER, RULES, Town, wanted
from tests.unit.act.homeserver import served

_DI = "@di:twin"
_HOUR = 3600.0
_KILLED = -signal.SIGKILL


class Runner:
    """A program that carries out what was decided in processes of their own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Speak to the program."""
        self._process = process

    async def run(self, town: Town, *, at: int = -1, ahead: float = 0.0) -> int:
        """Run until everything is done, or until it is killed before step `at`; returns how it ended."""
        out, into = self._process.stdout, self._process.stdin
        assert out is not None
        assert into is not None
        async with served(town.server, "@folkmoot:twin") as homeserver:
            asked = {"database": town.store.url.removeprefix("sqlite:///"), "homeserver": homeserver}
            into.write(json.dumps({**asked, "at": at, "ahead": ahead}).encode() + b"\n")
            return int(await asyncio.wait_for(out.readline(), 30))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runner() -> AsyncIterator[Runner]:
    """The program, started once."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.act.killed",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield Runner(process)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


class Evening:
    """A fresh town for each kill, with a decision that asks for every kind of action."""

    def __init__(self, folder: Path, empty: Path) -> None:
        """Make a town from a copy of the empty database."""
        shutil.copy(empty, folder / "folkmoot.db")
        self.town = Town(Store(f"sqlite:///{folder / 'folkmoot.db'}"))
        self.town.now = time.time()
        self.room = room = self.town.rooms[0]
        self.town.server.member(room, _DI, _DI, "join")
        self.town.give(room, BO, 10)
        self.levels, self.rules = self.town.levels(room), self.town.rule(room)
        self.message = self.town.server.say(room, BO, "buy now")

    def decide(self) -> Decision:
        """Decide everything that can be decided."""
        until = self.town.now + _HOUR
        return self.town.decide(
            wanted(ActionKind.LOCK_DOWN, "", room=self.room),
            wanted(ActionKind.REMOVE, room=self.room, message=self.message),
            wanted(ActionKind.MUTE, room=self.room, until=until),
            wanted(ActionKind.KICK, _DI, room=self.room),
            wanted(ActionKind.BAN, CY, room=self.room, until=until),
        )

    def see_all_done_once(self, decision: Decision) -> None:
        """Assert that each action took effect, and that nobody in the room saw it happen twice."""
        town, room = self.town, self.room
        assert town.states(decision) == ["done"] * 5
        assert town.logged("action.done") == 5
        assert (town.rule(room), town.power(room, BO), town.levels(room)["invite"]) == ("invite", -1, 50)
        assert [town.membership(room, one) for one in (BO, CY, _DI)] == ["join", "ban", "leave"]
        happened = [
            town.changes(room, RULES),
            town.changes(room, LEVELS),
            town.changes(room, "m.room.redaction", None),
            town.changes(room, MEMBER, CY),
            town.changes(room, MEMBER, _DI),
        ]
        assert happened == [1, 2, 1, 1, 1]

    def see_sanctions_ended(self) -> None:
        """Assert that the mute and the ban are over, and that the room shows nothing of them."""
        assert self.town.power(self.room, BO) == 10
        assert self.town.membership(self.room, CY) == "invite"
        assert self.town.changes(self.room, MEMBER, CY) == 3, "banned, unbanned, asked back"

    def see_all_undone_once(self) -> None:
        """Assert that everything is as it was, but for the message, whose author gets a letter."""
        town, room = self.town, self.room
        self.see_sanctions_ended()
        assert (town.levels(room), town.rule(room)) == (self.levels, self.rules)
        assert town.membership(room, _DI) == "invite"
        assert [town.changes(room, one) for one in (RULES, LEVELS)] == [2, 4]
        assert len(town.letters("restored")) == 1
        assert town.logged("action.done") == 10


@pytest.fixture
def evenings(tmp_path: Path, empty: Path) -> AsyncIterator[Evening]:
    """One fresh evening after another."""
    return _evenings(tmp_path, empty)


async def _evenings(tmp_path: Path, empty: Path) -> AsyncIterator[Evening]:
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        evening = Evening(folder, empty)
        yield evening
        evening.town.store.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_acting(runner: Runner, evenings: AsyncIterator[Evening]) -> None:
    """Whatever step it is killed before, after the next start every action took effect once.

    What its undo needs was kept before the kill: everything can still be given back.
    """
    kills = 0
    async for evening in evenings:
        decision = evening.decide()
        ended = await runner.run(evening.town, at=kills)
        if ended == _KILLED:
            assert await runner.run(evening.town) == 0
        evening.see_all_done_once(decision)
        evening.town.undo(decision)
        await evening.town.courier.settled()
        evening.see_all_undone_once()
        if ended == 0:
            break
        kills += 1
    assert kills > 15


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_undoing(runner: Runner, evenings: AsyncIterator[Evening]) -> None:
    """Whatever step of an undo it is killed before, everything is given back, once."""
    kills = 0
    async for evening in evenings:
        decision = evening.decide()
        await evening.town.courier.settled()
        evening.see_all_done_once(decision)
        evening.town.undo(decision)
        ended = await runner.run(evening.town, at=kills)
        if ended == _KILLED:
            assert await runner.run(evening.town) == 0
        evening.see_all_undone_once()
        if ended == 0:
            break
        kills += 1
    assert kills > 10


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_ending(runner: Runner, evenings: AsyncIterator[Evening]) -> None:
    """Whatever step of an end it is killed before, the end is kept, told once, and never early."""
    kills = 0
    async for evening in evenings:
        town, decision = evening.town, evening.decide()
        await town.courier.settled()
        assert await runner.run(town, ahead=_HOUR - 30) == 0
        evening.see_all_done_once(decision)
        ended = await runner.run(town, at=kills, ahead=2 * _HOUR)
        if ended == _KILLED:
            assert await runner.run(town, ahead=2 * _HOUR) == 0
        evening.see_sanctions_ended()
        assert (len(town.letters("sanction-ended")), town.logged("sanction.ended")) == (2, 2)
        if ended == 0:
            break
        kills += 1
    assert kills > 6
