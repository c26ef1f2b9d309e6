"""Actions that a group's own chat carries out: handed over in order, each until it is said to be done."""

from collections.abc import Iterator

import pytest

from folkmoot.act import handing
from folkmoot.act.handing import UnknownActionError
from folkmoot.remember import errands, tokens
from folkmoot.remember.deciding import ActionState, Decision
from folkmoot.remember.tokens import Scope, TokenKind
from folkmoot.review.consequences import Pick
from folkmoot.vocabulary import ActionKind
from tests.support.town import ANN, BEN, DAY, HOUR, MIA, NOA, Town


@pytest.fixture
def forum() -> Iterator[Town]:
    """A group whose chat carries its actions out."""
    town = Town()
    _token(town, Scope.ACT)
    yield town
    town.close()


def _token(town: Town, *may: Scope, lasts: float | None = None) -> str:
    return town.do(tokens.make, town.id, TokenKind.API, by="operator", at=town.now, may=may, lasts=lasts)


def _due(town: Town) -> list[str]:
    return town.do(errands.groups_due, now=town.now)


def _decided(town: Town, *picks: Pick, lasts: float | None = None, person: str = MIA) -> Decision:
    town.say(person)
    return town.decide(person, *picks, lasts=lasts)


def _wanted(town: Town) -> list[str]:
    return [one.kind.value for one in town.do(handing.wanted, town.id, at=town.now)]


def test_the_courier_leaves_them_alone(forum: Town) -> None:
    """A group whose own chat acts is none of the courier's, for as long as such a token lives."""
    town = Town(near=forum)
    _token(town, Scope.JUDGE, Scope.DECIDE)
    for one in (forum, town):
        _decided(one, Pick.KICK)
    assert _due(forum) == [town.id]
    short = Town(near=forum)
    _token(short, Scope.ACT, lasts=HOUR)
    _decided(short, Pick.KICK)
    assert _due(forum) == [town.id]
    forum.later(HOUR)
    assert sorted(_due(forum)) == sorted([town.id, short.id])


def test_in_practice_the_courier_writes_its_receipts() -> None:
    """What is decided in practice is settled in practice, so that nothing of it happens after the start."""
    town = Town(practice=True)
    _token(town, Scope.ACT)
    _decided(town, Pick.KICK)
    assert _due(town) == [town.id]
    assert _wanted(town) == []
    assert {one.state for one in town.actions()} == {ActionState.DONE}
    town.close()


def test_they_are_handed_over_in_order_until_they_are_done(forum: Town) -> None:
    """The second waits for the first, and each is given again until something is said of it."""
    decision = _decided(forum, Pick.REMOVE, Pick.KICK)
    removal, kick = forum.actions(decision)
    assert _wanted(forum) == _wanted(forum) == ["remove"]
    forum.do(handing.done, forum.id, removal.id, ActionKind.REMOVE, at=forum.now)
    assert _wanted(forum) == ["kick"]
    forum.do(handing.cant, forum.id, kick.id, ActionKind.KICK, "Not here.", at=forum.now)
    assert _wanted(forum) == []
    assert [one.state for one in forum.actions(decision)] == [ActionState.DONE, ActionState.FAILED]
    assert [one["trouble"] for one in forum.letters("action-failed")] == ["Not here."]
    for _ in range(2):
        forum.do(handing.done, forum.id, removal.id, ActionKind.REMOVE, at=forum.now)
    assert forum.logged().count("action.done") == 1


def test_what_needs_no_hands_is_settled_by_the_way(forum: Town) -> None:
    """A warning is a letter: nothing has to be done on the chat."""
    decision = _decided(forum, Pick.WARN)
    assert _wanted(forum) == []
    assert [one.state for one in forum.actions(decision)] == [ActionState.DONE]


def test_who_became_an_administrator_is_spared(forum: Town) -> None:
    """A sanction of somebody who administers the group by now can't be carried out, and people are told."""
    decision = _decided(forum, Pick.MUTE, lasts=DAY)
    forum.appoint(ANN, BEN, MIA)
    assert _wanted(forum) == []
    assert [one.state for one in forum.actions(decision)] == [ActionState.FAILED]
    assert "administers" in forum.letters("action-failed")[0]["trouble"]


def test_undone_on_the_way_it_is_taken_back(forum: Town) -> None:
    """What was handed over and then undone has its inverse asked for; what was not is never asked for."""
    given, kept = _decided(forum, Pick.KICK), _decided(forum, Pick.KICK, person=NOA)
    (kick, _) = forum.do(handing.wanted, forum.id, at=forum.now)
    forum.undo(given)
    assert sorted(_wanted(forum)) == ["invite", "kick"]
    forum.do(handing.done, forum.id, kick.action.id, ActionKind.KICK, at=forum.now)
    for one in forum.do(handing.wanted, forum.id, at=forum.now):
        forum.do(handing.done, forum.id, one.action.id, one.kind, at=forum.now)
    assert _wanted(forum) == []
    late = _decided(forum, Pick.KICK, person="@late:x")
    forum.undo(late)
    assert _wanted(forum) == []
    assert [one.state for one in forum.actions(kept)] == [ActionState.DONE]


def test_nothing_is_done_that_was_not_handed_over(forum: Town) -> None:
    """An unknown action, another group's, one of another kind, or one not handed over yet is not there."""
    other = Town(near=forum)
    decision = _decided(forum, Pick.KICK)
    (kick,) = forum.actions(decision)
    wrong = ((other.id, kick.id, ActionKind.KICK), (forum.id, "0" * 32, ActionKind.KICK))
    for group, action, kind in (*wrong, (forum.id, kick.id, ActionKind.BAN), (forum.id, kick.id, kick.kind)):
        with pytest.raises(UnknownActionError):
            forum.do(handing.done, group, action, kind, at=forum.now)
        with pytest.raises(UnknownActionError):
            forum.do(handing.cant, group, action, kind, "No.", at=forum.now)
    assert [one.state for one in forum.actions(decision)] == [ActionState.WANTED]
