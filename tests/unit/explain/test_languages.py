"""Languages: known by any of their names, the member's own before the group's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.explain.languages import NAMES, choose, known, speak
from folkmoot.explain.times import moment, within

A_DAY = 1_780_495_500.0


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt_BR", "pt"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("ZH-hans-SG", "zh-Hans"),
        ("German", "de"),
        ("deutsch", "de"),
        ("ESPAÑOL", "es"),
        ("العربية", "ar"),
        ("中文", "zh-Hans"),
        (" Bahasa Indonesia ", "id"),
        ("tlh", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_known_by_its_names(written: str | None, code: str | None) -> None:
    """A tag, an English name and a language's own name lead to the same language."""
    assert known(written) == code


def test_the_members_language_comes_before_the_groups() -> None:
    """What the member chose is spoken, else what the group speaks, else English."""
    assert choose("ru", "de") == "ru"
    assert choose(None, "de") == "de"
    assert choose("tlh", "de") == "de"
    assert choose("tlh", None, "xx") == "en"


@given(written=st.text())
def test_no_name_of_a_language_is_too_odd(written: str) -> None:
    """Whatever is asked for, some language is spoken."""
    assert choose(written) in NAMES
    assert speak(written).code in NAMES


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "3 June 2026, 14:05 UTC"),
        ("de", "3. Juni 2026 um 14:05 Uhr UTC"),
        ("es", "3 de junio de 2026 a las 14:05 UTC"),
        ("fr", "3 juin 2026 à 14:05 UTC"),
        ("pt", "3 de junho de 2026, 14:05 UTC"),
        ("ru", "3 июня 2026 г., 14:05 UTC"),
        ("zh-Hans", "2026年6月3日 14:05（UTC）"),
        ("ar", "3 يونيو 2026 الساعة 14:05 بالتوقيت العالمي"),
        ("id", "3 Juni 2026 pukul 14:05 UTC"),
    ],
)
def test_a_date_is_written_as_in_the_language(code: str, said: str) -> None:
    """Months have their names, and day, month and year their order."""
    assert moment(A_DAY, speak(code)) == said


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("ru", "1 minute", "1 минуту"),
        ("ru", "2 minutes", "2 минуты"),
        ("ru", "5 minutes", "5 минут"),
        ("ru", "21 minutes", "21 минуту"),
        ("ar", "1 hour", "ساعة واحدة"),
        ("ar", "2 hours", "ساعتين"),
        ("ar", "3 hours", "3 ساعات"),
        ("ar", "24 hours", "24 ساعة"),
        ("de", "10 minutes", "10 Minuten"),
        ("fr", "1 day", "1 jour"),
        ("id", "7 days", "7 hari"),
        ("de", "a while", "a while"),
    ],
)
def test_lengths_of_time_have_the_right_form(code: str, written: str, said: str) -> None:
    """Each number takes the form that the language has for it; what is no length stays as it is."""
    assert within(written, speak(code)) == said
