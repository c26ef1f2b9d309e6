"""Tricks that can be undone in several ways are undone so that words of the policy come out."""

import pytest

from folkmoot.detect.words import Lexicon, Place
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Span

PHRASES = {
    "kill you": 1, "garantier*": 2, "casino": 4, "heroin": 8, "send nudes": 16, "penis": 32,
    "final notice": 64,
    "bonus": 128, "казино": 256, "anal": 512, "puta": 1024, "tits": 2048,
}  # fmt: skip


def _bits(text: str) -> int:
    return Lexicon(PHRASES).find(fold(text)).bits


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("1 will k1ll y0u", 1),
        ("i w!|| k!|| y0u", 1),
        ("f1n41 n071c3 from us", 64),
        ("g4r4n713r73r g3w1nn", 2),
        ("(@$!n0 80nu5", 4 | 128),
        ("5h0w m3 y0ur 7175", 2048),
        ("7175", 0),
        ("(@$!n0 7175", 4),
        ("t@||k !! or ||", 0),
    ],
)
def test_digits_and_signs_stand_for_the_letters_that_make_a_word(text: str, bits: int) -> None:
    """1 is i or l as the word needs it; a number alone is a number."""
    assert _bits(text) == bits


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("c a s i n o b o n u s", 4 | 128),
        ("s e n d n u d e s", 16),
        ("s e n d n u d e s p l e a s e", 0),
        ("a n a l y s t", 0),
        ("c a n a l s h i p s", 0),
    ],
)
def test_letters_apart_are_words_where_words_make_up_all_of_them(text: str, bits: int) -> None:
    """Where nothing parts the words, no word is found inside another."""
    assert _bits(text) == bits


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("ca si no en li gn e bo nu s de bi en ve nu e", 4 | 128),
        ("se xy nu des babe, cas ino", 4),
        ("ка зи но он ла йн бо ну с ка жд ый де нь", 256),
        ("Gar anti erter Ge winn mit Bi tc oin", 2),
        ("she is the hero in my story", 0),
        ("the pen is mine", 0),
        ("accuse of DV, put a case on him", 0),
        ("ca si no", 0),
    ],
)
def test_pieces_are_joined_where_they_are_no_words(text: str, bits: int) -> None:
    """Two letters that are no word in any language show the trick; without them nothing is joined."""
    assert _bits(text) == bits


def test_where_it_stands_is_known() -> None:
    """The finding names the phrase, that it was disguised, and the stretch of the original."""
    folded, lexicon = fold("now: f1n41 n071c3!"), Lexicon(PHRASES)
    (place,) = lexicon.spans(lexicon.find(folded), folded, 64)
    assert place == Place(Span(5, 17), True, "final notice")


def test_two_policies_may_read_the_same_message() -> None:
    """What one policy's words made of a message is not what another's make of it."""
    folded = fold("k1ll y0u 4nd 1057 f1n41 n071c3")
    first, second = Lexicon({"lost": 1}), Lexicon({"final notice": 1})
    for lexicon, span in ((first, Span(13, 17)), (second, Span(18, 30)), (first, Span(13, 17))):
        (place,) = lexicon.spans(lexicon.find(folded), folded, 1)
        assert place.span == span


def test_a_stored_lexicon_reads_the_same() -> None:
    """What was prepared by another process is as clever."""
    lexicon = Lexicon(PHRASES)
    again = Lexicon(PHRASES, lexicon.prepared())
    folded = fold("f1n41 n071c3 ca si no en li gn e bo nu s de bi")
    assert again.find(folded) == lexicon.find(fold(folded.text))
