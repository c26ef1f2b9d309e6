"""Findings: every sentence that a detector can say is said in every language."""

import ast
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.decide.known import KNOWN
from folkmoot.decide.sentences import SAYING, shown
from folkmoot.detect import counts, hosts, models
from folkmoot.explain.findings import finding
from folkmoot.explain.forms import SENTENCES, TAILS, THINGS
from folkmoot.explain.languages import NAMES, speak
from tests.unit.explain.catalogues import ROOT

OTHERS = sorted(set(NAMES) - {"en"})
GERMAN = speak("de")


FILLINGS = ("3", "likely", "fraud", "")


def said(folder: str, argument: str) -> Iterator[list[str]]:
    """What stands behind an argument in the code, its holes filled in every way that may make sense."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == argument:
                yield from _written(node.value)


def _written(node: ast.expr) -> Iterator[list[str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield [node.value]
    elif isinstance(node, ast.JoinedStr):
        parts = [(str(part.value),) if isinstance(part, ast.Constant) else FILLINGS for part in node.values]
        yield ["".join(filled) for filled in product(*parts)]


def test_a_finding_is_taken_apart_and_said_anew() -> None:
    """The rule's own words stay, what is around them is translated."""
    assert finding("It uses words that the rule names: “free money”, “…casino” and a price.", GERMAN) == (
        "Die Nachricht verwendet Wörter, die die Regel nennt: „free money“, „…casino“ und einen Preis."
    )
    assert finding("The same text came 3 times within 10 minutes in 2 rooms by 3 members.", GERMAN) == (
        "Derselbe Text kam innerhalb von 10 Minuten 3-mal, in 2 Räumen und von 3 Mitgliedern."
    )
    assert finding(
        "To a model this is likely fraud. The marked words weigh most. It can be wrong: a person decides.",
        GERMAN,
    ) == (
        "So schätzt ein Modell das ein: wahrscheinlich Betrug. Die markierten Wörter haben das "
        "größte Gewicht. Das kann falsch sein: Ein Mensch entscheidet."
    )
    assert finding("A picture in it could not be looked at. The file is larger than 20 MB.", speak("ru")) == (
        "Картинку в сообщении не удалось просмотреть. Файл больше 20 МБ."
    )


def test_what_is_not_known_stays_as_it_was_said() -> None:
    """A sentence of an older or newer version is shown in the words in which it was kept."""
    assert finding("It smells of elderberries.", GERMAN) == "It smells of elderberries."


@pytest.mark.parametrize(
    ("folder", "argument"),
    [
        ("detect", "sentence"),
        ("decide", "sentence"),
        ("gateways/matrix", "unreadable"),
        ("media", "unreadable"),
    ],
)
def test_every_sentence_of_a_detector_is_known(folder: str, argument: str) -> None:
    """What the code says about a message has a form here, so none is left in English."""
    sentences = list(said(folder, argument))
    assert sentences or folder == "media"
    assert [ways for ways in sentences if all(finding(one, GERMAN) == one for one in ways)] == []


def test_tables_of_detectors_are_known() -> None:
    """The sentences and things that detectors keep in tables have forms here."""
    links = [form.format(host="a.example", about="b") for form in hosts._SENTENCES.values()]
    about = [f"To a model this is likely {thing}." for thing in models._ABOUT.values()]
    kinds = [f"It carries {kind}." for kind in counts._KINDS.values()]
    conditions = [f"It meets the rule's condition about {known.about}." for known in KNOWN.values()]
    for sentence in (*links, *about, *kinds, *conditions):
        for code in OTHERS:
            assert finding(sentence, speak(code)) != sentence
    assert {known.about for known in KNOWN.values()} <= set(THINGS)
    assert set(models._ABOUT.values()) | set(counts._KINDS.values()) <= set(THINGS)


PHRASES = st.lists(
    st.one_of(
        st.sampled_from(["<price>", "<link>", "<invite>", "<contact>", "<amount>"]),
        st.text(st.characters(exclude_characters="*=“”<>", codec="utf-8"), min_size=1),
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(phrases=PHRASES, disguised=st.booleans(), name=st.sampled_from(sorted(SAYING)))
def test_quoted_words_come_through_whole(phrases: list[str], disguised: bool, name: str) -> None:
    """A rule's words stand in the translation as they are, and no English around them."""
    sentence = SAYING[name](phrases, disguised)
    translated = finding(sentence, GERMAN)
    assert translated.startswith("Die Nachricht")
    for phrase in phrases:
        assert phrase in translated or shown(phrase) in THINGS


@given(text=st.text())
def test_no_sentence_is_too_odd(text: str) -> None:
    """Whatever was kept, something is said."""
    assert isinstance(finding(text, GERMAN), str)


def test_a_long_odd_sentence_costs_little() -> None:
    """Many quotation marks do not make reading slow."""
    hostile = "It uses words that the rule names: " + "“a”, " * 700 + "."
    assert isinstance(finding(hostile, GERMAN), str)


def test_no_form_is_there_twice() -> None:
    """Each form stands once."""
    assert len({*SENTENCES, *TAILS}) == len(SENTENCES) + len(TAILS)
    assert len(set(THINGS)) == len(THINGS)
