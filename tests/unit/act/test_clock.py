"""The clock that ends sanctions: never early, once, across restarts, whatever the clock on the wall does."""

import asyncio
import time

import pytest

from folkmoot.act.clock import DOUBT, Clock, steady
from folkmoot.remember import actions, decisions, errands, sanctions
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import ADA, BEGIN, BO, CY, LEVELS, Town, mute, wanted

_HOUR = 3600.0
_DAY = 24 * _HOUR


def pass_time(town: Town, seconds: float) -> None:
    """Let time pass on every clock."""
    town.now += seconds
    town.steady += seconds


async def test_a_mute_ends_at_its_end_and_not_before(town: Town) -> None:
    """A second before, it stands; at its end it is over, with log, letter and the level given back."""
    decision = town.decide(mute())
    await town.carry()
    pass_time(town, _HOUR - 1)
    assert await town.clock.end_what_is_over() == 0
    pass_time(town, 1)
    assert await town.clock.end_what_is_over() == 1
    await town.carry()
    (sanction,) = town.sanctions(decision)
    assert (sanction.ended_at, sanction.ended_by) == (BEGIN + _HOUR, "folkmoot")
    assert [one.kind for one in town.actions(decision)] == [ActionKind.MUTE, ActionKind.UNMUTE]
    assert town.states(decision) == ["done", "done"]
    assert [town.power(room, BO) for room in town.rooms] == [None, None]
    (letter,) = town.letters("sanction-ended")
    assert letter.body == {"sanction": sanction.id, "person": BO, "group": town.group}
    assert town.logged("sanction.ended") == 1


async def test_an_end_is_once_however_often_it_is_looked_for(town: Town) -> None:
    """Two clocks after restarts end it once; a third one finds nothing left to end."""
    town.decide(mute())
    await town.carry()
    pass_time(town, 2 * _HOUR)
    first, second = town.new_clock(), town.new_clock()
    counts = await asyncio.gather(first.end_what_is_over(), second.end_what_is_over())
    assert sorted(counts) == [0, 1]
    await town.carry()
    assert await town.new_clock().end_what_is_over() == 0
    assert [town.changes(room, LEVELS) for room in town.rooms] == [2, 2]
    assert len(town.letters("sanction-ended")) == 1


async def test_an_end_while_we_were_away_is_kept_at_the_next_start(town: Town) -> None:
    """What was over for a month when we came back ends at once, a ban as well as a mute."""
    decision = town.decide(mute(), wanted(ActionKind.BAN, CY, until=BEGIN + _DAY))
    await town.carry()
    pass_time(town, 31 * _DAY)
    assert await town.new_clock().end_what_is_over() == 2
    await town.carry()
    assert {one.ended_by for one in town.sanctions(decision)} == {"folkmoot"}
    assert [town.membership(room, CY) for room in town.rooms] == ["invite", "invite"]
    assert town.power(town.rooms[0], BO) is None


async def test_what_never_took_effect_ends_without_touching_anything(town: Town) -> None:
    """A mute whose whole time passed while the homeserver was away is dropped, and nothing is undone."""
    decision = town.decide(mute())
    pass_time(town, 2 * _HOUR)
    await town.clock.end_what_is_over()
    await town.carry()
    assert town.states(decision) == ["dropped"]
    assert [town.changes(room, LEVELS) for room in town.rooms] == [0, 0]


async def test_what_was_undone_by_a_person_is_not_ended_again(town: Town) -> None:
    """A mute that was lifted early has no second end."""
    decision = town.decide(mute())
    await town.carry()
    town.undo(decision)
    await town.carry()
    pass_time(town, 2 * _HOUR)
    assert await town.clock.end_what_is_over() == 0
    assert town.letters("sanction-ended") == []


async def test_an_inverse_that_is_wanted_already_is_enough(town: Town) -> None:
    """Where somebody wanted the unmute and left the sanction, its end asks for no second one."""
    decision = town.decide(mute())
    await town.carry()
    (action,) = town.actions(decision)
    back = actions.Wanted(kind=ActionKind.UNMUTE, person=BO, inverse_of=action.id)
    town.store.write_now(lambda c: actions.want(c, town.group, decision.id, [back], at=town.now))
    pass_time(town, 2 * _HOUR)
    assert await town.clock.end_what_is_over() == 1
    assert len(town.actions(decision)) == 2


@pytest.mark.parametrize("leap", [_HOUR, 31 * _DAY])
async def test_a_clock_that_leaps_ahead_ends_nothing_early(town: Town, leap: float) -> None:
    """Set wrongly for some minutes, it frees nobody; once it is right again, everything ends in time."""
    town.decide(mute())
    await town.carry()
    assert await town.clock.end_what_is_over() == 0
    town.now += leap
    for _ in range(9):
        pass_time(town, 60)
        assert await town.clock.end_what_is_over() == 0
    town.now -= leap
    pass_time(town, _HOUR - 9 * 60 - 1)
    assert await town.clock.end_what_is_over() == 0
    pass_time(town, 1)
    assert await town.clock.end_what_is_over() == 1


async def test_a_clock_that_stays_ahead_is_believed(town: Town) -> None:
    """After a while the new time is taken for the right one: nobody is muted for ever by our doubt."""
    town.decide(mute())
    await town.clock.end_what_is_over()
    town.now += 31 * _DAY
    assert await town.clock.end_what_is_over() == 0
    pass_time(town, DOUBT)
    assert await town.clock.end_what_is_over() == 1


async def test_a_clock_that_was_set_back_ends_once_and_not_early(town: Town) -> None:
    """An hour back, it ends when the wall shows the end that the member was told, once."""
    town.decide(mute())
    await town.clock.end_what_is_over()
    town.now -= _HOUR
    pass_time(town, 2 * _HOUR - 1)
    assert await town.clock.end_what_is_over() == 0
    pass_time(town, 1)
    assert await town.clock.end_what_is_over() == 1
    town.now -= _HOUR
    assert await town.clock.end_what_is_over() == 0


async def test_many_ends_at_once_are_all_kept(town: Town) -> None:
    """More ends than one commit takes are kept in several."""
    town.decide(*(mute(f"@p{number}:twin") for number in range(130)))
    pass_time(town, 2 * _HOUR)
    assert await town.clock.end_what_is_over() == 130
    assert town.store.read_now(lambda c: sanctions.standing(c, town.group)) == []
    assert town.store.read_now(errands.next_end) is None


async def test_it_sleeps_until_the_next_end_and_wakes_for_a_new_one(town: Town) -> None:
    """Asleep with nothing to end, it is woken by a decision, and keeps its end to the moment."""
    ended = asyncio.Event()
    looks = 0

    def now() -> float:
        nonlocal looks
        looks += 1
        return time.time()

    clock = Clock(town.store, now=now, ended=ended.set, steady=steady)
    running = asyncio.create_task(clock.run())
    await asyncio.sleep(0.1)
    end = time.time() + 0.5
    town.decide(actions.Wanted(kind=ActionKind.MUTE, person=BO, until=end))
    clock.wake()
    await asyncio.wait_for(ended.wait(), 10)
    assert time.time() >= end
    assert looks < 15
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    (sanction,) = town.store.read_now(lambda c: sanctions.of_decision(c, _only_decision(town)))
    assert sanction.ended_at is not None
    assert sanction.ended_at >= end


def _only_decision(town: Town) -> str:
    (found,) = town.store.read_now(lambda c: decisions.latest(c, town.group))
    assert found.by == ADA
    return found.id
