"""Lengths of time as people write them: `10 minutes`, `24 hours`, `7 days`."""

import re
from typing import Final

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_WRITTEN: Final = re.compile(r"(\d{1,4}) ?(second|minute|hour|day|week)s?")
LONGEST: Final = 30 * 86400
"""What is remembered of a room is kept no longer than thirty days."""


def seconds(written: str) -> float | None:
    """The length in seconds; None where it is not one we understand, nothing, or too long."""
    match = _WRITTEN.fullmatch(written.strip().lower())
    if not match:
        return None
    length = int(match[1]) * _SECONDS[match[2]]
    return float(length) if 0 < length <= LONGEST else None
