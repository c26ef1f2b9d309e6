"""Raids: many who come or post the same together are one case, with one decision and one undo."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from folkmoot.remember import cases, choices, copies, log, outbox
from folkmoot.remember.cabinet import new_case
from folkmoot.remember.erasure import APPEALABLE, KEPT
from folkmoot.remember.records import Case, CaseKind, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import case_verdicts, verdicts
from folkmoot.remember.tables import cases as case_table
from folkmoot.vocabulary import Outcome, Urgency

WITHIN = 600.0
"""Copies by different members within so many seconds belong together."""
FEWEST = 4
"""From how many members on it is a raid."""
JOINS = 8
"""From how many joins within two minutes on administrators are asked to look."""

_MOST_SEALED = 200
_KEPT = APPEALABLE + KEPT
"""What a folded case holds serves the raid: until its appeals are over and thirty days more."""
_COPIES = '"name":"copies'


def gather(
    connection: Connection, kept: Sequence[VerdictRecord], said: Mapping[str, str], seals: Seals
) -> None:
    """Put verdicts on coordinated copies into the group's case of a raid, or open one.

    The cases that these same verdicts opened about each member are folded into it. `said` are the texts by
    verdict: what was delivered and may be removed has to be given back if that was wrong, so it is sealed.
    """
    by_group: dict[str, list[VerdictRecord]] = {}
    for one in kept:
        if one.sender and one.done in (Outcome.STOP, Outcome.CASE) and _is_copy(one):
            by_group.setdefault(one.group, []).append(one)
    for group, new in by_group.items():
        together = _lately(connection, group, new[-1].at)
        if len({sender for _, sender in together}) >= FEWEST:
            raid = _raid(connection, group, new[-1].at)
            _put(connection, raid, together, at=new[-1].at)
            _seal(connection, seals, raid, new, said)


def join_wave(connection: Connection, group: str, people: Sequence[str], *, at: float) -> Case | None:
    """Open a case about members who joined all at once, or add them to the one that is open."""
    if len(set(people)) < JOINS:
        return None
    raid = _raid(connection, group, at)
    cases.add_people(connection, raid, [*people])
    cases.touch(connection, raid.id, last_at=at)
    return raid


def early(connection: Connection, raid: Case) -> Sequence[tuple[str, str, str]]:
    """Return what was delivered of a raid before it was known to be one, as message, room and sender."""
    return copies.delivered(connection, raid.group, raid.id, since=raid.opened_at - WITHIN)


def open_raid(connection: Connection, group: str) -> Case | None:
    """Return the group's open case of a raid."""
    query = select(case_table.c.id).where(
        case_table.c.group_id == group,
        case_table.c.kind == CaseKind.RAID.value,
        case_table.c.state == cases.OPEN,
    )
    found = connection.execute(query.limit(1)).scalar_one_or_none()
    return None if found is None else cases.get(connection, found)


def _raid(connection: Connection, group: str, at: float) -> Case:
    known = open_raid(connection, group)
    if known is not None:
        return known
    made = new_case(group, "", Urgency.URGENT, choices.get(connection, group), at=at, kind=CaseKind.RAID)
    cases.put(connection, made)
    log.write(connection, group, "case.raid", by="folkmoot", at=at, subject=made.id)
    outbox.put(connection, group, "case", {"person": "", "room": "", "verdict": "", "case": made.id}, at=at)
    return made


def _put(connection: Connection, raid: Case, together: list[tuple[str, str]], *, at: float) -> None:
    """Put verdicts, each given with its sender, into the raid."""
    known = set(cases.verdicts_of(connection, raid.id))
    new = [verdict for verdict, _ in together if verdict not in known]
    if not new:
        return
    cases.add_people(connection, raid, [sender for _, sender in together])
    for verdict in new:
        _take_out(connection, raid, verdict, at)
    connection.execute(insert(case_verdicts), [{"case_id": raid.id, "verdict": one} for one in new])
    cases.add_people(connection, raid, [sender for _, _, sender in early(connection, raid)])
    cases.touch(connection, raid.id, last_at=at, verdict_count=len(known) + len(new))


def _seal(
    connection: Connection, seals: Seals, raid: Case, new: Sequence[VerdictRecord], said: Mapping[str, str]
) -> None:
    """Keep, sealed with the raid, what delivered messages and their delivered copies say."""
    texts = {one.message: said[one.id] for one in new if said.get(one.id)}
    if not texts:
        return
    sealed = {one.subject for one in seals.words(connection, raid.id)}
    same = copies.delivered_as(connection, raid.group, {*texts}, since=raid.opened_at - WITHIN)
    for as_in, places in same.items():
        for message, _, sender in places:
            if message not in sealed and len(sealed) < _MOST_SEALED:
                sealed.add(message)
                told = {"subject": message, "author": sender, "text": texts[as_in]}
                seals.put(connection, raid.group, raid.id, "message", **told, at=new[-1].at)


def _take_out(connection: Connection, raid: Case, verdict: str, at: float) -> None:
    """Take a verdict out of the case about its sender; a case with nothing else in it is folded in."""
    query = select(case_verdicts.c.case_id).where(case_verdicts.c.verdict == verdict)
    for case in connection.execute(query).scalars().all():
        mine = (case_verdicts.c.case_id == case, case_verdicts.c.verdict == verdict)
        connection.execute(delete(case_verdicts).where(*mine))
        left = case_table.c.verdict_count - 1
        connection.execute(update(case_table).where(case_table.c.id == case).values(verdict_count=left))
        found = cases.get(connection, case)
        if found is not None and found.state == cases.OPEN and not found.verdict_count + found.report_count:
            _fold(connection, raid, found, at)


def _fold(connection: Connection, raid: Case, found: Case, at: float) -> None:
    cases.change(connection, found, state=cases.CLOSED, closed_at=at, erase_at=at + _KEPT)
    outbox.take_back_case(connection, found.group, found.id)
    log.write(connection, found.group, "case.folded", by="folkmoot", at=at, subject=found.id, into=raid.id)


def _lately(connection: Connection, group: str, at: float) -> list[tuple[str, str]]:
    """The verdicts on copies of the last minutes, each with its sender, oldest first."""
    query = select(verdicts.c.id, verdicts.c.sender).where(
        verdicts.c.group_id == group,
        verdicts.c.at > at - WITHIN,
        verdicts.c.sender != "",
        verdicts.c.done.in_((Outcome.STOP.value, Outcome.CASE.value)),
        verdicts.c.body.contains(_COPIES, autoescape=True),
    )
    newest = connection.execute(query.order_by(verdicts.c.seq.desc()).limit(1_000)).all()
    return [(row.id, row.sender) for row in reversed(newest)]


def _is_copy(kept: VerdictRecord) -> bool:
    return any(signal.name.startswith("copies") for signal in kept.finding.signals)
