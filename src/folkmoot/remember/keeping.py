"""Keeping verdicts: their rows, the cases they open, and what has to be told, for many at a time."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select

from folkmoot.remember import outbox
from folkmoot.remember.cabinet import Cabinet
from folkmoot.remember.records import Finding, Judged, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import verdicts
from folkmoot.vocabulary import Outcome, Verdict

_COLUMNS: Final = (
    "id", "group_id", "room", "sender", "message", "at", "outcome", "done", "policy_version", "body", "mark",
)  # fmt: skip
_INSERT: Final = f"INSERT INTO verdicts ({','.join(_COLUMNS)}) VALUES ({','.join('?' * len(_COLUMNS))})"  # noqa: S608
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
    kept = [_insert(connection, one) for one in new]
    if not kept:
        return {}
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
        query = select(verdicts).where(
            verdicts.c.group_id == kept.group,
            verdicts.c.sender == kept.sender,
            verdicts.c.done == Outcome.STOP.value,
            verdicts.c.at >= ask.case_since,
            verdicts.c.seq < self._before,
        )
        rows = self._connection.execute(query.order_by(verdicts.c.seq.desc()).limit(max(1, ask.case_after)))
        counted = (one for one in map(read, rows) if one.finding.failure is None)
        return [one for one in counted if one.finding.sanction is None][::-1]


def new_id() -> str:
    """Return an id for a verdict, not to be guessed."""
    return secrets.token_hex(16)


def read(row: Row[Any]) -> VerdictRecord:
    """Return a kept verdict from its row."""
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
        finding=_DECODE(row.body),
        mark=row.mark,
    )


def _insert(connection: Connection, new: ToKeep) -> VerdictRecord:
    was, verdict = new.was, new.verdict
    finding = Finding(
        rules=verdict.rules,
        shadow_rules=verdict.shadow_rules,
        signals=verdict.signals,
        failure=verdict.failure,
        sanction=verdict.sanction,
    )
    values = (
        was.verdict,
        was.group,
        was.room,
        was.sender,
        was.message,
        was.at,
        verdict.outcome.value,
        was.done.value,
        new.policy_version,
        _ENCODE(finding).decode(),
        new.mark,
    )
    return VerdictRecord(
        seq=_number(connection, values),
        id=was.verdict or "",
        group=was.group,
        room=was.room,
        sender=was.sender,
        message=was.message,
        at=was.at,
        outcome=verdict.outcome,
        done=was.done,
        policy_version=new.policy_version,
        finding=finding,
        mark=new.mark,
    )


def _number(connection: Connection, values: tuple[object, ...]) -> int:
    """Insert a row of `verdicts`, and return its number."""
    if connection.dialect.name == "sqlite":  # straight to the driver: a raid brings thousands of these
        driver: Any = connection.connection.driver_connection
        return int(driver.execute(_INSERT, values).lastrowid)
    row = insert(verdicts).values(dict(zip(_COLUMNS, values, strict=True))).returning(verdicts.c.seq)
    return int(connection.execute(row).scalar_one())
