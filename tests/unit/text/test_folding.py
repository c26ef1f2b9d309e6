"""Folding in C and folding in Python are the same, and no text with a sign is passed over."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.text.folding import (
    first_places,
    first_reading,
    lettered,
    slow_fold,
    slow_places,
    slow_words,
    words,
)
from folkmoot.text.letters import LETTERS, letter
from folkmoot.text.looks import PATTERNS, Look, glance
from folkmoot.text.readings import apply, plans, read
from tests.corpus.suite import FOLDER

quick = pytest.importorskip("folkmoot.text._fold")

NASTY = (
    "aabdtokxsjpz0143@$!|(.*_~^-+` \n\t\r\x00:/[]{}<>'’…🙂❤️👍🏽аеобгджзтчќλμασابتطة漢字かกÀéßﬀ①Ａ"
    "\u202e\u200bᎠᏀⲀꓐᗅﷺ€İſ\ud800"
)
PIECES = (
    *("dot", "d0t", "punkt", "ponto", "точка", "точках", "://", "private", "key", "ghp_", "glpat-", "xoxb-"),
    *("pypi-a", "mdaxk", "akia0123456789ab", "aiza", "eyj", "ca", "si", "no", "q", "x", "v1", "100", "2nd"),
    *("10am", "@me", "$5", "||", "!|", "kk", "aabbcc", "ббггдд", "ааа", "ох,", "ьъ", "🙂🙂", "漢", ".", "-"),
    *("_", "(", "[.]", "{.}", "well-known", "a.b"),
)
texts = (
    st.text(NASTY, max_size=80)
    | st.text(max_size=80)
    | st.lists(st.sampled_from(PIECES) | st.text(NASTY, max_size=3), max_size=14).flatmap(
        lambda words: st.sampled_from((" ", "", ".", "\n", "🙂", "  ", "-")).map(lambda gap: gap.join(words))
    )
)


def same(text: str) -> None:
    """Assert that both ways give the same view and places, and that no sign is passed over."""
    view, raw = slow_fold(text)
    found, kept = first_reading(text)
    assert found == view
    assert kept in (raw, None)
    assert kept is not None or raw is None or not glance(raw), Look(glance(raw or b""))
    assert first_places(text) == slow_places(text)
    letters = lettered(text)
    assert words(letters) == slow_words(letters) == view
    assert raw is None or raw.decode() == letters


@settings(max_examples=1000)
@given(texts)
def test_both_fold_every_text_the_same(text: str) -> None:
    """Whatever is written, both ways give the same reading and the same way back, and miss no sign."""
    same(text)


@given(texts)
def test_a_step_gives_the_same_text_without_the_way_back(text: str) -> None:
    """Each step gives the same text whether or not somebody asks where its characters came from."""
    letters = lettered(text)
    for looks in (int(look) for look in Look):
        for chain in plans(looks):
            for step in chain:
                made, came = apply(letters, [*range(len(letters))], step(letters))
                assert read(letters, step) == made
                assert came is not None
                assert len(came) == len(made)


def test_every_character_becomes_the_same() -> None:
    """Each character, known or looked up, becomes the same in both, beside letters and beside others."""
    codes = [*range(0xD800), *range(0xE000, 0x34000), *range(0x34000, 0x110000, 97), *range(0xE0000, 0xE1010)]
    for first in range(0, len(codes), 64):
        chars = [chr(code) for code in codes[first : first + 64]]
        for text in ("Ab".join(chars), "".join(chars)):
            assert quick.fold(text)[0] == slow_fold(text)[0], hex(codes[first])
            assert quick.places(text) == slow_places(text), hex(codes[first])


def test_characters_that_are_known_were_worked_out() -> None:
    """Each character of the table is what working it out gives."""
    assert all(found == letter(chr(code)) for code, found in LETTERS.items())


def test_the_whole_suite_is_folded_the_same() -> None:
    """Real messages in many languages are folded the same, in pieces too."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            for piece in (text, text.upper(), text[::2], text[::-1], *text.split()):
                same(piece)


@pytest.mark.parametrize(
    "pattern",
    [pattern for patterns in PATTERNS.values() for pattern in patterns],
    ids=lambda one: repr(one)[:40],
)
def test_no_sign_of_any_pattern_is_passed_over(pattern: bytes) -> None:
    """Whatever fits a pattern that is looked for keeps its letters, whatever stands around it."""
    short = re.compile(pattern if len(pattern) < 900 else pattern[:0] + rb"q[jxz]|ca si no")

    @settings(max_examples=60, deadline=None)
    @given(st.from_regex(short), st.sampled_from(("", " ", "a", "да", "🙂 ")))
    def holds(found: bytes, before: str) -> None:
        same(before + found.decode("utf-8", "ignore"))

    holds()


def test_a_text_of_any_length_is_folded() -> None:
    """Nothing long, and nothing that grows tenfold, goes beyond what is set aside for it."""
    for piece in ("a", "ﷺ", "漢", "é ", "🙂", "\u0301", "x" * 8191 + "é", "ﷺ" * 700):
        for count in (1, 99, 2_600, 10_001):
            same(piece * (count // len(piece) + 1))


def test_half_characters_and_what_is_no_text() -> None:
    """Half characters are left to Python; what is no text is refused."""
    assert quick.fold("\ud800") is None
    with pytest.raises(UnicodeEncodeError):
        quick.places("\ud800")
    with pytest.raises(UnicodeEncodeError):
        quick.words("\ud800")
    for wrong in (b"bytes", None, 3):
        with pytest.raises(TypeError):
            quick.fold(wrong)
