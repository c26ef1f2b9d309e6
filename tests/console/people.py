"""Who comes to the console, and how each of them knocks."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import Connection

from folkmoot.remember import rooms
from tests.console.serving import Served
from tests.support.seed import STEWARD, WARDEN

MEMBER = "@gardener:example.org"


class Person(StrEnum):
    """Somebody with certain rights in the seeded groups."""

    STRANGER = "a stranger without a session"
    MEMBER = "a signed-in person who administers nothing"
    ELSEWHERE = "an administrator of another group"
    ADMINISTRATOR = "an administrator of the group"
    EXPIRED = "an administrator whose session has expired"
    SIGNED_OUT = "an administrator who has signed out"


def session_of(person: Person, served: Served) -> str | None:
    """Return a session of that person, or None for who has none."""
    makers: dict[Person, Callable[[], str | None]] = {
        Person.STRANGER: lambda: None,
        Person.MEMBER: lambda: served.session(MEMBER),
        Person.ELSEWHERE: lambda: served.session(WARDEN, served.seeded.other),
        Person.ADMINISTRATOR: lambda: served.session(STEWARD),
        Person.EXPIRED: lambda: served.expired_session(STEWARD),
        Person.SIGNED_OUT: lambda: served.ended_session(STEWARD),
    }
    return makers[person]()


def demote(served: Served, person: str = STEWARD) -> None:
    """Take a person's power away in every room of the first group, as the bot notes it."""

    def without(connection: Connection) -> None:
        powers = rooms.administrators_of(connection, served.seeded.group)
        powers.pop(person, None)
        for room in rooms.of_group(connection, served.seeded.group):
            rooms.set_administrators(connection, room.id, powers, at=served.clock())

    served.store.write_now(without)
