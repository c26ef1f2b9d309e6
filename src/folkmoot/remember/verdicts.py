"""Verdicts and the messages they were about, without the text; and the cases they open."""

import secrets
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from folkmoot.remember import cases, outbox
from folkmoot.remember.records import Finding, Judged, VerdictRecord
from folkmoot.remember.tables import judged, verdicts
from folkmoot.vocabulary import Outcome, Verdict


class Ask(NamedTuple):
    """One message to record: that it was judged, and the verdict where there is something to keep."""

    was: Judged
    verdict: Verdict | None
    policy_version: int
    case_after: int = 0
    """A stopped message opens a case if it is the member's so-many-th since `case_since`; 0: never."""
    case_since: float = 0.0


class Answer(NamedTuple):
    """What stands for a message, and the verdict kept just now (None if it was judged before)."""

    judged: Judged
    kept: VerdictRecord | None


def record(connection: Connection, asks: list[Ask]) -> list[Answer]:
    """Record that messages were judged; the first answer stands for one that was judged before.

    A verdict that opens a case joins the member's open case in the group, or starts one. What has to be told
    to people is put into the outbox here: it is asked for if and only if the verdict is kept.
    """
    plain = [ask.was for ask in asks if ask.verdict is None]
    # Nearly every message is new and simply allowed: one statement for all of those, no questions before.
    known = {} if _insert(connection, plain) == len(plain) else _known(connection, plain)
    known |= _known(connection, [ask.was for ask in asks if ask.verdict is not None])
    answers: list[Answer] = []
    for ask in asks:
        was, kept = known.get((ask.was.group, ask.was.message), ask.was), None
        if ask.verdict is not None and was is ask.was:
            kept = _keep(connection, ask)
            was = known[was.group, was.message] = msgspec.structs.replace(was, verdict=kept.id)
            _insert(connection, [was])
        answers.append(Answer(was, kept))
    return answers


def _insert(connection: Connection, rows: list[Judged]) -> int:
    """Insert those messages that were not judged before; returns how many that were."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(judged).on_conflict_do_nothing()
    return connection.execute(statement, [_judged_row(was) for was in rows]).rowcount


def _known(connection: Connection, asked: list[Judged]) -> dict[tuple[str, str], Judged]:
    if not asked:
        return {}
    query = select(judged).where(
        judged.c.message.in_({was.message for was in asked}),
        judged.c.group_id.in_({was.group for was in asked}),
    )
    return {(row.group_id, row.message): _judged(row) for row in connection.execute(query)}


def find(connection: Connection, group: str, message: str) -> Judged | None:
    """Return what was answered for a message; None if it was never judged (or is forgotten)."""
    query = select(judged).where(judged.c.group_id == group, judged.c.message == message)
    row = connection.execute(query).one_or_none()
    return None if row is None else _judged(row)


def since(connection: Connection, at: float, *, most: int = 100_000) -> list[Judged]:
    """Return the messages judged at or after `at`, oldest first, newest `most` only: for the memory."""
    query = select(judged).where(judged.c.at >= at).order_by(judged.c.at.desc()).limit(most)
    return [_judged(row) for row in connection.execute(query)][::-1]


def get(connection: Connection, verdict: str) -> VerdictRecord | None:
    """Return one kept verdict by its id."""
    row = connection.execute(select(verdicts).where(verdicts.c.id == verdict)).one_or_none()
    return None if row is None else _verdict(row)


def latest(
    connection: Connection,
    group: str,
    *,
    before: int | None = None,
    after: int | None = None,
    sender: str | None = None,
    most: int = 50,
) -> list[VerdictRecord]:
    """Return a group's kept verdicts, newest first, between two sequence numbers (both exclusive)."""
    query = select(verdicts).where(verdicts.c.group_id == group)
    if before is not None:
        query = query.where(verdicts.c.seq < before)
    if after is not None:
        query = query.where(verdicts.c.seq > after)
    if sender is not None:
        query = query.where(verdicts.c.sender == sender)
    return [_verdict(row) for row in connection.execute(query.order_by(verdicts.c.seq.desc()).limit(most))]


