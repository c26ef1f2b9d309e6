"""Phrases are found as whole words, in every disguise, and nothing else is."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.detect import together
from folkmoot.detect.words import MOST_HITS, Lexicon, pattern
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Span


def found(phrase: str, text: str) -> list[str]:
    """What of a text is found for one phrase."""
    lexicon, folded = Lexicon({phrase: 1}), fold(text)
    hits = lexicon.find(folded)
    return [text[place.span.start : place.span.end] for place in lexicon.spans(hits, folded, 1)]


@pytest.mark.parametrize(
    ("phrase", "text", "what"),
    [
        ("free money", "Get FREE, money!", ["FREE, money"]),
        ("free money", "fr33 m0ney", ["fr33 m0ney"]),
        ("kill*", "killing and skill", ["kill"]),
        ("*kill", "overkill and killing", ["kill"]),
        ("cunt", "Scunthorpe", []),
        ("año", "feliz ano", ["ano"]),
        ("=ano", "feliz año nuevo", []),
        ("=ano", "el ano", ["ano"]),
        ("加微信", "请加微信聊", ["加微信"]),
        ("加微信", "请加 微 信聊", ["加 微 信"]),
        ("казино", "лучшее КАЗИНО тут", ["КАЗИНО"]),
        ("казино", "лучшее кaзинo тут", ["кaзинo"]),
        ("don't", "I don’t know", ["don’t"]),
        ("🍆", "look 🍆🍆", ["🍆", "🍆"]),
        ("18+ video", "an 18+ video", ["18+ video"]),
    ],
)
def test_a_phrase_and_what_is_found(phrase: str, text: str, what: list[str]) -> None:
    """A phrase fits whole words, stems with a star, and with = only what is written."""
    assert sorted(set(found(phrase, text))) == sorted(set(what))


def test_a_phrase_of_signs_only_is_nothing() -> None:
    """What folding leaves nothing of cannot be looked for."""
    assert pattern("!!!") == b""
    assert Lexicon({"!!!": 1}).find(fold("hello!!!")).bits == 0


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12), max_size=8)
)
def test_a_phrase_is_found_in_a_text_that_contains_it(words: list[str]) -> None:
    """Every phrase that folding leaves something of is found where it stands between other words."""
    for word in words:
        lexicon = Lexicon({word.strip("=*@<> ") or "x": 1})
        text = f"before {word.strip('=*@<> ') or 'x'} after"
        assert lexicon.find(fold(text)).bits == (1 if pattern(word.strip("=*@<> ") or "x") else 0)


def test_a_text_full_of_a_phrase_costs_a_bounded_number_of_hits() -> None:
    """After so many hits there is nothing more to prove."""
    assert len(Lexicon({"spam": 1}).find(fold("spam " * 3_000)).places) == MOST_HITS


def test_threads_share_a_lexicon() -> None:
    """Several threads look for phrases at once and all find them."""
    lexicon, results = Lexicon({f"word{number}": 1 << number for number in range(50)}), []

    def look() -> None:
        for _ in range(300):
            results.append(lexicon.find(fold("here is word7 and word9")).bits)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {1 << 7 | 1 << 9}
    assert len(results) == 1200


def test_one_span_does_not_serve_two_lists() -> None:
    """A word that stands in two lists has to be there twice."""
    folded = fold("sale sale now")
    assert together.find(folded, [[Span(0, 4)], [Span(0, 4)]], 5) is None
    assert together.find(folded, [[Span(0, 4)], [Span(0, 4), Span(5, 9)]], 5) == (Span(0, 4), Span(5, 9))


def test_words_too_far_apart_are_not_together() -> None:
    """The distance between the first and the last is counted in words."""
    text = "one " + "and " * 10 + "two"
    folded = fold(text)
    spans = [[Span(0, 3)], [Span(len(text) - 3, len(text))]]
    assert together.find(folded, spans, 10) is None
    assert together.find(folded, spans, 11) is not None


def test_of_two_spellings_of_one_word_always_the_same_is_told() -> None:
    """What people read about a match does not depend on the order in which phrases were listed."""
    folded = fold("Casino here")
    for phrases in ({"casinò": 1, "casino": 1}, {"casino": 1, "casinò": 1}):
        lexicon = Lexicon(phrases)
        assert [place.phrase for place in lexicon.spans(lexicon.find(folded), folded, 1)] == ["casino"]
