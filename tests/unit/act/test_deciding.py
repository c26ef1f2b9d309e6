"""How a decision comes about: everything of it or nothing, and a rule never more than a rule may."""

from collections.abc import Iterator
from typing import Any

import pytest

from folkmoot.act import deciding, ladder
from folkmoot.act.deciding import ALLOWED_FOR, Draft, MachineLimitError
from folkmoot.remember import choices, decisions, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import ActionState, DecidedBy, Decision, DecisionKind, Sanction
from folkmoot.vocabulary import ActionKind, Category, Outcome
from tests.support.town import ANN, DAY, HOUR, MIA, NOA, Town


@pytest.fixture
def group() -> Iterator[Town]:
    """A group that has started."""
    town = Town()
    yield town
    town.close()


def _put(town: Town, *wanted: Wanted, held: bool = False, **more: Any) -> Decision:
    draft = Draft(group=town.id, by=ANN, person=MIA, wanted=wanted, **more)
    return town.do(deciding.put, draft, at=town.now, held=held)


@pytest.mark.parametrize("kind", [one for one in ActionKind if one not in (ActionKind.WARN, ActionKind.MUTE)])
def test_a_rule_warns_and_mutes_and_no_more(group: Town, kind: ActionKind) -> None:
    """Nothing that can't be undone, and no ban, is ever decided without a person; nothing of it is kept."""
    with pytest.raises(MachineLimitError, match=kind.value):
        _put(group, Wanted(kind=kind, person=MIA, until=group.now + HOUR), decided_by=DecidedBy.RULE)
    assert group.do(decisions.latest, group.id) == []
    assert group.letters() == []


@pytest.mark.parametrize(("lasts", "may"), [(DAY, True), (DAY + 1, False), (None, False)])
def test_a_rule_mutes_for_a_day_at_most(group: Town, lasts: float | None, may: bool) -> None:
    """Twenty-four hours to the second, and never without an end."""
    mute = Wanted(kind=ActionKind.MUTE, person=MIA, until=None if lasts is None else group.now + lasts)
    if may:
        assert group.sanctions(_put(group, mute, decided_by=DecidedBy.RULE))
    else:
        with pytest.raises(MachineLimitError):
            _put(group, mute, decided_by=DecidedBy.RULE)


def test_a_decision_comes_whole(group: Town) -> None:
    """Its row, its actions, its sanctions, its letters and its entry are there together."""
    mute = Wanted(kind=ActionKind.MUTE, person=MIA, until=group.now + HOUR)
    again = Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person=NOA, receipt={"mark": "m"})
    made = _put(group, mute, again, reason="Because.")
    assert group.do(decisions.get, made.id) == made
    assert group.kinds(made) == ["mute", "allow-next-time"]
    assert [one.person for one in group.sanctions(made)] == [MIA]
    assert group.do(sanctions.allowed, now=group.now) == [(group.id, NOA, "m", group.now + ALLOWED_FOR)]
    assert [one["person"] for one in group.letters("decision")] == [MIA, NOA]
    entry = group.log()[0]
    assert (entry.kind, entry.subject, entry.body["actions"]) == (
        "decision.decision", made.id, "mute,allow-next-time"
    )  # fmt: skip
    assert "Because." not in repr(entry)


def test_each_member_gets_one_letter(group: Town) -> None:
    """However much was done to somebody, they are written to once."""
    _put(group, *(Wanted(kind=ActionKind.REMOVE, person=MIA, message=f"${one}") for one in range(5)))
    assert len(group.letters("decision")) == 1


def test_what_takes_back_writes_no_letter_of_a_decision(group: Town) -> None:
    """Who undoes tells people in other words."""
    _put(group, Wanted(kind=ActionKind.UNMUTE, person=MIA), kind=DecisionKind.UNDO)
    assert group.letters("decision") == []


def test_held_until_it_comes_to_hold(group: Town) -> None:
    """What waits for a second person is written down, and that is all."""
    made = _put(group, Wanted(kind=ActionKind.BAN, person=MIA), held=True)
    assert [one.state for one in group.actions(made)] == [ActionState.HELD]
    assert group.sanctions(made) == []
    assert group.letters() == []
    group.do(deciding.come_to_hold, made, at=group.now)
    assert len(group.sanctions(made)) == len(group.letters("decision")) == 1


def _climbing(town: Town, *hours: float) -> None:
    town.do(choices.put, town.id, "ladder", [*hours], by=ANN, at=town.now)


def _stopped(town: Town, person: str = MIA, **more: Any) -> None:
    town.do(ladder.climb, [town.say(person, outcome=Outcome.STOP, **more)])
    town.later(60)


def _mutes(town: Town, person: str = MIA) -> list[Sanction]:
    return town.do(sanctions.standing, town.id, person=person)


def test_the_ladder_goes_up_step_by_step(group: Town) -> None:
    """First the reason alone, then an hour, then a day, then nothing more: a person decides."""
    _climbing(group, 0, 1, 24)
    _stopped(group)
    assert _mutes(group) == []
    _stopped(group)
    (mute,) = _mutes(group)
    assert mute.until == mute.since + HOUR
    _stopped(group)
    assert len(_mutes(group)) == 1
    group.later(HOUR)
    _stopped(group)
    assert [one.until for one in _mutes(group) if one.until == one.since + DAY]
    group.later(DAY)
    _stopped(group)
    assert len(group.do(decisions.latest, group.id)) == 3
    kept = group.do(decisions.latest, group.id)[0]
    assert (kept.decided_by, kept.by, kept.rule) == (DecidedBy.RULE, "folkmoot", "no-pills")


def test_steps_are_forgotten(group: Town) -> None:
    """After the days that the group chose a member begins at the bottom again."""
    _climbing(group, 0, 24)
    _stopped(group)
    group.later(30 * DAY)
    _stopped(group)
    assert _mutes(group) == []


def test_a_step_that_was_undone_does_not_count(group: Town) -> None:
    """What was taken back is no step any more."""
    _climbing(group, 1, 24)
    _stopped(group)
    (made,) = group.do(decisions.latest, group.id)
    group.undo(made)
    _stopped(group)
    (mute,) = _mutes(group)
    assert mute.until == mute.since + HOUR


def test_a_ladder_counts_in_its_own_group(group: Town) -> None:
    """What somebody did elsewhere is no step here."""
    other = Town(near=group)
    for town in (group, other):
        _climbing(town, 0, 24)
        _stopped(town)
        assert _mutes(town) == []


@pytest.mark.parametrize("case", ["no ladder", "practice", "administrator", "care", "delivered", "nobody"])
def test_who_is_never_on_the_ladder(case: str) -> None:
    """Nothing follows without a ladder, in practice, for administrators, where it is care, or for nobody."""
    town = Town(practice=case == "practice")
    if case != "no ladder":
        _climbing(town, 24)
    person = {"administrator": ANN, "nobody": ""}.get(case, MIA)
    category = Category.SELF_HARM if case == "care" else Category.DRUGS
    _stopped(town, person, category=category, done=Outcome.ALLOW if case == "delivered" else None)
    assert town.do(decisions.latest, town.id) == []
    town.close()


def test_who_is_muted_already_climbs_no_further(group: Town) -> None:
    """Messages that arrive while one is muted are no new steps."""
    _climbing(group, 1, 24)
    for _ in range(5):
        _stopped(group)
    assert len(group.do(decisions.latest, group.id)) == 1
