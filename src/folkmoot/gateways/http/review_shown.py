"""From what is remembered to what goes over the wire; ids of messages are the caller's own again."""

from collections.abc import Iterable

from folkmoot.act.errand import Errand
from folkmoot.explain.reasons import Statement
from folkmoot.gateways.http import review_wire as wire
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Action, Appeal, Decision, Report, Words
from folkmoot.remember.records import Case, VerdictRecord
from folkmoot.review.queue import CaseFile


def ours(group: str, message: str) -> str:
    """Return the id by which we know a message of the API's: no other group's can be the same."""
    return f"api:{group}:{message}"


def theirs(group: str, message: str) -> str:
    """Return the id of a message as the caller gave it."""
    return message.removeprefix(f"api:{group}:")


def case(one: Case) -> wire.CaseInQueue:
    """Return a case as it stands in the queue."""
    return wire.CaseInQueue(
        id=one.id,
        person=one.person,
        urgency=one.urgency,
        due_at=one.due_at,
        opened_at=one.opened_at,
        verdicts=one.verdict_count,
        reports=one.report_count,
        claimed_by=one.claimed_by,
        version=one.version,
    )


def file(found: CaseFile) -> wire.CaseShown:
    """Return a case with everything in it."""
    return wire.CaseShown(
        case=case(found.case),
        state=found.case.state,
        people=found.people,
        words=said(found.case.group, found.words),
        verdicts=tuple(map(_verdict, found.verdicts)),
        reports=tuple(map(_report, found.reports)),
        decisions=tuple(map(decision, found.decisions)),
    )


def said(group: str, words: Iterable[Words]) -> tuple[wire.Said, ...]:
    """Return what was written."""
    return tuple(
        wire.Said(
            kind=one.kind, about=theirs(group, one.subject), author=one.author, at=one.at, text=one.text
        )
        for one in words
    )


def decision(one: Decision) -> wire.DecisionShown:
    """Return a decision."""
    return wire.DecisionShown(
        id=one.id,
        kind=one.kind,
        case=one.case,
        person=one.person,
        by=one.by,
        decided_by=one.decided_by,
        found_by=one.found_by,
        at=one.at,
        category=one.category,
        rule=one.rule,
        reason=one.reason,
        supersedes=one.supersedes,
        partly=one.partly,
    )


def action(one: Action) -> wire.ActionShown:
    """Return an action."""
    return wire.ActionShown(
        id=one.id,
        kind=one.kind,
        person=one.person,
        room=one.room,
        message=theirs(one.group, one.message),
        until=one.until,
        state=one.state,
        trouble=one.trouble,
    )


def foreseen(group: str, one: Wanted) -> wire.ActionShown:
    """Return an action that nobody asked for yet."""
    return wire.ActionShown(
        id=None,
        kind=one.kind,
        person=one.person,
        room=one.room,
        message=theirs(group, one.message),
        until=one.until,
        state=None,
        trouble="",
    )


def wanted(one: Errand) -> wire.ActionWanted:
    """Return what is to be done on the caller's chat now."""
    return wire.ActionWanted(
        id=one.action.id,
        kind=one.kind,
        decision=one.action.decision,
        person=one.action.person,
        room=one.action.room,
        message=theirs(one.action.group, one.action.message),
        until=one.action.until,
    )


def letter(person: str, one: Statement) -> wire.LetterShown:
    """Return the statement of reasons for a member."""
    return wire.LetterShown(person=person, text=one.text(), link=one.link)


def appeal(one: Appeal, words: Iterable[Words] = ()) -> wire.AppealShown:
    """Return an appeal, with its dialogue where that was asked for."""
    return wire.AppealShown(
        id=one.id,
        subject=one.subject,
        person=one.person,
        at=one.at,
        eyes=one.eyes,
        not_before=one.not_before,
        due_at=one.due_at,
        state=one.state,
        version=one.version,
        words=said(one.group, words),
    )


def _verdict(one: VerdictRecord) -> wire.VerdictShown:
    return wire.VerdictShown(
        id=one.id,
        message=theirs(one.group, one.message),
        sender=one.sender,
        room=one.room,
        at=one.at,
        done=one.done.value,
        rules=one.finding.rules,
        sentences=tuple(dict.fromkeys(signal.sentence for signal in one.finding.signals)),
    )


def _report(one: Report) -> wire.ReportShown:
    return wire.ReportShown(
        id=one.id,
        person=one.person,
        reporter=one.reporter,
        message=theirs(one.group, one.message),
        room=one.room,
        category=one.category,
        at=one.at,
        answer=one.answer,
    )
