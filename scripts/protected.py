"""Chooses the messages that come with the package from the suite of those that must pass.

`scripts/protected.py` writes src/folkmoot/decide/protected.jsonl: two hundred rows, from every topic and
language in turn, the same ones each time. tests/unit/decide/test_touches.py compares.
"""

import hashlib
import sys
from collections import defaultdict
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.corpus.suite import Row, rows  # noqa: E402

COUNT = 200
PLACE = ROOT / "src" / "folkmoot" / "decide" / "protected.jsonl"


def _order(row: Row) -> bytes:
    """An order that has nothing to do with the text and does not change when rows are added."""
    return hashlib.sha256(row.id.encode()).digest()


def chosen() -> list[Row]:
    """Rows of every topic, each time of the language of which there are fewest so far."""
    topics: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows(), key=_order):
        topics[row.topic].append(row)
    counts: dict[str, int] = defaultdict(int)
    found: list[Row] = []
    while len(found) < COUNT:
        for topic in sorted(topics):
            row = min(topics[topic], key=lambda one: counts[one.language])
            topics[topic].remove(row)
            counts[row.language] += 1
            found.append(row)
    return sorted(found[:COUNT], key=lambda row: row.id)


def main() -> int:
    """Write the file."""
    PLACE.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in chosen()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
