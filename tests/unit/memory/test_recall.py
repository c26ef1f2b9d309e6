"""The memory in C and the one in Python are the same, and so are the two ways to make a sketch."""

import gc
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.intake import recalling
from folkmoot.text import prints
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Trace

quick = pytest.importorskip("folkmoot.intake._recall")
sketches = pytest.importorskip("folkmoot.text._sketch")

WORDS = [f"word{number}" for number in range(12)]
TEXTS = [" ".join(WORDS[start : start + 9] + WORDS[:other]) for start in range(4) for other in range(0, 9, 2)]
PRINTS = [(0, b"")] + [prints.prints(fold(text)) for text in TEXTS]

asked = st.tuples(
    st.sampled_from((1, 2, 3, 3, 4)),
    st.sampled_from("gh"),
    st.sampled_from("rs"),
    st.sampled_from("abcdefg"),
    st.sampled_from(PRINTS),
    st.integers(0, 30).map(float) | st.floats(0, 100),
)


@given(
    said=st.lists(asked, max_size=200),
    sizes=st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 60)),
)
def test_both_remember_and_forget_the_same(
    said: list[tuple[int, str, str, str, tuple[int, bytes], float]], sizes: tuple[int, int, int]
) -> None:
    """Whatever comes in whatever order, both recall the same, and both have forgotten the same."""
    first, second = quick.Recall(*sizes, Trace), recalling.Recall(*sizes, Trace)
    for how, group, room, sender, (number, sketch), now in said:
        about = (how, group, room, sender, number, sketch, now)
        assert first.ask(*about) == second.ask(*about)
    assert first.sizes() == second.sizes()


def test_both_keep_as_many_times_and_traces() -> None:
    """Who writes a thousand times, and what is written a thousand times, is remembered as far in both."""
    first, second = quick.Recall(10, 10, 99, Trace), recalling.Recall(10, 10, 99, Trace)
    for at in (*range(1000), 500, 999, 2, 10_000):
        about = (3, "g", "r", "s", *PRINTS[1], float(at))
        found = first.ask(*about)
        assert found == second.ask(*about)
        assert all(one <= other for one, other in pairwise(found[0]))


@given(st.text(max_size=300) | st.lists(st.sampled_from([*WORDS, "好", "🔥", "a"])).map(" ".join))
def test_both_make_the_same_sketch_of_every_text(text: str) -> None:
    """Whatever is written, in whatever script, the two sketches are the same."""
    for view in fold(text).readings:
        assert sketches.sketch(view) == prints.slow_sketch(view)


@given(st.binary(max_size=400))
def test_both_make_the_same_sketch_of_any_bytes(view: bytes) -> None:
    """Not even bytes that are no text make the two differ."""
    assert sketches.sketch(view) == prints.slow_sketch(view)


def test_what_is_no_text_is_refused() -> None:
    """Wrong types are errors, not crashes."""
    memory = quick.Recall(10, 10, 10, Trace)
    for about in ((3, None, "r", "s", 1, b"", 1.0), (3, "g", "r", "s", 1, "", 1.0), (3, "g", "r", "s"), ()):
        with pytest.raises(TypeError):
            memory.ask(*about)
    with pytest.raises(TypeError):
        sketches.sketch("text")
    with pytest.raises(TypeError):
        quick.Recall(1)


def test_what_is_forgotten_is_given_back() -> None:
    """However much is remembered and forgotten, no names stay behind."""
    tracemalloc.start()
    try:
        memory = quick.Recall(20, 20, 60, Trace)
        for number in range(40_000):
            if number == 10_000:
                gc.collect()
                before = tracemalloc.get_traced_memory()[0]
            sketch = b"".join((number // 3 * 8 + one).to_bytes(4, "little") for one in range(8))
            memory.ask(3, "g", f"room {number % 7}", f"sender {number}", number + 1, sketch, float(number))
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < before + 20_000
        del memory
    finally:
        tracemalloc.stop()
