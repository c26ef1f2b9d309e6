"""A folded text says what a reader reads, and every place in it leads back to the original."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.text.fold import HEAD, TAIL, Folded, fold
from folkmoot.text.letters import LOOKALIKE, STYLED
from folkmoot.vocabulary import Span

WILD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aаeеoоpр0134@$!|.-_* \u200b\u0301\u00ad加微信ß\u0130ﬁ🅰🏻\ud800"),
    ),
    max_size=60,
)


def found(folded: Folded, word: str) -> list[str]:
    """The stretches of the original that a word was read from, in any reading."""
    wanted = f" {word} ".encode()
    stretches = []
    for reading, view in enumerate(folded.readings):
        at = view.find(wanted)
        if at >= 0:
            span = folded.locate(reading, at, at + len(wanted))
            stretches.append(folded.text[span.start : span.end])
    return stretches


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("Buy VIAGRA now", "viagra", "VIAGRA"),
        ("buy v1agra!", "viagra", "v1agra"),
        ("buy v.i.a.g.r.a now", "viagra", "v.i.a.g.r.a"),
        ("buy v i a g r a now", "viagra", "v i a g r a"),
        ("via\u200bgra", "viagra", "via\u200bgra"),
        ("via\u00adgra pills", "viagra", "via\u00adgra"),
        ("vi\u0430gr\u0430", "viagra", "vi\u0430gr\u0430"),
        ("ｖｉａｇｒａ", "viagra", "ｖｉａｇｒａ"),
        ("𝓿𝓲𝓪𝓰𝓻𝓪 for you", "viagra", "𝓿𝓲𝓪𝓰𝓻𝓪"),
        ("🆅🅸🅰🅶🆁🅰", "viagra", "🆅🅸🅰🅶🆁🅰"),
        ("v̸i̷a̶g̵r̴a̸", "viagra", "v̸i̷a̶g̵r̴a̸"),
        ("viiiiagra", "viagra", "viiiiagra"),
        ("fr33 money", "free", "fr33"),
        ("c@$ino", "casino", "c@$ino"),
        ("ca-si-no", "casino", "ca-si-no"),
        ("с п а м", "спам", "с п а м"),
        ("加.微.信", "加 微 信", "加.微.信"),
        ("buy \u202eargaiv\u202c now", "viagra", "argaiv\u202c"),
        ("\u202ewon argaiv yub", "viagra", "argaiv"),
        ("vviiaaggrraa", "viagra", "vviiaaggrraa"),
        ("v\ni\na\ng\nr\na", "viagra", "v\ni\na\ng\nr\na"),
        ("v🔥ia🔥gra", "viagra", "v🔥ia🔥gra"),
        ("buy🔥viagra🔥now", "viagra", "viagra"),
        ("v★i★a★g★r★a", "viagra", "v★i★a★g★r★a"),
        ("v!@gr@ he!!o", "viagra", "v!@gr@"),
        ("f1oor p1ay", "floor", "f1oor"),
        ("k111 h1m", "kill", "k111"),
        ("br€€d", "breed", "br€€d"),
        ("ᏙᎥᎪᏀᎡᎪ", "viagra", "ᏙᎥᎪᏀᎡᎪ"),
        ("это ctabka", "ставка", "ctabka"),
        ("MÜNCHEN", "munchen", "MÜNCHEN"),
        ("STRASSE Straße", "strasse", "STRASSE"),
        ("İSTANBUL", "istanbul", "İSTANBUL"),
        ("مُخَدِّرَات", "مخدرات", "مُخَدِّرَات"),
        ("٢٠ ريال", "20", "٢٠"),
    ],
)
def test_what_is_read_and_where_it_stands(text: str, word: str, original: str) -> None:
    """A trick is undone, and the place found is exactly the disguised word."""
    assert original in found(fold(text), word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("рот и нос", "pot"),
        ("Я купил сок", "cok"),
        ("το χορτο", "to"),
        ("привет, как дела", "ka"),
        ("Scunthorpe United", "cunt"),
        ("Essex and Sussex", "sex"),
        ("classic bass guitar", "ass"),
        ("Penistone station", "penis"),
        ("I have 3 cats", "e"),
        ("see you at 5 or 7", "s"),
        ("hello", "helo"),
        ("the room A 4", "a4"),
    ],
)
def test_what_is_not_read(text: str, word: str) -> None:
    """Undoing tricks makes no innocent word into another, in any alphabet."""
    assert found(fold(text), word) == []


def test_real_cyrillic_keeps_its_letters() -> None:
    """A Russian sentence folds to its own letters, not to Latin ones that look like them."""
    assert fold("Собака сосёт косточку").folded == " собака сосет косточку "


def test_a_plain_text_has_one_reading() -> None:
    """Where nothing was disguised there is nothing more to look at."""
    assert len(fold("Good morning, the bakery opens at seven.").readings) == 1


@given(WILD)
def test_any_text_folds_and_every_word_leads_back(text: str) -> None:
    """Folding never fails, and the place of each word of each reading lies in the original."""
    folded = fold(text)
    for reading, view in enumerate(folded.readings):
        assert view.startswith(b" ")
        assert view.endswith(b" ")
        assert b"  " not in view or view == b"  "
        at = 0
        for word in view.split():
            span = folded.locate(reading, at, at + len(word) + 2)
            assert 0 <= span.start < span.end <= len(text)
            at += len(word) + 1


@given(WILD)
def test_folding_a_place_again_gives_the_word(text: str) -> None:
    """The stretch of the original that a word of the first reading came from folds to that word."""
    folded = fold(text)
    view, at = folded.readings[0], 0
    for word in view.split():
        span = folded.locate(0, at, at + len(word) + 2)
        assert word in fold(text[span.start : span.end]).readings[0].split()
        at += len(word) + 1


@given(WILD)
def test_folding_is_the_same_every_time(text: str) -> None:
    """The same text has the same readings."""
    assert fold(text).readings == fold(text).readings


def test_places_in_a_long_text_lead_back_past_what_was_cut() -> None:
    """Only the beginning and the end of a huge text are read, and places at the end are right."""
    text = "start " + "x " * 500_000 + "the end"
    folded = fold(text)
    assert folded.cut
    assert len(folded.judged) == HEAD + TAIL + 1
    view = folded.readings[0]
    at = view.index(b" end ")
    assert folded.locate(0, at, at + 5) == Span(len(text) - 3, len(text))


@pytest.mark.parametrize(
    "piece", ["a\u0301\u0316", "v1a ", "aaab", "a.", "раypal ", "加微", "a b c ", "\u200b", "(.)", "1a!"]
)
def test_a_hostile_text_costs_little(piece: str) -> None:
    """A million characters made to be slow are folded in a moment."""
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    fold(text)
    assert time.process_time() - began < 0.25


def test_the_tables_name_a_latin_letter_first() -> None:
    """Each group of look-alikes begins with the letter it stands for."""
    for table in (STYLED, LOOKALIKE):
        for group in table.split("|"):
            assert group[0].isascii()
            assert not any(sign.isascii() for sign in group[1:])


def test_a_word_counts_as_one_and_a_chinese_character_as_half() -> None:
    """Distances are counted in words."""
    folded = fold("one two 三四 five")
    assert [folded.word_at(place) for place in (0, 4, 8, 9, 11)] == [1.0, 2.0, 2.5, 3.0, 4.0]
