"""A model alone opens a case at most, and says why in words that anybody understands."""

from datetime import UTC, datetime

import pytest

from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.judge import compile_policy
from folkmoot.decide.policy import dump
from folkmoot.decide.rules import Exceptions, Policy, Rule
from folkmoot.detect import models
from folkmoot.detect.models import Models
from folkmoot.detect.triggers import Model, Trigger, Words
from folkmoot.vocabulary import Category, Context, Message, Outcome, Verdict
from tests.unit.models.made import everywhere, knows

THREAT = "tomorrow I will break your legs"


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> Models:
    """Models one head of which knows a threat."""
    found = knows(Category.VIOLENCE, THREAT, everywhere(10.0, 1000.0))
    monkeypatch.setattr(models, "load", lambda: found)
    return found


def policy(outcome: Outcome, *when: Trigger, quoted: bool = False) -> Policy:
    """A policy of one rule."""
    rule = Rule(
        id="one",
        sentence="No threats.",
        category=Category.SPAM,
        outcome=outcome,
        when=when,
        made_by="a test",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        exceptions=Exceptions(quoted=quoted),
    )
    return Policy(id="p", name="P", rules=(rule,))


def judged(text: str, found: Policy) -> Verdict:
    """The verdict on a text."""
    return compile_policy(found).judge(Message(id="1", text=text), Context(now=0.0))


@pytest.mark.parametrize("outcome", [Outcome.CASE, Outcome.STOP, Outcome.REMOVE])
def test_a_model_alone_opens_a_case_at_most(outcome: Outcome) -> None:
    """Even where a rule says stop or remove, and nobody read the warning."""
    words = Words(any=("unicorn",))
    assert judged(THREAT, policy(outcome, Model(head="violence"), words)).outcome is Outcome.CASE
    assert judged(THREAT, policy(outcome, Model(head="violence"))).outcome is Outcome.CASE


def test_words_beside_a_model_decide_as_the_rule_says() -> None:
    """The model takes nothing from what other triggers do."""
    found = policy(Outcome.STOP, Model(head="violence"), Words(any=("legs",)))
    assert judged(THREAT, found).outcome is Outcome.STOP


def test_diagnose_refuses_a_rule_in_which_a_model_alone_stops() -> None:
    """A policy that would let a model remove messages cannot be used at all."""
    for outcome in (Outcome.STOP, Outcome.REMOVE):
        (finding,) = diagnose(dump(policy(outcome, Model(head="hate"), Model(head="spam"))))
        assert finding.severity == "error"
        assert "model alone" in finding.problem
        assert finding.remedy.startswith("Write case")
    assert diagnose(dump(policy(Outcome.CASE, Model(head="hate")))) == ()
    assert diagnose(dump(policy(Outcome.STOP, Model(head="hate"), Words(any=("unicorn",))))) == ()


def test_diagnose_names_the_heads_there_are() -> None:
    """A head that does not exist, such as one about opinion, is refused with what there is."""
    text = dump(policy(Outcome.CASE, Model(head="hate"))).replace('head = "hate"', 'head = "politics"')
    assert [finding.severity for finding in diagnose(text)] == ["error"]


def test_the_signal_has_the_heads_category_and_a_sentence() -> None:
    """What a model is about goes before what its rule is about; the words are marked, not quoted."""
    (signal,) = judged(f"Hello, {THREAT}!", policy(Outcome.CASE, Model(head="violence"))).signals
    assert (signal.name, signal.category, signal.rule) == ("model", Category.VIOLENCE, "one")
    assert 0 < signal.strength <= 0.5
    assert signal.spans
    assert "likely a threat" in signal.sentence
    assert "a person decides" in signal.sentence
    assert "break" not in signal.sentence


def test_very_likely_asks_for_more() -> None:
    """A trigger that asks for very likely stays silent where it is only likely."""
    asked = policy(Outcome.CASE, Model(head="violence", at_least="very likely"))
    assert judged(THREAT, asked).outcome is Outcome.ALLOW


def test_a_threat_that_is_only_quoted_can_be_let_pass() -> None:
    """Marked words that all stand in quotation marks do not count where the rule says so."""
    text = f"He wrote to me “{THREAT}” and I am afraid of him now"
    assert judged(text, policy(Outcome.CASE, Model(head="violence"), quoted=True)).outcome is Outcome.ALLOW


def test_unless_silences_a_model() -> None:
    """A phrase that shows that the message is about something else holds for models too."""
    asked = Model(head="violence", unless=("in the film",))
    assert judged(f"{THREAT}, he says in the film", policy(Outcome.CASE, asked)).outcome is Outcome.ALLOW
