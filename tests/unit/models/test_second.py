"""The second opinion: what it costs, when it is asked, and that it decides where it is."""

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.detect.model_second import ASKED_FROM, LONGEST, Header, Second, asked_from, pack
from folkmoot.detect.model_weights import BrokenWeightsError, Curve
from folkmoot.detect.models import Models, probability
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category
from tests.unit.models.made import HEADS, everywhere, knows

np: Any = pytest.importorskip("numpy")

PHRASE = "tomorrow we will break your legs"


def made(says: float, asked: list[str], languages: tuple[str, ...] = ("en", "latin")) -> Second:
    """A second opinion with one example, which says the same of the violence head for every text."""
    header = Header(
        name="made",
        encoder="none",
        heads=HEADS,
        examples=1,
        numbers=2,
        step=0.1,
        width=1.0,
        biases=(-1.0,) * len(HEADS),
        curves=(Curve(1.0, 0.0, 0.5, 2.0),) * len(HEADS),
        languages=languages,
    )
    column = np.zeros((1, len(HEADS)), dtype="<f4")
    column[0, HEADS.index("violence")] = says
    tables = (np.zeros((384, 2), "<f4"), np.zeros(384, "<f4"), column, np.zeros((1, 2), np.int8))

    def embed(text: str) -> Any:
        asked.append(text)
        return np.zeros(384, dtype=np.float32)

    return Second(pack(header, [table.tobytes() for table in tables]), embed)


@pytest.fixture
def small() -> Callable[[Second], Models]:
    """Small models one head of which knows a phrase, with a second opinion."""

    def _with(second: Second) -> Models:
        found = knows(Category.VIOLENCE, PHRASE, everywhere(1000.0, 2000.0))
        return Models(found.header, found._tables, second)

    return _with


def test_it_is_asked_about_uncertain_messages_only(small: Callable[[Second], Models]) -> None:
    """A message of which the small models think nothing costs nothing more."""
    asked: list[str] = []
    models = small(made(5.0, asked))
    assert models.taken_for(fold(PHRASE)) == {Category.VIOLENCE: "very likely"}
    assert asked == [PHRASE]
    quiet = Curve(1.0, -60.0, 1000.0, 2000.0)
    calm = Models(models.header.__class__(**_fields(models, quiet)), models._tables, made(5.0, asked))
    assert calm.taken_for(fold("see you at the fair on sunday")) == {}
    assert asked == [PHRASE]


def _fields(models: Models, curve: Curve) -> dict[str, Any]:
    told = {name: getattr(models.header, name) for name in models.header.__struct_fields__}
    return told | {"curves": {"": (curve,) * len(HEADS)}}


@pytest.mark.parametrize("text", [f"\0{PHRASE}", f"{PHRASE}\ud931"])
def test_half_characters_and_zeros_reach_no_encoder(text: str) -> None:
    """C reads no half character, and would take a zero for the end: the words after it are read too."""
    asked: list[str] = []
    made(0.0, asked).opinion(fold(text))
    assert PHRASE in asked[0]
    assert "\0" not in asked[0].encode().decode()


def test_it_can_say_no(small: Callable[[Second], Models]) -> None:
    """Where it was asked, what it says counts, not what the small models suspected."""
    assert small(made(0.0, [])).taken_for(fold(PHRASE)) == {}


def test_where_it_does_not_know_the_language_the_small_models_decide(
    small: Callable[[Second], Models],
) -> None:
    """It is not even asked."""
    asked: list[str] = []
    models = small(made(5.0, asked, languages=("de",)))
    assert models.taken_for(fold(PHRASE)) == {}
    assert asked == []


def test_scores_are_its_own(small: Callable[[Second], Models]) -> None:
    """`check --scores` tells the better opinion, for every message."""
    scores = small(made(5.0, [])).scores(fold("see you at the fair"))
    assert scores[Category.VIOLENCE] == pytest.approx(probability(Curve(1.0, 0.0, None, None), 4.0))


def test_disguised_texts_are_read_both_ways_and_long_ones_in_part(
    small: Callable[[Second], Models],
) -> None:
    """What a message costs is bounded, and tricks don't keep it from being understood."""
    asked: list[str] = []
    second = made(1.0, asked)
    second.opinion(fold("t0morrow we will br3ak y0ur l3gs"))
    assert len(asked) == 2
    second.opinion(fold("abc " * 10_000))
    assert len(asked[-1]) == LONGEST


def test_it_is_asked_from_the_stated_probability_on() -> None:
    """The border lies where the small model's curve says so."""
    curve = Curve(0.7, -2.0, None, None)
    assert probability(curve, asked_from(curve)) == pytest.approx(ASKED_FROM)


def test_a_foreign_file_is_refused() -> None:
    """The error says what to do."""
    with pytest.raises(BrokenWeightsError, match="Install Folkmoot anew"):
        Second(b"PK\x03\x04", lambda text: None)
