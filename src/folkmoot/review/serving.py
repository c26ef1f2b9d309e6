"""Members agree to serve on panels, and end that again."""

from sqlalchemy import Connection

from folkmoot.remember import actions, appeals, log
from folkmoot.remember.deciding import Appeal
from folkmoot.remember.seal import Seals
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, need
from folkmoot.vocabulary import ActionKind

_MOST_TEXTS = 5


def serve(connection: Connection, *, by: Actor, at: float) -> None:
    """Note that a member may be drawn for appeals; NotAllowedError for whom it is not."""
    need(by, Deed.SERVE, by.group)
    if by.person not in appeals.panel_of(connection, by.group):
        appeals.join_panel(connection, by.group, by.person, at=at)
        log.write(connection, by.group, "panel.joined", by=by.person, at=at, subject=by.person)


def leave(connection: Connection, *, by: Actor, at: float) -> None:
    """Note that a member is drawn no more; whoever was drawn already may still vote."""
    if appeals.leave_panel(connection, by.group, by.person):
        log.write(connection, by.group, "panel.left", by=by.person, at=at, subject=by.person)


def removed(connection: Connection, seals: Seals, found: Appeal, *, by: Actor) -> tuple[str, ...]:
    """Return what the member who appeals had written and was removed, for those drawn for the appeal."""
    need(by, Deed.VOTE, found.group)
    if by.person not in appeals.votes(connection, found.id):
        raise NotAllowedError("You were not drawn for this appeal.")
    did = actions.of_decision(connection, found.subject)
    theirs = [one.message for one in did if one.kind is ActionKind.REMOVE and one.person == found.person]
    kept = [seals.about(connection, found.group, one) for one in theirs]
    return tuple(one.text for one in kept if one is not None and one.text)[:_MOST_TEXTS]
