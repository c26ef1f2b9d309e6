"""From an invitation to a protected room: the bot's power, the choice of a policy, the group.

Each step looks at what is there and does what is missing, so that it goes on after a restart where it stood.
"""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot import assess, messages, notes, sight, texts
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.notes import Question, Wish
from folkmoot.gateways.matrix.bot.notes import Setup as Begun
from folkmoot.gateways.matrix.bot.questions import STARTER, Questions
from folkmoot.gateways.matrix.bot.sight import Sight
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.whose import Whose
from folkmoot.gateways.matrix.bot.wire import Invitation, RefusedError
from folkmoot.gateways.matrix.names import may_invite, server_of
from folkmoot.gateways.matrix.watchdog import Watchdog
from folkmoot.observe import logger
from folkmoot.remember import groups, rooms
from folkmoot.remember.records import Group, Protection
from folkmoot.remember.rooms import RoomTakenError

_MOST_GROUPS = 5
_GROUP = "group:"
_log = logger("bot")


class Setup:
    """Takes rooms from the invitation to the first protection."""

    def __init__(
        self, here: Surroundings, directs: Directs, questions: Questions, whose: Whose, watchdog: Watchdog
    ) -> None:
        """Use what the other parts know; a person may invite us ten times an hour, all of them 200 times."""
        self._here = here
        self._directs = directs
        self._questions = questions
        self._whose = whose
        self._watchdog = watchdog
        self._each = Budget(here.clock, most=10, within=3600)
        self._all = Budget(here.clock, most=200, within=3600)

    async def invited(self, invitation: Invitation) -> None:
        """Accept an invitation and begin; too many are declined, and such as are not wanted here.

        Whoever writes to us directly is heard, wherever they are: they may ask why, or appeal.
        """
        room, person = invitation.room, invitation.by
        if not (invitation.direct or may_invite(person, self._here.homeservers)):
            _log.info("an invitation was declined", room=room, homeserver=server_of(person))
            await self._here.wire.leave(room)
            return
        if not (self._each.spend(person) and self._all.spend("all")):
            await self._here.wire.leave(room)
            return
        known = await self._whose.group_of(room) is not None
        # What is intended is noted first: killed after the join, we still know why we are there.
        if invitation.direct:
            await self._directs.adopt(room, person)
        elif not known:
            await self._note(room, person)
        try:
            await self._here.wire.join(room)
        except RefusedError:
            await self._directs.forget(room)
            await self.left(room)
            raise
        if invitation.direct:
            await self._say(room, texts.HELLO, "hello", person)
        elif known:
            self._watchdog.soon(room)
        else:
            await self.look(room)

    async def begin(self, room: str, person: str) -> None:
        """Start over in a room that has no group: look, and ask what is to be asked."""
        await self._questions.forget(room)
        await self._note(room, person)
        await self.look(room)

    async def look_everywhere(self) -> None:
        """Go on with every room that was being set up."""
        for room in await self._here.store.read(lambda c: notes.every(c, Begun)):
            try:
                await self.look(room)
            except RefusedError as refused:
                _log.warning("a room can't be set up", room=room, code=refused.code)

    async def look(self, room: str) -> None:
        """Go on with a room that is being set up: say what power is missing, or ask for the policy."""
        begun = await self._here.store.read(lambda c: notes.get(c, Begun, room))
        if begun is None or self._questions.get(room) is not None:
            return
        if await sight.is_space(self._here.wire, room):
            await self._decline_space(room, begun.by)
            return
        seen = await self._see(room)
        if assess.powerful(seen, self._here.account):
            await self._ask(seen, begun)
        else:
            await self._lack(seen, begun)

    async def left(self, room: str) -> None:
        """Forget a room that we are no longer in."""
        await self._questions.forget(room)
        await self._here.store.write(lambda c: notes.forget(c, Begun, room))

    async def settle(self, room: str, person: str, picked: str) -> str:
        """Put the room into a group as an administrator chose; returns what to say about it."""
        other = picked.removeprefix(_GROUP) if picked.startswith(_GROUP) else ""
        if other and not await self._whose.administers(other, person):
            return "You are no administrator of that group, so you can't put this room into it."
        seen = await self._see(room)
        try:
            settled = await self._here.store.write(
                lambda c: _settle(c, seen, picked, by=person, at=self._here.clock())
            )
        except RoomTakenError:
            return "This room belongs to a group already."
        await self._questions.forget(room)
        await self._here.changed()
        return await self._protect(room, settled)

    async def _decline_space(self, room: str, person: str) -> None:
        once = messages.once_in(room, "space")
        await self._directs.tell(person, messages.notice(texts.SPACE), once=once)
        await self._here.wire.leave(room)
        await self.left(room)

    async def _note(self, room: str, person: str) -> None:
        now = self._here.clock()
        begun = Begun(by=person, begun_at=now)
        await self._here.store.write(lambda c: notes.put(c, Begun, room, begun, at=now))

    async def _protect(self, room: str, settled: "Settled") -> str:
        text = texts.chosen(settled.policy, self._here.policy.user_id, shared=settled.shared)
        looked = await self._watchdog.look(room)
        found = looked.found if looked else None
        if found is None or found.state is Protection.ON or found.mend is not assess.Mend.NOTHING:
            return text
        return "\n".join(part for part in (text, found.reason, found.remedy) if part)

    async def _see(self, room: str) -> Sight:
        here = self._here
        return await sight.see(here.wire, room, bot=here.account, policy_user=here.policy.user_id)

    async def _ask(self, seen: Sight, begun: Begun) -> None:
        offered = texts.starters()
        theirs = (await self._whose.administered(begun.by))[:_MOST_GROUPS]
        shown = [f"{name}: {sentence}" for _, name, sentence in offered]
        shown += [f"The same as “{group.title}”, together with it" for group in theirs]
        choices = (*(one[0] for one in offered), *(f"{_GROUP}{group.id}" for group in theirs))
        question = Question(event="", kind=STARTER, choices=choices, at=self._here.clock())
        text = texts.question(shown) + (f"\n{texts.ASK_ENCRYPTED}" if seen.encrypted else "")
        text += f"\n{texts.HALL}" if theirs else ""
        once = messages.once_in(f"{seen.room} {begun.begun_at}", "question")
        await self._questions.ask(seen.room, text, question, once=once)

    async def _lack(self, seen: Sight, begun: Begun) -> None:
        powers, account = seen.powers, self._here.account
        needed, have = assess.power_needed(seen), powers.of(account)
        lacking = f"{needed} {have}"
        if lacking == begun.lacking:
            return
        text = texts.lacking(account, needed, have, powers.to_invite, powers.to_set(sight.POLICY))
        text += f"\n{texts.HALL}" if await self._whose.administered(begun.by) else ""
        await self._say(seen.room, text, f"{begun.begun_at} {lacking}", begun.by)
        noted = Begun(by=begun.by, begun_at=begun.begun_at, lacking=lacking)
        await self._here.store.write(lambda c: notes.put(c, Begun, seen.room, noted, at=self._here.clock()))

    async def _say(self, room: str, text: str, what: str, person: str) -> None:
        """Say something in a room, or to the person alone where the room does not let us speak."""
        once = messages.once_in(room, what)
        try:
            await self._here.wire.send(room, "m.room.message", messages.notice(text), once=once)
        except RefusedError:
            await self._directs.tell(person, messages.notice(text), once=once)


