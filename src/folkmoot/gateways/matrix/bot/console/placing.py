"""Where administrators of a group are told something: in their room, or each in a direct chat."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.courier import is_matrix
from folkmoot.remember import appeals, cases, choices, groups, outbox, preferences
from folkmoot.remember.records import Group, Letter
from folkmoot.review import queue

LETTER = "console"
"""The kind of letter that shows one thing in one place: {"what", "subject", "room" or "to", …}."""


class Place(Struct, frozen=True):
    """A room, or a person in a direct chat."""

    room: str = ""
    person: str = ""


def hall(connection: Connection, group: str) -> str:
    """Return the administrators' room of a group; empty where they have none."""
    return choices.get(connection, group).administrators_room


def places(
    connection: Connection, group: str, *, without: Iterable[str] = (), directly: bool = False
) -> list[Place]:
    """Return where to tell administrators something that these people may not see."""
    left_out = set(without)
    people = queue.administrators(connection, group)
    room = "" if directly or left_out & set(people) else hall(connection, group)
    if room:
        return [Place(room=room)]
    return [Place(person=one) for one in people if one not in left_out and is_matrix(one)]


def address_all(connection: Connection, letters: Iterable[Letter], *, at: float) -> None:
    """Turn letters to administrators into one for each place, in one transaction."""
    for letter in letters:
        _address(connection, letter, at)


def _address(connection: Connection, letter: Letter, at: float) -> None:
    what, subject, body = _about(letter)
    for place in _where(connection, letter, what, subject):
        send(connection, letter.group, place, {**body, "what": what, "subject": subject}, at=at)
    outbox.done(connection, letter.id, at=at)


def send(connection: Connection, group: str, place: Place, body: dict[str, str], *, at: float) -> None:
    """Ask for one thing to be shown in one place; not while the person sleeps."""
    where = {"room": place.room} if place.room else {"to": place.person}
    awake = preferences.get(connection, group, place.person).awake_at(at) if place.person else at
    outbox.put(connection, group, LETTER, {**body, **where}, at=at, after=awake - at)


def _about(letter: Letter) -> tuple[str, str, dict[str, str]]:
    """Which thing a letter wants shown, and its id."""
    body = letter.body
    if letter.kind == queue.OPERATOR_READ:
        return letter.kind, str(letter.id), {**body, "at": str(int(letter.made_at))}
    if letter.kind in ("second", "action-failed"):
        return letter.kind, str(letter.id), body
    if letter.kind == "breaker":
        return kept.BREAKER, body.get("breaker", ""), body
    if letter.kind == "rule-gone":
        return kept.RULE, f"{body.get('rule', '')} {letter.id}", body
    return kept.CASE, body.get("case", ""), {}


def _where(connection: Connection, letter: Letter, what: str, subject: str) -> list[Place]:
    if what == queue.OPERATOR_READ:
        # Whom a case is about is told nothing of it here either.
        read = cases.get(connection, letter.body.get("case", ""))
        people = cases.people_of(connection, read) if read is not None else []
        return places(connection, letter.group, without=people)
    if what != kept.CASE:
        return places(connection, letter.group)
    found = cases.get(connection, subject)
    if found is None or found.group != letter.group:
        return []
    about = cases.people_of(connection, found)
    if letter.kind == "case":
        return places(connection, letter.group, without=about)
    shown = [Place(room=room) for room in kept.rooms(connection, kept.CASE, subject)]
    if shown or letter.kind == "case-grew":
        return shown
    # Decided before it was shown anywhere: in their room it still has its message, for all to see.
    return [one for one in places(connection, letter.group, without=about) if one.room]


def partners_in_words(connection: Connection, group: Group) -> str:
    """Say with which groups a group agreed about appeals, and how it is done."""
    agreed = [groups.get(connection, one).title for one in appeals.partners_of(connection, group.id)]
    named = ", ".join(f"“{one}”" for one in agreed)
    lines = [
        f"Partner groups: {named}." if agreed else "There is no partner group.",
        "Where a group has one administrator only, its partner's administrators answer its appeals.",
        f"Both sides agree: partner with, and the other's id. The id of “{group.title}” is {group.id}",
    ]
    return "\n".join(lines)
