"""Languages of the console: chosen by the browser, read from plain catalogues."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.explain.catalogues import CatalogueError, catalogue
from folkmoot.explain.findings import finding
from folkmoot.explain.languages import NAMES
from folkmoot.explain.reasons import sentence
from folkmoot.web.languages import Languages
from tests.console.catalogues import written

ROOT = Path(__file__).resolve().parent.parent.parent
PLURALS = "nplurals=2; plural=(n != 1);"
OURS = Languages()
"""Read once, outside of any test's time."""


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    """Three languages beside English."""
    for code in ("de", "ar", "pt-BR"):
        (tmp_path / f"{code}.po").write_text(written({"Rules": f"rules in {code}"}), encoding="utf-8")
    return Languages(tmp_path)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("en,de;q=0.9", "en"),
        ("fr,de;q=0.4,ar;q=0.8", "ar"),
        ("pt-br", "pt-BR"),
        ("pt", "en"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("de;q=much, ar", "ar"),
        (",;q=,,", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_browser_chooses(accepted: str, code: str, languages: Languages) -> None:
    """The best language that there is a catalogue for is spoken, else English."""
    assert languages.choose(accepted).code == code


def test_a_language_knows_its_direction(languages: Languages) -> None:
    """Arabic runs from right to left, German does not."""
    assert languages.choose("ar").direction == "rtl"
    assert languages.choose("de").direction == "ltr"


@given(accepted=st.text())
def test_no_header_is_too_odd(accepted: str) -> None:
    """Whatever a browser sends, some language is spoken."""
    assert OURS.choose(accepted).code in NAMES


@given(
    texts=st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\x04"), min_size=1),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    )
)
def test_what_a_catalogue_says_is_what_is_said(texts: dict[str, str]) -> None:
    """Every text comes back as its translation, whatever characters it has."""
    read = catalogue(written(texts), "xx.po")
    assert {text: read.gettext(text) for text in texts} == texts


def test_plurals_follow_the_catalogue() -> None:
    """A catalogue's own plural rule decides which form is said."""
    read = catalogue(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 4);\\n"\n\n'
        'msgid "{n} rule"\nmsgid_plural "{n} rules"\nmsgstr[0] "few"\nmsgstr[1] "many"\n',
        "xx.po",
    )
    assert [read.ngettext("{n} rule", "{n} rules", n) for n in (1, 4, 5)] == ["few", "few", "many"]


def test_what_is_not_translated_is_said_in_english() -> None:
    """An empty translation, and one that is marked as doubtful, leave the English text."""
    read = catalogue(
        written({"Rules": ""})
        + '\n#, fuzzy\nmsgid "Log"\nmsgstr "doubtful"\n\nmsgid "Sign"\n" in"\nmsgstr "x"\n',
        "xx.po",
    )
    assert [read.gettext(text) for text in ("Rules", "Log", "Sign in")] == ["Rules", "Log", "x"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('msgid "a"\nmsgstr "b"\nnonsense\n', "xx.po, line 3: expected msgid"),
        ('msgid "a\\"\nmsgstr "b"\n', "xx.po, line 1: the quoted text is not complete"),
        (
            'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=__import__;\\n"\n',
            "xx.po: its header is wrong",
        ),
        ('msgid ""\nmsgstr "Content-Type: text/plain; charset=nonsense\\n"\n', "xx.po: its header is wrong"),
    ],
)
def test_a_broken_catalogue_says_where(text: str, place: str) -> None:
    """The error names the file, and the line where there is one."""
    with pytest.raises(CatalogueError, match=place):
        catalogue(text, "xx.po")


def test_the_list_of_texts_is_up_to_date() -> None:
    """Translators find every text of the console in console.pot."""
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts/messages.py"), "--check"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert checked.returncode == 0, checked.stderr


def test_a_finding_on_a_page_is_in_its_language() -> None:
    """The console's tongue knows what members are told, findings and starters' rules among it."""
    tongue = Languages().choose("de-AT")
    assert finding("It calls everybody in the room.", tongue) == "Die Nachricht ruft alle im Raum."
    assert sentence("No threats.", tongue) == "Keine Drohungen."
