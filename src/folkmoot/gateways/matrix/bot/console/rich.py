"""Lines of a message, once as plain text and once as HTML; what would upset is behind a spoiler."""

import html
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from folkmoot.vocabulary import Span

_LONGEST = 400
_BEFORE = 120
_HTML = "org.matrix.custom.html"


class Line(Struct, frozen=True):
    """One line: as plain text, and as HTML."""

    plain: str
    html: str


def line(text: str) -> Line:
    """Return a line of plain text."""
    return Line(text, html.escape(text))


def strong(text: str) -> Line:
    """Return a line that stands out."""
    return Line(text, f"<strong>{html.escape(text)}</strong>")


def linked(before: str, name: str, address: str) -> Line:
    """Return a line that ends with a link; as plain text without its address."""
    shown = f'<a href="{html.escape(address, quote=True)}">{html.escape(name)}</a>'
    return Line(f"{before}{name}", f"{html.escape(before)}{shown}")


def quoted(text: str, spans: Iterable[Span], *, hidden: bool) -> Line:
    """Return somebody's words with what matched marked; `hidden`: unseen until they are tapped.

    As plain text, which notifications show, hidden words are left out.
    """
    shown, marks = _cut(text, sorted((one.start, one.end) for one in spans))
    plain, rich = "", ""
    last = 0
    for start, end in marks:
        plain += f"{shown[last:start]}»{shown[start:end]}«"
        rich += f"{html.escape(shown[last:start])}<strong>{html.escape(shown[start:end])}</strong>"
        last = end
    plain, rich = plain + shown[last:], rich + html.escape(shown[last:])
    if not hidden:
        return Line(f"“{_one_line(plain)}”", f"<blockquote>{_one_line(rich)}</blockquote>")
    return Line(
        "(The words are hidden, because they may upset: open this message to see them.)",
        f'<blockquote><span data-mx-spoiler="may upset: tap to see">{_one_line(rich)}</span></blockquote>',
    )


def letter(text: str) -> Line:
    """Return a whole letter of ours, as it would be read."""
    shown = html.escape(text).replace("\n", "<br>")
    return Line(text, f"<blockquote>{shown}</blockquote>")


def content(lines: Sequence[Line], *, notice: bool = False) -> dict[str, Any]:
    """Return the content of a message that has these lines; it calls nobody by name."""
    return {
        "msgtype": "m.notice" if notice else "m.text",
        "body": "\n".join(one.plain for one in lines),
        "format": _HTML,
        "formatted_body": "".join(
            one.html if one.html.startswith("<blockquote>") else f"{one.html}<br>" for one in lines
        ).removesuffix("<br>"),
        "m.mentions": {},
    }


def edit(event: str, new: dict[str, Any]) -> dict[str, Any]:
    """Return the content that puts new content in the place of an earlier message of ours."""
    return {
        **new,
        "body": f"* {new['body']}",
        "formatted_body": f"* {new['formatted_body']}",
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }


def reply(to: str, new: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a message that answers another."""
    return {**new, "m.relates_to": {"m.in_reply_to": {"event_id": to}}}


def _cut(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The part of a long text around its first mark, and where the marks are in it, none within another."""
    start = max(0, spans[0][0] - _BEFORE) if spans and spans[0][1] > _LONGEST else 0
    part = text[start : start + _LONGEST]
    before, after = "… " if start else "", " …" if start + _LONGEST < len(text) else ""
    marks: list[tuple[int, int]] = []
    for first, last in spans:
        here = max(first - start, marks[-1][1] - len(before) if marks else 0)
        there = min(last - start, len(part))
        if here < there:
            marks.append((here + len(before), there + len(before)))
    return f"{before}{part}{after}", marks


def _one_line(text: str) -> str:
    return " ".join(text.split())
