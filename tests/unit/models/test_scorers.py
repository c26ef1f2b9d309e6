"""The scorer in C and the one in Python are the same function, and neither takes long."""

import time
from math import inf
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.detect import model_kernel
from folkmoot.detect.model_features import LONGEST, MOST_BYTES, MOST_WINDOWS, pairs, runs, windows, words
from folkmoot.detect.model_kernel import COMPILED, kernel
from folkmoot.detect.model_scorers import Slow, scorer
from folkmoot.detect.model_signs import signs
from folkmoot.text.fold import Folded, fold
from tests.unit.models.made import BITS, HEADS, KNOWN, everywhere, header, noise

if TYPE_CHECKING:
    from folkmoot.detect._score import Kernel

FLOORS = [0.0, 1.0, -1.0, 5.0, 20.0, 60.0, inf, -1000.0, 0.5, 2.0]
MADE, TABLES = header(everywhere(0.0, 1.0)), noise(len(HEADS), 1)

built = pytest.mark.skipif(not COMPILED, reason="built without a C compiler")
texts = st.text(max_size=400) | st.lists(st.sampled_from(KNOWN), max_size=40).map(" ".join)
long = st.lists(
    st.sampled_from((*KNOWN, "7", "x" * 300, "很" * 200, "Ж" * 250, "😀" * 130, "s.p.a.m", "!", "\n")),
    max_size=60,
).map(" ".join)
SLOW = Slow(MADE, TABLES, FLOORS)


@pytest.fixture(scope="module")
def compiled() -> "Kernel":
    """The compiled scorer."""
    return kernel(MADE, TABLES, FLOORS)


@pytest.fixture(scope="module")
def slow() -> Slow:
    """The scorer in Python."""
    return SLOW


@built
@given(text=texts)
def test_both_give_the_same_sums_for_every_text(compiled: "Kernel", slow: Slow, text: str) -> None:
    """Whatever is written, in whatever script, both scorers agree in every sum and every bit."""
    for view in fold(text).readings:
        for window in windows(view):
            assert compiled.sums(window) == slow.sums(window)
            assert compiled.reached(window) == slow.reached(window)


@built
@given(window=st.binary(max_size=LONGEST).filter(lambda raw: not raw or raw[0] & 0xC0 != 0x80))
def test_both_give_the_same_sums_for_any_bytes(compiled: "Kernel", slow: Slow, window: bytes) -> None:
    """Not even bytes that are no text make the two differ."""
    assert compiled.sums(window) == slow.sums(window)
    assert compiled.reached(window) == slow.reached(window)


@built
@pytest.mark.parametrize("count", [1, 7, 15])
def test_any_number_of_heads_up_to_fifteen(count: int) -> None:
    """The compiled scorer has room for fifteen heads."""
    names = tuple(map(str, range(count)))
    made = header(everywhere(0.0, 1.0, count), heads=names)
    tables, window = noise(count, count), fold("seven wonders and you are the sixteenth").readings[0]
    floors = [0.0] * count
    assert kernel(made, tables, floors).sums(window) == Slow(made, tables, floors).sums(window)


@built
def test_the_last_row_is_read_without_going_beyond(compiled: "Kernel", slow: Slow) -> None:
    """A text all of whose features are far back in the table is scored like any other."""
    texts = [f" {number} ".encode() for number in range(4000)]
    far = [text for text in texts if max(runs(text, BITS)) >= (1 << BITS) - 2]
    assert far
    assert all(compiled.sums(text) == slow.sums(text) for text in far)


def test_words_of_the_lexicon_are_found_and_others_are_not(slow: Slow) -> None:
    """The weight of the known words is summed up, each once; a word that is not known weighs nothing."""
    assert slow.sums(b" casino casino money xyzzy ")[-1] == 14
    assert slow.sums(b" xyzzy ")[-1] == 0
    assert slow.sums(" 我 想 ".encode())[-1] == 21


