"""The cases that wait: looking at them, and claiming one so that two people don't decide it twice."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.act import raids
from folkmoot.remember import cases, decisions, log, outbox, reports, rooms, verdicts
from folkmoot.remember.deciding import Decision, Report, Words
from folkmoot.remember.records import Case, CaseKind, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, Part, need
from folkmoot.vocabulary import Urgency

CHANGED = "case-changed"
"""The kind of letter by which whatever shows a case hears that it was claimed, decided or taken back."""
OPERATOR_READ = "operator-read"
"""The kind of letter that tells administrators; its body is {"case": id}."""
CLAIM_LASTS = 2 * 3600.0
"""After so many seconds another administrator may take a claimed case over."""

_MOST_VERDICTS = 500
_TOLD_AGAIN_AFTER = 3600.0
_ORDER = {Urgency.URGENT: 0, Urgency.SOON: 1, Urgency.WHEN_YOU_CAN: 2}


class UnknownCaseError(LookupError):
    """There is no such case in this group."""


class TakenError(Exception):
    """Somebody else was faster; the message says who did what."""


class CaseFile(Struct, frozen=True, kw_only=True):
    """Everything that a person needs to decide a case."""

    case: Case
    people: tuple[str, ...]
    verdicts: tuple[VerdictRecord, ...]
    reports: tuple[Report, ...]
    words: tuple[Words, ...]
    """What was written, and what reporters wrote; oldest first."""
    decisions: tuple[Decision, ...]
    early: tuple[tuple[str, str, str], ...] = ()
    """In a raid: the same text as delivered before it was known to be one, as message, room and sender."""

    def text_of(self, message: str) -> str | None:
        """Return what a message said, where that is still known."""
        said = (one.text for one in self.words if one.kind == "message" and one.subject == message)
        return next(said, None)

    def messages(self) -> list[tuple[str, str, str]]:
        """Return the delivered messages, each as message, room and sender; stopped ones reached nobody."""
        found = {one.message: (one.room, one.sender) for one in self.verdicts if one.done.value != "stop"}
        found |= {message: (room, sender) for message, room, sender in self.early}
        found |= {one.message: (one.room, one.person) for one in self.reports if one.message}
        return [(message, room, sender) for message, (room, sender) in found.items()]


def waiting(connection: Connection, group: str, *, by: Actor) -> list[Case]:
    """Return the open cases of a group, the most urgent first, and of these the one due first.

    Cases about whoever asks are left out: reporters are in them.
    """
    need(by, Deed.READ_CASES, group)
    about_others = (
        one for one in cases.still_open(connection, group, most=500) if not _is_about(connection, one, by)
    )
    return sorted(about_others, key=lambda one: (_ORDER[one.urgency], one.due_at or 0.0))


def look(connection: Connection, seals: Seals, case: str, *, by: Actor, at: float) -> CaseFile:
    """Return a case with everything in it; an operator leaves an entry that the group sees."""
    found = cases.get(connection, case)
    if found is None or found.group != by.group:
        raise UnknownCaseError
    need(by, Deed.READ_CASES_OVERTLY, found.group)
    if _is_about(connection, found, by):
        raise NotAllowedError("This case is about you, so only others can read it.")
    if by.part is Part.OPERATOR:
        _tell_of_operator(connection, found, by, at)
    return file_of(connection, seals, found)


def _tell_of_operator(connection: Connection, case: Case, by: Actor, at: float) -> None:
    """Note each reading in the log, and tell the administrators; of one case, once an hour is enough."""
    log.write(connection, case.group, "case.read-by-operator", by=by.person, at=at, subject=case.id)
    body = {"case": case.id}
    if not outbox.asked_since(connection, case.group, OPERATOR_READ, body, at - _TOLD_AGAIN_AFTER):
        outbox.put(connection, case.group, OPERATOR_READ, body, at=at)


def file_of(connection: Connection, seals: Seals, case: Case) -> CaseFile:
    """Put together what is known of a case."""
    early = raids.early(connection, case) if case.kind is CaseKind.RAID else ()
    return CaseFile(
        case=case,
        people=tuple(cases.people_of(connection, case)),
        verdicts=tuple(verdicts.of_case(connection, case.id, most=_MOST_VERDICTS)),
        reports=tuple(reports.of_case(connection, case.id)),
        words=tuple(seals.words(connection, case.id)),
        decisions=tuple(decisions.of_case(connection, case.id)),
        early=tuple(early),
    )


def claim(connection: Connection, case: str, version: int, *, by: Actor, at: float) -> Case:
    """Take a case; TakenError if somebody else has it, or decided it meanwhile."""
    found = open_case(connection, case, by=by, deed=Deed.CLAIM)
    if found.claimed_by == by.person:
        return found
    free_for(found, by, at)
    if found.version != version or not cases.change(connection, found, claimed_by=by.person, claimed_at=at):
        raise TakenError("Somebody else changed this case a moment ago. Look again.")
    log.write(connection, found.group, "case.claimed", by=by.person, at=at, subject=case)
    changed(connection, found.group, case, at=at)
    return open_case(connection, case, by=by, deed=Deed.CLAIM)


def let_go(connection: Connection, case: str, *, by: Actor, at: float) -> None:
    """Give a claimed case back to everybody."""
    found = open_case(connection, case, by=by, deed=Deed.CLAIM)
    if found.claimed_by == by.person and cases.change(connection, found, claimed_by=None, claimed_at=None):
        log.write(connection, found.group, "case.let-go", by=by.person, at=at, subject=case)
        changed(connection, found.group, case, at=at)


def changed(connection: Connection, group: str, case: str, *, at: float) -> None:
    """Let whatever shows a case know that it is not as it was."""
    outbox.put(connection, group, CHANGED, {"case": case}, at=at)


def open_case(connection: Connection, case: str, *, by: Actor, deed: Deed) -> Case:
    """Return an open case that somebody may do this to; the errors say why not."""
    found = cases.get(connection, case)
    if found is None or found.group != by.group:
        raise UnknownCaseError
    need(by, deed, found.group)
    if _is_about(connection, found, by):
        raise NotAllowedError("This case is about you, so another administrator decides it.")
    if found.state != cases.OPEN:
        raise TakenError(_how_closed(connection, found))
    return found


def free_for(case: Case, by: Actor, at: float) -> None:
    """Raise TakenError if another administrator claimed the case and may still be at it."""
    if case.claimed_by in (None, by.person):
        return
    if at - (case.claimed_at or 0.0) < CLAIM_LASTS:
        raise TakenError(f"{case.claimed_by} is looking at this case already.")


def administrators(connection: Connection, group: str) -> list[str]:
    """Return the administrators of a group, each once."""
    return sorted(rooms.administrators_of(connection, group))


def _is_about(connection: Connection, case: Case, by: Actor) -> bool:
    return by.person in cases.people_of(connection, case)


def _how_closed(connection: Connection, case: Case) -> str:
    made = decisions.of_case(connection, case.id)
    if not made:
        return "This case is closed already."
    return f"{made[-1].by} decided this case already."
