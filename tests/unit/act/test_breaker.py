"""The breaker: too many restrictions at once wait for a person, and nothing else ever does."""

from folkmoot.act import breaker
from folkmoot.remember import breakers, choices, groups
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Decision
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import ADA, BO, LEVELS, Town, mute, wanted

_MOST = 5


def limited(town: Town) -> None:
    """Let the group choose a low limit."""
    town.store.write_now(lambda c: choices.put(c, town.group, "most_actions", _MOST, by=ADA, at=town.now))


def warnings(town: Town, number: int, begin: int = 0) -> Decision:
    """Decide so many restrictions at once."""
    return town.decide(*(wanted(ActionKind.WARN, f"@p{begin + one}:twin") for one in range(number)))


def done(town: Town, *found: Decision) -> int:
    """Return how many actions of these decisions are done."""
    return sum(town.states(one).count("done") for one in found)


async def test_one_too_many_waits_and_administrators_hear_of_it_once(town: Town) -> None:
    """As many as the group chose take effect; the others wait, with one letter and one entry in the log."""
    limited(town)
    decision = warnings(town, _MOST + 3)
    await town.carry()
    await town.carry(30)
    assert done(town, decision) == _MOST
    held = town.store.read_now(lambda c: breakers.tripped(c, town.group))
    assert held is not None
    assert [letter.body for letter in town.letters("breaker")] == [{"breaker": str(held.id)}]
    assert town.logged("breaker.tripped") == 1
    assert town.store.read_now(lambda c: breaker.waiting(c, town.group)) == 3


async def test_they_wait_for_a_person_and_not_for_time(town: Town) -> None:
    """However long nobody answers, nothing more takes effect; a person's word lets all of it go on."""
    limited(town)
    decision = warnings(town, 4 * _MOST)
    for _ in range(5):
        await town.carry(3600)
    assert done(town, decision) == _MOST
    assert town.store.write_now(lambda c: breaker.confirm(c, town.group, by=ADA, at=town.now))
    await town.carry()
    assert done(town, decision) == 4 * _MOST
    assert town.logged("breaker.confirmed") == 1
    assert not town.store.write_now(lambda c: breaker.confirm(c, town.group, by=ADA, at=town.now))


async def test_after_a_confirmation_it_counts_anew(town: Town) -> None:
    """What a person let go on does not count; what comes after it does."""
    limited(town)
    first = warnings(town, 2 * _MOST)
    await town.carry(1)
    town.store.write_now(lambda c: breaker.confirm(c, town.group, by=ADA, at=town.now))
    await town.carry(1)
    second = warnings(town, 2 * _MOST, begin=100)
    await town.carry()
    assert (done(town, first), done(town, second)) == (2 * _MOST, _MOST)
    assert town.logged("breaker.tripped") == 2


async def test_undo_and_ends_are_never_held_back(town: Town) -> None:
    """While the breaker holds, what gives something back goes through; what still waited is never done."""
    limited(town)
    decision = town.decide(*(mute(f"@p{number}:twin") for number in range(2 * _MOST)))
    await town.carry()
    assert done(town, decision) == _MOST
    undone = town.undo(decision)
    await town.carry()
    assert done(town, undone) == 2 * _MOST
    assert town.states(decision) == ["done"] * _MOST + ["dropped"] * _MOST
    muted = [person for person in town.levels(town.rooms[0])["users"] if person.startswith("@p")]
    assert muted == []


async def test_the_clock_ends_what_was_done_while_the_rest_waits(town: Town) -> None:
    """An end under the same decision does not queue up behind what the breaker holds."""
    limited(town)
    decision = town.decide(*(mute(f"@p{number}:twin") for number in range(2 * _MOST)))
    await town.carry()
    town.now += 7200
    town.steady += 7200
    assert await town.new_clock().end_what_is_over() == 2 * _MOST
    await town.carry()
    assert town.changes(town.rooms[0], LEVELS) == 2 * _MOST
    assert sorted(town.states(decision)) == ["done"] * 2 * _MOST + ["dropped"] * _MOST


async def test_a_door_can_be_shut_while_the_breaker_holds(town: Town) -> None:
    """Shutting the door restricts no member, and is what a raid needs."""
    limited(town)
    warnings(town, 2 * _MOST)
    await town.carry()
    decision = town.decide(Wanted(kind=ActionKind.LOCK_DOWN))
    await town.carry()
    assert town.states(decision) == ["done"]


async def test_a_minute_apart_nothing_trips(town: Town) -> None:
    """The same number, spread over time, takes effect."""
    limited(town)
    found = []
    for number in range(3):
        found.append(warnings(town, _MOST, begin=10 * number))
        await town.carry(61)
    assert done(town, *found) == 3 * _MOST
    assert town.letters("breaker") == []


async def test_other_groups_are_not_held(town: Town) -> None:
    """A breaker is one group's own."""
    limited(town)
    warnings(town, 2 * _MOST)
    other = Town(town.store, town.server)
    decision = other.decide(wanted(ActionKind.WARN, BO))
    await town.carry()
    assert other.states(decision) == ["done"]


async def test_practice_trips_nothing(town: Town) -> None:
    """Where nothing happens, nothing is too much."""
    limited(town)
    town.store.write_now(lambda c: groups.practise(c, town.group, by=ADA, at=town.now))
    decision = warnings(town, 3 * _MOST)
    await town.carry()
    assert done(town, decision) == 3 * _MOST
    assert town.letters("breaker") == []
