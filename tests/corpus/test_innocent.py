"""Undoing tricks makes no innocent text match: names, places, words in many languages, decorated too."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.rules import Policy, Rule
from folkmoot.detect.triggers import Words
from folkmoot.text.hosts import names
from folkmoot.vocabulary import Category, Context, Message, Outcome
from tests.corpus.suite import CARE, rows

LINES: Final = [
    line.partition(": ")
    for line in (Path(__file__).parent / "innocent.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
INNOCENT: Final = [(lang, entry) for lang, _, entries in LINES for entry in entries.split(", ")]

ROUGH: Final = names(
    "cunt penis cock clit shit tit tits cum arse anus anal rape killer bum butt puss sexy nigger coon "
    "whore horny wank bastard fuck fucker viagra cialis porn porno casino heroin meth spam gambling "
    "escort nudes wichser fotze hure arschloch pute salope enculer bite couille puta maricon "
    "cabron verga caralho foder buceta cazzo figa troia kut lul hoer kurwa chuj pizda cipa knull "
    "fitta kuk luder kusse vittu perse perkele orospu yarrak memek kontol ngentot хуй бляд пизда "
    "ебать кур путка μουνι πουτσα كس زب نيك کیر زین זין चूत लंड 赌博 加微信 裸聊 "
    "ちんこ 씨발 보지 =địt =lồn "
    "ควย fasz picsa piča kokot pula pizdă mboo kuma putang tite"
)
"""Rough words that a group might list; such as are innocent words too, accents aside, need their own sign."""

DECORATIONS: Final[dict[str, Callable[[str, Random], str]]] = {
    "as it is": lambda text, chance: text,
    "capitals": lambda text, chance: text.upper(),
    "shouted": lambda text, chance: f"{text}!!!",
    "with pictures around": lambda text, chance: f"🔥 {text} 🎉✨",
    "a letter drawn out": lambda text, chance: text.replace("o", "oooo", 1).replace("a", "aaaa", 1),
    "in stars": lambda text, chance: f"*{text}*",
    "in a sentence": lambda text, chance: f"see you in {text} at 7, bring 2 cakes :)",
    "with a number": lambda text, chance: f"{text} 24",
    "as a tag": lambda text, chance: f"#{text.replace(' ', '')}",
    "letters apart": lambda text, chance: " ".join(text),
    "letters and words apart": lambda text, chance: " ".join(text.replace(" ", "")),
    "with an invisible sign": lambda text, chance: text[:2] + "\u200b" + text[2:],
}


@pytest.fixture(scope="module")
def rough() -> Judge:
    """A policy that lists rough words, as a group might."""
    made = datetime(2026, 11, 22, tzinfo=UTC)
    rule = Rule(
        id="words",
        sentence="No.",
        category=Category.HARASSMENT,
        outcome=Outcome.STOP,
        when=(Words(any=tuple(sorted(ROUGH))),),
        made_by="x",
        made_at=made,
    )
    return compile_policy(Policy(id="p", name="P", rules=(rule,)))


@cache
def _starter(name: str) -> Judge:
    return compile_policy(starters.load(name).all_live())


def _caught(judge: Judge, texts: list[str]) -> list[tuple[str, list[str]]]:
    found = [(text, judge.judge(Message(id="1", text=text), Context(now=0.0))) for text in texts]
    return [
        (text, [signal.sentence for signal in verdict.signals])
        for text, verdict in found
        if verdict.outcome is not Outcome.ALLOW
    ]


def test_the_set_is_large_and_of_many_languages() -> None:
    """At least 400 entries in at least twenty languages, none twice in a language."""
    assert len(INNOCENT) >= 400
    assert len({lang for lang, _ in INNOCENT}) >= 20
    assert len(INNOCENT) == len(set(INNOCENT))


@pytest.mark.parametrize("decoration", DECORATIONS)
def test_no_rough_word_is_found_in_an_innocent_one(rough: Judge, decoration: str) -> None:
    """Whole words only, and however the innocent word is dressed."""
    decorate = DECORATIONS[decoration]
    own = {entry.casefold() for entry in ROUGH}
    texts = [decorate(entry, Random(entry)) for _, entry in INNOCENT if entry.casefold() not in own]
    assert _caught(rough, texts) == []


@pytest.mark.parametrize("name", starters.names())
@pytest.mark.parametrize("decoration", DECORATIONS)
def test_no_starter_minds_innocent_words(name: str, decoration: str) -> None:
    """The rules that ship say nothing about them either."""
    judge = _starter(name)
    assert _caught(judge, [DECORATIONS[decoration](entry, Random(entry)) for _, entry in INNOCENT]) == []


@pytest.mark.parametrize("name", ["public-room", "support"])
@pytest.mark.parametrize("decoration", ["capitals", "with pictures around", "a letter drawn out", "in stars"])
def test_decorated_protected_speech_passes(name: str, decoration: str) -> None:
    """What must pass plain must pass decorated: nothing is stopped, and few open a case."""
    judge, decorate = _starter(name), DECORATIONS[decoration]
    texts = [decorate(row.text, Random(row.id)) for row in rows() if row.topic != CARE]
    verdicts = [judge.judge(Message(id="1", text=text), Context(now=0.0)) for text in texts]
    stopped = [
        text
        for text, verdict in zip(texts, verdicts, strict=True)
        if verdict.outcome in {Outcome.STOP, Outcome.REMOVE}
    ]
    assert stopped == []
    assert sum(verdict.outcome is Outcome.CASE for verdict in verdicts) <= 0.005 * len(texts)
