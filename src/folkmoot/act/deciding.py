"""How a decision comes about: the decision, what it asks for, and every note of it, in one transaction."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import actions, decisions, groups, log, outbox, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import (
    ActionState,
    DecidedBy,
    Decision,
    DecisionKind,
    FoundBy,
    SanctionKind,
)
from folkmoot.vocabulary import ActionKind, Category

LONGEST_MUTE_BY_RULE = 24 * 3600.0
ALLOWED_FOR = 24 * 3600.0
"""How long the same text of the same author is let through after "allow next time", in seconds."""

_BY_RULE = frozenset({ActionKind.WARN, ActionKind.MUTE})
_LAST = {ActionKind.MUTE: SanctionKind.MUTE, ActionKind.BAN: SanctionKind.BAN}
_TOLD = frozenset(kind for kind in ActionKind if kind.restricts) | {ActionKind.ALLOW_NEXT_TIME}


class MachineLimitError(ValueError):
    """A rule may warn, and mute for up to 24 hours; everything else takes a person."""


class Draft(Struct, frozen=True, kw_only=True):
    """A decision before it is made."""

    group: str
    by: str
    wanted: tuple[Wanted, ...] = ()
    case: str | None = None
    kind: DecisionKind = DecisionKind.DECISION
    person: str = ""
    decided_by: DecidedBy = DecidedBy.PERSON
    found_by: FoundBy = FoundBy.RULE
    category: Category | None = None
    rule: str | None = None
    policy_version: int = 0
    reason: str = ""
    supersedes: str | None = None
    partly: str | None = None


def put(connection: Connection, draft: Draft, *, at: float, held: bool = False) -> Decision:
    """Make a decision: its rows, its sanctions, its entry in the log, and the letters to those it touches.

    What it asks for is done after the commit; where it is `held`, only once a second person has agreed.
    In practice nothing comes to hold and nobody is written to. MachineLimitError if a rule asks for too much.
    """
    if draft.decided_by is DecidedBy.RULE:
        _keep_within(draft.wanted, at)
    decision = _decision(draft, at)
    decisions.put(connection, decision)
    made = actions.want(connection, draft.group, decision.id, [*draft.wanted], at=at, held=held)
    log.write(
        connection, draft.group, f"decision.{draft.kind.value}", by=draft.by, at=at, subject=decision.id,
        case=draft.case or "", person=draft.person, actions=",".join(one.kind.value for one in made),
        supersedes=draft.supersedes or draft.partly or "",
    )  # fmt: skip
    if not held:
        come_to_hold(connection, decision, at=at)
    return decision


def come_to_hold(connection: Connection, decision: Decision, *, at: float) -> None:
    """Let the sanctions of a decision begin and its letters be written; in practice do neither."""
    if groups.get(connection, decision.group).practice:
        return
    told: list[str] = []
    for action in actions.of_decision(connection, decision.id):
        if action.state is ActionState.DROPPED:
            continue  # granted to its member before a second person agreed to the rest
        if action.kind in _LAST:
            sanctions.put(
                connection, action.group, action.person, _LAST[action.kind],
                decision=decision.id, action=action.id, at=at, until=action.until,
            )  # fmt: skip
        if action.kind is ActionKind.ALLOW_NEXT_TIME and action.receipt.get("mark"):
            sanctions.allow(
                connection, action.group, action.person, action.receipt["mark"],
                decision=decision.id, until=at + ALLOWED_FOR,
            )  # fmt: skip
        if action.kind in _TOLD and action.person and action.person not in told:
            told.append(action.person)
    if decision.kind is DecisionKind.DECISION:
        tell(connection, "decision", decision, told, at=at)


def tell(connection: Connection, kind: str, decision: Decision, people: Sequence[str], *, at: float) -> None:
    """Ask for a letter about a decision to each of these people."""
    for person in people:
        outbox.put(connection, decision.group, kind, {"decision": decision.id, "person": person}, at=at)


def _keep_within(wanted: Sequence[Wanted], at: float) -> None:
    for one in wanted:
        too_long = one.kind is ActionKind.MUTE and (
            one.until is None or one.until - at > LONGEST_MUTE_BY_RULE
        )
        if one.kind not in _BY_RULE or too_long:
            raise MachineLimitError(f"A rule can't {one.kind.value} by itself (a mute: at most 24 hours).")


def _decision(draft: Draft, at: float) -> Decision:
    return Decision(
        id=decisions.new_id(),
        group=draft.group,
        case=draft.case,
        kind=draft.kind,
        person=draft.person,
        by=draft.by,
        decided_by=draft.decided_by,
        found_by=draft.found_by,
        at=at,
        category=draft.category,
        rule=draft.rule,
        policy_version=draft.policy_version,
        reason=draft.reason,
        supersedes=draft.supersedes,
        partly=draft.partly,
    )
