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
    if not about.person:
        raise ReportError("Say whose message this is about.")
    if about.person == by.person:
        raise ReportError("This message is your own.")
    known = reports.find(connection, group, about.message, by.person) if about.message else None
    if known is not None:
        return Received(report=known, is_new=False)
    if reports.made_since(connection, group, by.person, since=at - _DAY) >= _MOST_A_DAY:
        raise ReportError(f"You reported {_MOST_A_DAY} messages within a day. Please go on tomorrow.")
    until = goodwill.limited_until(connection, group, by.person, at=at)
    if until is not None:
        raise NotAllowedError("You can't report for a time, because several reports had no ground.")
    report = _keep(connection, seals, group, about, by, source, at, words.strip()[:LONGEST_WORDS], category)
    return Received(report=report, is_new=True)


def _keep(
    connection: Connection,
    seals: Seals,
    group: str,
    about: About,
    by: Actor,
    source: Source,
    at: float,
    words: str,
    category: Category | None,
) -> Report:
    case, is_new = _case(connection, group, about, category, at)
    report = Report(
        id=decisions.new_id(),
        group=group,
        case=case.id,
        person=about.person,
        reporter=by.person,
        room=about.room,
        message=about.message,
        source=source,
        category=category,
        at=at,
    )
    reports.put(connection, report)
    if about.text and all(one.subject != about.message for one in seals.words(connection, case.id)):
        said = {"subject": about.message, "author": about.person, "text": about.text}
        seals.put(connection, group, case.id, "message", **said, at=at)
    if words:
        said = {"subject": report.id, "author": by.person, "text": words}
        seals.put(connection, group, case.id, "report", **said, at=at)
    _count(connection, case, category, at)
    log.write(connection, group, "report.received", by="a member", at=at, subject=case.id)
    outbox.put(connection, group, "report-received", {"report": report.id, "person": by.person}, at=at)
    if is_new:
        body = {"person": about.person, "room": about.room, "verdict": "", "case": case.id}
        outbox.put(connection, group, "case", body, at=at)
    else:
        outbox.put(connection, group, "case-grew", {"case": case.id}, at=at)
    return report


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


def _count(connection: Connection, case: Case, category: Category | None, at: float) -> None:
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
