"""Decisions as rows: put once, never changed."""

import secrets
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, func, insert, select

from folkmoot.remember.deciding import DecidedBy, Decision, DecisionKind, FoundBy
from folkmoot.remember.deciding_tables import actions, decisions
from folkmoot.remember.quick import Reading
from folkmoot.vocabulary import ActionKind, Category


def new_id() -> str:
    """Return an id for a decision or an appeal, not to be guessed."""
    return secrets.token_hex(16)


def put(connection: Connection, decision: Decision) -> None:
    """Keep a decision; a second one that takes the same back is an IntegrityError."""
    connection.execute(
        insert(decisions).values(
            id=decision.id,
            group_id=decision.group,
            case_id=decision.case,
            kind=decision.kind.value,
            person=decision.person,
            by=decision.by,
            decided_by=decision.decided_by.value,
            found_by=decision.found_by.value,
            at=decision.at,
            category=decision.category.value if decision.category else None,
            rule=decision.rule,
            policy_version=decision.policy_version,
            reason=decision.reason,
            supersedes=decision.supersedes,
            partly=decision.partly,
        )
    )


def get(connection: Connection, decision: str) -> Decision | None:
    """Return a decision by its id."""
    row = connection.execute(select(decisions).where(decisions.c.id == decision)).one_or_none()
    return None if row is None else _decision(row)


def superseding(connection: Connection, decision: str) -> Decision | None:
    """Return the decision by which this one was superseded; None while it stands."""
    row = connection.execute(select(decisions).where(decisions.c.supersedes == decision)).one_or_none()
    return None if row is None else _decision(row)


def partly(connection: Connection, decision: str) -> list[Decision]:
    """Return the decisions by which this one was taken back for one member each, oldest first."""
    query = select(decisions).where(decisions.c.partly == decision).order_by(decisions.c.at)
    return [_decision(row) for row in connection.execute(query)]


def taken_back(connection: Connection, decision: str, person: str) -> Decision | None:
    """Return the decision by which this one was taken back for a member: for them alone, or for all."""
    own = [one for one in partly(connection, decision) if one.person == person]
    return own[0] if own else superseding(connection, decision)


def of_case(connection: Connection, case: str) -> list[Decision]:
    """Return the decisions on a whole case, oldest first; not what took one back for one member."""
    query = select(decisions).where(decisions.c.case_id == case, decisions.c.partly.is_(None))
    return [_decision(row) for row in connection.execute(query.order_by(decisions.c.at))]


def latest(
    connection: Connection, group: str, *, person: str | None = None, most: int = 20
) -> list[Decision]:
    """Return the newest decisions of a group, or about one person, newest first."""
    query = select(decisions).where(decisions.c.group_id == group)
    if person is not None:
        query = query.where(decisions.c.person == person)
    return [_decision(row) for row in connection.execute(query.order_by(decisions.c.at.desc()).limit(most))]


def touching(connection: Connection, person: str, *, most: int = 20) -> list[Decision]:
    """Return the newest decisions, in whichever group, that restricted a person, newest first."""
    restricting = [kind.value for kind in ActionKind if kind.restricts]
    touched = select(actions.c.decision_id).where(
        actions.c.person == person, actions.c.kind.in_(restricting), actions.c.inverse_of.is_(None)
    )
    query = select(decisions).where(
        decisions.c.id.in_(touched), decisions.c.kind == DecisionKind.DECISION.value
    )
    return [_decision(row) for row in connection.execute(query.order_by(decisions.c.at.desc()).limit(most))]


def standing_by_rule(connection: Connection, group: str, rule: str) -> list[Decision]:
    """Return the standing decisions that rest on a rule, oldest first."""
    query = select(decisions).where(*_standing(group), decisions.c.rule == rule)
    return [_decision(row) for row in connection.execute(query.order_by(decisions.c.at))]


def count_by_rules(connection: Connection, group: str, person: str, *, since: float) -> int:
    """Return how many decisions that rules took about a member since then still stand."""
    ((count,),) = _BY_RULES.rows(connection, {"group": group, "person": person, "since": since})
    return int(count)


def _standing(group: str | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    """What holds of a group's decisions that no other one ended."""
    ended = select(decisions.c.supersedes).where(decisions.c.supersedes.is_not(None))
    return (
        decisions.c.group_id == group,
        decisions.c.kind == DecisionKind.DECISION.value,
        decisions.c.id.not_in(ended),
    )


_BY_RULES: Final = Reading(
    select(func.count()).where(
        *_standing(bindparam("group")),
        decisions.c.person == bindparam("person"),
        decisions.c.decided_by == DecidedBy.RULE.value,
        decisions.c.at >= bindparam("since"),
    )
)


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        group=row.group_id,
        case=row.case_id,
        kind=DecisionKind(row.kind),
        person=row.person,
        by=row.by,
        decided_by=DecidedBy(row.decided_by),
        found_by=FoundBy(row.found_by),
        at=row.at,
        category=Category(row.category) if row.category else None,
        rule=row.rule,
        policy_version=row.policy_version,
        reason=row.reason,
        supersedes=row.supersedes,
        partly=row.partly,
    )
