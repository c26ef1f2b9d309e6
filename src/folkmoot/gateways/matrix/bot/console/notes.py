"""What the console remembers of its messages: which event shows what, and what a tap on it means."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.console.orders import Order

CASE, APPEAL, SURE, BREAKER, RULE = "case", "appeal", "sure", "breaker", "rule"
APPEAL_WORDS = "appeal-words"


class Card(Struct, frozen=True, kw_only=True):
    """A message of ours that people can tap on; kept under its event id."""

    kind: str
    subject: str
    """Id of what it shows."""
    group: str
    room: str
    at: float
    person: str = ""
    """Who alone may tap; empty: every administrator of the group."""
    offers: dict[str, Order] = {}
    """What each reaction means."""


class Shown(Struct, frozen=True, kw_only=True):
    """How something is shown in one room; kept under what it is and the room."""

    event: str
    """Empty: it is going to be sent."""
    seed: str = ""
    """Makes the name under which it is sent another one, when it is shown again."""
    number: int = 0
    """How often the message was edited."""
    stamp: str = ""
    """The state that it shows."""
    taps: dict[str, str] = {}
    """Our own reactions on it, each with its event."""
    edits: tuple[str, ...] = ()
    """Events that changed it; they hold the words too, so they go when the words have to go."""


def name(kind: str, subject: str, room: str) -> str:
    """Return under which name it is kept how something is shown in a room."""
    return f"{kind}:{subject}:{room}"


def card(connection: Connection, event: str) -> Card | None:
    """Return what a message of ours shows; None if it shows nothing."""
    return notes.get(connection, Card, event)


def shown(connection: Connection, kind: str, subject: str, room: str) -> Shown | None:
    """Return how something is shown in a room."""
    return notes.get(connection, Shown, name(kind, subject, room))


def keep(connection: Connection, card: Card, shown: Shown, *, at: float) -> None:
    """Keep both sides: what the message shows, and how it is shown."""
    notes.put(connection, Card, shown.event, card, at=at)
    notes.put(connection, Shown, name(card.kind, card.subject, card.room), shown, at=at)


def rooms(connection: Connection, kind: str, subject: str) -> dict[str, Shown]:
    """Return in which rooms something is shown, and how."""
    return notes.beginning(connection, Shown, f"{kind}:{subject}:")
