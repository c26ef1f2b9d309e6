"""Messages as the bot sends them: plain text, marked as a notice or not, never too long, pinging nobody."""

import hashlib
from collections.abc import Mapping
from typing import Any

_MOST_BYTES = 40_000
"""An event may have 65,536 bytes; the rest of it and escapes need room too."""
_CUT = "\n… (cut: this is too long for one message)"
VERDICTS = "org.folkmoot.verdicts"
"""Where a message of ours names the verdicts that it tells about, so that `why` can be asked by replying."""

ABOUT = "org.folkmoot.about"
"""Where a message of ours names the decisions, reports and appeals that it tells about."""


def notice(text: str, *, reply_to: str | None = None) -> dict[str, Any]:
    """Return an answer in a room; clients show it without calling for attention."""
    return _message("m.notice", text, reply_to)


def letter(text: str, *, verdicts: tuple[str, ...] = (), about: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a message that wants to be read; `verdicts`, and decisions and more, are what it tells about."""
    content = _message("m.text", text, None)
    content |= {VERDICTS: list(verdicts)} if verdicts else {}
    return {**content, ABOUT: list(about)} if about else content


def reaction(event: str, key: str) -> dict[str, Any]:
    """Return a reaction on a message, which others can tap to agree with."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}}


def verdicts_in(content: Mapping[str, Any]) -> list[str]:
    """Return the verdicts that a message of ours tells about."""
    return _names_in(content, VERDICTS)


def about_in(content: Mapping[str, Any]) -> list[str]:
    """Return the decisions, reports and appeals that a message of ours tells about."""
    return _names_in(content, ABOUT)


def once_in(event: str, name: str) -> str:
    """Return a name for what is done about an event: the same each time, so that it takes effect once."""
    return hashlib.sha256(f"{event} {name}".encode()).hexdigest()[:32]


def _names_in(content: Mapping[str, Any], where: str) -> list[str]:
    found = content.get(where)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _message(kind: str, text: str, reply_to: str | None) -> dict[str, Any]:
    content: dict[str, Any] = {"msgtype": kind, "body": _cut(text), "m.mentions": {}}
    if reply_to:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
    return content


def _cut(text: str) -> str:
    if len(text.encode()) <= _MOST_BYTES:
        return text
    return text.encode()[:_MOST_BYTES].decode(errors="ignore") + _CUT
