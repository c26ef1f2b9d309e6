"""Verdicts and the messages they were about, without the text; and the cases they open."""

from collections.abc import Iterable
from itertools import compress

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select, update

from folkmoot.remember import judged, keeping, outbox
from folkmoot.remember.judged import counts, find
from folkmoot.remember.records import Judged, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import case_verdicts, verdicts
from folkmoot.vocabulary import Outcome, Verdict

__all__ = ["Answer", "Ask", "counts", "find", "get", "latest", "of_case", "overrule", "record"]


class Ask(Struct, frozen=True, gc=False):
    """One message to record: that it was judged, and the verdict where there is something to keep."""

    was: Judged
    verdict: Verdict | None
    policy_version: int
    case_after: int = 0
    """A stopped message opens a case if it is the member's so-many-th since `case_since`; 0: never."""
    case_since: float = 0.0
    text: str = ""
    """What was written: it is kept, sealed, only where a person has to look."""
    mark: str = ""


class Answer(Struct, frozen=True, gc=False):
    """What stands for a message, and the verdict kept just now (None if it was judged before)."""

    judged: Judged
    kept: VerdictRecord | None
    again: bool = False
    """Whether the message was judged before."""
    before: VerdictRecord | None = None
    """The verdict that was kept then."""


def record(connection: Connection, asks: list[Ask], seals: Seals | None = None) -> list[Answer]:
    """Record that messages were judged; the first answer stands for one that was judged before.

    A verdict that opens a case joins the member's open case in the group, or starts one. What has to be told
    to people is put into the outbox here: it is asked for if and only if the verdict is kept.
    """
    rows = [ask.was if ask.verdict is None else _named(ask.was) for ask in asks]
    # Nearly every message is new: one statement for all, and no questions before.
    known = judged.insert(connection, rows, None if seals is None else seals.cover)
    if not known:
        kept = _keep(connection, zip(asks, rows, strict=True), seals)
        return [Answer(was, kept.get(was.verdict) if was.verdict else None) for was in rows]
    new = [known.get((was.group, was.message), was) == was for was in rows]
    kept = _keep(connection, compress(zip(asks, rows, strict=True), new), seals)
    answers: list[Answer] = []
    for was, is_new in zip(rows, new, strict=True):
        if is_new:
            answers.append(Answer(was, kept.get(was.verdict) if was.verdict else None))
        else:
            stands = known[was.group, was.message]
            before = get(connection, stands.verdict) if stands.verdict else None
            answers.append(Answer(stands, None, again=True, before=before))
    return answers


def _named(was: Judged) -> Judged:
    return was if was.verdict else replace(was, verdict=keeping.new_id())


def _keep(
    connection: Connection, new: Iterable[tuple[Ask, Judged]], seals: Seals | None
) -> dict[str, VerdictRecord]:
    """Keep the verdicts of messages that were not judged before; returns them by id."""
    to_keep = [
        keeping.ToKeep(
            was, ask.verdict, ask.policy_version, ask.case_after, ask.case_since, ask.text, ask.mark
        )
        for ask, was in new
        if ask.verdict is not None
    ]
    return keeping.keep(connection, to_keep, seals) if to_keep else {}


def overrule(connection: Connection, group: str, message: str, done: Outcome) -> None:
    """Note that something else was done about a message than its verdict says; take back unsent letters.

    It is for a commit that came through only after the group's open-or-closed setting had answered.
    """
    was = find(connection, group, message)
    if was is None or was.done is done:
        return
    judged.set_done(connection, group, message, done)
    if was.verdict is not None:
        connection.execute(update(verdicts).where(verdicts.c.id == was.verdict).values(done=done.value))
        outbox.take_back(connection, group, verdict=was.verdict)


def get(connection: Connection, verdict: str) -> VerdictRecord | None:
    """Return one kept verdict by its id."""
    row = connection.execute(select(verdicts).where(verdicts.c.id == verdict)).one_or_none()
    return None if row is None else keeping.read(row)


def of_case(
    connection: Connection, case: str, *, sender: str | None = None, most: int
) -> list[VerdictRecord]:
    """Return the newest verdicts of a case, or those about one member in it, oldest first."""
    query = select(verdicts).join(case_verdicts, case_verdicts.c.verdict == verdicts.c.id)
    query = query.where(case_verdicts.c.case_id == case)
    if sender is not None:
        query = query.where(verdicts.c.sender == sender)
    found = connection.execute(query.order_by(verdicts.c.seq.desc()).limit(most))
    return [keeping.read(row) for row in found][::-1]


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
    return [
        keeping.read(row) for row in connection.execute(query.order_by(verdicts.c.seq.desc()).limit(most))
    ]
