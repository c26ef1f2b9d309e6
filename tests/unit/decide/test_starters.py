"""The starters are short, readable and safe: no rule of theirs is about opinion."""

import re
from pathlib import Path

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy, phrases_of
from folkmoot.decide.rules import Policy
from folkmoot.detect.words import pattern
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category, Context, Message, Outcome

FOLDER = Path(__file__).parent
OPINION = frozenset((FOLDER / "opinion.txt").read_text("utf-8").split())
"""Words of opinion, of public life and of belief, in the languages the starters speak."""

HARMLESS_PARTS = {"leaks", "leaked"}
"""Beside words for pornography these are about stolen pictures, not about papers."""


def triggering(policy: Policy) -> set[str]:
    """Every phrase that can set off a rule: lists that only let pass are left out."""
    silencing = {name for name in policy.lists if name.startswith(("about-", "joking"))}
    named: set[str] = set()
    for rule in policy.rules:
        for trigger in rule.when:
            for phrases in (getattr(trigger, "any", ()), *getattr(trigger, "each", ())):
                named.update(phrases)
    assert not {name for name in silencing if f"@{name}" in named}, "a list that lets pass sets off a rule"
    phrases = {one for one in named if not one.startswith(("@", "<"))}
    return phrases.union(*(policy.lists[one[1:]] for one in named if one.startswith("@")))


@pytest.fixture(params=starters.names())
def policy(request: pytest.FixtureRequest) -> Policy:
    """Each starter."""
    return starters.load(request.param)


def test_categories_are_behaviours_and_no_more() -> None:
    """There are twelve, and opinion is not one of them."""
    known = (
        "spam scam gambling sexual sexual-selling drugs violence harassment hate self-harm privacy off-topic"
    )
    assert " ".join(Category) == known


def test_no_phrase_is_about_opinion(policy: Policy) -> None:
    """No phrase that can set off a rule holds a word of opinion, belief, public life or news."""
    opinions = {word for one in OPINION for word in [fold(one).folded.strip()]}
    touched = {
        phrase
        for phrase in triggering(policy)
        if {*re.findall(r"[^\W_]+", fold(phrase).folded), fold(phrase).folded.strip()} & opinions
        and not any(part in phrase.split() for part in HARMLESS_PARTS)
    }
    assert touched == set()


def test_no_word_of_opinion_sets_off_a_rule(policy: Policy) -> None:
    """All of them said at once, angrily and with a link, open no case."""
    judge = compile_policy(policy)
    for word in OPINION:
        text = f"{word}!!! {word} is shit, {word} must go, sign here https://petition.example/x now"
        assert judge.judge(Message(id="1", text=text), Context(now=0.0)).outcome is Outcome.ALLOW


def test_a_starter_has_at_most_six_rules_and_each_is_a_sentence(policy: Policy) -> None:
    """Members can read them all."""
    assert 1 <= len(policy.rules) <= 6
    for rule in policy.rules:
        assert rule.sentence[0].isupper()
        assert rule.sentence.endswith(".")
        assert len(rule.sentence) <= 160
        assert rule.made_by == "Folkmoot"


def test_concern_is_never_punished(policy: Policy) -> None:
    """A worry about somebody opens a case and nothing else."""
    assert all(rule.outcome is Outcome.CASE for rule in policy.rules if rule.category is Category.SELF_HARM)


def test_administrators_are_exempt(policy: Policy) -> None:
    """By default nobody is locked out of their own room."""
    assert all(rule.exceptions.administrators and rule.exceptions.bots for rule in policy.rules)


def test_no_phrase_is_a_mere_word_of_one_or_two_letters_alone(policy: Policy) -> None:
    """A rule of words alone does not hang on a word that anybody may say by chance."""
    short = {
        phrase
        for rule in policy.rules
        for trigger in rule.when
        for one in getattr(trigger, "any", ())
        for phrase in policy.lists.get(one.removeprefix("@"), (one,))
        if len(pattern(phrase).decode().replace(" ", "")) < 3
    }
    assert short == set()


def test_every_list_is_named(policy: Policy) -> None:
    """A starter carries no phrases that no rule uses."""
    named = {
        phrase[1:]
        for rule in policy.rules
        for phrases in phrases_of(rule)
        for phrase in phrases
        if phrase[:1] == "@"
    }
    assert set(policy.lists) == named


def test_an_unknown_starter_names_those_there_are() -> None:
    """The error says what to write instead."""
    with pytest.raises(starters.UnknownStarterError, match="neighbours, support, open-source, public-room"):
        starters.load("neighbors")


INNOCENT = (FOLDER / "innocent.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_names_and_words_pass(name: str) -> None:
    """Names, places and words that hold another word open no case, with a price and without."""
    for judge in JUDGES:
        for text in (name, f"{name}!!!", f"{name} 20 €, write me", f"Selling: {name}, 5 euros", name.upper()):
            verdict = judge.judge(Message(id="1", text=text), Context(now=0.0))
            assert verdict.outcome is Outcome.ALLOW, (text, verdict.signals)


JUDGES: list[Judge] = [compile_policy(starters.load(name)) for name in starters.names()]
