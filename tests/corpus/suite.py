"""The messages that must pass, read from tests/corpus/protected/."""

import re
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import category

import msgspec
from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "protected"

CARE: Final = "care"
"""The topic of people who say that they do not want to live: never stopped, and a case is help for them."""

_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """One message of the suite."""

    id: str
    lang: str
    """A language tag, such as `de` or `de-CH`; `hi-Latn` is Hindi in Latin letters."""
    topic: str
    text: str

    @property
    def language(self) -> str:
        """The language without region and script."""
        return self.lang.partition("-")[0]


@cache
def rows() -> tuple[Row, ...]:
    """Every message, topic by topic."""
    return tuple(row for path in sorted(FOLDER.glob("*.jsonl")) for row in _read(path))


def _read(path: Path) -> list[Row]:
    found = [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines()]
    assert all(row.topic == path.stem for row in found), f"{path.name} has rows of another topic"
    return found


def words(text: str) -> frozenset[str]:
    """The words of a text; where a script writes no spaces, each pair of neighbouring letters."""
    spaced = "".join(sign if category(sign)[0] in "LMN" else " " for sign in text.casefold())
    found = spaced.split()
    unspaced = [word for word in found if _UNSPACED.search(word)]
    pairs = {word[at : at + 2] for word in unspaced for at in range(max(1, len(word) - 1))}
    return frozenset(pairs.union(found) - set(unspaced))


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Which share of all words of two texts they have in common."""
    return len(first & second) / len(first | second) if first and second else 0.0
