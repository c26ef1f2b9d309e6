"""Reports: by a reply, by a reaction, by a link in a direct chat, or through the homeserver.

Whoever reports in a room is seen by it for a moment, so that reply or reaction is removed at once where the
bot may do so. The reporter is answered in a direct chat, and named to nobody but administrators.
"""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.languages import Tongue, speak
from folkmoot.explain.letters import report_limited
from folkmoot.gateways.matrix.bot import messages, sight, speech
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.members import phrases, reported
from folkmoot.gateways.matrix.bot.members.asked import (
    Asked,
    Place,
    asked_in,
    link_in,
    report_in,
    without_link,
)
from folkmoot.gateways.matrix.bot.wire import Event, RefusedError, part_of, text_of
from folkmoot.observe import logger
from folkmoot.remember import choices, rooms
from folkmoot.remember.deciding import Source
from folkmoot.remember.records import Group
from folkmoot.review import goodwill, reporting, statements
from folkmoot.review.permissions import Actor, NotAllowedError, Part
from folkmoot.review.reporting import About, Received, ReportError

_VARIATION = "\N{VARIATION SELECTOR-16}"
_log = logger("bot")


class Taken(Struct, frozen=True):
    """What became of a report: received, or why not."""

    trouble: str = ""
    """What to say to the reporter; empty where it was received, which a letter of its own confirms."""
    again: bool = False
    """Whether the same member reported the same message before."""


