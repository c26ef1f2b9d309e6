"""An administrator acts on what they noticed themselves: a case is opened and decided in one transaction."""

from sqlalchemy import Connection

from folkmoot.act import breaker
from folkmoot.decide.urgency import urgency
from folkmoot.remember import breakers, cases, choices, groups, outbox, reports
from folkmoot.remember.cabinet import new_case
from folkmoot.remember.deciding import Decision, ReportAnswer, Source
from folkmoot.remember.records import Case, CaseKind
from folkmoot.remember.seal import Seals
from folkmoot.review import deciding
from folkmoot.review.consequences import Choice, Pick, PickError
from folkmoot.review.permissions import Actor, Deed, need
from folkmoot.review.queue import TakenError
from folkmoot.review.reporting import About, new_report, seal_message


def act(
    connection: Connection, seals: Seals, about: About, choice: Choice, *, by: Actor, at: float, reason: str
) -> Decision:
    """Decide about a member whom nobody reported: their open case where there is one, else a new one.

    `about` may name a message, which is then the one that the decision is about. The errors are those of
    deciding a case.
    """
    need(by, Deed.DECIDE, by.group)
    if not about.person:
        raise PickError("Say whom you mean.")
    case = cases.open_about(connection, by.group, about.person)
    if case is None:
        case = _opened(connection, by.group, about.person, CaseKind.PERSON, at)
        if about.message:
            _note_message(connection, seals, case, about, by, at)
    return deciding.decide(connection, seals, case.id, case.version, choice, by=by, at=at, reason=reason)


def lock_down(connection: Connection, seals: Seals, *, by: Actor, at: float, reason: str) -> Decision:
    """Shut the doors of all the group's rooms, as the decision of a case about nobody in particular."""
    need(by, Deed.DECIDE, by.group)
    case = _opened(connection, by.group, "", CaseKind.RAID, at)
    choice = Choice(picks=(Pick.LOCK_DOWN,))
    return deciding.decide(connection, seals, case.id, case.version, choice, by=by, at=at, reason=reason)


def _opened(connection: Connection, group: str, person: str, kind: CaseKind, at: float) -> Case:
    groups.get(connection, group)
    chosen = choices.get(connection, group)
    made = new_case(group, person, urgency(frozenset()), chosen, at=at, kind=kind)
    cases.put(connection, made)
    return made


def _note_message(
    connection: Connection, seals: Seals, case: Case, about: About, by: Actor, at: float
) -> None:
    """Keep what was noticed as a notice of the administrator, answered already: nobody is written to."""
    if reports.find(connection, case.group, about.message, by.person) is not None:
        return
    reports.put(connection, new_report(case, about, by=by, source=Source.REPLY, at=at))
    reports.answer(connection, case.id, ReportAnswer.ACTED, at=at)
    cases.touch(connection, case.id, report_count=1)
    seal_message(connection, seals, case, about, at=at)


def go_on(connection: Connection, *, by: Actor, at: float) -> None:
    """Let restrictions go on that wait because there were too many at once; TakenError if none wait."""
    need(by, Deed.CONFIRM, by.group)
    held = breakers.tripped(connection, by.group)
    if held is None:
        raise TakenError("Nothing waits any more: somebody else let it go on.")
    breaker.confirm(connection, by.group, by=by.person, at=at)
    # What asked for this says now who let it go on.
    outbox.put(connection, by.group, breaker.LETTER, {"breaker": str(held.id)}, at=at)
