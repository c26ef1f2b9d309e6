"""Rules for experts: patterns and conditions decide as they say, and never disturb judging."""

import builtins
import time
from typing import Any

import pytest

from folkmoot.decide import cel, cel_errors
from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.known import KNOWN
from folkmoot.decide.policy import load
from folkmoot.vocabulary import Context, Message, Role, Trace, Verdict

HEAD = 'id = "a"\nname = "A"\n[lists]\nsell = ["for sale"]\n'
RULE = """
[[rules]]
id = "{id}"
sentence = "Not this."
category = "spam"
outcome = "stop"
made_by = "x"
made_at = 2026-11-22T09:00:00Z
when = [{when}]
"""
NOON = 1_767_268_800.0


def judge_of(*whens: str) -> Judge:
    """A judge with a rule for each of these triggers."""
    rules = [RULE.format(id=f"r{number}", when=when) for number, when in enumerate(whens)]
    return compile_policy(load(HEAD + "".join(rules)))


def asking(condition: str, *more: str) -> Judge:
    """A judge with a rule that asks a condition, after rules with other triggers."""
    return judge_of(*more, f"{{ kind = 'condition', cel = {condition!r} }}".replace("'", '"', 0))


def verdict(condition: str, *more: str, text: str = "hello", **known: Any) -> Verdict:
    """What a condition makes of a message."""
    fields = {name: known.pop(name) for name in ("mentions", "media", "sender", "room") if name in known}
    return asking(condition, *more).judge(Message(id="1", text=text, **fields), Context(now=NOON, **known))


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        ("text_length == 5 && text_words == 1", {}),
        (
            'links == 1 && hosts.exists(h, h.endsWith("example.org"))',
            {"text": "see https://www.example.org/a"},
        ),
        ('"shortener" in link_kinds', {"text": "see https://bit.ly/x"}),
        ("mentions >= 2", {"mentions": ("@a:b", "@c:d")}),
        ('media == ["image/png"]', {"media": ("image/png",)}),
        ('role == "member" && room == "!r:x"', {"room": "!r:x"}),
        ("messages_before < 3", {"messages_before": 2}),
        ("joined_ago < 60", {"joined_at": NOON - 50}),
        ("recent.filter(ago, ago < 60).size() == 2", {"recent": (NOON - 100, NOON - 50, NOON - 1)}),
        (
            "copies.size() == 2 && own_copies == [5] && copying_senders == 2",
            {"sender": "a", "copies": (Trace(NOON - 9, "b", "r"), Trace(NOON - 5, "a", "r"))},
        ),
        ('"sell" in lists', {"text": "bike for sale"}),
        ("now.getHours() == 12", {}),
    ],
)
def test_a_condition_knows_what_there_is_to_know(condition: str, known: dict[str, Any]) -> None:
    """Each value is what the page says it is."""
    found = verdict(condition, **known)
    assert found.rules == ("r0",)
    assert found.signals[0].name == "condition"
    assert found.signals[0].sentence.startswith("It meets the rule's condition about ")


def test_a_condition_knows_what_other_triggers_found() -> None:
    """Signals and rules are those of triggers that are sure, before scope and exceptions."""
    words = "{ kind = 'words', any = ['bike'] }"
    condition = '"words" in signals && "r0" in rules'
    assert verdict(condition, words, text="a bike").rules == ("r0", "r1")
    assert verdict(condition, words, text="a car").rules == ()
    unsure = "{ kind = 'words', any = ['bike'], unsure = true }"
    assert verdict(condition, unsure, text="a bike").rules == ("r0",)


@pytest.mark.parametrize(
    "condition", ["messages_before < 3", "!(messages_before > 3)", "joined_ago < 9", 'room != "x"']
)
def test_what_is_not_known_makes_a_condition_not_met(condition: str) -> None:
    """Who is not known to be new is not treated as new, and nothing is said to have failed."""
    found = verdict(condition)
    assert found.rules == ()
    assert found.signals == ()


