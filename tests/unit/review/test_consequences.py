"""From what an administrator picks to what will happen, and what can't be picked."""

import pytest

from folkmoot.remember import cases, sanctions
from folkmoot.review.consequences import LONGEST, Pick, PickError
from folkmoot.vocabulary import Outcome
from tests.support.town import DAY, HOUR, MIA, Town

_WRONG = [
    ((), None, (), "at least one"),
    ((Pick.NOTHING, Pick.WARN), None, (), "combined"),
    ((Pick.UNFOUNDED, Pick.BAN), None, (), "combined"),
    ((Pick.ALLOW_NEXT_TIME, Pick.WARN), None, (), "combined"),
    ((Pick.MUTE,), None, (), "needs an end"),
    ((Pick.MUTE, Pick.BAN), HOUR, (), "mute or a ban"),
    ((Pick.MUTE,), 59.0, (), "one minute"),
    ((Pick.BAN,), LONGEST + 1, (), "one year"),
    ((Pick.BAN,), float("nan"), (), "one minute"),
    ((Pick.UNFOUNDED,), None, (), "Nobody reported"),
    ((Pick.REMOVE,), None, ("$unknown",), "not one of"),
    ((Pick.ALLOW_NEXT_TIME,), None, (), "was stopped"),
]


@pytest.mark.parametrize(("picks", "lasts", "messages", "words"), _WRONG, ids=str)
def test_a_wrong_choice_is_explained(
    town: Town, picks: tuple[Pick, ...], lasts: float | None, messages: tuple[str, ...], words: str
) -> None:
    """What can't be decided is refused with the reason, and the case waits on."""
    town.say(MIA)
    case = town.open_case(MIA)
    with pytest.raises(PickError, match=words):
        town.choose(case, *picks, lasts=lasts, messages=messages)
    assert town.open_case(MIA) == case


def test_nothing_to_remove_where_nothing_was_delivered(town: Town) -> None:
    """A case of stopped messages only has none to remove, and one to let through."""
    for _ in range(3):
        town.say(MIA, outcome=Outcome.STOP)
    with pytest.raises(PickError, match="Nothing in this case was delivered"):
        town.decide(MIA, Pick.REMOVE)
    decision = town.decide(MIA, Pick.ALLOW_NEXT_TIME)
    assert town.kinds(decision) == ["allow-next-time"]
    allowed = town.do(sanctions.allowed, now=town.now)
    mark = town.seals.mark(town.id, MIA, "cheap pills")
    assert allowed == [(town.id, MIA, mark, town.now + DAY)]
    assert town.do(sanctions.allowed, now=town.now + DAY) == []


def test_nobody_is_sanctioned_where_nobody_knows_who_it_was(town: Town) -> None:
    """A message whose sender nobody named can be removed, and that is all."""
    kept = town.say("")
    (case,) = town.do(cases.still_open, town.id)
    with pytest.raises(PickError, match="Nobody knows"):
        town.choose(case, Pick.BAN)
    decision = town.choose(case, Pick.REMOVE)
    assert [(one.message, one.person) for one in town.actions(decision)] == [(kept.message, "")]


def test_one_message_of_several_can_be_removed(town: Town) -> None:
    """An administrator may pick which messages go."""
    first, second = town.say(MIA, "one"), town.say(MIA, "two")
    decision = town.decide(MIA, Pick.REMOVE, messages=(second.message,))
    assert [one.message for one in town.actions(decision)] == [second.message]
    assert first.message not in {one.message for one in town.actions(decision)}
