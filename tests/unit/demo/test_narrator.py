"""What the terminal shows: disguises made visible, columns that fit, plain lines in a pipe."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from folkmoot.cli.demo.narrator import Narrator, fitted, visible
from folkmoot.cli.demo.person import Answer
from folkmoot.cli.demo.play import Happening
from folkmoot.cli.demo.scene import Happened, Line
from folkmoot.vocabulary import Category

_ANSWER = Answer(event="$1", status=200, body={}, seconds=0.01)
_TOLD = Happening(
    line=Line(
        who="stranger-1", room="square", say="dou\u200bble", expect=Happened.STOPPED, category=Category.SCAM
    ),
    answer=_ANSWER,
    happened=Happened.STOPPED,
    why="Your message was stopped.",
)


def _printed(told: Happening, *, terminal: bool, width: int = 80) -> str:
    paper = io.StringIO()
    console = Console(file=paper, force_terminal=terminal, width=width, color_system=None)
    Narrator(console).line(told)
    return paper.getvalue()


def test_a_pipe_gets_one_plain_line_with_who_where_what_and_why() -> None:
    """Without a terminal each message is one line, columns parted by dots."""
    assert _printed(_TOLD, terminal=False) == (
        "stranger-1 · square · dou▫ble · stopped · Your message was stopped.\n"
    )


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_row_on_a_terminal_is_no_wider_than_it(width: int) -> None:
    """The message is cut, never the verdict."""
    told = Happening(
        line=Line(who="a", room="square", say="家" * 200), answer=_ANSWER, happened=Happened.DELIVERED
    )
    row = _printed(told, terminal=True, width=width).rstrip("\n")
    assert row.endswith("delivered")
    assert cell_len(row) <= max(width, 60)


def test_invisible_characters_are_shown() -> None:
    """A disguise with zero-width characters can be seen on the terminal."""
    assert visible("a\u200bb\u2060c") == "a▫b▫c"


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_a_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    """Columns align whatever the script."""
    assert cell_len(fitted(visible(text), width)) == width
