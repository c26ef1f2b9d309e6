"""A policy written to TOML and read again is the same policy."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.decide import starters
from folkmoot.decide.durations import seconds
from folkmoot.decide.policy import PolicyError, dump, load
from folkmoot.decide.rules import Exceptions, Newcomers, Policy, Rule, Scope
from folkmoot.detect.triggers import Copies, Floods, Links, Media, Mentions, Secrets, Together, Words
from folkmoot.vocabulary import Category, Outcome

PHRASES = st.text(st.characters(categories=["L"]), min_size=3, max_size=12)
TRIGGERS = st.one_of(
    st.builds(Words, any=st.tuples(PHRASES), unless=st.tuples(PHRASES), unsure=st.booleans()),
    st.builds(Together, each=st.tuples(st.tuples(PHRASES), st.tuples(PHRASES)), within=st.integers(1, 200)),
    st.builds(Links, what=st.just(("any",)), hosts=st.just(("example.org",))),
    st.builds(Copies, count=st.integers(2, 64), senders=st.sampled_from(["same", "any"])),
    st.builds(Floods, count=st.integers(2, 64), within=st.sampled_from(["1 minute", "2 hours"])),
    st.builds(Mentions, count=st.integers(1, 99), room=st.booleans()),
    st.builds(Media, types=st.just(("video/*",))),
    st.builds(Secrets),
)
RULES = st.builds(
    Rule,
    id=st.uuids().map(str),
    sentence=st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip),
    category=st.sampled_from([one for one in Category if one is not Category.SELF_HARM]),
    outcome=st.sampled_from([Outcome.CASE, Outcome.STOP, Outcome.REMOVE]),
    when=st.lists(TRIGGERS, min_size=1, max_size=3).map(tuple),
    mode=st.sampled_from(["live", "shadow"]),
    made_by=st.text(st.characters(exclude_categories=["C"])),
    made_at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    scope=st.sampled_from([Scope(), Scope(rooms=("!a:b",), newcomers=Newcomers(fewer_messages_than=3))]),
    exceptions=st.sampled_from(
        [Exceptions(), Exceptions(administrators=False, quoted=True, words=("warning",))]
    ),
)


POLICIES = st.builds(
    Policy,
    id=st.just("p"),
    name=st.text(st.characters(exclude_categories=["C"])),
    rules=st.lists(RULES, min_size=1, max_size=4, unique_by=lambda rule: rule.id).map(tuple),
)


@given(POLICIES)
def test_what_is_written_is_read_again(policy: Policy) -> None:
    """Every policy that makes sense survives the way to the disk and back."""
    assert load(dump(policy)) == policy


@pytest.mark.parametrize("name", starters.names())
def test_starters_are_written_as_policies_of_their_own(name: str) -> None:
    """A starter's text holds everything it needs."""
    assert load(starters.text(name)) == starters.load(name)


def test_a_policy_that_cannot_be_used_says_why() -> None:
    """The error carries every finding and reads as text."""
    with pytest.raises(PolicyError) as caught:
        load('id = "x"\nname = "X"\nrules = []\ncolour = "red"\n')
    assert [(one.line, one.problem) for one in caught.value.findings] == [(4, "There is no “colour” here.")]
    assert "colour" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "length"),
    [("10 minutes", 600), ("1 hour", 3600), ("7 days", 604800), ("30 seconds", 30), ("2 weeks", 1209600)],
)
def test_lengths_of_time_are_read_as_people_write_them(written: str, length: float) -> None:
    """A number and a unit."""
    assert seconds(written) == length


@pytest.mark.parametrize(
    "written", ["soon", "", "10", "0 days", "31 days", "-1 hours", "1.5 hours", "10 moons"]
)
def test_other_lengths_are_not_understood(written: str) -> None:
    """Nothing is guessed, nothing is endless."""
    assert seconds(written) is None
