"""Killed by -9 at every step from a decision to its end: each action is there once, each inverse is right."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import pytest

from folkmoot.act.errand import by_room
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import BO, BOT, CY, LEVELS, MEMBER, RULES, Town, wanted
from tests.unit.act.homeserver import served
from tests.unit.act.runner import KILLED, Runner, runner

__all__ = ["runner"]

_DI = "@di:twin"
_HOUR = 3600.0


async def run(runner: Runner, town: Town, *, at: int = -1, ahead: float = 0.0) -> int:
    """Run until everything is done, or until it is killed before step `at`; returns how it ended."""
    async with served(town.server, BOT) as homeserver:
        return await runner.run(town.store, homeserver, at=at, ahead=ahead)


class Evening:
    """A town in which everything that can be decided was decided; for each kill another copy of it."""

    def __init__(self, store: Store) -> None:
        """Decide everything in one room."""
        self.town = town = Town(store)
        town.now = time.time()
        self.room = room = town.rooms[0]
        town.server.member(room, _DI, _DI, "join")
        town.give(room, BO, 10)
        self.levels, self.rules = town.levels(room), town.rule(room)
        message, until = town.server.say(room, BO, "buy now"), town.now + _HOUR
        self.decision = town.decide(
            wanted(ActionKind.LOCK_DOWN, "", room=room),
            wanted(ActionKind.REMOVE, room=room, message=message),
            wanted(ActionKind.MUTE, room=room, until=until),
            wanted(ActionKind.KICK, _DI, room=room),
            wanted(ActionKind.BAN, CY, room=room, until=until),
        )

    async def done(self) -> "Evening":
        """Carry everything out, and return the same evening."""
        await self.town.courier.settled()
        self.see_all_done_once()
        return self

    @contextmanager
    def again(self, folder: Path, number: int) -> Iterator["Evening"]:
        """Give a copy of the evening as it is now."""
        evening = copy(self)
        evening.town = self.town.again(folder / f"{number}.db")
        yield evening
        evening.town.store.close()

    def see_all_done_once(self) -> None:
        """Assert that each action took effect, and that nobody in the room saw it happen twice."""
        town, room = self.town, self.room
        assert town.states(self.decision) == ["done"] * 5
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

    def see_what_was_kept(self) -> None:
        """Assert that the receipts say how it was before, as an undo needs it."""
        done = [by_room(one.receipt).get(self.room, {}) for one in self.town.actions(self.decision)]
        shut, _, mute, kick, ban = done
        assert (shut["rules"], shut["invite"]) == ('{"join_rule": "public"}', "none")
        assert (mute["level"], mute["muted"], mute["how"]) == ("10", "-1", "power-level")
        assert (kick["was"], ban["was"]) == ("join", "join")

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
def evening(store: Store) -> Evening:
    """An evening on which nothing is carried out yet."""
    return Evening(store)


async def kill_everywhere(
    runner: Runner,
    evening: Evening,
    folder: Path,
    look: Callable[[Evening], Awaitable[None]],
    *,
    ahead: float,
) -> int:
    """Kill the program before each of its steps, start it again, and look; returns how many steps it has."""
    for step in range(100):
        with evening.again(folder, step) as copied:
            ended = await run(runner, copied.town, at=step, ahead=ahead)
            if ended == KILLED:
                assert await run(runner, copied.town, ahead=ahead) == 0
            await look(copied)
        if ended == 0:
            return step
    raise AssertionError("the program has no end")


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_acting(runner: Runner, evening: Evening, tmp_path: Path) -> None:
    """Whatever step it is killed before, after the next start every action took effect once.

    What its undo needs was kept before the kill: everything can still be given back.
    """

    async def look(evening: Evening) -> None:
        evening.see_all_done_once()
        evening.see_what_was_kept()

    assert await kill_everywhere(runner, evening, tmp_path, look, ahead=0) > 15


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_undoing(runner: Runner, evening: Evening, tmp_path: Path) -> None:
    """Whatever step of an undo it is killed before, everything is given back, once."""
    (await evening.done()).town.undo(evening.decision)

    async def look(evening: Evening) -> None:
        evening.see_all_undone_once()

    assert await kill_everywhere(runner, evening, tmp_path, look, ahead=0) > 10


@pytest.mark.asyncio(loop_scope="module")
async def test_killed_while_ending(runner: Runner, evening: Evening, tmp_path: Path) -> None:
    """Whatever step of an end it is killed before, the end is kept, told once, and never early."""
    await evening.done()
    assert await run(runner, evening.town, ahead=_HOUR - 30) == 0
    evening.see_all_done_once()

    async def look(evening: Evening) -> None:
        evening.see_sanctions_ended()
        assert len(evening.town.letters("sanction-ended")) == 2
        assert evening.town.logged("sanction.ended") == 2

    assert await kill_everywhere(runner, evening, tmp_path, look, ahead=2 * _HOUR) > 6
