"""What a person can read in HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix import html_text
from tests.unit.matrix.test_extract import read


@given(st.text(st.sampled_from("<>/!-=\"' &#;abhref\n"), max_size=60))
def test_any_html_is_read(source: str) -> None:
    """Any soup of tags is read, and what stands outside of every tag is never lost."""
    shown = html_text.read(source).text
    if "<" not in source and "&" not in source:
        assert shown.split() == source.split()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 < 2 > 1", "1 < 2 > 1"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p>\n\n<p>b</p>", "a\nb"),
        ("<!-- x > y -->", "y -->"),
        ("<a title='>' href=x>link</a>", "' href=x>link"),
        ("open <b", "open <b"),
        ("&#0000000000000000000000065;&#99999999999;&#xFFFFFFFF;", "A\ufffd\ufffd"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
    ],
)
def test_html_in_doubt_is_readable(source: str, shown: str) -> None:
    """Where browsers and we might differ, the text counts as readable."""
    assert html_text.read(source).text == shown


def test_hostile_html_costs_little() -> None:
    """64 KB of HTML made to be slow is read in well under a second."""
    started = time.perf_counter()
    for piece in (
        "<",
        "<a ",
        '<a href="',
        "<a href='x' ",
        "&",
        "&#",
        "&#0",
        "<!--",
        "a=",
        "<a " + "b=" * 9,
        " \n",
        "&a",
    ):
        source = piece * (65_000 // len(piece))
        html_text.read(source)
        html_text.read("<a " + source.replace("<", "") + ">")
        read({"body": "x", "formatted_body": source + "x"})
    many = "".join(f'<a href="h{number}">' for number in range(4000))
    read({"body": "\n".join(str(number) for number in range(10_000)), "formatted_body": many})
    assert time.perf_counter() - started < 5
