"""Copies the suite of messages that must pass into the package, which shows them beside new rules.

`scripts/protected.py` writes src/folkmoot/decide/protected.jsonl. tests/unit/decide/test_touches.py compares.
"""

import sys
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.corpus.suite import rows  # noqa: E402

PLACE = ROOT / "src" / "folkmoot" / "decide" / "protected.jsonl"


def main() -> int:
    """Write the file."""
    PLACE.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
