"""What a look found."""

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """Whether something is as it should be."""

    OK = "ok"
    WRONG = "wrong"
    NOT_NEEDED = "not needed"


class Found(Struct, frozen=True):
    """One line: what was looked at, what was seen, and what to do."""

    what: str
    state: State
    seen: str
    remedy: str = ""


def ok(what: str, seen: str) -> Found:
    """Say that something is right."""
    return Found(what, State.OK, seen)


def wrong(what: str, seen: str, remedy: str) -> Found:
    """Say that something is wrong, and what to do."""
    return Found(what, State.WRONG, seen, remedy)


def not_needed(what: str, why: str) -> Found:
    """Say that something is switched off, and why that is all right."""
    return Found(what, State.NOT_NEEDED, why)
