"""What was found is said in sentences that name the public rule's phrases and nothing of the message."""

import re

from folkmoot.decide import sentences, starters
from folkmoot.decide.judge import compile_policy
from folkmoot.vocabulary import Context, Message
from tests.corpus import golden


def test_a_combination_names_its_phrases_and_things() -> None:
    """Phrases stand in quotation marks, a contact is called what it is."""
    said = sentences.together(["guaranteed profit", "double your money", "<contact>"], False)
    assert said == "It brings together “guaranteed profit”, “double your money” and a way to get in touch."


def test_wildcards_are_shown_as_beginnings_and_ends() -> None:
    """A stem has an ellipsis where more may follow; signs of our own notation are not shown."""
    assert sentences.words(["kill*", "*geld", "=año", "kill*"], False) == (
        "It uses words that the rule names: “kill…”, “…geld” and “año”."
    )


def test_a_disguise_is_told_apart() -> None:
    """Who wrote so as not to be recognised is told that this was seen."""
    assert sentences.words(["casino"], True) == (
        "It uses words that the rule names, written so as not to be recognised: “casino”."
    )


def test_a_sentence_names_four_phrases_at_most() -> None:
    """Nobody reads a list of twenty."""
    assert sentences.words(map(str, range(20)), False).count("“") == sentences.MOST_NAMED


def test_what_a_rule_met_is_told_in_one_sentence() -> None:
    """However many combinations of a rule are met, its phrases are named once, in the order of the text."""
    judge = compile_policy(starters.load("neighbours"))
    text = "Guaranteed profit! Double your money, dm me"
    found = judge.judge(Message(id="1", text=text), Context(now=0.0))
    assert [signal.sentence for signal in found.signals if signal.name != "model"] == [
        "It brings together “guaranteed profit”, “double your money” and “dm me”."
    ]


def test_sentences_quote_the_policy_only() -> None:
    """Everything in quotation marks is a phrase of the policy, whatever the message says."""
    for path in golden.FOLDER.glob("*.txt"):
        about = golden.read(path)
        judge = compile_policy(starters.load(about.policy))
        phrases = {one.strip("=*") for listed in judge.policy.lists.values() for one in listed}
        for text in about.messages:
            for signal in golden.verdict(judge, text).signals:
                for named in re.findall(r"“([^”]*)”", signal.sentence):
                    assert named.strip("…") in phrases, signal.sentence
