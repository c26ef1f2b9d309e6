"""Every error of a policy is found, with its place, a caret under it, and the remedy."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.decide import starters
from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.places import Place, Places

CASES = sorted((Path(__file__).parent / "findings").glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_findings_read_as_they_should(path: Path) -> None:
    """Each broken policy beside this file has its findings in the text file of the same name."""
    found = "\n\n".join(map(str, diagnose(path.read_text("utf-8")))) + "\n"
    assert found == path.with_suffix(".txt").read_text("utf-8")


def test_there_are_examples_of_broken_policies() -> None:
    """The examples are there to be read."""
    assert len(CASES) >= 12


@pytest.mark.parametrize("name", starters.names())
def test_nothing_is_wrong_with_the_starters(name: str) -> None:
    """Neither an error nor a warning."""
    assert diagnose(starters.text(name)) == ()


@given(st.text(max_size=200))
def test_any_text_is_diagnosed(text: str) -> None:
    """Whatever somebody pastes ends in findings, never in a crash."""
    for finding in diagnose(text):
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.problem
        assert finding.remedy
        assert str(finding)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_starter_with_a_piece_cut_out_is_diagnosed(data: st.DataObject) -> None:
    """A policy damaged anywhere ends in findings or in a policy."""
    text = starters.text("support")[-6000:]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 50)))
    for finding in diagnose(text[:start] + text[end:]):
        assert str(finding)


def test_places_are_found_in_every_form_of_toml() -> None:
    """Keys and values are placed in tables, inline tables, arrays and strings of several lines."""
    text = 'a.b = ["x", """y\nz""", { "c d" = 1 }] # x\n[[t]]\nk = \'v\'\n[t.u]\n[[t]]\n'
    text += "k = 2020-01-01T00:00:00Z\n"
    places = Places(text)
    assert places.value(("a", "b", 1)) == Place(1, 13, 4)
    assert places.value(("a", "b", 2, "c d")) == Place(2, 17, 1)
    assert places.key(("a", "b", 2, "c d")) == Place(2, 9, 5)
    assert places.value(("t", 0, "k")) == Place(4, 5, 3)
    assert places.key(("t", 0, "u")) == Place(5, 1, 5)
    assert places.value(("t", 1, "k")) == Place(7, 5, 20)
    assert places.value(("t", 1, "missing")) == Place(6, 1, 5)
    assert places.key(("nowhere",)) == Place(1, 1)


def test_a_thousand_errors_are_not_all_told() -> None:
    """So many findings are enough to begin with."""
    assert len(diagnose("".join(f"key{number} = 1\n" for number in range(1000)))) == 50
