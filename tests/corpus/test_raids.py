"""Raids are found by counting, and greetings, memes, `+1` and petitions are no campaigns."""

from collections import Counter
from functools import cache

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.intake.memory import Memory, Past
from folkmoot.text.fold import fold
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Message, Outcome
from tests.corpus import raids


@cache
def starter(name: str) -> Judge:
    """A starter with every rule live."""
    return compile_policy(starters.load(name).all_live())


@pytest.mark.parametrize("name", starters.names())
def test_raids_are_found_and_ordinary_talk_passes(name: str) -> None:
    """Four of five raid messages are found, and nothing ordinary is stopped or opens a case."""
    found = raids.tally(starter(name))
    assert found.recall >= 0.80
    assert found.precision >= 0.999
    assert (found.ordinary_found, found.ordinary_stopped, found.petition_stopped) == (0, 0, 0)


def test_every_kind_of_raid_is_found() -> None:
    """None of the raids goes unseen as a whole."""
    said = raids.evening(11)
    outcomes = raids.outcomes(starter("neighbours"), said)
    found = Counter(
        one.kind for one, outcome in zip(said, outcomes, strict=True) if outcome is not Outcome.ALLOW
    )
    assert {*found} == {one.kind for one in said if one.raid}


def test_an_evening_is_the_same_every_time() -> None:
    """What is measured today is measured tomorrow."""
    assert raids.evening(3) == raids.evening(3)
    assert raids.evening(3) != raids.evening(4)


def test_counters_survive_a_restart() -> None:
    """A memory filled from what was stored recalls what the one before it did."""
    before, stored = Memory(), []
    for said in raids.evening(5):
        message = Message(id="1", text=said.text, sender=said.sender, room=said.room, group="g")
        number, sketch = prints(fold(said.text))
        before.visit(message, number, sketch, said.at)
        stored.append(Past(said.at, "g", said.room, said.sender, number, sketch))
    after, now = Memory(), raids.BEGAN + 2 * raids.EVENING
    after.restore(stored)
    for said in raids.evening(5):
        message = Message(id="1", text=said.text, sender=said.sender, room=said.room, group="g")
        print_of = prints(fold(said.text))
        assert after.recall(message, *print_of, now) == before.recall(message, *print_of, now)