def test_a_condition_that_fails_does_not_count_and_says_so() -> None:
    """The message is judged by the rest, and a signal names the rule without a word of the message."""
    found = verdict("1 / links > 0", "{ kind = 'words', any = ['bike'] }", text="a bike")
    assert found.rules == ("r0",)
    failed = [signal for signal in found.signals if signal.name == "condition.failed"]
    assert [signal.rule for signal in failed] == ["r1"]
    assert "bike" not in failed[0].sentence
    alone = verdict("1 / links > 0", text="a bike")
    assert (alone.outcome, alone.rules) == ("allow", ())
    assert [signal.name for signal in alone.signals] == ["condition.failed"]


def test_a_condition_that_asks_models_opens_a_case_at_most() -> None:
    """By way of a condition too a model alone stops nothing."""
    assert verdict('text_length > 0 && !("hate" in likely)').outcome == "case"
    assert verdict("text_length > 0").outcome == "stop"


def test_administrators_are_exempt_from_conditions_too() -> None:
    """Exceptions hold for triggers of every kind."""
    assert verdict("text_length > 0", role=Role.ADMINISTRATOR).outcome == "allow"


def test_unless_silences_conditions_and_patterns() -> None:
    """Phrases that show that the message is about something else hold for triggers of every kind."""
    judge = judge_of(
        "{ kind = 'condition', cel = 'links == 0', unless = ['police warn'] }",
        "{ kind = 'pattern', any = ['b[ia]ke'], unless = ['police warn'] }",
    )
    assert judge.judge(Message(id="1", text="a bake"), Context(now=NOON)).rules == ("r0", "r1")
    assert judge.judge(Message(id="1", text="police warn: a bike"), Context(now=NOON)).rules == ()


def test_a_judge_says_what_its_conditions_need() -> None:
    """Earlier messages are recalled for conditions that ask for them, and for no others."""
    judge = asking("recent.size() > 3 || own_copies.size() > 3")
    assert (judge.needs_recent, judge.needs_copies) == (True, True)
    judge = asking("links > 3")
    assert (judge.needs_recent, judge.needs_copies) == (False, False)


HOSTS = " ".join(f"https://{'a' * 40}{number}.example.org" for number in range(200))
DEAR = [
    "hosts.all(a, " + " && ".join(['a.contains("x") == false'] * 15) + ")",
    "hosts.map(a, a + a + a + a + a + a).filter(b, b.size() > 5).map(c, c + c).size() > 0",
    "[" + ",".join("1" * 200) + "].all(a, a + links > 0)",
    "recent.map(a, recent).map(b, b.size()).filter(c, c > 1).size() > 2",
]


@pytest.mark.parametrize("condition", DEAR)
def test_no_message_makes_a_condition_slow(condition: str) -> None:
    """The dearest conditions that are accepted cost a message little."""
    assert cel_errors.trouble(condition) is None
    judge = asking(condition)
    message = Message(id="1", text=HOSTS, sender="a")
    context = Context(now=NOON, recent=tuple(NOON - number for number in range(64)))
    judge.judge(message, context)
    began = time.process_time()
    judge.judge(message, context)
    assert time.process_time() - began < 0.1


def test_a_policy_with_a_condition_is_refused_where_the_runtime_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The finding names the package and how to get it; other policies go on."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("cel_expr_python"):
            raise ImportError(name)
        return real(name, *rest)

    cel._environment.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    try:
        found = diagnose(HEAD + RULE.format(id="r", when="{ kind = 'condition', cel = 'links > 2' }"))
        assert diagnose(HEAD + RULE.format(id="r", when="{ kind = 'words', any = ['bike'] }")) == ()
    finally:
        cel._environment.cache_clear()
    assert [finding.severity for finding in found] == ["error"]
    assert "pip install 'folkmoot[experts]'" in found[0].remedy


def test_every_value_is_on_the_page_about_policies() -> None:
    """What conditions can ask for is written down."""
    page = (__import__("pathlib").Path(__file__).parents[3] / "docs/admins/policies.md").read_text("utf-8")
    assert [name for name in KNOWN if f"`{name}`" not in page] == []


def test_a_policy_has_a_bounded_number_of_patterns() -> None:
    """The fifty-first pattern is one too many."""
    many = ", ".join(f"'x{number}'" for number in range(51))
    found = diagnose(HEAD + RULE.format(id="r", when=f"{{ kind = 'pattern', any = [{many}] }}"))
    assert [finding.problem for finding in found] == ["The policy has more than 50 patterns."]
