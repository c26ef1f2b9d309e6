"""A person decides a case: previewed first, made in one transaction, carried out after it."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.remember import actions, cases, groups, log, outbox, reports
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import ActionState, Decision, FoundBy, ReportAnswer
from folkmoot.remember.erasure import APPEALABLE, KEPT
from folkmoot.remember.records import Case
from folkmoot.remember.seal import Seals
from folkmoot.review import goodwill, queue
from folkmoot.review.consequences import Choice, Pick, PickError, irrevocable, wanted
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, need
from folkmoot.review.queue import CaseFile, TakenError, UnknownCaseError
from folkmoot.vocabulary import Category

LONGEST_REASON = 2_000


class Preview(Struct, frozen=True, kw_only=True):
    """What a choice would lead to, before anybody decides it."""

    file: CaseFile
    wanted: tuple[Wanted, ...]
    needs_second: bool
    """Whether a second administrator has to agree, because something can't be given back."""
    practice: bool
    """Whether the group is in practice, so that nothing would really be done."""
    policy_version: int


def preview(
    connection: Connection, seals: Seals, case: str, choice: Choice, *, by: Actor, at: float
) -> Preview:
    """Say what a choice would lead to; the errors are those that deciding would have."""
    found = queue.open_case(connection, case, by=by, deed=Deed.DECIDE)
    file = queue.file_of(connection, seals, found)
    asked = wanted(file, choice, at=at)
    _spare_administrators(connection, found, asked)
    second = bool(irrevocable(file, asked)) and len(queue.administrators(connection, found.group)) > 1
    group = groups.get(connection, found.group)
    return Preview(
        file=file,
        wanted=asked,
        needs_second=second,
        practice=group.practice,
        policy_version=group.policy_version,
    )


def decide(
    connection: Connection,
    seals: Seals,
    case: str,
    version: int,
    choice: Choice,
    *,
    by: Actor,
    at: float,
    reason: str = "",
) -> Decision:
    """Decide a case and close it.

    TakenError says who was faster; PickError what is wrong with the choice; NotAllowedError for whom it is.
    """
    if len(reason) > LONGEST_REASON:
        raise PickError(f"A reason has at most {LONGEST_REASON:,} characters.")
    seen = preview(connection, seals, case, choice, by=by, at=at)
    found = seen.file.case
    queue.free_for(found, by, at)
    restricts = any(one.kind.restricts for one in seen.wanted)
    kept = APPEALABLE if restricts else KEPT
    closed = {"state": cases.CLOSED, "closed_at": at, "erase_at": at + kept, "claimed_by": by.person}
    if found.version != version or not cases.change(connection, found, **closed):
        raise TakenError("Somebody else changed this case a moment ago. Look again.")
    decision = deciding.put(connection, _draft(seen, by, reason), at=at, held=seen.needs_second)
    if seen.needs_second:
        outbox.put(connection, found.group, "second", {"decision": decision.id}, at=at)
    _answer_reports(connection, found, choice, restricts=restricts, decision=decision.id, at=at)
    queue.changed(connection, found.group, found.id, at=at)
    return decision


def confirm(connection: Connection, decision: Decision, *, by: Actor, at: float) -> None:
    """Agree, as a second person, to what can't be given back; then it is done."""
    if decision.group != by.group:
        raise UnknownCaseError
    need(by, Deed.CONFIRM, decision.group)
    if by.person == decision.by:
        raise NotAllowedError("You decided this yourself; a second administrator has to agree.")
    asked = actions.of_decision(connection, decision.id)
    if by.person in {decision.person, *(one.person for one in asked)}:
        raise NotAllowedError("This decision is about you, so another administrator has to agree.")
    held = [one for one in asked if one.state is ActionState.HELD]
    if not held:
        raise TakenError("Nothing in this decision waits for a second person any more.")
    deciding.come_to_hold(connection, decision, at=at)
    actions.release(connection, decision.id, at=at)
    log.write(connection, decision.group, "decision.confirmed", by=by.person, at=at, subject=decision.id)
    if decision.case is not None:
        queue.changed(connection, decision.group, decision.case, at=at)


def _draft(seen: Preview, by: Actor, reason: str) -> Draft:
    file = seen.file
    rule, category = ground(file)
    return Draft(
        group=file.case.group,
        case=file.case.id,
        person=file.case.person,
        by=by.person,
        found_by=_found_by(file, by),
        category=category,
        rule=rule,
        policy_version=seen.policy_version,
        reason=reason.strip(),
        wanted=seen.wanted,
    )


def _found_by(file: CaseFile, by: Actor) -> FoundBy:
    """How it began; what whoever decides noticed themselves is no report."""
    reported = any(one.reporter != by.person for one in file.reports)
    if file.verdicts:
        return FoundBy.BOTH if reported else FoundBy.RULE
    return FoundBy.REPORT if reported else FoundBy.PERSON


def ground(file: CaseFile) -> tuple[str | None, Category | None]:
    """Return the rule and the category on which the case rests most recently."""
    for kept in reversed(file.verdicts):
        if kept.rule is not None:
            return kept.rule, kept.category
    named = [one.category for one in file.reports if one.category is not None]
    return None, named[-1] if named else None


def _answer_reports(
    connection: Connection, case: Case, choice: Choice, *, restricts: bool, decision: str, at: float
) -> None:
    how = ReportAnswer.ACTED if restricts else ReportAnswer.NOTHING
    if Pick.UNFOUNDED in choice.picks:
        how = ReportAnswer.UNFOUNDED
    for report in reports.answer(connection, case.id, how, at=at):
        body = {"report": report.id, "decision": decision, "person": report.reporter}
        outbox.put(connection, case.group, "report-answer", body, at=at)
        if how is ReportAnswer.UNFOUNDED:
            goodwill.unfounded(connection, report, at=at)


def _spare_administrators(connection: Connection, case: Case, asked: tuple[Wanted, ...]) -> None:
    """Refuse to sanction administrators: that is settled between them, not by a tool of one."""
    touched = {one.person for one in asked if one.kind.sanctions}
    if not touched.isdisjoint(queue.administrators(connection, case.group)):
        raise PickError("Administrators can't be muted, kicked or banned here. Take their power first.")
