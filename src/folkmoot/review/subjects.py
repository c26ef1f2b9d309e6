"""What can be appealed against: a decision of a person or a rule, or a message that a rule stopped."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import actions, appeals, decisions, reports, verdicts
from folkmoot.remember.deciding import DecidedBy, Decision, DecisionKind, ReportAnswer
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import Outcome


class UnknownAppealError(LookupError):
    """There is no such appeal, or nothing to appeal against."""


class Subject(Struct, frozen=True, kw_only=True):
    """What is appealed against: a decision, or the verdict by which a rule stopped a message."""

    id: str
    group: str
    people: tuple[str, ...]
    """Whom it touches: those it restricts, or whose report nothing was done about."""
    by: str
    """Who decided; empty where a rule did."""
    at: float
    decision: Decision | None = None
    verdict: VerdictRecord | None = None


def subject_of(connection: Connection, name: str) -> Subject:
    """Return what an id stands for; UnknownAppealError if there is nothing to appeal against."""
    decision = decisions.get(connection, name)
    if decision is not None and decision.kind is DecisionKind.DECISION:
        done = actions.of_decision(connection, decision.id)
        people = dict.fromkeys(one.person for one in done if one.person and one.kind.restricts)
        if not people:
            people = dict.fromkeys(_reporters(connection, decision))
            # Their answers are gone once the case waits anew; who appealed still reads what came of it.
            people |= dict.fromkeys(one.person for one in appeals.all_against(connection, decision.id))
        by = decision.by if decision.decided_by is DecidedBy.PERSON else ""
        return Subject(
            id=name, group=decision.group, people=tuple(people), by=by, at=decision.at, decision=decision
        )
    kept = verdicts.get(connection, name)
    if kept is None or kept.done is not Outcome.STOP:
        raise UnknownAppealError
    return Subject(id=name, group=kept.group, people=(kept.sender,), by="", at=kept.at, verdict=kept)


def is_shared(connection: Connection, decision: str, person: str) -> bool:
    """Say whether a decision took something from this member, and did something that is not about them."""
    done = actions.of_decision(connection, decision)
    touched = any(one.person == person and one.kind.restricts for one in done)
    return touched and any(one.person != person for one in done)


def _reporters(connection: Connection, decision: Decision) -> list[str]:
    """Return whose reports a decision answered by doing nothing."""
    told = reports.of_case(connection, decision.case) if decision.case else []
    return [
        one.reporter
        for one in told
        if one.answered_at == decision.at and one.answer is not None and one.answer is not ReportAnswer.ACTED
    ]
