"""Which servers a room keeps out (specification: m.room.server_acl)."""

import re
from typing import Any

_MOST_VERDICTS = 1000


class Acl:
    """One room's list; patterns are matched in linear time, as strangers write them."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Read the content of an m.room.server_acl event."""
        self.content = content
        self._allow = _patterns(content.get("allow"))
        self._deny = _patterns(content.get("deny"))
        self._known: dict[str, bool] = {}

    def allows(self, server: str) -> bool:
        """Tell whether a server may take part (we accept no IP literals at all)."""
        host = server.partition(":")[0].lower()
        known = self._known.get(host)
        if known is None:
            denied = any(matches(pattern, host) for pattern in self._deny)
            known = not denied and any(matches(pattern, host) for pattern in self._allow)
            if len(self._known) < _MOST_VERDICTS:
                self._known[host] = known
        return known


class Acls:
    """The lists of many rooms, each read once."""

    def __init__(self, most: int = 1000) -> None:
        """Remember at most `most` lists."""
        self._most = most
        self._known: dict[str, Acl] = {}

    def allows(self, room: str, content: dict[str, Any] | None, server: str) -> bool:
        """Tell whether a room, whose list is `content`, lets a server take part."""
        if content is None:
            return True
        known = self._known.get(room)
        if known is None or (known.content is not content and known.content != content):
            while len(self._known) >= self._most:
                self._known.pop(next(iter(self._known)))
            known = self._known[room] = Acl(content)
        return known.allows(server)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern of `*` (any characters) and `?` (one character) covers a text."""
    if len(pattern.replace("*", "")) > len(text):
        return False
    first, *rest = pattern.split("*")
    if not rest:
        return len(first) == len(text) and _find(first, text, 0) == 0
    *middle, last = rest
    if _find(first, text[: len(first)], 0) != 0:
        return False
    # Leftmost is best: no choice made here is ever taken back, so that no pattern is costly.
    at = len(first)
    for part in middle:
        found = _find(part, text, at)
        if found < 0:
            return False
        at = found + len(part)
    end = len(text) - len(last)
    return end >= at and _find(last, text[end:], 0) == 0


def _find(part: str, text: str, start: int) -> int:
    if "?" not in part:
        return text.find(part, start)
    spelled = "".join("." if letter == "?" else re.escape(letter) for letter in part)
    found = re.compile(spelled, re.DOTALL).search(text, start)
    return found.start() if found is not None else -1


def _patterns(listed: object) -> list[str]:
    return [one.lower() for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