class Settled(Struct, frozen=True, kw_only=True):
    """The group that a room was put into."""

    policy: str
    shared: str
    """The group's title, if the room joined one that was there."""


def _settle(connection: Connection, seen: Sight, picked: str, *, by: str, at: float) -> Settled:
    """Make the group or find it, put the room into it, and end the set-up, in one commit."""
    room = seen.room
    known = rooms.get(connection, room)
    if known is not None and known.removed_at is None:
        raise RoomTakenError(room)
    group, name = _group(connection, seen, picked, by=by, at=at)
    rooms.add(connection, group.id, room, seen.title, by=by, at=at)
    rooms.set_administrators(connection, room, seen.administrators, at=at)
    notes.put(connection, Wish, room, Wish(on=True), at=at)
    notes.forget(connection, Begun, room)
    notes.forget(connection, Question, room)
    return Settled(policy=name, shared=group.title if picked.startswith(_GROUP) else "")


def _group(connection: Connection, seen: Sight, picked: str, *, by: str, at: float) -> tuple[Group, str]:
    if picked.startswith(_GROUP):
        return groups.get(connection, picked.removeprefix(_GROUP)), ""
    name = starters.load(picked).name
    made = groups.create(connection, seen.title, starters.text(picked), by=by, at=at, note=f"Starter: {name}")
    return made, name
