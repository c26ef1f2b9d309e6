"""Phrases of other alphabets are found as people type them in Latin letters."""

import pytest

from folkmoot.detect.spellings import LEAST, latin
from folkmoot.detect.words import Lexicon, Place
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Span

PHRASES = {"гарантированный доход": 1, "στοίχημα": 2, "ربح مضمون": 4, "закладк*": 8, "суд": 16, "大麻": 32}


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("garantirovannyj dohod", 1),
        ("garantirovannyy dokhod", 1),
        ("garantirovanny doxod", 1),
        ("GARANTIROVANNYI DOHOD!!", 1),
        ("гарантированный доход", 1),
        ("pame stoixhma", 2),
        ("stoichima", 2),
        ("rb7 mdmwn", 4),
        ("zakladki", 8),
        ("sud", 0),
        ("zakladki i sud", 8 | 16),
        ("stoichima i sud", 2 | 16),
        ("garant dohod", 0),
    ],
)
def test_a_phrase_is_found_in_latin_letters(text: str, bits: int) -> None:
    """Each common way of spelling is known; short words are left, for they mean something elsewhere."""
    assert Lexicon(PHRASES).find(fold(text)).bits == bits


def test_a_spelling_counts_as_a_disguise_and_names_the_phrase() -> None:
    """The finding names the phrase as the rule has it."""
    folded, lexicon = fold("zakladki"), Lexicon(PHRASES)
    (place,) = lexicon.spans(lexicon.find(folded), folded, 8)
    assert place == Place(Span(0, 7), True, "закладк*")


def test_only_long_spellings_stand_alone() -> None:
    """A spelling of fewer letters than six may be any word, unless digits stand for letters in it."""
    assert all(len(one.strip("*")) >= LEAST for phrase in PHRASES for one in latin(phrase).long)
    assert latin("خاص").short == ["5as", "khas", "5a9"]
    assert "7shysh" in latin("حشيش").long
    assert latin("casino") == ([], [])
