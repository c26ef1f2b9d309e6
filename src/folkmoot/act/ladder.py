"""The ladder: what a rule does to a member who keeps on being stopped, step by step, each with an end."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from folkmoot.act import deciding
from folkmoot.remember import choices, decisions, groups, rooms, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import DecidedBy
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import ActionKind, Category, Outcome

BY = "folkmoot"
_HOUR = 3600.0
_DAY = 24 * _HOUR


class _Ladder(NamedTuple):
    """A group's ladder, as it is in this commit."""

    hours: tuple[float, ...]
    """Of how many hours each step is; no steps where the group practises."""
    seconds: float
    """After how long a step is forgotten."""
    spared: frozenset[str]
    """Who is never sanctioned by a rule: administrators."""


def climb(connection: Connection, kept: Iterable[VerdictRecord]) -> None:
    """Take the next step after each message that a rule stopped: the reason alone, a mute, or nothing more.

    Steps count within the group only, and are forgotten after the days that the group chose, or when the
    decision was undone. What comes after the last step is a case, which a person decides.
    """
    ladders: dict[str, _Ladder] = {}
    for one in kept:
        if one.done is not Outcome.STOP or not one.finding.rules or one.finding.failure is not None:
            continue
        if not one.sender or one.category is Category.SELF_HARM:  # care is never punishment
            continue
        if one.group not in ladders:
            ladders[one.group] = _ladder(connection, one.group)
        ladder = ladders[one.group]
        if not ladder.hours or one.sender in ladder.spared:
            continue
        if not sanctions.is_muted(connection, one.group, one.sender, at=one.at):
            _step(connection, one, ladder)


def _ladder(connection: Connection, group: str) -> _Ladder:
    chosen = choices.get(connection, group)
    if not chosen.ladder or groups.get(connection, group).practice:
        return _Ladder((), 0.0, frozenset())
    spared = frozenset(rooms.administrators_of(connection, group))
    return _Ladder(chosen.ladder, chosen.step_days * _DAY, spared)


def _step(connection: Connection, kept: VerdictRecord, ladder: _Ladder) -> None:
    since = kept.at - ladder.seconds
    taken = decisions.count_by_rules(connection, kept.group, kept.sender, since=since)
    if taken >= len(ladder.hours):
        return
    hours = ladder.hours[taken]
    mute = Wanted(kind=ActionKind.MUTE, person=kept.sender, until=kept.at + hours * _HOUR)
    draft = deciding.Draft(
        group=kept.group,
        by=BY,
        person=kept.sender,
        decided_by=DecidedBy.RULE,
        category=kept.category,
        rule=kept.rule,
        policy_version=kept.policy_version,
        wanted=(mute,) if hours else (),
    )
    deciding.put(connection, draft, at=kept.at)
