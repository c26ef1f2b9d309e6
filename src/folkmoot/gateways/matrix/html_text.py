"""What a person can read in a message's HTML, and what a link or an image says behind it.

Written for text that wants to deceive: one pass, time linear in the length, and in doubt something counts as
readable. A tag ends at the first `>`, so that nothing that a browser shows can hide inside one.
"""

import html
import re

from msgspec import Struct

_BREAKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
        ),
        *("dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
        *("main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "ul"),
    )
)
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_SHOWN_ATTRIBUTES = ("href", "src", "title", "alt", "data-mx-spoiler", "data-mx-maths")
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([A-Za-z][A-Za-z-]{0,30})\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
)
# A reference to a character by number; thousands of digits are no character, and costly to read as a number.
_LEADING_ZEROS = re.compile(r"(&#[xX]?)0++(?=[0-9a-fA-F])")
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_LINES = re.compile(r" ?\n[ \n]*")


class Readable(Struct, frozen=True):
    """What an HTML text shows, and what its attributes hold."""

    text: str
    attributes: tuple[str, ...]
    """Link targets, titles, alternative texts, spoiler reasons, in order."""


def read(source: str) -> Readable:
    """Take an HTML text apart."""
    shown: list[str] = []
    attributes: list[str] = []
    at = 0
    while at < len(source):
        opening = source.find("<", at)
        if opening < 0:
            shown.append(source[at:])
            break
        shown.append(source[at:opening])
        following = source[opening + 1 : opening + 2]
        if not (following.isascii() and following.isalpha()) and following not in ("/", "!", "?"):
            shown.append("<")  # a browser shows "<" before anything else as it is
            at = opening + 1
            continue
        closing = source.find(">", opening)
        if closing < 0:
            shown.append(source[opening:])
            break
        shown.append(_tag(source[opening + 1 : closing], attributes))
        at = closing + 1
    text = _LINES.sub("\n", _SPACES.sub(" ", _unescape("".join(shown)))).strip()
    return Readable(text, tuple(dict.fromkeys(attributes)))


def _tag(inside: str, attributes: list[str]) -> str:
    name = _NAME.match(inside)
    if name is None:
        return ""
    if not inside.startswith("/") and "=" in inside:
        for found in _ATTRIBUTE.finditer(inside, name.end()):
            value = found[2] if found[2] is not None else found[3] if found[3] is not None else found[4]
            if found[1].lower() in _SHOWN_ATTRIBUTES and value.strip():
                attributes.append(_unescape(value).strip())
    return "\n" if name[1].lower() in _BREAKS else ""


def _unescape(text: str) -> str:
    if "&#" in text:
        text = _NO_CHARACTER.sub("\ufffd", _LEADING_ZEROS.sub(r"\1", text))
    return html.unescape(text)
