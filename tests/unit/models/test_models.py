"""What the models say about a message: probabilities, how sure in words, and the words that weigh most."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.detect.model_language import language
from folkmoot.detect.model_weights import BrokenWeightsError, Curve, pack, unpack
from folkmoot.detect.models import Models, how_sure, load, probability
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category
from tests.unit.models.made import HEADS, everywhere, header, knows, noise

NOISE = Models(header(everywhere(0.5, 9.0)), noise(len(HEADS), 3))
SHIPPED = load()


def test_a_head_speaks_up_from_its_border_on() -> None:
    """Below the border it says nothing; from the second border on it is very likely."""
    curve = Curve(1.0, 0.0, 2.0, 3.0)
    assert [how_sure(curve, margin) for margin in (1.9, 2.0, 2.9, 3.0)] == [
        None,
        "likely",
        "likely",
        "very likely",
    ]
    assert how_sure(Curve(1.0, 0.0, None, None), 99.0) is None
    assert how_sure(Curve(1.0, 0.0, 1.0, None), 99.0) == "likely"


def test_only_the_head_that_knows_the_phrase_speaks_up() -> None:
    """A message is taken for what one head knows, and for nothing else."""
    models = knows(Category.SCAM, "send me the code from your phone", everywhere(60.0, 1e6))
    assert models.taken_for(fold("Send me the code from your phone!")) == {Category.SCAM: "likely"}
    assert models.taken_for(fold("See you at the fair on Sunday")) == {}


def test_tricks_are_undone_at_a_price() -> None:
    """A disguised phrase is recognised, unless what a disguise must reach besides is more than it gives."""
    phrase, disguised = "free casino money here today only", "fr33 c.a.s.i.n.o m0ney h3re t0day 0nly"
    plain = knows(Category.GAMBLING, phrase, everywhere(30.0, 99.0))
    dear = knows(Category.GAMBLING, phrase, everywhere(30.0, 99.0), disguise=200.0)
    assert Category.GAMBLING in plain.taken_for(fold(disguised))
    assert Category.GAMBLING not in dear.taken_for(fold(disguised))
    assert Category.GAMBLING in dear.taken_for(fold(phrase))


def test_a_word_or_two_say_too_little() -> None:
    """However sure a head would be of a short text, it says nothing; also where it only looks long."""
    models = knows(Category.DRUGS, "heute wieder frisch bei mir daheim", everywhere(0.0, 1e6))
    assert Category.DRUGS in models.taken_for(fold("heute wieder frisch bei mir daheim"))
    assert models.taken_for(fold("heute wieder frisch")) == {}
    assert models.taken_for(fold("h e u t e   f r i s c h   d a")) == {}


def test_a_head_keeps_silent_in_a_language_in_which_it_was_not_found_reliable() -> None:
    """The border of one language does not hold for another, and what a chat system says comes first."""
    silent = (Curve(1.0, 0.0, None, None),) * len(HEADS)
    models = knows(
        Category.DRUGS, "heute wieder frisch bei mir daheim", everywhere(5.0, 1e6) | {"de": silent}
    )
    assert models.taken_for(fold("heute wieder frisch bei mir daheim"), "en") == {Category.DRUGS: "likely"}
    assert models.taken_for(fold("heute wieder frisch bei mir daheim"), "de-AT") == {}


@given(text=st.text(max_size=300))
def test_the_quick_glance_misses_nothing(text: str) -> None:
    """Who speaks up is the same as when every margin is compared with every border."""
    folded = fold(f"{text} and so on and so forth, my friend")
    curves = NOISE.curves(language(folded))
    slowly = {
        category: sure
        for category, curve, margin in zip(NOISE.heads, curves, NOISE.margins(folded), strict=True)
        if (sure := how_sure(curve, margin))
    }
    assert NOISE.taken_for(folded) == slowly


@given(text=st.text(max_size=300))
def test_probabilities_are_between_nothing_and_one(text: str) -> None:
    """Every head has one, for any text, also for the shipped models."""
    scores = SHIPPED.scores(fold(text))
    assert list(scores) == [*map(Category, HEADS)]
    assert all(0.0 <= one <= 1.0 for one in scores.values())


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_larger_margin_is_never_less_probable(one: float, other: float) -> None:
    """Probabilities rise with the margin, and never leave their bounds."""
    curve = Curve(0.7, -2.0, None, None)
    low, high = sorted((one, other))
    assert 0.0 <= probability(curve, low) <= probability(curve, high) <= 1.0


def test_the_words_that_weigh_most_are_marked_in_the_original() -> None:
    """Marks stand on the words as they were written, disguised or not."""
    models = knows(Category.VIOLENCE, "break your legs", everywhere(5.0, 99.0))
    for text in (
        "Hello there, my friend. Tomorrow I will BREAK YOUR LEGS, believe me",
        "Hello there, my friend. Tomorrow I will bre\u200bak y0ur l3gs, believe me",
    ):
        spans = models.marked(fold(text), Category.VIOLENCE)
        shown = " ".join(text[span.start : span.end] for span in spans)
        assert shown.lower().translate(str.maketrans("03", "oe", "\u200b")) == "break your legs"


@given(text=st.text(max_size=300))
def test_marks_stay_inside_the_message(text: str) -> None:
    """Whatever is written, a mark is a stretch of the original, and there are few."""
    spans = NOISE.marked(fold(text), Category.HATE)
    assert len(spans) <= 6
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I think that we should go there with all of them", "en"),
        ("Ich bin heute nicht da und du auch nicht", "de"),
        ("je ne suis pas dans la maison avec vous", "fr"),
        ("no hay nada para mi en este lugar pero muy bien", "es"),
        ("não tem nada para mim nesse lugar mas muito bem", "pt"),
        ("я сегодня дома", "ru"),
        ("今天天气很好", "zh"),
        ("今日はいい天気ですね", "ja"),
        ("오늘 날씨가 좋네요", "ko"),
        ("مرحبا كيف حالك", "ar"),
        ("आज मौसम अच्छा है", "hi"),
        ("zxcv qwer", "latin"),
        ("👍 123", "latin"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    """By writing system first, by small words then."""
    assert language(fold(text)) == code


def test_an_artefact_is_read_as_it_was_written() -> None:
    """Header and rows come back; a shortened or foreign file is refused with a remedy."""
    made, tables = header(everywhere(1.0, 2.0)), noise(len(HEADS), 5)
    raw = pack(made, tables)
    assert unpack(raw) == (made, tables)
    for broken in (raw[:-1], raw[:40], b"PK\x03\x04" + raw, b""):
        with pytest.raises(BrokenWeightsError, match=r"Install Folkmoot anew|header of the weights"):
            unpack(broken)


def test_the_shipped_artefact_is_small_and_has_every_head() -> None:
    """Ten heads in three mebibytes, each of which may speak up in some language."""
    assert SHIPPED.heads == tuple(map(Category, HEADS))
    raw = (files("folkmoot.detect") / "weights" / "folkmoot.weights").read_bytes()
    assert len(raw) <= 3 << 20
    for head in range(len(HEADS)):
        borders = [curves[head].likely for curves in SHIPPED.header.curves.values()]
        assert any(border is not None for border in borders)
