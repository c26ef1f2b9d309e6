"""A member appeals, adds words, withdraws; a panel member votes."""

import re

from sqlalchemy import Connection

from folkmoot.explain.languages import Tongue, speak
from folkmoot.gateways.matrix.bot import messages, speech
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.members import heard, phrases
from folkmoot.gateways.matrix.bot.members.meant import (
    Meant,
    drawn_for,
    find,
    names_in,
    open_appeal,
)
from folkmoot.gateways.matrix.bot.wire import Event, part_of, text_of
from folkmoot.remember import appeals, decisions
from folkmoot.remember.deciding import Appeal, AppealState
from folkmoot.remember.erasure import APPEALABLE
from folkmoot.review import appealing, statements
from folkmoot.review.appealing import LONGEST_WORDS, AppealError
from folkmoot.review.permissions import Actor, NotAllowedError, Part
from folkmoot.review.queue import TakenError
from folkmoot.review.subjects import Subject, UnknownAppealError

_WORD = re.compile(r"\S+")
_COMPARED = 20
_BECAUSE = frozenset({"because", "since", "as"})
_ERRORS = (AppealError, NotAllowedError, TakenError, UnknownAppealError)


async def appeal(desk: Desk, ask: Ask) -> Answer:
    """Take an appeal in, or what is added to it."""
    names = names_in(ask)
    words = ask.words[1:] if ask.words[:1] and ask.words[0] in names else ask.words
    said = _whole(ask, words)
    groups = [one.id for one in await desk.whose.member_of(ask.person)]
    if ask.group is not None:
        groups = [ask.group.id]
    meant = await desk.here.store.read(lambda c: find(c, ask.person, names, groups))
    group = (
        meant.juror.group if meant.juror else meant.subject.group if meant.subject else "".join(groups[:1])
    )
    _ = await tongue(desk, ask.person, group)
    if meant == Meant():
        return Answer(text=phrases.nothing_to_appeal(_), privately=True)
    if not desk.objections.spend(ask.person):
        return Answer(text=phrases.too_often(_), privately=True)
    if not said:
        return Answer(text=phrases.say_why(_), privately=True)
    if len(said) > LONGEST_WORDS:
        return Answer(text=phrases.too_long(_, LONGEST_WORDS), privately=True)
    return await _written(desk, ask, meant, said, _)


async def withdraw(desk: Desk, ask: Ask) -> Answer:
    """End the member's own appeal."""
    now, names = desk.here.clock(), names_in(ask)
    found = await desk.here.store.read(lambda c: open_appeal(c, ask.person, names))
    _ = await tongue(desk, ask.person, found.group if found is not None else "")
    if found is None:
        return Answer(text=phrases.no_open_appeal(_), privately=True)

    def work(connection: Connection) -> str:
        by = Actor(person=ask.person, part=Part.HOLDER, group=found.group)
        appealing.withdraw(connection, found.id, by=by, at=now)
        return phrases.withdrawn(_)

    try:
        return Answer(text=await heard.once(desk.here, ask.event, work), privately=True)
    except _ERRORS:
        return Answer(text=phrases.no_open_appeal(_), privately=True)


async def vote(desk: Desk, ask: Ask, *, grants: bool) -> Answer:
    """Keep the vote of somebody who was drawn, with their reasons."""
    names = names_in(ask)
    meant = await desk.here.store.read(lambda c: find(c, ask.person, names, ()) if names else Meant())
    number, *rest = [*ask.words, ""] if ask.words else [""]
    found = meant.juror or await desk.here.store.read(lambda c: drawn_for(c, ask.person, number))
    words = rest if found is not None and number and found.id.startswith(number) else [*ask.words]
    if words and words[0].casefold() in _BECAUSE:
        words = words[1:]
    return await _voted(desk, ask.person, ask.event, found, grants=grants, said=" ".join(words).strip())