def counts(connection: Connection, group: str, *, since: float) -> dict[str, int]:
    """Return how many messages were judged since then, by what was done."""
    query = (
        select(judged.c.done, func.count())
        .where(judged.c.group_id == group, judged.c.at >= since)
        .group_by(judged.c.done)
    )
    return {str(done): int(number) for done, number in connection.execute(query)}


def count_of_sender(connection: Connection, group: str, sender: str, *, most: int = 1_000) -> int:
    """Return how many messages of a sender the group has seen, counting no further than `most`."""
    some = select(judged.c.message).where(judged.c.group_id == group, judged.c.sender == sender).limit(most)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def counts_by_sender(connection: Connection, *, most: int) -> list[tuple[tuple[str, str], int]]:
    """Return how many messages each group has seen of each sender: the `most` who wrote last, newest last."""
    query = (
        select(judged.c.group_id, judged.c.sender, func.count(), func.max(judged.c.at).label("last"))
        .group_by(judged.c.group_id, judged.c.sender)
        .order_by(func.max(judged.c.at).desc())
        .limit(most)
    )
    rows = [((str(row[0]), str(row[1])), int(row[2])) for row in connection.execute(query)]
    return rows[::-1]


def _keep(connection: Connection, ask: Ask) -> VerdictRecord:
    was, verdict = ask.was, ask.verdict
    assert verdict is not None
    finding = Finding(
        rules=verdict.rules,
        shadow_rules=verdict.shadow_rules,
        signals=verdict.signals,
        failure=verdict.failure,
    )
    row = {
        "id": secrets.token_hex(16),
        "group_id": was.group,
        "room": was.room,
        "sender": was.sender,
        "message": was.message,
        "at": was.at,
        "outcome": verdict.outcome.value,
        "done": was.done.value,
        "policy_version": ask.policy_version,
        "body": msgspec.json.encode(finding).decode(),
    }
    kept = _verdict(connection.execute(insert(verdicts).values(row).returning(verdicts)).one())
    about = {"person": kept.sender, "room": kept.room, "verdict": kept.id}
    if kept.done is Outcome.STOP:
        outbox.put(connection, kept.group, "reason", about, at=kept.at)
    for one in _for_a_case(connection, kept, ask):
        case, is_new = cases.add(connection, one)
        if is_new:
            outbox.put(connection, kept.group, "case", {**about, "case": case}, at=kept.at)
    return kept


def _for_a_case(connection: Connection, kept: VerdictRecord, ask: Ask) -> list[VerdictRecord]:
    """Return the verdicts that a person has to look at now, oldest first."""
    if kept.done is Outcome.CASE:
        return [kept]
    if kept.done is not Outcome.STOP:
        return []
    if cases.has_open(connection, kept.group, kept.sender):
        return [kept]
    query = select(verdicts).where(
        verdicts.c.group_id == kept.group,
        verdicts.c.sender == kept.sender,
        verdicts.c.done == Outcome.STOP.value,
        verdicts.c.at >= ask.case_since,
    )
    stopped = [_verdict(row) for row in connection.execute(query.order_by(verdicts.c.seq))]
    return stopped[-ask.case_after :] if 0 < ask.case_after <= len(stopped) else []


def _judged_row(was: Judged) -> dict[str, Any]:
    row = msgspec.structs.asdict(was)
    row["group_id"] = row.pop("group")
    row["done"] = was.done.value
    return row


def _judged(row: Row[Any]) -> Judged:
    return Judged(
        message=row.message,
        group=row.group_id,
        room=row.room,
        sender=row.sender,
        at=row.at,
        done=Outcome(row.done),
        verdict=row.verdict,
        fingerprint=row.fingerprint,
        sketch=row.sketch,
    )


def _verdict(row: Row[Any]) -> VerdictRecord:
    return VerdictRecord(
        seq=row.seq,
        id=row.id,
        group=row.group_id,
        room=row.room,
        sender=row.sender,
        message=row.message,
        at=row.at,
        outcome=Outcome(row.outcome),
        done=Outcome(row.done),
        policy_version=row.policy_version,
        finding=msgspec.json.decode(row.body, type=Finding),
    )
