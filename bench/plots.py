"""Bar charts as SVG, readable on light and dark pages; written by hand, for there is little to write."""

from html import escape
from math import log10

from msgspec import Struct

_WIDTH, _LABEL, _BAR, _GAP = 720, 250, 20, 10
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}"
    ".bar{fill:#8c959f}.ours{fill:#0969da}.line{stroke:#8c959f;stroke-opacity:.4}"
    "@media(prefers-color-scheme:dark){text{fill:#9ea7b3}.ours{fill:#4493f8}}"
)


class Bar(Struct, frozen=True, kw_only=True):
    """One bar: what it is, how long, and what is written at its end."""

    label: str
    value: float
    text: str
    ours: bool = False


def bars(title: str, rows: list[Bar], *, logarithmic: bool = False) -> str:
    """Return a chart of horizontal bars; on a logarithmic scale the bars begin below the smallest."""
    height = 40 + len(rows) * (_BAR + _GAP)
    lengths = _lengths([row.value for row in rows], logarithmic)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text x="0" y="16" font-weight="600">{escape(title)}</text>',
        f'<line class="line" x1="{_LABEL}" x2="{_LABEL}" y1="28" y2="{height}"/>',
    ]
    for number, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        top = 32 + number * (_BAR + _GAP)
        kind = "ours" if row.ours else "bar"
        parts += [
            f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(row.label)}</text>',
            f'<rect class="{kind}" x="{_LABEL}" y="{top}" width="{length:.1f}" height="{_BAR}" rx="3"/>',
            f'<text x="{_LABEL + length + 6:.1f}" y="{top + 15}">{escape(row.text)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _lengths(values: list[float], logarithmic: bool) -> list[float]:
    room = _WIDTH - _LABEL - 130
    if not logarithmic:
        largest = max(values, default=0.0) or 1.0
        return [max(1.0, value / largest * room) for value in values]
    known = [log10(max(value, 1e-9)) for value in values]
    low = min(known, default=0.0) - 0.3
    span = max(known, default=1.0) - low or 1.0
    return [max(1.0, (value - low) / span * room) for value in known]
