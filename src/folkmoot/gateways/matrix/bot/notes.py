"""What the bot remembers for itself between two runs: small notes, one JSON text each."""

from typing import TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import gateway_state

GATEWAY = "matrix.bot"
_LONGEST_KEY = 512

T = TypeVar("T", bound=Struct)


class Position(Struct, frozen=True):
    """How far we have read what the homeserver tells."""

    token: str


class Setup(Struct, frozen=True, kw_only=True):
    """A room that we were invited to and that has no group yet."""

    by: str
    begun_at: float
    lacking: str = ""
    """What we asked the administrators to change, so as to say it once."""


class Question(Struct, frozen=True, kw_only=True):
    """What we asked in a room and wait to hear about; a newer question takes its place."""

    event: str
    kind: str
    """`starter`, `change` (of policy), or `start` (end practice)."""
    group: str = ""
    choices: tuple[str, ...] = ()
    """What each number stands for: a starter's name, or `group:` and the id of a group."""
    at: float


class Wish(Struct, frozen=True, kw_only=True):
    """Whether the administrators want a room protected, and how far that has come."""

    on: bool
    placed: bool = False
    """Whether we have set `m.room.policy` since they said so."""
    welcomed: bool = False
    """Whether the room was told that its protection is on."""
    reinvited_at: float | None = None
    """When we last invited the policy user again by ourselves."""
    invited_at: float | None = None
    lifted: bool = False
    """Whether we let messages through unjudged while the policy server can't be reached."""


class Direct(Struct, frozen=True):
    """The room for two that we share with a person."""

    room: str


class Companion(Struct, frozen=True):
    """Whom we share a room for two with."""

    person: str


class Plan(Struct, frozen=True, kw_only=True):
    """Letters that are being told to a person in one message; finished first after a crash."""

    once: str
    letters: tuple[int, ...]


def put(connection: Connection, kind: type[T], name: str, note: T, *, at: float) -> None:
    """Remember a note of a kind under a name, in place of what was there."""
    gateway_state.put(connection, GATEWAY, _key(kind, name), msgspec.json.encode(note).decode(), at=at)


def get(connection: Connection, kind: type[T], name: str) -> T | None:
    """Return the note of a kind under a name."""
    body = gateway_state.get(connection, GATEWAY, _key(kind, name))
    return None if body is None else msgspec.json.decode(body, type=kind)


def forget(connection: Connection, kind: type[Struct], name: str) -> None:
    """Forget the note of a kind under a name."""
    gateway_state.forget(connection, GATEWAY, _key(kind, name))


def every(connection: Connection, kind: type[T]) -> dict[str, T]:
    """Return all notes of a kind by their names."""
    prefix = _key(kind, "")
    found = gateway_state.every(connection, GATEWAY, prefix)
    return {key[len(prefix) :]: msgspec.json.decode(body, type=kind) for key, body in found.items()}


def beginning(connection: Connection, kind: type[T], start: str) -> dict[str, T]:
    """Return the notes of a kind whose names begin like this, by the rest of their names."""
    prefix = _key(kind, start)
    found = gateway_state.every(connection, GATEWAY, prefix)
    return {key[len(prefix) :]: msgspec.json.decode(body, type=kind) for key, body in found.items()}


def forget_before(connection: Connection, kind: type[Struct], at: float) -> None:
    """Forget the notes of a kind that did not change since then."""
    gateway_state.forget_before(connection, GATEWAY, _key(kind, ""), at=at)


def _key(kind: type[Struct], name: str) -> str:
    return f"{kind.__name__.lower()}:{name}"[:_LONGEST_KEY]
