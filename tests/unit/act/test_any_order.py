"""Whatever is decided, undone and ended, in whatever order: in the end the room is as it was."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.gateways.matrix.bot.twin import TwinHomeserver
from folkmoot.remember.deciding import Decision
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import BO, Town, wanted

_HOUR = 3600.0
_server = TwinHomeserver()
"""One for all examples, so that no two have a room of the same name."""
_KINDS = [ActionKind.MUTE, ActionKind.BAN, ActionKind.LOCK_DOWN, ActionKind.KICK]


class Step(msgspec.Struct, frozen=True):
    """One thing that happens."""

    kind: ActionKind | None
    """What is decided; None: an earlier decision is undone."""
    which: int
    hours: int
    carried: bool
    """Whether the courier comes before the next thing happens."""
    room: int | None


_steps = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from([*_KINDS, None, None]),
        which=st.integers(0, 5),
        hours=st.integers(1, 3),
        carried=st.booleans(),
        room=st.sampled_from([None, 0]),
    ),
    max_size=8,
)


@given(steps=_steps, level=st.sampled_from([None, 10]), pause=st.integers(0, 2))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_everything_comes_back(store: Store, steps: list[Step], level: int | None, pause: int) -> None:
    """After all is undone or over, levels and doors are what they were, and nobody is kept out."""
    town = Town(store, _server)
    if level is not None:
        town.give(town.rooms[0], BO, level)
    before = [(town.levels(room), town.rule(room)) for room in town.rooms]
    made: list[Decision] = []
    for step in steps:
        _happen(town, step, made)
        if step.carried:
            await town.carry()
            _see_who_is_muted(town, made)
        town.now += pause * _HOUR / 2
        town.steady += pause * _HOUR / 2
        await town.clock.end_what_is_over()
    for decision in made:
        if not town.undone(decision):
            town.undo(decision)
    await town.carry(5)
    await town.carry(5)
    assert [(town.levels(room), town.rule(room)) for room in town.rooms] == before
    assert {town.membership(room, BO) for room in town.rooms} <= {"join", "invite"}
    assert all(set(town.states(one)) <= {"done", "dropped"} for one in made)


def _happen(town: Town, step: Step, made: list[Decision]) -> None:
    if step.kind is None:
        standing = [one for one in made if not town.undone(one)]
        if standing:
            town.undo(standing[step.which % len(standing)])
        return
    room = "" if step.room is None else town.rooms[step.room]
    person = "" if step.kind is ActionKind.LOCK_DOWN else BO
    until = town.now + step.hours * _HOUR if step.kind in (ActionKind.MUTE, ActionKind.BAN) else None
    made.append(town.decide(wanted(step.kind, person, room=room, until=until)))


def _see_who_is_muted(town: Town, made: list[Decision]) -> None:
    """While one mute stands, the level is below writing; while none does, it is what it was."""
    standing = [one for decision in made for one in town.sanctions(decision) if one.ended_at is None]
    muted = any(one.kind.value == "mute" for one in standing)
    assert (town.power(town.rooms[0], BO) == -1) is muted
