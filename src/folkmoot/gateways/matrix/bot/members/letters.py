"""What a letter of the outbox says to a member: about decisions, reports and appeals, in their language."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain import letters as said
from folkmoot.explain.done import were_undone
from folkmoot.explain.elements import paragraphs
from folkmoot.explain.languages import speak
from folkmoot.explain.reasons import place
from folkmoot.gateways.matrix.bot.members import appeal_letters
from folkmoot.gateways.matrix.bot.members.reported import MEDIA, given_back
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import actions, appeals, decisions, groups, reports, sanctions
from folkmoot.remember.deciding import ReportAnswer, SanctionKind
from folkmoot.remember.records import Letter
from folkmoot.remember.seal import Seals
from folkmoot.review import statements


class Written(Struct, frozen=True, kw_only=True):
    """What one letter says."""

    text: str
    about: tuple[str, ...] = ()
    """The decision, report or appeal that a reply to it is about."""
    offers: tuple[str, ...] = ()
    """Reactions that are offered below it."""
    then: dict[str, Any] | None = None
    """A second message that follows, alone, so that it can be copied."""


class Desk(Struct, frozen=True):
    """What it takes to write a letter, in one look at the store."""

    connection: Connection
    seals: Seals
    receipts: Receipts
    letter: Letter
    person: str
    language: str
    group: str
    """The title of the group."""


def write(connection: Connection, seals: Seals, receipts: Receipts, letter: Letter) -> Written | None:
    """Return what a letter says to its reader; None where there is nothing to say any more."""
    person = reader(connection, letter)
    language = statements.language_of(connection, letter.group, person)
    title = groups.get(connection, letter.group).title
    return KINDS[letter.kind](Desk(connection, seals, receipts, letter, person, language, title))


def is_for_a_member(connection: Connection, letter: Letter) -> bool:
    """Say whether a letter is ours to write: of those about appeals, others go to administrators.

    Members get those about their own appeals, and those drawn for a panel get what they have to vote on.
    """
    if letter.kind not in _SHARED:
        return letter.kind in KINDS
    found = appeals.get(connection, letter.body.get("appeal", ""))
    person = letter.body.get("person", "")
    if found is None:
        return letter.kind != "reminder"  # else it is about a case
    return person == found.person or person in appeals.votes(connection, found.id)


def reader(connection: Connection, letter: Letter) -> str:
    """Return to whom a letter goes."""
    if letter.kind != "restored":
        return letter.body.get("person", "")
    action = actions.get(connection, letter.body.get("action", ""))
    return action.person if action is not None and action.group == letter.group else ""


def _decision(desk: Desk) -> Written | None:
    made = decisions.get(desk.connection, desk.letter.body.get("decision", ""))
    if made is None or made.group != desk.letter.group:
        return None
    if not statements.actions_about(desk.connection, made.id, desk.person):
        return None
    link = desk.receipts.link_for(made.id, desk.person)
    words = statements.of_decision(desk.connection, made, desk.person, link=link, language=desk.language)
    return Written(text=words.text(), about=(made.id,))


def _undone(desk: Desk) -> Written | None:
    made = decisions.get(desk.connection, desk.letter.body.get("decision", ""))
    before = decisions.get(desk.connection, made.supersedes or "") if made is not None else None
    if made is None or before is None or made.group != desk.letter.group:
        return None
    text = said.decision_undone(
        statements.done_to(desk.connection, before.id, desk.person),
        made.reason,
        at=made.at,
        group=desk.group,
        room=statements.room_of(desk.connection, before, desk.person),
        link=desk.receipts.link_for(before.id, desk.person),
        language=desk.language,
    )
    return Written(text=text, about=(before.id,))


def _ended(desk: Desk) -> Written | None:
    over = sanctions.get(desk.connection, desk.letter.body.get("sanction", ""))
    action = actions.get(desk.connection, over.action) if over is not None else None
    if over is None or action is None or over.group != desk.letter.group:
        return None
    room = statements.title_of(desk.connection, over.group, action.room)
    if over.kind is SanctionKind.MUTE:
        return Written(text=said.mute_ended(group=desk.group, room=room, language=desk.language))
    link = f"https://matrix.to/#/{action.room}" if room is not None else None
    return Written(text=said.ban_ended(group=desk.group, room=room, link=link, language=desk.language))


def _restored(desk: Desk) -> Written | None:
    action = actions.get(desk.connection, desk.letter.body.get("action", ""))
    if action is None or not desk.person:
        return None
    kept = desk.seals.about(desk.connection, action.group, action.message)
    if kept is None or kept.text is None or kept.author != desk.person:
        return None
    _ = speak(desk.language)
    room = statements.title_of(desk.connection, action.group, action.room)
    first = paragraphs(
        were_undone([said.Done.REMOVE], _, place(_, desk.group, room)),
        _("This is the text of your message. If you like, you can send it again:"),
    )
    media = desk.seals.about(desk.connection, action.group, MEDIA + action.message)
    return Written(text=first, then=given_back(kept.text, media.text if media is not None else None))


def _report_received(desk: Desk) -> Written | None:
    found = reports.get(desk.connection, desk.letter.body.get("report", ""))
    if found is None or found.reporter != desk.person:
        return None
    room = statements.title_of(desk.connection, found.group, found.room)
    text = said.report_received(at=found.at, group=desk.group, room=room, language=desk.language)
    return Written(text=text)


def _report_answered(desk: Desk) -> Written | None:
    found = reports.get(desk.connection, desk.letter.body.get("report", ""))
    if found is None or found.reporter != desk.person or found.answered_at is None:
        return None
    acted, decision = found.answer is ReportAnswer.ACTED, desk.letter.body.get("decision", "")
    text = said.report_answered(
        acted,
        at=found.answered_at,
        group=desk.group,
        room=statements.title_of(desk.connection, found.group, found.room),
        link=desk.receipts.link_for(decision, desk.person),
        language=desk.language,
    )
    return Written(text=text, about=() if acted else (decision,))


def _report_warned(desk: Desk) -> Written | None:
    return Written(text=said.report_warned(group=desk.group, language=desk.language))


def _report_limited(desk: Desk) -> Written | None:
    until = msgspec.convert(desk.letter.body.get("until", "0"), float, strict=False)
    return Written(text=said.report_limited(until, group=desk.group, language=desk.language))


def _appeal(desk: Desk) -> Written | None:
    found = appeals.get(desk.connection, desk.letter.body.get("appeal", ""))
    if found is None or found.group != desk.letter.group:
        return None
    link = desk.receipts.link(found.subject)
    if not found.about_verdict:
        link = desk.receipts.link_for(found.subject, found.person)
    about = appeal_letters.Look(
        connection=desk.connection,
        seals=desk.seals,
        appeal=found,
        person=desk.person,
        language=desk.language,
        group=desk.group,
        link=link,
    )
    text = appeal_letters.text(desk.letter.kind, about, decision=desk.letter.body.get("decision", ""))
    offers = appeal_letters.VOTES if desk.letter.kind in ("appeal", "reminder") else ()
    return Written(text=text, about=(found.id,), offers=offers) if text else None


KINDS: dict[str, Callable[[Desk], Written | None]] = {
    "decision": _decision,
    "undone": _undone,
    "sanction-ended": _ended,
    "restored": _restored,
    "report-received": _report_received,
    "report-answer": _report_answered,
    "report-warned": _report_warned,
    "report-limited": _report_limited,
    "appeal-received": _appeal,
    "appeal-words": _appeal,
    "appeal-answer": _appeal,
    "appeal": _appeal,
    "reminder": _appeal,
}
"""Every kind of letter that members get, and who writes it."""
_SHARED = ("appeal", "appeal-words", "reminder")
