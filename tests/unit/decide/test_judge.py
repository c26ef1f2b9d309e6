"""A verdict follows from the rules: the most restrictive decides, exceptions let pass."""

import time
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.rules import Exceptions, Newcomers, Policy, Rule, Scope
from folkmoot.detect.triggers import Floods, Links, Together, Trigger, Words
from folkmoot.vocabulary import Category, Context, Message, Outcome, Role, Verdict

NOW = Context(now=1000.0)


@cache
def starter(name: str) -> Judge:
    """A starter policy made ready, once."""
    return compile_policy(starters.load(name))


def rule(name: str, *when: Trigger, outcome: Outcome = Outcome.STOP, **more: Any) -> Rule:
    """A rule about spam."""
    made = datetime(2026, 11, 22, tzinfo=UTC)
    return Rule(
        id=name,
        sentence="No.",
        category=Category.SPAM,
        outcome=outcome,
        when=when,
        made_by="x",
        made_at=made,
        **more,
    )


def verdict(
    text: str, *rules: Rule, context: Context = NOW, lists: dict[str, tuple[str, ...]] | None = None
) -> Verdict:
    """The verdict of a policy of these rules."""
    policy = Policy(id="p", name="P", version=3, rules=rules, lists=lists or {})
    return compile_policy(policy).judge(Message(id="m", text=text, sender="me", room="r"), context)


def test_the_most_restrictive_outcome_decides_then_the_order() -> None:
    """Every rule that matched is named, the deciding one first."""
    found = verdict(
        "spam",
        rule("a", Words(any=("spam",)), outcome=Outcome.CASE),
        rule("b", Words(any=("spam",)), outcome=Outcome.REMOVE),
        rule("c", Words(any=("spam",))),
        rule("d", Words(any=("spam",))),
    )
    assert (found.outcome, found.rules, found.policy, found.message) == (
        Outcome.STOP,
        ("c", "d", "b", "a"),
        "p@3",
        "m",
    )


def test_a_rule_in_shadow_is_named_and_does_not_count() -> None:
    """A rule that is being tried out changes no outcome and gives no signal."""
    found = verdict("spam", rule("a", Words(any=("spam",)), mode="shadow"))
    assert (found.outcome, found.rules, found.shadow_rules, found.signals) == (Outcome.ALLOW, (), ("a",), ())


def test_a_doubtful_sign_opens_a_case_at_most() -> None:
    """With a sure sign beside it the rule's own outcome holds."""
    both = rule("a", Words(any=("maybe",), unsure=True), Words(any=("surely",)))
    assert verdict("maybe", both).outcome is Outcome.CASE
    assert verdict("maybe surely", both).outcome is Outcome.STOP


def test_a_trigger_is_silent_beside_its_unless() -> None:
    """Words that show another meaning silence one trigger and not the others."""
    made = rule("a", Words(any=("weed",), unless=("garden",)), Words(any=("grams",)))
    assert verdict("weed", made).outcome is Outcome.STOP
    assert verdict("weed in the garden", made).outcome is Outcome.ALLOW
    assert verdict("weed in the garden, ten grams", made).outcome is Outcome.STOP


@pytest.mark.parametrize(
    ("role", "outcome"), [(Role.MEMBER, "stop"), (Role.ADMINISTRATOR, "allow"), (Role.BOT, "allow")]
)
def test_administrators_and_bots_are_exempt_unless_a_rule_says_otherwise(role: Role, outcome: str) -> None:
    """Nobody is locked out of their own room by default."""
    context = Context(now=1.0, role=role)
    strict = Exceptions(administrators=False, bots=False)
    assert verdict("spam", rule("a", Words(any=("spam",))), context=context).outcome == outcome
    assert (
        verdict("spam", rule("a", Words(any=("spam",)), exceptions=strict), context=context).outcome == "stop"
    )


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ('He wrote me "send nudes" and I blocked him', "allow"),
        ("Er schrieb mir „send nudes“ gestern Abend", "allow"),
        ("Il m'a écrit « send nudes » hier soir", "allow"),
        ("> send nudes\nthis is not how we talk here", "allow"),
        ('"send nudes"', "stop"),
        ('"hello there my friends" send nudes', "stop"),
    ],
)
def test_what_is_quoted_with_words_of_ones_own_passes(text: str, outcome: str) -> None:
    """A quotation passes where the rule says so, unless it is all there is or the words stand outside."""
    made = rule("a", Words(any=("send nudes",)), exceptions=Exceptions(quoted=True))
    assert verdict(text, made).outcome == outcome


def test_exceptions_for_words_members_and_rooms() -> None:
    """Each exception lets pass what it names."""
    for exceptions in (Exceptions(words=("warning",)), Exceptions(members=("me",)), Exceptions(rooms=("r",))):
        assert (
            verdict("spam warning", rule("a", Words(any=("spam",)), exceptions=exceptions)).outcome == "allow"
        )
    other = Exceptions(words=("x",), members=("you",), rooms=("s",))
    assert verdict("spam warning", rule("a", Words(any=("spam",)), exceptions=other)).outcome == "stop"


