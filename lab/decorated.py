"""Some of the written rows once more, decorated as people do: pictures around, capitals, exclamation marks.

What a message is does not change with them: an ordinary one with flames and stars is no advertisement.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from lab.sources import Row

SHARE: Final = {"pass": 0.4, "kind": 0.2}
"""Which share of the rows that must pass, and of the others, come once more."""
WEIGHT: Final = 4.0
_AROUND: Final = (
    "🔥", "✨", "🎉", "💥", "⭐", "❤️", "😂", "👇", "👉", "💯",
    "🚀", "🙏", "😍", "💪", "🎁", "📢", "❗", "✅", "🌸", "😭",
)  # fmt: skip


def decorated_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The same copies every time; each stays in the part of its row."""
    for row in rows:
        chance = random.Random(f"decorated {row.text}")
        if chance.random() < SHARE["pass" if row.source.startswith("pass") else "kind"]:
            yield replace(row, text=_decorated(row.text, chance), weight=WEIGHT, of=row.text)


def _decorated(text: str, chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.15:
        return text.upper()
    if draw < 0.3:
        return text + chance.choice(("!!!", "!!", "..."))
    before = "".join(chance.choices(_AROUND, k=chance.randint(0, 2)))
    after = "".join(chance.choices(_AROUND, k=chance.randint(1, 3)))
    return f"{before} {text} {after}".strip()
