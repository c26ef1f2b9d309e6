"""What the API does about panels, for the members who serve on them, and about restrictions that wait."""

from folkmoot.act import breaker as breaking
from folkmoot.gateways.http import review_asked as asking
from folkmoot.gateways.http import review_shown as shown
from folkmoot.gateways.http import review_wire as wire
from folkmoot.gateways.http.review_desk import Desk
from folkmoot.remember import appeals, breakers, decisions, verdicts
from folkmoot.remember.deciding import Appeal, Eyes
from folkmoot.review import appealing, initiative, queue, serving, statements
from folkmoot.review.permissions import Actor, Part


def vote(desk: Desk, name: str, asked: asking.VoteToCast) -> wire.Voted:
    """Keep the vote of a member who was drawn for an appeal."""
    drawn = asked.by in appeals.votes(desk.connection, name)
    actor = Actor(person=asked.by, part=Part.PANEL if drawn else Part.MEMBER, group=desk.group)
    kept = appealing.vote(
        desk.connection, desk.seals, name, by=actor, grants=asked.grants, words=asked.words, at=desk.now
    )
    return wire.Voted(state=kept.state)


def panel(desk: Desk, by: str) -> wire.Panel:
    """Show whether a member serves on panels, and the appeals that they were drawn for."""
    waiting = appeals.still_open(desk.connection, desk.group)
    votes = [(one, appeals.votes(desk.connection, one.id)) for one in waiting if one.eyes is Eyes.PANEL]
    return wire.Panel(
        serves=by in appeals.panel_of(desk.connection, desk.group),
        drawn=tuple(_drawn(desk, one, by, cast[by]) for one, cast in votes if by in cast),
    )


def serve(desk: Desk, asked: asking.PanelToServe) -> wire.Panel:
    """Note that a member agreed to serve on panels, or does so no longer."""
    administers = asked.by in queue.administrators(desk.connection, desk.group)
    part = Part.ADMINISTRATOR if administers else Part.MEMBER
    actor = Actor(person=asked.by, part=part, group=desk.group)
    if asked.serves:
        serving.serve(desk.connection, by=actor, at=desk.now)
    else:
        serving.leave(desk.connection, by=actor, at=desk.now)
    return panel(desk, asked.by)


def breaker(desk: Desk) -> wire.Breaker:
    """Show whether restrictions wait because there were too many at once."""
    held = breakers.tripped(desk.connection, desk.group)
    waiting = breaking.waiting(desk.connection, desk.group) if held is not None else 0
    return wire.Breaker(tripped_at=held.tripped_at if held is not None else None, waiting=waiting)


def go_on(desk: Desk, asked: asking.Asked) -> wire.Breaker:
    """Let restrictions that wait take effect."""
    initiative.go_on(desk.connection, by=desk.administrator(asked.by), at=desk.now)
    return breaker(desk)


def _drawn(desk: Desk, found: Appeal, by: str, voted: bool | None) -> wire.Drawn:
    """Return what a panel member needs to judge: what the member was told, and what they had written."""
    actor = Actor(person=by, part=Part.PANEL, group=desk.group)
    language = statements.language_of(desk.connection, desk.group, by)
    told = ""
    texts: tuple[str, ...] = ()
    made = decisions.get(desk.connection, found.subject)
    kept = verdicts.get(desk.connection, found.subject)
    if made is not None:
        said = statements.of_decision(desk.connection, made, found.person, link=None, language=language)
        told, texts = said.text(), serving.removed(desk.connection, desk.seals, found, by=actor)
    elif kept is not None:
        told = statements.of_verdict(desk.connection, kept, link=None, language=language).text()
    read = appealing.read(desk.connection, desk.seals, found.id, by=actor, at=desk.now)
    return wire.Drawn(
        appeal=shown.appeal(found, read),
        told=told,
        texts=texts,
        voted=voted,
    )
