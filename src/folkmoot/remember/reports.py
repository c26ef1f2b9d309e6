"""Reports as rows."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from folkmoot.remember.deciding import Report, ReportAnswer, Source
from folkmoot.remember.deciding_tables import limits, reports
from folkmoot.vocabulary import Category


def put(connection: Connection, report: Report) -> None:
    """Keep a report; a second one of the same message by the same member is an IntegrityError."""
    connection.execute(
        insert(reports).values(
            id=report.id,
            group_id=report.group,
            case_id=report.case,
            person=report.person,
            reporter=report.reporter,
            room=report.room,
            message=report.message or None,
            source=report.source.value,
            category=report.category.value if report.category else None,
            at=report.at,
        )
    )


def find(connection: Connection, group: str, message: str, reporter: str) -> Report | None:
    """Return what a member reported about a message."""
    query = select(reports).where(
        reports.c.group_id == group, reports.c.message == message, reports.c.reporter == reporter
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _report(row)


def get(connection: Connection, report: str) -> Report | None:
    """Return a report by its id."""
    row = connection.execute(select(reports).where(reports.c.id == report)).one_or_none()
    return None if row is None else _report(row)


def of_case(connection: Connection, case: str) -> list[Report]:
    """Return the reports of a case, oldest first."""
    query = select(reports).where(reports.c.case_id == case).order_by(reports.c.at)
    return [_report(row) for row in connection.execute(query)]


def answer(connection: Connection, case: str, how: ReportAnswer, *, at: float) -> list[Report]:
    """Answer the reports of a case that have no answer yet, and return them."""
    open_ones = [one for one in of_case(connection, case) if one.answer is None]
    change = update(reports).where(reports.c.case_id == case, reports.c.answer.is_(None))
    connection.execute(change.values(answer=how.value, answered_at=at))
    return open_ones


def reopen(connection: Connection, case: str, *, answered_at: float) -> list[Report]:
    """Take back the answers that were given at that moment; returns the reports as they were."""
    given = [one for one in of_case(connection, case) if one.answered_at == answered_at]
    change = update(reports).where(reports.c.case_id == case, reports.c.answered_at == answered_at)
    connection.execute(change.values(answer=None, answered_at=None))
    return given


def made_since(connection: Connection, group: str, reporter: str, *, since: float) -> int:
    """Return how many messages a member reported since then."""
    query = select(func.count()).where(
        reports.c.group_id == group, reports.c.reporter == reporter, reports.c.at > since
    )
    return int(connection.execute(query).scalar_one())


def unfounded(connection: Connection, group: str, reporter: str, *, since: float) -> int:
    """Return how many reports of a member were found to be without any ground since then."""
    query = select(func.count()).where(
        reports.c.group_id == group,
        reports.c.reporter == reporter,
        reports.c.answer == ReportAnswer.UNFOUNDED.value,
        reports.c.answered_at >= since,
    )
    return int(connection.execute(query).scalar_one())


def limit_of(connection: Connection, group: str, person: str, what: str) -> tuple[float, float | None] | None:
    """Return when a member was warned, and until when they are limited; None if neither."""
    query = select(limits.c.warned_at, limits.c.until).where(
        limits.c.group_id == group, limits.c.person == person, limits.c.what == what
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.warned_at, row.until)


def warn(connection: Connection, group: str, person: str, what: str, *, at: float) -> None:
    """Note that a member was warned, which also ends an earlier limit."""
    mine = (limits.c.group_id == group, limits.c.person == person, limits.c.what == what)
    if not connection.execute(update(limits).where(*mine).values(warned_at=at, until=None)).rowcount:
        connection.execute(insert(limits).values(group_id=group, person=person, what=what, warned_at=at))


def limit(connection: Connection, group: str, person: str, what: str, *, until: float) -> None:
    """Limit a member who was warned, until then."""
    mine = (limits.c.group_id == group, limits.c.person == person, limits.c.what == what)
    connection.execute(update(limits).where(*mine).values(until=until))


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        group=row.group_id,
        case=row.case_id,
        person=row.person,
        reporter=row.reporter,
        room=row.room,
        message=row.message or "",
        source=Source(row.source),
        category=Category(row.category) if row.category else None,
        at=row.at,
        answer=ReportAnswer(row.answer) if row.answer else None,
        answered_at=row.answered_at,
    )