@built
def test_a_window_that_is_too_long_is_refused(compiled: "Kernel") -> None:
    """More than a window never reaches the C code."""
    with pytest.raises(ValueError, match="at most 1024 bytes"):
        compiled.reached(b" " * (MOST_BYTES + 1))


@built
@given(text=texts | long)
def test_both_see_the_same_at_a_glance(compiled: "Kernel", slow: Slow, text: str) -> None:
    """Signs, digits, windows and readings of a text are the same to both, however long it is."""
    folded = fold(text)
    assert compiled.signs(folded) == signs(folded)
    assert compiled.glance(folded) == slow.glance(folded)


@built
def test_both_see_the_same_of_long_texts(compiled: "Kernel", slow: Slow) -> None:
    """Windows are cut at the same places whatever stands at their borders."""
    chance = Random(5)
    pieces = ("casino", "мир", "很想", "8", "😀", "money" * 9, "我" * 90, "s.p.a.m", "x" * 250)
    for _ in range(300):
        folded = fold(chance.choice((" ", "  ", "")).join(chance.choices(pieces, k=chance.randint(5, 300))))
        assert compiled.glance(folded) == slow.glance(folded)


@built
def test_both_see_the_same_signs_of_every_character(compiled: "Kernel") -> None:
    """Whatever its script and case, a character is a sign among capitals to both or to neither."""
    for code in range(0x20000):
        folded = fold("CAPITALS" + chr(code))
        assert compiled.signs(folded) == signs(folded), hex(code)


@built
@pytest.mark.parametrize("before", [999, 1000, 1001])
@pytest.mark.parametrize("last", ["a", "Ω", "ω", "?", "？", "€", "7"])
def test_signs_are_looked_for_in_the_same_part(compiled: "Kernel", before: int, last: str) -> None:
    """The thousandth character is the last that both look at, whatever stands before it."""
    for filled in ("A" * before, "Σ" * before, "很" * before, "😀" * before, " " * before):
        folded = fold(filled + last)
        assert compiled.signs(folded) == signs(folded)


@built
@pytest.mark.parametrize("size", [1, 8, 9, 24, 25, 59, 60, 119, 120, 299, 300])
def test_sizes_are_the_same(compiled: "Kernel", size: int) -> None:
    """Both give a text the same size, and both hear shouting from the same length on."""
    for letter in ("a", "A", "Ж", "ж", "ǅ", "我"):
        folded = fold(letter * size)
        assert compiled.signs(folded) == signs(folded)


@built
def test_half_a_character_is_read_like_any_other(compiled: "Kernel", slow: Slow) -> None:
    """A text that is no valid text is seen by both, and by both in the same way."""
    folded = fold("\ud83d SEND ME 50€ NOW, ALL OF YOU PLEASE \udc00")
    assert compiled.signs(folded) == signs(folded) == b" \x02m \x02u \x021"
    assert compiled.glance(folded) == slow.glance(folded)


@built
def test_tables_that_do_not_fit_together_are_refused() -> None:
    """What is not complete never reaches the sums."""
    with pytest.raises(ValueError, match="fit together"):
        kernel(MADE, TABLES._replace(words=TABLES.words[:-1]), FLOORS)


@built
def test_what_is_no_folded_text_is_refused(compiled: "Kernel") -> None:
    """A wrong argument is an error like any other in Python."""
    with pytest.raises(AttributeError, match="readings"):
        compiled.glance("text")  # type: ignore[arg-type]
    broken: Folded = fold("so much for that, and so on and so on")
    broken.readings = ["no bytes"]  # type: ignore[list-item]
    with pytest.raises(TypeError, match="bytes"):
        compiled.glance(broken)


def test_without_the_compiled_scorer_there_is_the_one_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has none is slower, not broken."""
    monkeypatch.setattr(model_kernel, "COMPILED", False)
    assert isinstance(scorer(MADE, TABLES, FLOORS), Slow)


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


@built
def test_the_scorer_of_this_machine_is_the_compiled_one_where_there_is_one() -> None:
    """`scorer` takes the compiled one if it is there."""
    assert not isinstance(scorer(MADE, TABLES, FLOORS), Slow)
