"""A member objects to a decision, or to a message that a rule stopped; other eyes look, and answer."""

from sqlalchemy import Connection

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.remember import appeals, choices, decisions, log, outbox
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Appeal, AppealState, Decision, DecisionKind, Words
from folkmoot.remember.erasure import APPEALABLE, KEPT
from folkmoot.remember.seal import Seals
from folkmoot.review import eyes, undoing
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, need
from folkmoot.review.queue import TakenError
from folkmoot.review.subjects import Subject, UnknownAppealError, is_shared, subject_of
from folkmoot.vocabulary import ActionKind

"""Six months from the day on which the member was told, in seconds."""

LONGEST_WORDS = 4_000
_MOST_TURNS = 50
_HOUR = 3600.0


class AppealError(ValueError):
    """This can't be done with the appeal; the message says why."""


def appeal(connection: Connection, seals: Seals, subject: str, *, by: Actor, words: str, at: float) -> Appeal:
    """Take an appeal in; the member is told, and so is whoever will look at it.

    The same member appealing again adds to the open appeal. AppealError if it is too late or answered.
    """
    about = subject_of(connection, subject)
    if about.group != by.group:
        raise UnknownAppealError
    need(by, Deed.APPEAL, about.group)
    if by.person not in about.people:
        raise NotAllowedError("Only the member whom it touches can appeal.")
    known = appeals.against(connection, subject, by.person)
    if known is not None and known.state is AppealState.OPEN:
        return write(connection, seals, known.id, by=by, words=words, at=at)
    if known is not None and known.state is AppealState.WITHDRAWN:
        raise AppealError("You withdrew your appeal. You can appeal once against a decision.")
    if known is not None:
        raise AppealError(
            "This was looked at again already, and answered. You can appeal once against a decision."
        )
    if decisions.superseding(connection, subject) is not None:
        raise AppealError("This was taken back already.")
    if at > about.at + APPEALABLE:
        raise AppealError("The six months in which one can appeal are over.")
    return _open(connection, seals, about, by, _said(words), at)


def write(connection: Connection, seals: Seals, appeal: str, *, by: Actor, words: str, at: float) -> Appeal:
    """Add to the dialogue of an open appeal; the other side is told."""
    found = _waiting(connection, appeal, by)
    need(by, Deed.WRITE_IN_APPEAL, found.group)
    own = by.person == found.person
    if not own:
        eyes.need_sight(connection, found, by, at)
    if len(seals.words(connection, found.id)) >= _MOST_TURNS:
        raise AppealError("Enough was said. Please wait for the answer.")
    said = {"subject": found.id, "author": by.person, "text": _said(words)}
    seals.put(connection, found.group, found.id, "appeal", **said, at=at)
    people = [found.person] if not own else eyes.of(connection, found)
    for person in people:
        body = {"appeal": found.id, "person": person}
        outbox.put(connection, found.group, "appeal-words", body, at=at)
    return found


def read(connection: Connection, seals: Seals, appeal: str, *, by: Actor, at: float) -> list[Words]:
    """Return the dialogue of an appeal, for its member and those who may look at it."""
    found = _any(connection, appeal, by)
    need(by, Deed.READ_APPEAL, found.group)
    if by.person != found.person:
        eyes.need_sight(connection, found, by, at)
    return seals.words(connection, found.id)


def answer(
    connection: Connection,
    seals: Seals,
    appeal: str,
    version: int,
    *,
    by: Actor,
    granted: bool,
    words: str,
    at: float,
) -> Appeal:
    """Answer an appeal with reasons; granted, everything that the decision did to its member is undone.

    NotAllowedError where it needs other eyes, TakenError where somebody was faster.
    """
    found = _waiting(connection, appeal, by)
    need(by, Deed.ANSWER_APPEAL, found.group)
    eyes.need_sight(connection, found, by, at)
    if found.version != version:
        raise TakenError("Somebody else changed this appeal a moment ago. Look again.")
    return settle(connection, seals, found, granted=granted, words=_said(words), by=by.person, at=at)


def vote(
    connection: Connection, seals: Seals, appeal: str, *, by: Actor, grants: bool, words: str, at: float
) -> Appeal:
    """Keep the vote of a panel member; the majority of those drawn decides."""
    found = _waiting(connection, appeal, by)
    need(by, Deed.VOTE, found.group)
    if not appeals.vote(connection, found.id, by.person, grants=grants, at=at):
        raise NotAllowedError("You were not drawn for this appeal.")
    if words.strip():
        said = {"subject": found.id, "author": by.person, "text": _said(words)}
        seals.put(connection, found.group, found.id, _kind_of(grants), **said, at=at)
    log.write(connection, found.group, "appeal.voted", by="a panel member", at=at, subject=found.id)
    granted = _majority(appeals.votes(connection, found.id))
    if granted is None:
        return found
    text = _reasons(connection, seals, found, granted) or "A panel of members of the group voted on it."
    return settle(connection, seals, found, granted=granted, words=text, by="a panel", at=at)