@pytest.mark.parametrize(
    ("context", "fires"),
    [
        (Context(now=1000.0, joined_at=990.0), True),
        (Context(now=100_000.0, joined_at=1.0), False),
        (Context(now=100_000.0, joined_at=1.0, messages_before=2), True),
        (Context(now=100_000.0, joined_at=1.0, messages_before=3), False),
        (Context(now=1000.0), False),
    ],
)
def test_a_rule_for_newcomers_holds_for_those_known_to_be_new(context: Context, fires: bool) -> None:
    """New by the day of joining or by few messages; nobody is taken for new without knowing."""
    scope = Scope(newcomers=Newcomers(joined_within="1 hour", fewer_messages_than=3))
    assert bool(verdict("spam", rule("a", Words(any=("spam",)), scope=scope), context=context).rules) is fires


def test_a_rule_for_some_rooms_holds_there_only() -> None:
    """The scope names rooms."""
    assert verdict("spam", rule("a", Words(any=("spam",)), scope=Scope(rooms=("r",)))).rules == ("a",)
    assert verdict("spam", rule("a", Words(any=("spam",)), scope=Scope(rooms=("s",)))).rules == ()


def test_lists_are_put_in_their_place() -> None:
    """A trigger may name lists, phrases and prices at once."""
    made = rule("a", Together(each=(("@sell", "to give"), ("@what",), ("<price>", "@sell")), within=8))
    lists = {"sell": ("selling",), "what": ("nudes", "videos")}
    assert verdict("selling my nudes, 20€ each", made, lists=lists).rules == ("a",)
    assert verdict("selling my sofa, 20€", made, lists=lists).rules == ()
    assert verdict("selling my nudes", made, lists=lists).rules == ()


def test_a_signal_says_where_in_the_original_and_that_it_was_disguised() -> None:
    """Spans are code points of the message as it was sent."""
    text = "Zm 🎉 s p\u200b a m!"
    (signal,) = verdict(text, rule("a", Words(any=("spam",)))).signals
    (span,) = signal.spans
    assert text[span.start : span.end] == "s p\u200b a m"
    assert "not to be recognised" in signal.sentence
    assert (signal.name, signal.category, signal.rule) == ("words", Category.SPAM, "a")


def test_a_very_long_message_says_that_it_was_cut() -> None:
    """Who reads the verdict knows that not everything was read, and the end was."""
    found = verdict("x " * 100_000 + "spam", rule("a", Words(any=("spam",))))
    assert found.rules == ("a",)
    assert [signal.name for signal in found.signals] == ["words", "cut"]
    assert verdict("x " * 100_000).outcome is Outcome.ALLOW


def test_floods_need_the_context() -> None:
    """A judge says which parts of the context its policy uses."""
    policy = Policy(id="p", name="P", rules=(rule("a", Floods(count=2)),))
    assert (compile_policy(policy).needs_recent, compile_policy(policy).needs_copies) == (True, False)


def test_any_link_may_be_named() -> None:
    """A trigger on links works beside words."""
    made = rule("a", Links(what=("any",)), Words(any=("spam",)))
    assert verdict("see https://example.org", made).rules == ("a",)
    assert verdict("see the example", made).rules == ()


@settings(deadline=None)  # the first example makes the policies ready
@given(st.text(max_size=80), st.sampled_from(starters.names()))
def test_a_verdict_is_the_same_every_time_and_its_spans_lie_in_the_text(text: str, name: str) -> None:
    """Judging has no state and no chance in it."""
    judge = starter(name)
    message = Message(id="1", text=text)
    first = judge.judge(message, NOW)
    assert first == judge.judge(message, NOW)
    for signal in first.signals:
        for span in signal.spans:
            assert 0 <= span.start < span.end <= len(text)


EVERYDAY = st.lists(
    st.sampled_from(
        [
            *("the bakery opens at seven", "we meet on saturday", "who has a ladder", "thank you", "see you"),
            *(
                "school",
                "garden",
                "dinner",
                "birthday",
                "police",
                "mayor",
                "petition",
                "rally",
                "church",
                "news",
            ),
            *("game", "exam", "doctor", "price of bread", "morgen", "danke", "gracias", "merci", "obrigado"),
            *("спасибо", "谢谢", "شكرا", "terima kasih", "teşekkürler", "धन्यवाद"),
        ]
    ),
    max_size=30,
).map(" ".join)


@settings(deadline=None)
@given(EVERYDAY)
def test_everyday_words_in_any_order_open_no_case(text: str) -> None:
    """No starter is set off by ordinary words, however they fall."""
    for name in starters.names():
        judge = starter(name)
        assert judge.judge(Message(id="1", text=text), NOW).outcome is Outcome.ALLOW


def test_the_cost_of_judging_does_not_grow_with_the_rules() -> None:
    """Rules that a message has nothing to do with are not looked at."""
    many = tuple(rule(f"r{number}", Words(any=(f"word{number}",))) for number in range(500))
    few, all_of_them = (compile_policy(Policy(id="p", name="P", rules=some)) for some in (many[:5], many))

    def cost(judge: Judge) -> float:
        message, best = Message(id="1", text="here is word3 and nothing else"), 1.0
        for _ in range(7):
            began = time.process_time()
            for _ in range(500):
                judge.judge(message, NOW)
            best = min(best, time.process_time() - began)
        return best

    assert cost(all_of_them) < 3 * cost(few)


def test_a_policy_survives_being_made_live() -> None:
    """Making everything live changes the modes and nothing else."""
    shadowed = Policy(id="p", name="P", rules=(rule("a", Words(any=("spam",)), mode="shadow"),))
    live = shadowed.all_live()
    assert live.rules[0].mode == "live"
    assert msgspec.structs.replace(live.rules[0], mode="shadow") == shadowed.rules[0]
