"""Members agree to serve on panels, and end that again."""

from sqlalchemy import Connection

from folkmoot.remember import appeals, log
from folkmoot.review.permissions import Actor, Deed, need


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
