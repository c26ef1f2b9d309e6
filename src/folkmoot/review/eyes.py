"""Other eyes: who looks at an appeal, so that it is not who decided."""

import random

from sqlalchemy import Connection

from folkmoot.remember import appeals, choices
from folkmoot.remember.deciding import Appeal, Eyes
from folkmoot.review.permissions import Actor, NotAllowedError, Part
from folkmoot.review.queue import administrators

_HOUR = 3600.0


def choose(connection: Connection, group: str, *, against: str, person: str, at: float) -> tuple[Eyes, float]:
    """Return who looks, and from when on: another administrator, else a partner group's, else a panel of
    consenting members, else the only administrator after the pause that the group chose."""
    if _others(connection, group, against, person):
        return Eyes.OTHER, at
    if _partners(connection, group, against, person):
        return Eyes.PARTNER, at
    chosen = choices.get(connection, group)
    if chosen.panel_size and len(_jury(connection, group, against, person)) >= chosen.panel_size:
        return Eyes.PANEL, at
    return Eyes.PAUSE, at + chosen.pause_hours * _HOUR


def draw(connection: Connection, appeal: Appeal, *, at: float) -> None:
    """Draw a panel at random for an appeal that one decides."""
    if appeal.eyes is Eyes.PANEL:
        ready = _jury(connection, appeal.group, appeal.against, appeal.person)
        size = choices.get(connection, appeal.group).panel_size
        appeals.draw(connection, appeal, random.SystemRandom().sample(ready, size), at=at)


def of(connection: Connection, appeal: Appeal) -> list[str]:
    """Return who is to look at an appeal; where those are gone, who decided is better than nobody."""
    if appeal.eyes is Eyes.PANEL:
        return [*appeals.votes(connection, appeal.id)]
    if appeal.eyes is Eyes.PARTNER:
        partners = _partners(connection, appeal.group, appeal.against, appeal.person)
        if partners:
            return partners
    others = _others(connection, appeal.group, appeal.against, appeal.person)
    return others or [one for one in administrators(connection, appeal.group) if one != appeal.person]


def need_sight(connection: Connection, appeal: Appeal, by: Actor, at: float) -> None:
    """Raise NotAllowedError unless this person is one of those other eyes, and it is time."""
    if by.person == appeal.person:
        raise NotAllowedError("This appeal is your own.")
    if by.person not in of(connection, appeal):
        raise NotAllowedError("Another person than the one who decided looks at this appeal.")
    if by.part is Part.PARTNER and appeal.eyes is not Eyes.PARTNER:
        raise NotAllowedError("This appeal is decided within the group.")
    if by.person == appeal.against and at < _again_from(connection, appeal):
        raise NotAllowedError("You decided this yourself. You can look at it again after the group's pause.")


def _again_from(connection: Connection, appeal: Appeal) -> float:
    """Return from when on whoever decided may look, if nobody else can: always after a pause."""
    if appeal.eyes is Eyes.PAUSE:
        return appeal.not_before
    return appeal.at + choices.get(connection, appeal.group).pause_hours * _HOUR


def _partners(connection: Connection, group: str, against: str, person: str) -> list[str]:
    partners = appeals.partners_of(connection, group)
    found = {one for partner in partners for one in administrators(connection, partner)}
    return sorted(found - {against, person})


def _others(connection: Connection, group: str, against: str, person: str) -> list[str]:
    """Who decided is not asked; where a rule decided, every administrator may be."""
    return [one for one in administrators(connection, group) if one not in (against, person)]


def _jury(connection: Connection, group: str, against: str, person: str) -> list[str]:
    left_out = {against, person, *administrators(connection, group)}
    return [one for one in appeals.panel_of(connection, group) if one not in left_out]
