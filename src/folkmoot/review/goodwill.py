"""Reports without any ground: a warning first, then a limit for a stated time; by counts in one group."""

from sqlalchemy import Connection

from folkmoot.remember import choices, log, outbox, reports
from folkmoot.remember.deciding import Report

WHAT = "report"
_MONTH = 30 * 24 * 3600.0
_DAY = 24 * 3600.0
_AFTER = 1e-6
"""Reports that were answered in the very moment of the warning led to it: what counts comes after."""


def unfounded(connection: Connection, report: Report, *, at: float) -> None:
    """Count an unfounded report: at the group's number a warning, at as many again a limit."""
    chosen = choices.get(connection, report.group)
    known = reports.limit_of(connection, report.group, report.reporter, WHAT)
    warned_at = known[0] if known is not None and known[0] > at - _MONTH else None
    since = at - _MONTH if warned_at is None else warned_at + _AFTER
    count = reports.unfounded(connection, report.group, report.reporter, since=since)
    if count < chosen.unfounded_reports:
        return
    # The log names no reporter: its entry stands beside the decision, and members can read it.
    body = {"person": report.reporter}
    if warned_at is None:
        reports.warn(connection, report.group, report.reporter, WHAT, at=at)
        outbox.put(connection, report.group, "report-warned", body, at=at)
        log.write(connection, report.group, "reports.warned", by="folkmoot", at=at)
        return
    until = at + chosen.limit_days * _DAY
    reports.limit(connection, report.group, report.reporter, WHAT, until=until)
    outbox.put(connection, report.group, "report-limited", {**body, "until": str(until)}, at=at)
    log.write(connection, report.group, "reports.limited", by="folkmoot", at=at)


def forgive(connection: Connection, report: Report, *, at: float) -> None:
    """End a limit for which unfounded reports are missing now, because a decision was taken back."""
    until = limited_until(connection, report.group, report.reporter, at=at)
    known = reports.limit_of(connection, report.group, report.reporter, WHAT)
    if until is None or known is None:
        return
    count = reports.unfounded(connection, report.group, report.reporter, since=known[0] + _AFTER)
    if count < choices.get(connection, report.group).unfounded_reports:
        reports.limit(connection, report.group, report.reporter, WHAT, until=at)
        log.write(connection, report.group, "reports.limit-ended", by="folkmoot", at=at)


def limited_until(connection: Connection, group: str, person: str, *, at: float) -> float | None:
    """Return until when a member can't report; None if they can."""
    known = reports.limit_of(connection, group, person, WHAT)
    until = None if known is None else known[1]
    return until if until is not None and until > at else None
