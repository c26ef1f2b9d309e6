"""Taking a decision back: everything that it did is undone, by one more decision that supersedes it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.remember import (
    actions,
    appeals,
    cases,
    choices,
    decisions,
    errands,
    groups,
    log,
    outbox,
    reports,
    sanctions,
)
from folkmoot.remember.actions import Wanted
from folkmoot.remember.cabinet import hours_of
from folkmoot.remember.deciding import (
    Action,
    ActionState,
    AppealState,
    Decision,
    DecisionKind,
    Sanction,
)
from folkmoot.remember.erasure import KEPT
from folkmoot.remember.records import CaseKind
from folkmoot.remember.seal import Seals
from folkmoot.review import goodwill, queue
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, need
from folkmoot.review.queue import TakenError
from folkmoot.vocabulary import ActionKind

_ANSWERING = frozenset({AppealState.OPEN, AppealState.GRANTED})
"""Who appealed so is told by the answer that it is taken back for them."""


class UnknownDecisionError(LookupError):
    """There is no such decision in this group."""


def undo(
    connection: Connection, seals: Seals, decision: str, *, by: Actor, at: float, reason: str = ""
) -> Decision:
    """Take a decision back; TakenError if that was done before."""
    found = decisions.get(connection, decision)
    if found is None or found.group != by.group:
        raise UnknownDecisionError
    need(by, Deed.UNDO, found.group)
    done = actions.of_decision(connection, found.id)
    if by.person in {found.person, *(one.person for one in done)}:
        raise NotAllowedError("This decision is about you. You can appeal, and another person will look.")
    answered = {one.person for one in appeals.all_against(connection, found.id) if one.state in _ANSWERING}
    made = take_back(connection, seals, found, DecisionKind.UNDO, by=by.person, at=at, reason=reason)
    # Whoever was never told of the decision, because it still waited for a second person, need not be now.
    told = [one for one in done if one.kind.restricts and one.state is not ActionState.HELD]
    people = dict.fromkeys(one.person for one in told if one.person not in ("", *answered))
    if not groups.get(connection, found.group).practice:
        deciding.tell(connection, "undone", made, [*people], at=at)
    return made


def take_back(
    connection: Connection,
    seals: Seals,
    found: Decision,
    kind: DecisionKind,
    *,
    by: str,
    at: float,
    reason: str,
) -> Decision:
    """Supersede a decision, undo what still stands of it, and grant the appeals against it that are open.

    Its case waits again, unless an appeal found that it was wrong to act.
    """
    _need_standing(connection, found)
    done = actions.of_decision(connection, found.id)
    draft = _draft(found, kind, _inverses(connection, seals, done), by=by, reason=reason)
    made = deciding.put(connection, msgspec.structs.replace(draft, supersedes=found.id), at=at)
    _end(connection, sanctions.of_decision(connection, found.id), by=by, at=at)
    sanctions.disallow(connection, found.id, at=at)
    _grant_open(connection, seals, made, at=at)
    if kind is DecisionKind.UNDO or not any(one.kind.restricts for one in done):
        _reopen(connection, found, at)
    if found.case is not None:
        queue.changed(connection, found.group, found.case, at=at)
    return made


def take_back_for(
    connection: Connection, seals: Seals, found: Decision, person: str, *, by: str, at: float, reason: str
) -> Decision:
    """Undo what a decision did to one member, because their appeal was granted; for all others it stands."""
    _need_standing(connection, found)
    done = [one for one in actions.of_decision(connection, found.id) if one.person == person]
    draft = _draft(found, DecisionKind.APPEAL, _inverses(connection, seals, done), by=by, reason=reason)
    draft = msgspec.structs.replace(draft, person=person, partly=found.id)
    made = deciding.put(connection, draft, at=at)
    _end(connection, sanctions.of_decision(connection, found.id, person=person), by=by, at=at)
    sanctions.disallow(connection, found.id, person=person, at=at)
    if found.case is not None:
        queue.changed(connection, found.group, found.case, at=at)
    return made


def undo_rule(
    connection: Connection, seals: Seals, rule: str, *, by: Actor, at: float, reason: str
) -> list[Decision]:
    """Take back every standing decision that rests on a rule: for when the rule itself is gone."""
    need(by, Deed.UNDO, by.group)
    standing = decisions.standing_by_rule(connection, by.group, rule)
    return [undo(connection, seals, one.id, by=by, at=at, reason=reason) for one in standing]


def _need_standing(connection: Connection, found: Decision) -> None:
    if found.kind is not DecisionKind.DECISION:
        raise TakenError("This took something back itself; decide the case anew instead.")
    before = decisions.superseding(connection, found.id)
    if before is not None:
        raise TakenError(f"{before.by} took this back already.")


def _draft(found: Decision, kind: DecisionKind, wanted: Sequence[Wanted], *, by: str, reason: str) -> Draft:
    return Draft(
        group=found.group,
        case=found.case,
        kind=kind,
        person=found.person,
        by=by,
        found_by=found.found_by,
        category=found.category,
        rule=found.rule,
        policy_version=found.policy_version,
        reason=reason.strip(),
        wanted=tuple(wanted),
    )


def _end(connection: Connection, standing: Sequence[Sanction], *, by: str, at: float) -> None:
    for sanction in standing:
        if sanction.ended_at is None:
            sanctions.end(connection, sanction, by=by, at=at)


def _grant_open(connection: Connection, seals: Seals, made: Decision, *, at: float) -> None:
    """Answer the appeals that are open against what was just taken back."""
    for found in appeals.all_against(connection, made.supersedes or ""):
        if found.state is not AppealState.OPEN:
            continue
        values = {"state": AppealState.GRANTED.value, "answered_by": made.by, "answered_at": at}
        appeals.change(connection, found, **values, erase_at=at + KEPT)
        log.write(connection, found.group, "appeal.granted", by=made.by, at=at, subject=found.id)
        # What was answered to one member's appeal is for them alone.
        if made.reason and made.kind is DecisionKind.UNDO:
            said = {"subject": found.id, "author": made.by, "text": made.reason}
            seals.put(connection, found.group, found.id, "answer", **said, at=at)
        body = {"appeal": found.id, "person": found.person, "decision": made.id}
        outbox.put(connection, found.group, "appeal-answer", body, at=at)


def _inverses(connection: Connection, seals: Seals, done: Sequence[Action]) -> list[Wanted]:
    """Return what undoes these actions, the last done first; what nobody has begun is only dropped.

    An action that is under way is not dropped: its inverse waits for it.
    """
    wanted: list[Wanted] = []
    over = {action.inverse_of for action in done}  # what ended by itself was taken back then
    for action in reversed(done):
        if action.id in over:
            continue
        if action.state is ActionState.HELD:
            actions.drop(connection, action.id)
        elif errands.inverse(connection, action.id) is not None:
            continue  # its time is over, and the clock has ended it
        elif action.state in (ActionState.WANTED, ActionState.DONE) and action.kind.inverse is not None:
            wanted.append(Wanted.back(action, action.kind.inverse))
            wanted += _allowance(connection, seals, action)
    return wanted


def _allowance(connection: Connection, seals: Seals, action: Action) -> list[Wanted]:
    """The author of a removed message may post it again, whatever the rules say to it."""
    if action.kind is not ActionKind.REMOVE:
        return []
    words = seals.about(connection, action.group, action.message)
    if words is None or words.text is None:
        return []
    mark = seals.mark(action.group, action.person, words.text)
    return [Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person=action.person, receipt={"mark": mark})]


def _reopen(connection: Connection, found: Decision, at: float) -> None:
    """Put the case back among those that wait, with its reports."""
    case = cases.get(connection, found.case) if found.case else None
    if case is None or case.state == cases.OPEN:
        return
    if case.kind is CaseKind.PERSON and cases.open_about(connection, case.group, case.person) is not None:
        return
    due = at + hours_of(choices.get(connection, case.group), case.urgency) * 3600.0
    values = {"state": cases.OPEN, "closed_at": None, "erase_at": None, "claimed_by": None}
    cases.change(connection, case, **values, claimed_at=None, last_at=at, due_at=due, reminded_at=None)
    log.write(connection, case.group, "case.reopened", by="folkmoot", at=at, subject=case.id)
    for report in reports.reopen(connection, case.id, answered_at=found.at):
        goodwill.forgive(connection, report, at=at)
