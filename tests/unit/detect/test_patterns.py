"""Patterns are found where they stand, in bounded time, and refused in words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.detect.patterns import Patterns, Written, trouble
from folkmoot.text.fold import fold


def spans(pattern: str, text: str, *, exactly: bool = False) -> list[str]:
    """What of a text a pattern is found in."""
    patterns, folded = Patterns([Written(pattern, exactly)]), fold(text)
    found = patterns.met(folded, patterns.find(folded))
    return [text[span.start : span.end] for span in found.spans] if found else []


def test_a_pattern_is_found_where_it_stands_among_any_letters() -> None:
    """Offsets count characters, whatever came before takes in bytes."""
    assert spans(r"b-[A-Z]{2} ?\d+", "😀 grün 中文 B-XY 123!", exactly=False) == ["B-XY 123"]
    assert spans(r"中文\pL", "ä中文字 and 中文学") == ["中文字", "中文学"]


def test_capitals_count_only_when_asked_for() -> None:
    """`exactly` means the text as it is written."""
    assert spans("[A-Z]{3}-[0-9]", "abc-1", exactly=True) == []
    assert spans("[A-Z]{3}-[0-9]", "abc-1") == ["abc-1"]


def test_tricks_are_undone_unless_exactly_is_asked_for() -> None:
    """A pattern is looked for in every reading of a text, and says so."""
    text = "join our c a s i n o now"
    assert spans("our casino", text) == ["our c a s i n o"]
    assert spans("our casino", text, exactly=True) == []
    patterns, folded = Patterns([Written("our casino", False)]), fold(text)
    found = patterns.met(folded, 1)
    assert found is not None
    assert found.disguised
    assert "not to be recognised" in found.sentence


def test_what_is_no_character_is_survived() -> None:
    """Half a surrogate pair is read as a question mark."""
    assert spans("b+", "\ud800 abb") == ["bb"]


def test_the_places_of_a_cut_text_are_those_of_the_original() -> None:
    """Of a very long message the end is judged too, and found where it is."""
    text = "ö " * 20_000 + "needle-7"
    assert spans(r"needle-\d", text) == ["needle-7"]


@given(st.text(max_size=30), st.text(alphabet="äß中😀xY", min_size=1, max_size=5), st.text(max_size=30))
def test_a_literal_pattern_is_found_in_any_text(before: str, word: str, after: str) -> None:
    """The span of a literal that is there holds that literal."""
    text = f"{before}{word}{after}"
    quoted = "".join(f"\\x{{{ord(sign):x}}}" for sign in word)
    found = spans(quoted, text, exactly=True)
    assert found
    assert set(found) == {word}


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_pattern_is_refused_in_words_or_can_be_used(pattern: str, text: str) -> None:
    """Whatever is written as a pattern ends in a refusal inside it or in spans inside the text."""
    refused = trouble(pattern)
    if refused is not None:
        assert 0 <= refused.start <= len(pattern)
        assert refused.problem
        assert refused.remedy
        return
    patterns, folded = Patterns([Written(pattern, False)]), fold(text)
    found = patterns.met(folded, patterns.find(folded))
    for span in found.spans if found else ():
        assert 0 <= span.start < span.end <= len(text)


COSTLY = [
    ".{1,100}.{1,99}z",
    "(a{1,14}){1,14}x",
    "(?:a?){99}a{99}x",
    r"(\w{1,13}\s?){1,14}!",
    r"(?:\pL{1,4} ?){4}9",
]


@pytest.mark.parametrize("pattern", COSTLY)
def test_no_text_makes_a_pattern_slow(pattern: str) -> None:
    """The dearest patterns that are accepted read the longest text in a bounded time."""
    assert trouble(pattern) is None
    patterns = Patterns([Written(pattern, True)])
    for text in ("a" * 10_000, "ab " * 3_333, "aB1ä中 " * 1_666):
        folded = fold(text)
        patterns.find(folded)
        began = time.process_time()
        patterns.find(folded)
        assert time.process_time() - began < 0.2


def test_nothing_is_found_where_nothing_fits() -> None:
    """A pattern that is not there has no find."""
    assert Patterns([Written("x+", False)]).met(fold("abc"), 1) is None
    assert Patterns([Written("x+", False)]).find(fold("abc")) == 0
