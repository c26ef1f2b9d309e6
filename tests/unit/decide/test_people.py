"""Typical threats, insults, contempt, despair and demands open a case, by words alone."""

import msgspec
import pytest

from folkmoot.decide import starters
from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.detect.triggers import is_a_model
from folkmoot.vocabulary import Category, Context, Message, Outcome, Verdict


def _without_models(name: str) -> Judge:
    policy = starters.load(name)
    rules = (
        msgspec.structs.replace(rule, when=tuple(one for one in rule.when if not is_a_model(one)))
        for rule in policy.rules
    )
    return compile_policy(msgspec.structs.replace(policy, rules=tuple(rules)))


JUDGES = {name: _without_models(name) for name in starters.names()}

TYPICAL = {
    "I'll throw you down the stairs, I don't care who's watching": Category.VIOLENCE,
    "next time i see ur face im breaking it": Category.VIOLENCE,
    "one word more and i knock every tooth out of your mouth": Category.VIOLENCE,
    "noch ein Wort und ich schlag dir die Zähne raus": Category.VIOLENCE,
    "te rompemos las piernas si no pagas": Category.VIOLENCE,
    "ещё слово и переломаю тебе ноги": Category.VIOLENCE,
    "shut your mouth you brainless cow": Category.HARASSMENT,
    "eres una inútil, nadie te soporta": Category.HARASSMENT,
    "everyone block her until she leaves": Category.HARASSMENT,
    "hang the gays, start with the pride committee": Category.HATE,
    "gypsies are born thieves": Category.HATE,
    "les roms sont de la vermine": Category.HATE,
    "i can't do this anymore, tonight i end it": Category.SELF_HARM,
    "ohne mich wären alle besser dran": Category.SELF_HARM,
    "let me see your ass": Category.SEXUAL,
    "zeig mal deine Titten": Category.SEXUAL,
}

PASSING = (
    "The police are vermin and the minister is a pig",
    "this government is pathetic, useless, a waste of space",
    "Islam is an idea and I think it is wrong",
    "you're disgusting at uno, +4 on your own wife?? haha",
    "Nobody should say that gypsies are thieves",
    "She wrote “you are worthless” on my daughter's locker",
    "I can't do this anymore, this thesis is due tonight 😂",
    "show me your garden",
    "break your bread over the soup",
)


def _judged(judge: Judge, text: str) -> Verdict:
    return judge.judge(Message(id="1", text=text), Context(now=0.0))


@pytest.mark.parametrize("text", TYPICAL)
@pytest.mark.parametrize("name", JUDGES)
def test_a_typical_message_opens_a_case_under_its_category(name: str, text: str) -> None:
    """Words alone find it, it is delivered, and the signal says what it is about."""
    verdict = _judged(JUDGES[name], text)
    assert verdict.outcome is Outcome.CASE
    assert TYPICAL[text] in {signal.category for signal in verdict.signals}
    assert all(signal.strength <= 0.5 and signal.spans for signal in verdict.signals)


@pytest.mark.parametrize("text", PASSING)
@pytest.mark.parametrize("name", JUDGES)
def test_criticism_games_and_reports_pass(name: str, text: str) -> None:
    """Neither offices nor ideas are groups of people, and who jokes or tells of it is not meant."""
    assert _judged(JUDGES[name], text).outcome is Outcome.ALLOW


@pytest.mark.parametrize("name", starters.names())
def test_words_of_somebody_in_danger_count_as_concern_wherever_they_stand(name: str) -> None:
    """No ladder and no sanction begins at them, for their category is not the rule's."""
    verdict = _judged(JUDGES[name], "nobody would miss me")
    assert {signal.category for signal in verdict.signals} == {Category.SELF_HARM}


def test_a_trigger_about_concern_may_not_stop() -> None:
    """In a rule that stops it must be a doubtful sign."""
    source = """
        id = "x"
        name = "X"
        [[rules]]
        id = "a"
        sentence = "No threats."
        category = "violence"
        outcome = "stop"
        made_by = "us"
        made_at = 2026-11-22T00:00:00Z
        [[rules.when]]
        kind = "words"
        any = ["end it all"]
        category = "self-harm"
    """
    assert any("not silenced" in finding.problem for finding in diagnose(source))
    assert diagnose(source.replace('"end it all"]', '"end it all"]\n        unsure = true')) == ()