async def tapped(desk: Desk, event: Event) -> bool:
    """Take a tap below a letter to somebody who was drawn as their vote; says whether it was one."""
    relation = part_of(event.content, "m.relates_to")
    key, message = text_of(relation.get("key")), text_of(relation.get("event_id"))
    if key not in (phrases.YES, phrases.NO) or desk.directs.companion(event.room) != event.sender:
        return False
    ours = await desk.here.wire.event(event.room, message)
    if ours is None or ours.sender != desk.here.account:
        return False
    about = messages.about_in(ours.content)
    meant = await desk.here.store.read(lambda c: find(c, event.sender, about, ()) if about else Meant())
    if meant.juror is None:
        return False
    answer = await _voted(desk, event.sender, event.id, meant.juror, grants=key == phrases.YES, said="")
    once = messages.once_in(event.id, "answer")
    await desk.directs.tell(event.sender, messages.letter(answer.text), once=once)
    return True


async def tongue(desk: Desk, person: str, group: str) -> Tongue:
    """Return the language in which a member of a group is spoken to."""
    if not group:
        return speak("en")
    return speak(await desk.here.store.read(lambda c: statements.language_of(c, group, person)))


def _whole(ask: Ask, words: tuple[str, ...]) -> str:
    """Return what was written from the first of these words on: with its lines, and not cut."""
    body = speech.without_quote(ask.said.body) if ask.said is not None else ""
    found, head = [*_WORD.finditer(body)], [*words[:_COMPARED]]
    for place in range(len(found)):
        if head and [one[0] for one in found[place : place + len(head)]] == head:
            return body[found[place].start() :].strip()
    return " ".join(words)


async def _written(desk: Desk, ask: Ask, meant: Meant, said: str, _: Tongue) -> Answer:
    now, seals = desk.here.clock(), desk.here.store.seals

    def work(connection: Connection) -> str:
        if meant.juror is not None:
            juror = Actor(person=ask.person, part=Part.PANEL, group=meant.juror.group)
            appealing.write(connection, seals, meant.juror.id, by=juror, words=said, at=now)
            return phrases.words_added(_)
        assert meant.subject is not None
        before = appeals.against(connection, meant.subject.id, ask.person)
        by = Actor(person=ask.person, part=Part.HOLDER, group=meant.subject.group)
        appealing.appeal(connection, seals, meant.subject.id, by=by, words=said, at=now)
        # A new appeal is confirmed by a letter of its own.
        return "" if before is None else phrases.words_added(_)

    try:
        return Answer(text=await heard.once(desk.here, ask.event, work), privately=True)
    except _ERRORS as trouble:
        text = await desk.here.store.read(lambda c: _why_not(c, meant.subject, ask.person, now, _))
        return Answer(text=text or str(trouble), privately=True)


def _why_not(connection: Connection, subject: Subject | None, person: str, now: float, _: Tongue) -> str:
    """Say in the member's language why an appeal was not taken, if for one of the usual reasons."""
    if subject is None:
        return phrases.not_drawn(_)
    known = appeals.against(connection, subject.id, person)
    if known is not None:
        return phrases.enough(_) if known.state is AppealState.OPEN else phrases.answered_before(_)
    if decisions.superseding(connection, subject.id) is not None:
        return phrases.taken_back(_)
    return phrases.too_late(_) if now > subject.at + APPEALABLE else ""


async def _voted(
    desk: Desk, person: str, event: str, found: Appeal | None, *, grants: bool, said: str
) -> Answer:
    _ = await tongue(desk, person, found.group if found is not None else "")
    if found is None:
        return Answer(text=phrases.not_drawn(_), privately=True)
    now, seals = desk.here.clock(), desk.here.store.seals
    by = Actor(person=person, part=Part.PANEL, group=found.group)

    def work(connection: Connection) -> str:
        appealing.vote(connection, seals, found.id, by=by, grants=grants, words=said, at=now)
        return phrases.vote_noted(_)

    try:
        text = await heard.once(desk.here, event, work)
    except _ERRORS:
        return Answer(text=phrases.not_drawn(_), privately=True)
    await desk.here.changed()
    return Answer(text=text, privately=True)
