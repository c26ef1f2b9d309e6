"""Copies share a fingerprint, near copies most of their sketch, and greetings have neither."""

import pytest

from folkmoot.text.fold import fold
from folkmoot.text.prints import fingerprint, sketch

ADVERT = (
    "Everybody on my street uses the new app now, it is so good, get it today and tell your friends about it"
)


@pytest.mark.parametrize(
    "copy",
    [
        ADVERT.upper(),
        ADVERT + "!!! 🔥".replace(" 🔥", ""),
        ADVERT.replace(" ", "  "),
        ADVERT.replace("street", "str\u200beet"),
        ADVERT.replace("today", "t0day"),
        ADVERT.replace("app", "аpp"),
    ],
)
def test_a_disguised_copy_has_the_same_fingerprint(copy: str) -> None:
    """Case, spaces, punctuation and tricks do not make another text."""
    assert fingerprint(fold(copy)) == fingerprint(fold(ADVERT)) != 0


@pytest.mark.parametrize(
    "text",
    ["hi", "+1", "Good morning!", "thanks a lot", "😂😂😂😂😂😂😂😂", "早上好", "happy birthday dear!!", ""],
)
def test_short_talk_has_no_fingerprint(text: str) -> None:
    """What everybody says again is no copy."""
    assert fingerprint(fold(text)) == 0


def test_near_copies_share_their_sketch() -> None:
    """One word exchanged leaves most of the sketch; another text shares nothing."""
    first, near = sketch(fold(ADVERT)), sketch(fold(ADVERT.replace("street", "road")))
    other = sketch(
        fold("The minutes of last week's meeting are in the library, on the second shelf to the left")
    )
    parts = [{one[at : at + 4] for at in range(0, len(one), 4)} for one in (first, near, other)]
    assert len(parts[0] & parts[1]) >= 5
    assert not parts[0] & parts[2]


def test_chinese_copies_are_told_by_their_characters() -> None:
    """A text without spaces has a fingerprint too."""
    assert fingerprint(fold("稳赚不赔日赚千元名额有限加微信")) != 0
