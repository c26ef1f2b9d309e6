"""Verdicts and the messages they were about, without the text; and the cases they open."""

import secrets
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, insert, select

from folkmoot.remember import cases, judged, outbox
from folkmoot.remember.judged import counts, find
from folkmoot.remember.records import Finding, Judged, VerdictRecord
from folkmoot.remember.tables import verdicts
from folkmoot.vocabulary import Outcome, Verdict

__all__ = ["Answer", "Ask", "counts", "find", "get", "latest", "record"]


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
    again: bool = False
    """Whether the message was judged before."""
    before: VerdictRecord | None = None
    """The verdict that was kept then."""


def record(connection: Connection, asks: list[Ask]) -> list[Answer]:
    """Record that messages were judged; the first answer stands for one that was judged before.

    A verdict that opens a case joins the member's open case in the group, or starts one. What has to be told
    to people is put into the outbox here: it is asked for if and only if the verdict is kept.
    """
    # Nearly every message is new and simply allowed: one statement for all of those, no questions before.
    known = judged.insert(connection, [ask.was for ask in asks if ask.verdict is None])
    if worth_keeping := [ask.was for ask in asks if ask.verdict is not None]:
        known |= judged.find_all(connection, worth_keeping)
    elif not known:
        return [Answer(ask.was, None) for ask in asks]
    answers: list[Answer] = []
    for ask in asks:
        name = ask.was.group, ask.was.message
        was = known.get(name, ask.was)
        if ask.verdict is not None and was is ask.was:
            kept = _keep(connection, ask)
            was = known[name] = msgspec.structs.replace(was, verdict=kept.id)
            judged.insert(connection, [was])
            answers.append(Answer(was, kept))
        elif was == ask.was:
            answers.append(Answer(ask.was, None))
        else:
            before = get(connection, was.verdict) if was.verdict else None
            answers.append(Answer(was, None, again=True, before=before))
    return answers


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
