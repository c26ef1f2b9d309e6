"""Keeping verdicts: their rows, the cases they open, and what has to be told, for many at a time."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Integer, bindparam, select

from folkmoot.remember import outbox
from folkmoot.remember.cabinet import Cabinet
from folkmoot.remember.quick import Putting, Reading
from folkmoot.remember.records import Finding, Judged, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import verdicts
from folkmoot.vocabulary import Outcome, Verdict

_VERDICT: Final = Putting(verdicts, (
    "id", "group_id", "room", "sender", "message", "at", "outcome", "done", "policy_version", "body", "mark",
))  # fmt: skip
_STOPPED: Final = Reading(
    select(verdicts)
    .where(
        verdicts.c.group_id == bindparam("group"),
        verdicts.c.sender == bindparam("sender"),
        verdicts.c.done == Outcome.STOP.value,
        verdicts.c.at >= bindparam("since"),
        verdicts.c.seq < bindparam("before"),
    )
    .order_by(verdicts.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)
_ENCODE: Final = msgspec.json.Encoder().encode
_DECODE: Final = msgspec.json.Decoder(Finding).decode


class ToKeep(msgspec.Struct, frozen=True):
    """A verdict that is new, and when stopped messages of its sender become a case."""

    was: Judged
    verdict: Verdict
    policy_version: int
    case_after: int
    case_since: float
    text: str = ""
    """What was written; kept, sealed, only if a case is open or opens now."""
    mark: str = ""


_QUIET = 3600.0
"""A muted member who goes on writing is told why once in so many seconds."""


def keep(
    connection: Connection, new: Sequence[ToKeep], seals: Seals | None = None
) -> dict[str, VerdictRecord]:
    """Keep verdicts, open or fill the cases they call for, and ask for the letters; returns them by id."""
    if not new:
        return {}
    kept = _insert(connection, new)
    cabinet = Cabinet(connection, {(one.group, one.sender) for one in kept}, seals)
    texts = {one.id: ask.text for one, ask in zip(kept, new, strict=True)}
    stops = _Stops(connection, before=kept[0].seq)
    letters: list[tuple[VerdictRecord, str, dict[str, str]]] = []
    for one, ask in zip(kept, new, strict=True):
        about = {"person": one.sender, "room": one.room, "verdict": one.id}
        if one.done is Outcome.STOP and not stops.told_of_mute(one):
            letters.append((one, "reason", about))
        for each in _for_a_case(one, ask, stops, cabinet):
            case, is_new = cabinet.put(each, texts.get(each.id, ""))
            if is_new:
                letters.append((one, "case", {**about, "case": case}))
    cabinet.close()
    outbox.put_all(connection, [(one.group, kind, body, one.at) for one, kind, body in letters])
    return {one.id: one for one in kept}


def _for_a_case(
    one: VerdictRecord, ask: ToKeep, stops: "_Stops", cabinet: Cabinet
) -> Sequence[VerdictRecord]:
    """Return what a person should look at because of a verdict: nothing, itself, or all the latest stops."""
    if one.done is Outcome.CASE:
        return [one]
    # What was stopped by a fault of ours, or because of a mute, says nothing new about its sender.
    if one.done is not Outcome.STOP or ask.verdict.failure is not None or ask.verdict.sanction is not None:
        return []
    stopped = stops.upto(one, ask)
    if stopped and cabinet.has_open(one.group, one.sender):
        return [one]
    return stopped[-ask.case_after :] if 0 < ask.case_after <= len(stopped) else []


class _Stops:
    """The stopped messages of senders, each read once in a transaction."""

    def __init__(self, connection: Connection, before: int) -> None:
        self._connection = connection
        self._before = before
        self._stopped: dict[tuple[str, str], list[VerdictRecord]] = {}

    def told_of_mute(self, kept: VerdictRecord) -> bool:
        """Whether a muted sender was told a short while ago that this is why nothing arrives."""
        if kept.finding.sanction is None:
            return False
        query = select(verdicts.c.id).where(
            verdicts.c.group_id == kept.group,
            verdicts.c.sender == kept.sender,
            verdicts.c.at > kept.at - _QUIET,
            verdicts.c.seq < kept.seq,
            verdicts.c.body.contains(f'"sanction":"{kept.finding.sanction}"', autoescape=True),
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def upto(self, kept: VerdictRecord, ask: ToKeep) -> list[VerdictRecord]:
        """The sender's stopped messages since then, this one included, oldest first; enough for a case."""
        name = kept.group, kept.sender
        if name not in self._stopped:
            self._stopped[name] = self._read(kept, ask)
        self._stopped[name].append(kept)
        return [one for one in self._stopped[name] if one.at >= ask.case_since]

    def _read(self, kept: VerdictRecord, ask: ToKeep) -> list[VerdictRecord]:
        about = {"group": kept.group, "sender": kept.sender, "since": ask.case_since}
        most = max(1, ask.case_after)
        rows = _STOPPED.rows(self._connection, {**about, "before": self._before, "most": most})
        counted = (one for one in map(read, rows) if one.finding.failure is None)
        return [one for one in counted if one.finding.sanction is None][::-1]


def new_id() -> str:
    """Return an id for a verdict, not to be guessed."""
    return secrets.token_hex(16)


def read(row: Sequence[Any]) -> VerdictRecord:
    """Return a kept verdict from its row, all columns in the table's order."""
    seq, name, group, room, sender, message, at, outcome, done, version, body, mark = row
    return VerdictRecord(
        seq=seq,
        id=name,
        group=group,
        room=room,
        sender=sender,
        message=message,
        at=at,
        outcome=Outcome(outcome),
        done=Outcome(done),
        policy_version=version,
        finding=_DECODE(body),
        mark=mark,
    )


def _insert(connection: Connection, new: Sequence[ToKeep]) -> list[VerdictRecord]:
    findings = [_finding(one.verdict) for one in new]
    rows = [_row(one, finding) for one, finding in zip(new, findings, strict=True)]
    numbers = _VERDICT.numbered(connection, rows)
    return [_record(*each) for each in zip(numbers, new, findings, strict=True)]


def _finding(verdict: Verdict) -> Finding:
    return Finding(
        rules=verdict.rules,
        shadow_rules=verdict.shadow_rules,
        signals=verdict.signals,
        failure=verdict.failure,
        sanction=verdict.sanction,
    )


def _row(new: ToKeep, finding: Finding) -> dict[str, object]:
    was = new.was
    return {
        "id": was.verdict,
        "group_id": was.group,
        "room": was.room,
        "sender": was.sender,
        "message": was.message,
        "at": was.at,
        "outcome": new.verdict.outcome.value,
        "done": was.done.value,
        "policy_version": new.policy_version,
        "body": _ENCODE(finding).decode(),
        "mark": new.mark,
    }


def _record(seq: int, new: ToKeep, finding: Finding) -> VerdictRecord:
    was = new.was
    return VerdictRecord(
        seq=seq,
        id=was.verdict or "",
        group=was.group,
        room=was.room,
        sender=was.sender,
        message=was.message,
        at=was.at,
        outcome=new.verdict.outcome,
        done=was.done,
        policy_version=new.policy_version,
        finding=finding,
        mark=new.mark,
    )
