"""Before a rule goes live it is shown what it would touch of speech that is to pass."""

import pytest
from msgspec import structs

from folkmoot.decide import starters, touches
from folkmoot.decide.policy import load
from folkmoot.text.hosts import names
from tests.corpus import suite

SPEECH = names(
    "strike protest* petition government police war leaked boycott union mosque church Streik Regierung "
    "Moschee huelga policía gobierno grève manif sciopero staking 罢工 警察 забастовк* полиц* протест*"
)
POLICE = '["police*", "polizei*", "полиц*", "polis*", "polisi", "警察"]'

POLICY = """
id = "a"
name = "A"
[[rules]]
id = "police"
sentence = "Nothing about the police."
category = "off-topic"
outcome = "stop"
mode = "shadow"
made_by = "x"
made_at = 2026-11-22T09:00:00Z
when = [{ kind = "words", any = ["police*", "polizei*", "полиц*", "polis*", "polisi", "警察"] }]
scope = { rooms = ["!one:example.org"], newcomers = { joined_within = "1 day" } }
"""


def test_a_rule_that_touches_protected_speech_is_shown_with_examples() -> None:
    """Shadow rules too, and those that hold in one room only."""
    found = touches.touched(load(POLICY))
    assert len(found) >= 25
    assert {one.rule for one in found} == {"police"}
    assert {one.outcome for one in found} == {"stop"}
    text = touches.shown(found)
    assert text.startswith(
        f"Warning: The rule “police” would touch {len(found)} of {len(suite.rows()):,} messages"
    )
    assert text.count("\n  stop (") == touches.MOST_SHOWN


@pytest.mark.parametrize("name", starters.names())
def test_a_starter_as_it_ships_asks_for_no_second_look(name: str) -> None:
    """It stops none of them, opens a case about one in two hundred at most, and is not asked about."""
    starter = starters.load(name)
    found = touches.touched(starter)
    assert {one.outcome for one in found} <= {"case"}
    assert len(found) <= len(touches.protected()) // 200
    assert touches.to_see(starter) == touches.to_see(starter.all_live()) == ()


@pytest.mark.parametrize("word", sorted(SPEECH))
def test_a_rule_about_what_people_may_say_is_never_unseen(word: str) -> None:
    """Whoever forbids one of these words is shown whom that would silence."""
    assert touches.to_see(load(POLICY.replace(POLICE, f'["{word}"]')))


def test_a_starter_with_one_rule_more_is_asked_about() -> None:
    """What a group adds is its own: it has not been held to anything."""
    starter, own = starters.load("neighbours"), load(POLICY)
    added = structs.replace(starter, rules=(*starter.rules, *own.rules))
    assert {one.rule for one in touches.to_see(added)} >= {"police"}


def test_doubtful_signs_are_told_as_the_cases_that_they_open() -> None:
    """A rule that only opens a case by a doubtful sign is not said to stop."""
    unsure = load(POLICY.replace('"警察"] }', '"警察"], unsure = true }'))
    assert {one.outcome for one in touches.touched(unsure)} == {"case"}


def test_a_case_for_somebody_in_despair_is_help_and_a_stop_is_not() -> None:
    """A rule of concern may open a case for those messages; one that silences them is shown."""
    texts = [row.text for row in touches.protected() if row.topic == "care"]
    words = sorted({word for text in texts for word in suite.words(text)})
    long = [word for word in words if len(word) > 4 and word.isalpha()]
    policy = POLICY.replace(POLICE, str(long).replace("'", '"'))
    stopped = {one.row.topic for one in touches.touched(load(policy))}
    cased = {one.row.topic for one in touches.touched(load(policy.replace('"stop"', '"case"')))}
    assert "care" in stopped
    assert "care" not in cased


def test_the_examples_are_the_whole_suite() -> None:
    """What comes with the package is what every release must let pass; `scripts/protected.py` copies it."""
    shipped = [(row.id, row.lang, row.topic, row.text) for row in touches.protected()]
    assert shipped == [(row.id, row.lang, row.topic, row.text) for row in suite.rows()]
