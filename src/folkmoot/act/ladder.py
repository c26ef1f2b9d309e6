"""The ladder: what a rule does to a member who keeps on being stopped, step by step, each with an end."""

from sqlalchemy import Connection, func, select

from folkmoot.act import deciding
from folkmoot.remember import choices, groups, rooms, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import DecidedBy, DecisionKind, SanctionKind
from folkmoot.remember.deciding_tables import decisions
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import ActionKind, Category, Outcome

BY = "folkmoot"
_HOUR = 3600.0
_DAY = 24 * _HOUR


def climb(connection: Connection, kept: VerdictRecord) -> None:
    """Take the next step after a rule stopped a message: the reason alone, a mute, or nothing more.

    Steps count within the group only, and are forgotten after the days that the group chose, or when the
    decision was undone. What comes after the last step is a case, which a person decides.
    """
    by_a_rule = kept.done is Outcome.STOP and kept.finding.rules and kept.finding.failure is None
    if not (by_a_rule and kept.sender):
        return
    group = groups.get(connection, kept.group)
    chosen = choices.get(connection, kept.group)
    if group.practice or not chosen.ladder or _is_spared(connection, kept) or _is_muted(connection, kept):
        return
    step = _steps(connection, kept, kept.at - chosen.step_days * _DAY)
    if step >= len(chosen.ladder):
        return
    hours = chosen.ladder[step]
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


def _is_spared(connection: Connection, kept: VerdictRecord) -> bool:
    """Care is never punishment, and no rule sanctions an administrator."""
    administrators = rooms.administrators_of(connection, kept.group)
    return kept.category is Category.SELF_HARM or kept.sender in administrators


def _is_muted(connection: Connection, kept: VerdictRecord) -> bool:
    standing = sanctions.standing(connection, kept.group, person=kept.sender)
    return any(
        one.kind is SanctionKind.MUTE and (one.until is None or one.until > kept.at) for one in standing
    )


def _steps(connection: Connection, kept: VerdictRecord, since: float) -> int:
    """How many steps of the ladder stand for a member."""
    ended = select(decisions.c.supersedes).where(decisions.c.supersedes.is_not(None))
    query = select(func.count()).where(
        decisions.c.group_id == kept.group,
        decisions.c.person == kept.sender,
        decisions.c.decided_by == DecidedBy.RULE.value,
        decisions.c.kind == DecisionKind.DECISION.value,
        decisions.c.at >= since,
        decisions.c.id.not_in(ended),
    )
    return int(connection.execute(query).scalar_one())
