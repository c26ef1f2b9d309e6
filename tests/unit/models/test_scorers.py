"""The scorer in C and the one in Python are the same function, and neither takes long."""

import ctypes
import sys
import time
from math import inf
from pathlib import Path
from struct import pack
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.detect import model_kernel
from folkmoot.detect.model_features import LONGEST, MOST_BYTES, MOST_WINDOWS, pairs, runs, windows, words
from folkmoot.detect.model_kernel import Kernel, library
from folkmoot.detect.model_scorers import Slow, scorer
from folkmoot.text.fold import fold
from tests.unit.models.made import BITS, HEADS, KNOWN, everywhere, header, noise

FLOORS = [0.0, 1.0, -1.0, 5.0, 20.0, 60.0, inf, -1000.0, 0.5, 2.0]
MADE, TABLES = header(everywhere(0.0, 1.0)), noise(len(HEADS), 1)

built = pytest.mark.skipif(library() is None, reason="built without a C compiler")
texts = st.text(max_size=400) | st.lists(st.sampled_from(KNOWN), max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    """The compiled scorer."""
    found = library()
    assert found is not None
    return Kernel(found, MADE, TABLES, FLOORS)


@pytest.fixture(scope="module")
def slow() -> Slow:
    """The scorer in Python."""
    return Slow(MADE, TABLES, FLOORS)


@built
@given(text=texts)
def test_both_give_the_same_sums_for_every_text(kernel: Kernel, slow: Slow, text: str) -> None:
    """Whatever is written, in whatever script, both scorers agree in every sum and every bit."""
    for view in fold(text).readings:
        for window in windows(view):
            assert kernel.sums(window) == slow.sums(window)
            assert kernel.reached(window) == slow.reached(window)


@built
@given(window=st.binary(max_size=LONGEST).filter(lambda raw: not raw or raw[0] & 0xC0 != 0x80))
def test_both_give_the_same_sums_for_any_bytes(kernel: Kernel, slow: Slow, window: bytes) -> None:
    """Not even bytes that are no text make the two differ."""
    assert kernel.sums(window) == slow.sums(window)
    assert kernel.reached(window) == slow.reached(window)


@built
@pytest.mark.parametrize("count", [1, 7, 15])
def test_any_number_of_heads_up_to_fifteen(count: int) -> None:
    """The compiled scorer has room for fifteen heads."""
    names = tuple(map(str, range(count)))
    made, found = header(everywhere(0.0, 1.0, count), heads=names), library()
    assert found is not None
    tables, window = noise(count, count), fold("seven wonders and you are the sixteenth").readings[0]
    assert Kernel(found, made, tables, [0.0] * count).sums(window) == Slow(made, tables, [0.0] * count).sums(
        window
    )


@built
def test_the_last_row_is_read_without_going_beyond(kernel: Kernel, slow: Slow) -> None:
    """A text all of whose features are far back in the table is scored like any other."""
    texts = [f" {number} ".encode() for number in range(4000)]
    far = [text for text in texts if max(runs(text, BITS)) >= (1 << BITS) - 2]
    assert far
    assert all(kernel.sums(text) == slow.sums(text) for text in far)


def test_words_of_the_lexicon_are_found_and_others_are_not(slow: Slow) -> None:
    """The weight of the known words is summed up, each once; a word that is not known weighs nothing."""
    assert slow.sums(b" casino casino money xyzzy ")[-1] == 14
    assert slow.sums(b" xyzzy ")[-1] == 0
    assert slow.sums(" 我 想 ".encode())[-1] == 21


@built
def test_a_window_that_is_too_long_is_refused(kernel: Kernel) -> None:
    """More than a window never reaches the C code."""
    with pytest.raises(ValueError, match="at most 1024 bytes"):
        kernel.reached(b" " * (MOST_BYTES + 1))


def test_a_library_that_cannot_be_loaded_leaves_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken or foreign library file means slower, not broken."""
    (tmp_path / "libmodels.so").write_bytes(b"\x7fELF" + pack("<q", 0))
    monkeypatch.setattr(model_kernel, "files", lambda _: tmp_path)
    monkeypatch.setattr(model_kernel, "NAMES", ("libmodels.so",))
    library.cache_clear()
    try:
        assert library() is None
        assert isinstance(scorer(MADE, TABLES, FLOORS), Slow)
    finally:
        library.cache_clear()


def test_features_are_as_the_documentation_defines_them() -> None:
    """Runs of three to five characters, words and pairs, each a CRC-32."""
    window = " ab ü ".encode()
    wanted = [" ab", "ab ", "b ü", " ü ", " ab ", "ab ü", "b ü ", " ab ü", "ab ü "]
    keys = [crc32(run.encode()) for run in wanted] + [crc32("ab ü".encode(), 2)]
    assert runs(window, 18) == {key & 0x3FFFF for key in keys}
    assert words(window) == [crc32(b"ab", 1), crc32("ü".encode(), 1)]
    assert pairs(window) == [crc32("ab ü".encode(), 2)]


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=4000))
@settings(max_examples=60)
def test_windows_are_bounded_and_hold_whole_characters(text: str) -> None:
    """No window is longer than allowed, none cuts a character, and a short text is one window."""
    view = f" {text} ".encode()
    found = windows(view)
    assert 1 <= len(found) <= MOST_WINDOWS
    assert all(len(window) <= LONGEST and window.decode() for window in found)
    assert (found == (view,)) == (len(view) <= LONGEST) or len(view) > LONGEST
    assert view.startswith(found[0])
    assert view.endswith(found[-1])


@pytest.mark.parametrize(
    "text",
    ["e" + "\u0301" * 1_000_000, "a" * 1_000_000, "spam " * 200_000, "很" * 300_000, "s.p.a.m " * 100_000],
    ids=["marks", "one word", "words", "characters", "broken words"],
)
def test_a_hostile_text_costs_no_more_than_its_windows(slow: Slow, text: str) -> None:
    """A megabyte is scored in at most four windows a reading, in milliseconds even in Python."""
    views = fold(text).readings
    started = time.process_time()
    for view in (views[0], views[-1]):
        for window in windows(view):
            slow.reached(window)
    assert time.process_time() - started < 0.25


def test_the_scorer_of_this_machine_is_the_compiled_one_where_there_is_one() -> None:
    """`scorer` takes the library if it is there."""
    kind = Slow if library() is None else Kernel
    assert isinstance(scorer(MADE, TABLES, FLOORS), kind)
    assert sys.byteorder == "big" or ctypes.sizeof(ctypes.c_int64) == 8
