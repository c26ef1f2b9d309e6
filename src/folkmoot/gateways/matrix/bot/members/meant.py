"""Which decision, verdict or appeal a member means: the one named, the one replied to, or the newest."""

import re
from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import messages
from folkmoot.gateways.matrix.bot.asking import Ask
from folkmoot.remember import appeals, decisions, verdicts
from folkmoot.remember.deciding import Appeal, AppealState
from folkmoot.review.subjects import Subject, UnknownAppealError, subject_of

_ID = re.compile(r"[0-9a-f]{32}\Z")
_SHORT = re.compile(r"[0-9a-f]{4,32}\Z")
_MOST = 50


class Meant(Struct, frozen=True, kw_only=True):
    """What a member means."""

    subject: Subject | None = None
    """What they can appeal against, or have."""
    juror: Appeal | None = None
    """The appeal of somebody else for which they were drawn."""


def names_in(ask: Ask) -> list[str]:
    """Return the ids that somebody names or replies to, those of the newest first."""
    named = [word for word in ask.words[:1] if _ID.match(word)]
    content = ask.replied.content if ask.replied is not None else {}
    told = [*messages.verdicts_in(content), *messages.about_in(content)]
    return [*named, *reversed(told)][:_MOST]


def find(connection: Connection, person: str, names: Iterable[str], groups: Iterable[str]) -> Meant:
    """Return what is meant by these ids; without any, the newest thing that restricts the person.

    `groups` are those in which stopped messages of theirs are looked for.
    """
    names = [*names]
    for name in names:
        found = _one(connection, person, name)
        if found is not None:
            return found
    return Meant() if names else Meant(subject=_newest(connection, person, groups))


def drawn_for(connection: Connection, person: str, number: str) -> Appeal | None:
    """Return the open appeal that a member was drawn for: by the begin of its id, else the only one."""
    drawn = [one for one in appeals.still_open(connection, most=1_000) if _is_juror(connection, one, person)]
    if _SHORT.match(number):
        drawn = [one for one in drawn if one.id.startswith(number)]
    return drawn[0] if len(drawn) == 1 else None


def open_appeal(connection: Connection, person: str, names: Iterable[str]) -> Appeal | None:
    """Return the open appeal of a member: the one named, else the only one."""
    mine = [one for one in appeals.still_open(connection, most=1_000) if one.person == person]
    named = [one for one in mine if {one.id, one.subject} & {*names}]
    found = named or mine
    return found[0] if len(found) == 1 else None


def _one(connection: Connection, person: str, name: str) -> Meant | None:
    appeal = appeals.get(connection, name)
    if appeal is not None and appeal.person != person:
        drawn = appeal.state is AppealState.OPEN and _is_juror(connection, appeal, person)
        return Meant(juror=appeal) if drawn else None
    subject = _subject(connection, appeal.subject if appeal is not None else name)
    return Meant(subject=subject) if subject is not None and person in subject.people else None


def _newest(connection: Connection, person: str, groups: Iterable[str]) -> Subject | None:
    found = [_subject(connection, one.id) for one in decisions.touching(connection, person, most=1)]
    for group in groups:
        kept = verdicts.latest(connection, group, sender=person, most=20)
        stopped = (_subject(connection, one.id) for one in kept)
        found.append(next((one for one in stopped if one is not None), None))
    return max((one for one in found if one is not None), key=lambda one: one.at, default=None)


def _subject(connection: Connection, name: str) -> Subject | None:
    try:
        return subject_of(connection, name)
    except UnknownAppealError:
        return None


def _is_juror(connection: Connection, appeal: Appeal, person: str) -> bool:
    return person in appeals.votes(connection, appeal.id)
