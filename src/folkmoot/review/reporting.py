"""A member says "please look": confirmed, answered, and never named to the one reported."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.decide.urgency import sooner, urgency
from folkmoot.remember import cases, choices, decisions, log, outbox, reports
from folkmoot.remember.cabinet import hours_of, new_case
from folkmoot.remember.deciding import Report, Source
from folkmoot.remember.records import Case
from folkmoot.remember.seal import Seals
from folkmoot.review import goodwill
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, need
from folkmoot.vocabulary import Category

LONGEST_WORDS = 1_000
_MOST_A_DAY = 20
_HOUR = 3600.0
_DAY = 24 * _HOUR


class ReportError(ValueError):
    """This can't be reported; the message says why."""


class About(Struct, frozen=True, kw_only=True):
    """What is reported: a message of somebody, as the reporter's gateway saw it."""

    person: str
    room: str = ""
    message: str = ""
    text: str = ""
    """What the message says, where the gateway could read it; kept sealed."""


class Received(Struct, frozen=True, kw_only=True):
    """A report that is durably there."""

    report: Report
    is_new: bool
    """False: the same member reported the same message before."""


def receive(
    connection: Connection,
    seals: Seals,
    group: str,
    about: About,
    *,
    by: Actor,
    source: Source,
    at: float,
    words: str = "",
    category: Category | None = None,
) -> Received:
    """Take a report in: into the open case about that member, or a new one; the reporter is told.

    ReportError and NotAllowedError say why it was not taken.
    """
    need(by, Deed.REPORT, group)
    _need_somebody_else(about, by)
    known = reports.find(connection, group, about.message, by.person) if about.message else None
    if known is not None:
        return Received(report=known, is_new=False)
    _need_patience(connection, group, by, at)
    case, is_new = _case(connection, group, about, category, at)
    report = new_report(case, about, by=by, source=source, at=at, category=category)
    _keep(connection, seals, case, about, report, words.strip()[:LONGEST_WORDS])
    _tell(connection, report, about, is_new_case=is_new)
    return Received(report=report, is_new=True)


def _need_somebody_else(about: About, by: Actor) -> None:
    if not about.person:
        raise ReportError("Say whose message this is about.")
    if about.person == by.person:
        raise ReportError("This message is your own.")


def _need_patience(connection: Connection, group: str, by: Actor, at: float) -> None:
    """Refuse whoever reported very much today, or several times without ground."""
    if reports.made_since(connection, group, by.person, since=at - _DAY) >= _MOST_A_DAY:
        raise ReportError(f"You reported {_MOST_A_DAY} messages within a day. Please go on tomorrow.")
    if goodwill.limited_until(connection, group, by.person, at=at) is not None:
        raise NotAllowedError("You can't report for a time, because several reports had no ground.")


def new_report(
    case: Case, about: About, *, by: Actor, source: Source, at: float, category: Category | None = None
) -> Report:
    """Return a report of a message into a case, not kept yet."""
    return Report(
        id=decisions.new_id(),
        group=case.group,
        case=case.id,
        person=about.person,
        reporter=by.person,
        room=about.room,
        message=about.message,
        source=source,
        category=category,
        at=at,
    )


def seal_message(connection: Connection, seals: Seals, case: Case, about: About, *, at: float) -> None:
    """Keep what a message says with the case, sealed, where it can be read and is not there yet."""
    if about.text and all(one.subject != about.message for one in seals.words(connection, case.id)):
        said = {"subject": about.message, "author": about.person, "text": about.text}
        seals.put(connection, case.group, case.id, "message", **said, at=at)


def _keep(connection: Connection, seals: Seals, case: Case, about: About, report: Report, words: str) -> None:
    """Keep a report with what it is about and what the reporter says of it."""
    reports.put(connection, report)
    seal_message(connection, seals, case, about, at=report.at)
    if words:
        said = {"subject": report.id, "author": report.reporter, "text": words}
        seals.put(connection, case.group, case.id, "report", **said, at=report.at)
    _count(connection, case, report.at)
    log.write(connection, case.group, "report.received", by="a member", at=report.at, subject=case.id)


def _tell(connection: Connection, report: Report, about: About, *, is_new_case: bool) -> None:
    """Let the reporter know that it arrived, and the administrators that something waits."""
    group, at = report.group, report.at
    received = {"report": report.id, "person": report.reporter}
    outbox.put(connection, group, "report-received", received, at=at)
    if is_new_case:
        body = {"person": about.person, "room": about.room, "verdict": "", "case": report.case}
        outbox.put(connection, group, "case", body, at=at)
    else:
        outbox.put(connection, group, "case-grew", {"case": report.case}, at=at)


def _case(
    connection: Connection, group: str, about: About, category: Category | None, at: float
) -> tuple[Case, bool]:
    known = cases.open_about(connection, group, about.person)
    if known is not None:
        return known, False
    how = urgency(frozenset({category} if category else ()))
    made = new_case(group, about.person, how, choices.get(connection, group), at=at)
    cases.put(connection, made)
    return made, True


def _count(connection: Connection, case: Case, at: float) -> None:
    """Note one report more, which may make the case more urgent."""
    told = reports.of_case(connection, case.id)
    named = frozenset(one.category for one in told if one.category is not None)
    reporters, reached = len({one.reporter for one in told}), len({one.room for one in told})
    how = sooner(case.urgency, urgency(named, reporters=reporters, rooms=reached))
    values: dict[str, object] = {"report_count": len(told), "last_at": at}
    if how is not case.urgency:
        due = at + hours_of(choices.get(connection, case.group), how) * _HOUR
        values |= {"urgency": how.value, "due_at": min(due, case.due_at or due)}
    cases.touch(connection, case.id, **values)
