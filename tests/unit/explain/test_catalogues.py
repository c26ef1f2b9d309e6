"""Catalogues: all nine languages have every text, with the same holes, in their own letters."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from folkmoot.explain.languages import NAMES, speak
from folkmoot.text.scripts import scripts
from tests.unit.explain.catalogues import ROOT, exact_forms, forms, holes, messages, original

FILES = sorted(ROOT.glob("*/locales/*.po"))
SCRIPT = {"ar": "Arabic", "ru": "Cyrillic", "zh-Hans": "Han"}
LATIN = re.compile(r"[A-Za-z]{2,}")
FOREIGN = {
    "7-Zip", "API", "CEL", "Element", "Folkmoot", "GitHub", "HTTP", "MB", "Matrix", "PDF", "RAR", "RE2",
    "UTC", "ZIP", "com", "console", "rules", "web", "public", "url",
    "cookie", "Cookie", "help", "report", "sign", "refuse", "example", "org", "start", "on",
    "off", "open", "closed", "Zip",
}  # fmt: skip
"""Names that are the same everywhere, and words that are typed as they are."""


def test_there_is_a_catalogue_for_each_language() -> None:
    """Eight catalogues beside English, under the codes that members can choose."""
    found = {file.stem for file in FILES if file.parent.parent.name == "explain"}
    assert found == set(NAMES) - {"en"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_every_text_is_translated(file: Path) -> None:
    """No text is left in English, and none is doubtful."""
    assert [one.id for one in messages(file) if one.fuzzy or not all(forms(one))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_translations_have_the_same_holes(file: Path) -> None:
    """What is put into the English text is put into the translation; one and two may be said in words."""
    exact = set(exact_forms(file))
    wrong = []
    for message in messages(file):
        wanted = holes(original(message))
        for number, form in enumerate(forms(message)):
            without = [hole for hole in wanted if hole not in ("{number}", "%(num)s")]
            if holes(form) != wanted and not (
                len(forms(message)) > 1 and number in exact and holes(form) == without
            ):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.stem in SCRIPT],
    ids=lambda file: str(file.parent.parent.name) + file.stem,
)
def test_no_english_is_left_in_other_letters(file: Path) -> None:
    """In Arabic, Russian and Chinese no Latin word stays but names and what is typed."""
    stray = []
    for message in messages(file):
        for form in forms(message):
            words = set(LATIN.findall(re.sub(r"\{[a-z_]*\}|%\([a-z_]+\)s|<[^>]*>|&[a-z]+;", " ", form)))
            if words - FOREIGN:
                stray.append((form, words - FOREIGN))
    assert stray == []


@pytest.mark.parametrize(("code", "script"), SCRIPT.items())
def test_a_language_is_written_in_its_own_letters(code: str, script: str) -> None:
    """A letter to a member is in the script of the language."""
    said = speak(code)("Your message was stopped before anyone saw it.")
    assert list(scripts(said)) == [script]


def test_the_catalogues_are_up_to_date() -> None:
    """Every text of the code and the pages is in the templates and in each catalogue, and no other."""
    checked = subprocess.run(
        [sys.executable, str(ROOT.parent.parent / "scripts/messages.py"), "--check"],
        capture_output=True,
        text=True,
        cwd=ROOT.parent.parent,
    )
    assert checked.returncode == 0, checked.stderr
