"""Lengths of time as people write them in a chat, and points in time as they read them."""

import re

from folkmoot.explain.times import moment

_UNITS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_WORDS = {"min": "m", "minute": "m", "hour": "h", "hr": "h", "day": "d", "week": "w"}
_LENGTH = re.compile(r"(\d{1,4})(m|min|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\Z")
_NAMES = ((604_800.0, "week"), (86_400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def length(word: str) -> float | None:
    """Return the seconds that `30m`, `2h`, `3d` or `1w` stands for; None where it is no length of time."""
    found = _LENGTH.match(word.casefold().strip(",.;"))
    if found is None:
        return None
    unit = found[2] if len(found[2]) == 1 else _WORDS[found[2].removesuffix("s")]
    return int(found[1]) * _UNITS[unit] or None


def spoken(seconds: float) -> str:
    """Return a length of time in words: `2 hours`, `1 day and 3 hours`."""
    parts: list[str] = []
    left = round(seconds / 60.0) * 60.0
    for size, name in _NAMES:
        number, left = int(left // size), left % size
        if number:
            parts.append(f"{number} {name}{'' if number == 1 else 's'}")
    return " and ".join(parts[:2]) or "less than a minute"


def ahead(at: float, now: float) -> str:
    """Return a point in time, with how far away it is where that is soon."""
    distance = at - now
    if distance < 0:
        return f"{moment(at)} ({spoken(-distance)} ago)"
    return f"{moment(at)} (in {spoken(distance)})"
