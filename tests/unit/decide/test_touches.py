"""Before a rule goes live it is shown what it would touch of speech that is to pass."""

import pytest

from folkmoot.decide import starters, touches
from folkmoot.decide.policy import load
from tests.corpus import suite

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
    assert len(found) >= 3
    assert {one.rule for one in found} == {"police"}
    assert {one.outcome for one in found} == {"stop"}
    text = touches.shown(found)
    assert text.startswith(f"Warning: The rule “police” would touch {len(found)} of 200 messages")
    assert text.count("\n  stop (") == touches.MOST_SHOWN


@pytest.mark.parametrize("name", starters.names())
def test_no_starter_touches_protected_speech(name: str) -> None:
    """What is offered to every group touches none of it."""
    assert touches.touched(starters.load(name)) == ()


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


def test_the_examples_are_of_the_suite_and_of_all_its_topics_and_languages() -> None:
    """What comes with the package is a part of what every release must let pass."""
    shipped = touches.protected()
    whole = {(row.id, row.lang, row.topic, row.text) for row in suite.rows()}
    assert len(shipped) == 200
    assert {(row.id, row.lang, row.topic, row.text) for row in shipped} <= whole
    assert {row.topic for row in shipped} == {row.topic for row in suite.rows()}
    counts: dict[str, int] = {}
    for row in suite.rows():
        counts[row.language] = counts.get(row.language, 0) + 1
    spoken = {language for language, count in counts.items() if count >= 50}
    assert spoken <= {row.lang.partition("-")[0] for row in shipped}
