"""What a condition can ask about a message: each value's name, its kind, what it is in words, and how to
get it.

A value that is not known, such as when somebody joined, has no entry: a condition that needs it is not met.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from folkmoot.decide.finds import Finds

UNKNOWN: Final = None
"""What `get` returns where the value is not known."""


class Known(NamedTuple):
    """One value that a condition can ask for."""

    kind: str
    """What it is in CEL: `int`, `bool`, `string`, `timestamp`, `list<int>` or `list<string>`."""
    about: str
    """What it is, in words that fit into “a condition about …”."""
    get: Callable[["Finds"], Any]


def _now(finds: "Finds") -> datetime | None:
    try:
        return datetime.fromtimestamp(finds.context.now, UTC) if finds.context.now > 0 else UNKNOWN
    except (ValueError, OverflowError, OSError):
        return UNKNOWN


def _joined_ago(finds: "Finds") -> int | None:
    at = finds.context.joined_at
    return UNKNOWN if at is None else max(0, int(finds.context.now - at))


def _ago(finds: "Finds", times: list[float]) -> list[int]:
    return [max(0, int(finds.context.now - at)) for at in reversed(times)]


def _own_copies(finds: "Finds") -> list[int]:
    sender = finds.message.sender
    return _ago(finds, [trace.at for trace in finds.context.copies if trace.sender == sender])


def _taken(finds: "Finds", least: tuple[str, ...]) -> list[str]:
    return [str(category) for category, sure in finds.taken_for().items() if sure in least]


HOW_SURE: Final = ("likely", "very likely")

KNOWN: Final[dict[str, Known]] = {
    "text_length": Known("int", "its length", lambda finds: len(finds.message.text)),
    "text_words": Known("int", "its number of words", lambda finds: finds.folded.readings[0].count(b" ") - 1),
    "language": Known("string", "its language", lambda finds: finds.message.language),
    "links": Known("int", "its links", lambda finds: len(finds.links())),
    "link_kinds": Known(
        "list<string>",
        "the kinds of its links",
        lambda finds: sorted({kind for link in finds.links() for kind in link.kinds}),
    ),
    "hosts": Known(
        "list<string>", "where its links lead", lambda finds: sorted({link.host for link in finds.links()})
    ),
    "mentions": Known("int", "how many members it calls", lambda finds: len(finds.message.mentions)),
    "mentions_room": Known("bool", "a call to everybody", lambda finds: finds.message.mentions_room),
    "media": Known("list<string>", "what is attached", lambda finds: list(finds.message.media)),
    "room": Known("string", "the room", lambda finds: finds.message.room),
    "role": Known("string", "the sender's role", lambda finds: str(finds.context.role)),
    "messages_before": Known(
        "int", "how many messages the sender sent before", lambda finds: finds.context.messages_before
    ),
    "joined_ago": Known("int", "how long ago the sender joined", _joined_ago),
    "recent": Known(
        "list<int>",
        "the sender's latest messages in the room",
        lambda finds: _ago(finds, list(finds.context.recent)),
    ),
    "copies": Known(
        "list<int>",
        "copies of the text",
        lambda finds: _ago(finds, [trace.at for trace in finds.context.copies]),
    ),
    "own_copies": Known("list<int>", "the sender's own copies of the text", _own_copies),
    "copying_senders": Known(
        "int",
        "how many members sent the text",
        lambda finds: len({trace.sender for trace in finds.context.copies}),
    ),
    "lists": Known("list<string>", "words of a list", lambda finds: finds.lists()),
    "signals": Known("list<string>", "what else was found", lambda finds: list(finds.signals)),
    "rules": Known("list<string>", "which other rules it breaks", lambda finds: list(finds.rules)),
    "likely": Known("list<string>", "what models think", lambda finds: _taken(finds, HOW_SURE)),
    "very_likely": Known("list<string>", "what models think", lambda finds: _taken(finds, HOW_SURE[1:])),
    "now": Known("timestamp", "the time", _now),
}
"""Every value, by its name."""

MODELS: Final = frozenset({"likely", "very_likely"})
"""The values that come from models."""

_NAME: Final = re.compile(r"\b[a-z_]+\b")


def asked(condition: str) -> tuple[str, ...]:
    """The names of the values that a condition mentions, in the order of `KNOWN`."""
    mentioned = set(_NAME.findall(condition))
    return tuple(name for name in KNOWN if name in mentioned)


def about(condition: str) -> str:
    """What a condition is about, in words."""
    words = list(dict.fromkeys(KNOWN[name].about for name in asked(condition)))
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