class Reporting:
    """Takes reports from members."""

    def __init__(self, desk: Desk) -> None:
        """Use what it takes to answer; each member may try forty times an hour."""
        self._desk = desk
        self._here = desk.here
        self._patience = Budget(desk.here.clock, most=40, within=3600)

    async def heard(self, event: Event) -> bool:
        """Take a reply in a room that is a report; says whether it was one."""
        if event.replies_to is None or event.is_edit or event.content.get("msgtype") != "m.text":
            return False
        said = speech.addressed(event.body, account=self._here.account, name="", direct=False)
        asked = report_in(said or event.body)
        if asked is None or self._desk.directs.companion(event.room) is not None:
            return False
        return await self._in_room(event, event.replies_to, asked, Source.REPLY)

    async def reacted(self, event: Event) -> bool:
        """Take a reaction in a room that is the one by which its group reports; says whether it was."""
        relation = part_of(event.content, "m.relates_to")
        group = await self._desk.whose.group_of(event.room)
        if group is None or relation.get("rel_type") != "m.annotation":
            return False
        chosen = await self._here.store.read(lambda c: choices.get(c, group.id))
        if _plain(text_of(relation.get("key"))) != _plain(chosen.report_reaction):
            return False
        return await self._in_room(event, text_of(relation.get("event_id")), Asked(), Source.REACTION)

    async def by_link(self, ask: Ask) -> Answer:
        """Take a report in a direct chat: nobody else sees it."""
        place = link_in(ask.words)
        _ = await self._tongue(ask.person)
        if place is None:
            return Answer(text=phrases.how_to_report(_), privately=True)
        room = await self._room_of(place)
        group = await self._desk.whose.group_of(room)
        if group is None or not await self.is_member(group, ask.person):
            return Answer(text=phrases.no_member(_), privately=True)
        asked = asked_in(without_link(ask.words))
        taken = await self.about(group, Place(room, place.event), ask.person, asked, Source.REPLY)
        if not ask.direct:
            await self._hide(ask.room, ask.event)
        # Where nothing stands in its way, the letter that confirms it is the answer.
        return Answer(text=taken.trouble, privately=True)

    async def about(self, group: Group, place: Place, person: str, asked: Asked, source: Source) -> Taken:
        """Take a report about a message, in one commit with the letter that confirms it."""
        _ = await self._tongue(person, group.id)
        found = await self._here.wire.event(place.room, place.event)
        if found is None or found.state_key is not None:
            return Taken(phrases.cant_see(_))
        if found.sender == self._here.account:
            return Taken(phrases.mine(_))
        if found.sender == person:
            return Taken(phrases.your_own(_))
        by = Actor(person=person, part=await self._part(group, person), group=group.id)
        try:
            taken = await self._here.store.write(
                lambda c: self._receive(c, group.id, found, by, asked, source)
            )
        except ReportError:
            return Taken(phrases.too_often(_))
        except NotAllowedError:
            return Taken(await self._limited(group, person))
        return Taken() if taken.is_new else Taken(phrases.reported_before(_), again=True)

    async def _in_room(self, event: Event, message: str, asked: Asked, source: Source) -> bool:
        group = await self._desk.whose.group_of(event.room)
        if group is None or not message:
            return False
        found = await self._here.wire.event(event.room, message)
        if found is not None and found.sender == self._here.account and source is Source.REACTION:
            return False  # a tap on something of ours
        if not self._patience.spend(event.sender):
            return True
        taken = await self.about(group, Place(event.room, message), event.sender, asked, source)
        await self._hide(event.room, event.id)
        # Taken up again after a crash, a report is known already, and its letter is on its way.
        if taken.trouble and not taken.again:
            content = messages.letter(taken.trouble)
            await self._desk.directs.tell(event.sender, content, once=messages.once_in(event.id, "report"))
        return True

    async def _hide(self, room: str, event: str) -> None:
        try:
            once = messages.once_in(event, "hide")
            await self._here.wire.redact(room, event, reason="", once=once)
        except RefusedError as refused:
            _log.warning("a report stays visible: I may not remove it", room=room, code=refused.code)

    def _receive(
        self, connection: Connection, group: str, found: Event, by: Actor, asked: Asked, source: Source
    ) -> Received:
        now, seals = self._here.clock(), self._here.store.seals
        text, media = reported.text_in(found), reported.media_in(found)
        about = About(person=found.sender, room=found.room, message=found.id, text=text)
        taken = reporting.receive(
            connection, seals, group, about,
            by=by, source=source, at=now, words=asked.words, category=asked.category,
        )  # fmt: skip
        subject = reported.MEDIA + found.id
        if taken.is_new and media and seals.about(connection, group, subject) is None:
            kept = {"subject": subject, "author": found.sender, "text": media}
            seals.put(connection, group, taken.report.case, "media", **kept, at=now)
        return taken

    async def _limited(self, group: Group, person: str) -> str:
        now = self._here.clock()
        language, until = await self._here.store.read(
            lambda c: (
                statements.language_of(c, group.id, person),
                goodwill.limited_until(c, group.id, person, at=now),
            )
        )
        if until is None:
            return phrases.no_member(speak(language))
        return report_limited(until, group=group.title, language=language)

    async def _part(self, group: Group, person: str) -> Part:
        administers = await self._here.store.read(lambda c: rooms.administrators_of(c, group.id))
        return Part.ADMINISTRATOR if person in administers else Part.MEMBER

    async def is_member(self, group: Group, person: str) -> bool:
        """Say whether somebody is in one of the group's rooms now."""
        for room in await self._here.store.read(lambda c: rooms.of_group(c, group.id)):
            try:
                if await sight.is_member(self._here.wire, room.id, person):
                    return True
            except RefusedError:
                continue
        return False

    async def _room_of(self, place: Place) -> str:
        """Return the id of a room of ours that a link names by its address."""
        if place.room.startswith("!"):
            return place.room
        for room in await self._here.store.read(rooms.every):
            try:
                named = await self._here.wire.state(room.id, "m.room.canonical_alias")
            except RefusedError:
                continue
            known = named.content if named is not None else {}
            others = known.get("alt_aliases")
            if place.room == known.get("alias") or (isinstance(others, list) and place.room in others):
                return room.id
        return ""

    async def _tongue(self, person: str, group: str = "") -> Tongue:
        theirs = group or "".join([one.id for one in await self._desk.whose.member_of(person)][:1])
        if not theirs:
            return speak("en")
        return speak(await self._here.store.read(lambda c: statements.language_of(c, theirs, person)))


def _plain(reaction: str) -> str:
    return reaction.replace(_VARIATION, "")