def withdraw(connection: Connection, appeal: str, *, by: Actor, at: float) -> None:
    """End an appeal as the member who made it."""
    found = _waiting(connection, appeal, by)
    if by.person != found.person:
        raise NotAllowedError("Only the member who appealed can withdraw the appeal.")
    _close(connection, found, AppealState.WITHDRAWN, by.person, at)


def settle(
    connection: Connection, seals: Seals, found: Appeal, *, granted: bool, words: str, by: str, at: float
) -> Appeal:
    """Close an appeal with its answer, undo what has to be undone, and tell the member."""
    state = AppealState.GRANTED if granted else AppealState.REFUSED
    _close(connection, found, state, by, at)
    said = {"subject": found.id, "author": by, "text": words}
    seals.put(connection, found.group, found.id, "answer", **said, at=at)
    body = {"appeal": found.id, "person": found.person}
    if granted:
        body["decision"] = _grant(connection, seals, found, by, words, at).id
    outbox.put(connection, found.group, "appeal-answer", body, at=at)
    return appeals.get(connection, found.id) or found


def _grant(connection: Connection, seals: Seals, found: Appeal, by: str, words: str, at: float) -> Decision:
    about = subject_of(connection, found.subject)
    made = about.decision
    if made is not None and is_shared(connection, made.id, found.person):
        return undoing.take_back_for(connection, seals, made, found.person, by=by, at=at, reason=words)
    if made is not None:
        return undoing.take_back(connection, seals, made, DecisionKind.APPEAL, by=by, at=at, reason=words)
    kept = about.verdict
    assert kept is not None
    again = Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person=kept.sender, receipt={"mark": kept.mark})
    draft = Draft(
        group=found.group,
        kind=DecisionKind.APPEAL,
        person=kept.sender,
        by=by,
        rule=kept.finding.rules[0] if kept.finding.rules else None,
        policy_version=kept.policy_version,
        reason=words,
        supersedes=kept.id,
        wanted=(again,) if kept.mark else (),
    )
    return deciding.put(connection, draft, at=at)


def _majority(votes: dict[str, bool | None]) -> bool | None:
    """Return what most of those drawn voted for, None while that is open; a tie is a doubt, and grants it."""
    most = len(votes) // 2 + 1
    for granted in (True, False):
        if sum(one is granted for one in votes.values()) >= most:
            return granted
    return None if None in votes.values() else True


def _reasons(connection: Connection, seals: Seals, found: Appeal, granted: bool) -> str:
    """Return why those who make up the majority voted so, in their last words each."""
    votes, kind = appeals.votes(connection, found.id), _kind_of(granted)
    said = {one.author: one.text or "" for one in seals.words(connection, found.id) if one.kind == kind}
    return "\n\n".join(text for author, text in said.items() if votes.get(author) is granted)


def _kind_of(grants: bool) -> str:
    return "vote-for" if grants else "vote-against"


def _open(connection: Connection, seals: Seals, about: Subject, by: Actor, words: str, at: float) -> Appeal:
    who, not_before = eyes.choose(connection, about.group, against=about.by, person=by.person, at=at)
    made = Appeal(
        id=decisions.new_id(),
        group=about.group,
        subject=about.id,
        about_verdict=about.verdict is not None,
        person=by.person,
        against=about.by,
        at=at,
        eyes=who,
        not_before=not_before,
        due_at=not_before + choices.get(connection, about.group).appeal_hours * _HOUR,
        reminded_at=None,
        state=AppealState.OPEN,
        version=1,
    )
    appeals.put(connection, made)
    eyes.draw(connection, made, at=at)
    said = {"subject": made.id, "author": by.person, "text": words}
    seals.put(connection, about.group, made.id, "appeal", **said, at=at)
    log.write(connection, about.group, "appeal.received", by="a member", at=at, subject=made.id)
    outbox.put(connection, about.group, "appeal-received", {"appeal": made.id, "person": by.person}, at=at)
    for person in eyes.of(connection, made):
        body = {"appeal": made.id, "person": person}
        outbox.put(connection, about.group, "appeal", body, at=at, after=not_before - at)
    return made


def _close(connection: Connection, found: Appeal, state: AppealState, by: str, at: float) -> None:
    values = {"state": state.value, "answered_by": by, "answered_at": at, "erase_at": at + KEPT}
    if not appeals.change(connection, found, **values):
        raise TakenError("Somebody else changed this appeal a moment ago. Look again.")
    who = "a member" if state is AppealState.WITHDRAWN else by
    log.write(connection, found.group, f"appeal.{state.value}", by=who, at=at, subject=found.id)


def _any(connection: Connection, appeal: str, by: Actor) -> Appeal:
    found = appeals.get(connection, appeal)
    if found is None or found.group != by.group:
        raise UnknownAppealError
    return found


def _waiting(connection: Connection, appeal: str, by: Actor) -> Appeal:
    found = _any(connection, appeal, by)
    if found.state is not AppealState.OPEN:
        raise TakenError(f"This appeal was answered already, by {found.answered_by}.")
    return found


def _said(words: str) -> str:
    text = words.strip()
    if not text:
        raise AppealError("Say why, in your own words.")
    if len(text) > LONGEST_WORDS:
        raise AppealError(f"At most {LONGEST_WORDS:,} characters, please.")
    return text
