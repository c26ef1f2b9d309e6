"""What is written about an appeal: to the member who made it, and to members drawn to look at it."""

from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain import letters as said
from folkmoot.explain.done import Done
from folkmoot.explain.languages import speak
from folkmoot.gateways.matrix.bot.members import phrases
from folkmoot.remember import appeals, decisions, verdicts
from folkmoot.remember.deciding import Appeal, AppealState, Eyes, Words
from folkmoot.remember.seal import Seals
from folkmoot.review import statements
from folkmoot.vocabulary import ActionKind

VOTES = (phrases.YES, phrases.NO)
_EYES: dict[Eyes, Literal["another", "same-later", "panel", "partner"]] = {
    Eyes.OTHER: "another",
    Eyes.PAUSE: "same-later",
    Eyes.PANEL: "panel",
    Eyes.PARTNER: "partner",
}
_SHORT = 6


class Look(Struct, frozen=True, kw_only=True):
    """An appeal, and who reads about it."""

    connection: Connection
    seals: Seals
    appeal: Appeal
    person: str
    language: str
    group: str
    link: str


def number_of(appeal: Appeal) -> str:
    """Return the short name by which people type an appeal."""
    return appeal.id[:_SHORT]


def text(kind: str, look: Look, *, decision: str = "") -> str:
    """Return what a letter of this kind says; empty where it is not for this reader, or no longer true."""
    own = look.person == look.appeal.person
    match kind:
        case "appeal-received" if own:
            return _received(look)
        case "appeal-answer" if own:
            return _answered(look, decision)
        case "appeal-words" if own:
            return phrases.asked_back(speak(look.language), look.group, _last(look, mine=False))
        case "appeal-words" if _is_juror(look):
            number, words = number_of(look.appeal), _last(look, mine=True)
            return phrases.more_words(speak(look.language), look.group, number, words)
        case "appeal" | "reminder" if _is_juror(look):
            return _drawn(look)
    return ""


def _received(look: Look) -> str:
    return said.appeal_received(
        at=look.appeal.at,
        eyes=_EYES[look.appeal.eyes],
        not_before=look.appeal.not_before if look.appeal.eyes is Eyes.PAUSE else None,
        due_at=look.appeal.due_at,
        group=look.group,
        link=look.link,
        language=look.language,
    )


def _answered(look: Look, decision: str) -> str:
    answers = [one.text or "" for one in _words(look) if one.kind == "answer"]
    subject = decisions.get(look.connection, look.appeal.subject)
    made = decisions.get(look.connection, decision) if decision else None
    undone: tuple[Done, ...] = (Done.STOP,) if look.appeal.about_verdict else ()
    room = None
    if subject is not None:
        undone = statements.done_to(look.connection, subject.id, look.person)
        room = statements.room_of(look.connection, subject, look.person)
    # A removed message's text comes in a letter of its own, once its restoring took effect.
    return said.appeal_answered(
        bool(decision),
        undone,
        answers[-1] if answers else "",
        restored_text=False,
        at=look.appeal.answered_at or look.appeal.at,
        group=look.group,
        room=room,
        link=look.link,
        language=look.language,
        shared=made is not None and made.partly is not None,
    )


def _drawn(look: Look) -> str:
    if look.appeal.state is not AppealState.OPEN:
        return ""
    words = "\n\n".join(one.text or "" for one in _words(look) if one.kind == "appeal")
    told, message = _subject(look)
    number = number_of(look.appeal)
    return phrases.drawn(speak(look.language), look.group, number, told, message, words)


def _subject(look: Look) -> tuple[str, str]:
    """Return what the member was told, and the message it was about where that is known and was removed."""
    decision = decisions.get(look.connection, look.appeal.subject)
    if decision is None:
        kept = verdicts.get(look.connection, look.appeal.subject)
        if kept is None:
            return "", ""
        return statements.of_verdict(look.connection, kept, link=None, language=look.language).text(), ""
    member = look.appeal.person
    words = statements.of_decision(look.connection, decision, member, link=None, language=look.language)
    did = statements.actions_about(look.connection, decision.id, member)
    found = (
        look.seals.about(look.connection, decision.group, one.message)
        for one in did
        if one.kind is ActionKind.REMOVE
    )
    texts = [one.text for one in found if one is not None and one.text]
    return words.text(), "\n".join(texts[:5])


def _is_juror(look: Look) -> bool:
    drawn = appeals.votes(look.connection, look.appeal.id)
    return look.appeal.eyes is Eyes.PANEL and look.person in drawn


def _last(look: Look, *, mine: bool) -> str:
    theirs = [
        one.text or ""
        for one in _words(look)
        if one.kind == "appeal" and (one.author == look.appeal.person) is mine
    ]
    return theirs[-1] if theirs else ""


def _words(look: Look) -> list[Words]:
    return look.seals.words(look.connection, look.appeal.id)
