"""Rules about what was found in pictures: judging is pure, looking is done before."""

import pytest

from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.judge import compile_policy
from folkmoot.decide.policy import dump, load
from folkmoot.vocabulary import Category, Context, Message, Outcome, Picture, Verdict

_RULE = """
id = "pictures"
name = "Pictures"
[[rules]]
id = "pictures"
sentence = "No such pictures here."
category = "off-topic"
outcome = "{outcome}"
made_by = "@somebody:example.org"
made_at = 2026-11-22T09:00:00Z
[[rules.when]]
kind = "image"
{when}
"""


def policy(when: str, outcome: str = "stop") -> str:
    """A policy of one rule about pictures, as TOML."""
    return _RULE.format(when=when, outcome=outcome)


def verdict(source: str, *pictures: Picture) -> Verdict:
    """Judge a message with pictures by a policy."""
    judge = compile_policy(load(source))
    assert judge.needs_pictures
    message = Message(id="1", text="look", media=("image/png",))
    return judge.judge(message, Context(now=0.0, pictures=pictures))


@pytest.mark.parametrize("distance", [0, 31])
def test_a_picture_on_the_list_may_be_stopped(distance: int) -> None:
    """A picture near one on the group's own list stops the message, with the rule's category."""
    found = verdict(policy('what = "known"'), Picture(), Picture(known=distance))
    assert found.outcome is Outcome.STOP
    [signal] = found.signals
    assert (signal.name, signal.category, signal.strength) == ("image.known", Category.OFF_TOPIC, 1.0)


def test_a_picture_that_cannot_be_looked_at_says_why() -> None:
    """An unreadable picture is a signal whose sentence says why it could not be looked at."""
    found = verdict(policy('what = "unreadable"'), Picture(unreadable="The file is damaged or incomplete."))
    assert found.outcome is Outcome.STOP
    assert found.signals[0].name == "image.unreadable"
    assert found.signals[0].sentence.endswith("The file is damaged or incomplete.")


@pytest.mark.parametrize(
    ("sure", "at_least", "outcome"),
    [
        (0.79, "likely", Outcome.ALLOW),
        (0.80, "likely", Outcome.CASE),
        (0.94, "very likely", Outcome.ALLOW),
        (0.95, "very likely", Outcome.CASE),
        (1.00, "likely", Outcome.CASE),
    ],
)
def test_a_model_says_how_sure_it_is_in_words(sure: float, at_least: str, outcome: Outcome) -> None:
    """Nudity is a sexual signal from where its rule wants it, and a doubtful one."""
    found = verdict(policy(f'what = "nudity"\nat_least = "{at_least}"', "case"), Picture(nudity=sure))
    assert found.outcome is outcome
    for signal in found.signals:
        assert (signal.name, signal.category) == ("image.nudity", Category.SEXUAL)
        assert signal.strength <= 0.5
        assert "likely" in signal.sentence


def test_a_model_alone_never_stops() -> None:
    """In a rule that stops, nudity opens a case; what is on the list beside it does stop."""
    source = policy('what = "nudity"\n[[rules.when]]\nkind = "image"\nwhat = "known"')
    assert verdict(source, Picture(nudity=1.0)).outcome is Outcome.CASE
    assert verdict(source, Picture(nudity=1.0, known=3)).outcome is Outcome.STOP


def test_a_rule_of_a_model_alone_that_stops_is_refused() -> None:
    """A rule whose only trigger is nudity may not stop or remove, and the finding says what to write."""
    [finding] = diagnose(policy('what = "nudity"', "remove"))
    assert finding.severity == "error"
    assert "Write case" in finding.remedy
    assert not diagnose(policy('what = "nudity"', "case"))


def test_only_a_model_is_more_or_less_sure() -> None:
    """A rule about known pictures that says how sure is warned of; an unknown finding is refused."""
    [finding] = diagnose(policy('what = "known"\nat_least = "very likely"'))
    assert finding.severity == "warning"
    [finding] = diagnose(policy('what = "politics"'))
    assert finding.severity == "error"
    assert "known" in finding.remedy


def test_without_pictures_nothing_is_found() -> None:
    """A message whose pictures were not looked at meets no rule about pictures, whatever it asks."""
    for what in ("known", "nudity", "unreadable"):
        source = policy(f'what = "{what}"', "case")
        assert verdict(source).outcome is Outcome.ALLOW
        assert verdict(source, Picture(nudity=0.1)).outcome is Outcome.ALLOW


def test_it_is_written_as_it_is_read() -> None:
    """A policy with a rule about pictures survives writing and reading."""
    one = load(policy('what = "known"'))
    assert load(dump(one)) == one
