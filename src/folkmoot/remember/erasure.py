"""The end of what was kept for people's decisions: first the text, a year later the record; counts stay."""

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.sql import Select

from folkmoot.remember import cases, log
from folkmoot.remember.deciding import AppealState, DecisionKind
from folkmoot.remember.deciding_tables import (
    actions,
    allowances,
    appeals,
    decisions,
    figures,
    jurors,
    reports,
    sanctions,
    sealed,
)
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import case_people, case_verdicts, verdicts
from folkmoot.remember.tables import cases as case_table

_DAY = 24 * 3600.0
KEPT = 30 * _DAY
"""How long text is kept that no appeal can need: of a case without restriction, of an answered appeal."""
APPEALABLE = 183 * _DAY
"""How long a restriction can be appealed against; the text that led to it is kept for that time."""
RECORD = 365 * _DAY
_AGAIN = 7 * _DAY
_MOST = 500


class Erased(Struct, frozen=True):
    """How much one run erased."""

    texts: int
    records: int


def erase(connection: Connection, seals: Seals, *, now: float) -> Erased:
    """Destroy the keys of text whose time is over, and turn records older than that by a year into counts."""
    texts = _cases(connection, seals, now) + _appeals(connection, seals, now)
    return Erased(texts, _verdicts(connection, now) + _records(connection, now))


def _cases(connection: Connection, seals: Seals, now: float) -> int:
    count = 0
    for case in cases.to_erase(connection, now=now, most=_MOST):
        mine = select(decisions.c.id).where(decisions.c.case_id == case.id)
        waiting = select(appeals.c.id).where(
            appeals.c.subject.in_(mine), appeals.c.state == AppealState.OPEN.value
        )
        if connection.execute(waiting.limit(1)).first() is not None:
            # Who looks at the appeal needs to see what it is about.
            cases.touch(connection, case.id, erase_at=now + _AGAIN)
            continue
        seals.destroy(connection, case.id)
        cases.touch(connection, case.id, erase_at=None)
        log.write(connection, case.group, "text.erased", by="folkmoot", at=now, subject=case.id)
        count += 1
    return count


def _appeals(connection: Connection, seals: Seals, now: float) -> int:
    query = select(appeals.c.id, appeals.c.group_id).where(appeals.c.erase_at <= now).limit(_MOST)
    found = connection.execute(query).all()
    for appeal, group in found:
        seals.destroy(connection, appeal)
        connection.execute(update(appeals).where(appeals.c.id == appeal).values(erase_at=None))
        log.write(connection, group, "text.erased", by="folkmoot", at=now, subject=appeal)
    return len(found)


def _verdicts(connection: Connection, now: float) -> int:
    """Count and delete verdicts that no case holds and nobody can appeal against, a year after that."""
    held = select(case_verdicts.c.verdict)
    query = select(verdicts.c.id, verdicts.c.group_id, verdicts.c.at, verdicts.c.done).where(
        verdicts.c.at < now - APPEALABLE - RECORD, verdicts.c.id.not_in(held)
    )
    gone = connection.execute(query.limit(_MOST)).all()
    for row in gone:
        count(connection, row.group_id, row.at, f"verdict.{row.done}")
    connection.execute(delete(verdicts).where(verdicts.c.id.in_([row.id for row in gone])))
    return len(gone)


def _records(connection: Connection, now: float) -> int:
    """Count and delete closed cases with their decisions, a year after their text was erased."""
    still = select(sanctions.c.decision_id).where(sanctions.c.ended_at.is_(None))
    holding = select(decisions.c.case_id).where(decisions.c.id.in_(still), decisions.c.case_id.is_not(None))
    query = select(case_table.c.id, case_table.c.group_id, case_table.c.closed_at).where(
        case_table.c.state == cases.CLOSED,
        case_table.c.erase_at.is_(None),
        case_table.c.closed_at < now - APPEALABLE - RECORD,
        case_table.c.id.not_in(holding),
    )
    gone = connection.execute(query.limit(_MOST)).all()
    for case in gone:
        count(connection, case.group_id, case.closed_at, "case")
        _delete_case(connection, case.id)
    return len(gone)


def _delete_case(connection: Connection, case: str) -> None:
    mine = select(decisions.c.id).where(decisions.c.case_id == case).scalar_subquery()
    appealed = select(appeals.c.id).where(appeals.c.subject.in_(mine)).scalar_subquery()
    for row in connection.execute(_kinds(case)):
        reversed_by_appeal = row.kind == DecisionKind.APPEAL.value
        count(connection, row.group_id, row.at, "decision.reversed" if reversed_by_appeal else "decision")
    connection.execute(delete(jurors).where(jurors.c.appeal_id.in_(appealed)))
    connection.execute(delete(appeals).where(appeals.c.subject.in_(mine)))
    for table in (sanctions, allowances, actions):
        connection.execute(delete(table).where(table.c.decision_id.in_(mine)))
    connection.execute(delete(decisions).where(decisions.c.case_id == case))
    kept = select(case_verdicts.c.verdict).where(case_verdicts.c.case_id == case).scalar_subquery()
    connection.execute(delete(verdicts).where(verdicts.c.id.in_(kept)))
    for table in (case_verdicts, case_people, reports):
        connection.execute(delete(table).where(table.c.case_id == case))
    connection.execute(delete(sealed).where(sealed.c.key_id == case))
    connection.execute(delete(case_table).where(case_table.c.id == case))


def _kinds(case: str) -> Select[tuple[str, float, str]]:
    return select(decisions.c.group_id, decisions.c.at, decisions.c.kind).where(decisions.c.case_id == case)


def count(connection: Connection, group: str, at: float, what: str) -> None:
    """Count something in its month: a number about nobody, which is all that stays."""
    month = datetime.fromtimestamp(at, UTC).strftime("%Y-%m")
    mine = (figures.c.group_id == group, figures.c.month == month, figures.c.what == what)
    grown = update(figures).where(*mine).values(number=figures.c.number + 1)
    if not connection.execute(grown).rowcount:
        connection.execute(insert(figures).values(group_id=group, month=month, what=what, number=1))
