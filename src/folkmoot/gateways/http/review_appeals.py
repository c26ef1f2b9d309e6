"""What the API does about appeals: each function is one transaction, and begins with who asks."""

from folkmoot.gateways.http import review_asked as asking
from folkmoot.gateways.http import review_shown as shown
from folkmoot.gateways.http import review_wire as wire
from folkmoot.gateways.http.review_desk import Desk
from folkmoot.remember import appeals
from folkmoot.review import appealing, eyes
from folkmoot.review.permissions import Actor


def waiting(desk: Desk, by: str) -> wire.Appeals:
    """List the appeals that an administrator is to look at."""
    actor = desk.administrator(by)
    found = appeals.still_open(desk.connection, desk.group)
    mine = [one for one in found if actor.person in eyes.of(desk.connection, one)]
    return wire.Appeals(appeals=tuple(shown.appeal(one) for one in mine))


def appeal(desk: Desk, asked: asking.AppealToMake) -> wire.AppealShown:
    """Take an appeal in."""
    made = appealing.appeal(
        desk.connection, desk.seals, asked.subject, by=desk.member(asked.by), words=asked.words, at=desk.now
    )
    return _read(desk, made.id, desk.member(asked.by))


def look(desk: Desk, by: str, name: str) -> wire.AppealShown:
    """Show an appeal to its member, or to whoever is to look at it."""
    return _read(desk, name, desk.either(by))


def words(desk: Desk, name: str, asked: asking.WordsToAdd) -> wire.AppealShown:
    """Add to an appeal."""
    actor = desk.either(asked.by)
    appealing.write(desk.connection, desk.seals, name, by=actor, words=asked.words, at=desk.now)
    return _read(desk, name, actor)


def answer(desk: Desk, name: str, asked: asking.AnswerToGive) -> wire.AppealShown:
    """Answer an appeal."""
    actor = desk.administrator(asked.by)
    appealing.answer(
        desk.connection, desk.seals, name, asked.version,
        by=actor, granted=asked.granted, words=asked.words, at=desk.now,
    )  # fmt: skip
    return _read(desk, name, actor)


def withdraw(desk: Desk, name: str, asked: asking.Asked) -> wire.AppealShown:
    """End an appeal for the member who made it."""
    actor = desk.member(asked.by)
    appealing.withdraw(desk.connection, name, by=actor, at=desk.now)
    return _read(desk, name, actor)


def _read(desk: Desk, name: str, actor: Actor) -> wire.AppealShown:
    read = appealing.read(desk.connection, desk.seals, name, by=actor, at=desk.now)
    found = appeals.get(desk.connection, name)
    assert found is not None
    return shown.appeal(found, read)
