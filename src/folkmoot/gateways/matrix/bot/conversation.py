"""Listening to what people write and answering it: who may ask, about which group, and where it is said."""

from collections import OrderedDict

import msgspec

from folkmoot.gateways.matrix.bot import commands, messages, speech, texts
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.command import Command, Who
from folkmoot.gateways.matrix.bot.console import hearing, taps
from folkmoot.gateways.matrix.bot.members.tongue import tongue_of
from folkmoot.gateways.matrix.bot.notes import Question
from folkmoot.gateways.matrix.bot.replies import Replies
from folkmoot.gateways.matrix.bot.wire import Event, RefusedError, part_of, text_of
from folkmoot.observe import logger
from folkmoot.remember.records import Group

_MOST_OURS = 1_000
_log = logger("bot")


class Conversation:
    """Hears messages and reactions, one at a time."""

    def __init__(self, desk: Desk) -> None:
        """Answer to the bot's id, and to its display name once `name` is set; 20 things a minute for each."""
        self.name = ""
        self._desk = desk
        self._patience = Budget(desk.here.clock, most=20, within=60)
        self._replies = Replies(desk)
        self._ours: OrderedDict[str, None] = OrderedDict()

    async def heard(self, event: Event) -> None:
        """Answer a message if it is meant for us."""
        if event.is_edit or event.content.get("msgtype") != "m.text" or not event.body:
            return
        direct = self._desk.directs.companion(event.room) == event.sender
        said = speech.addressed(event.body, account=self._desk.here.account, name=self.name, direct=direct)
        question = self._desk.questions.get(event.room)
        if question is not None and self._replies.fits(question, event, said):
            await self._answered(question, event, said)
            return
        if said is None and event.replies_to in self._ours:
            said = event.body
        if said is None:
            said = await hearing.meant(self._desk, event)
        if said is not None and self._patience.spend(event.sender):
            await self._asked(event, said, direct)

    async def reacted(self, event: Event) -> None:
        """Take a reaction on an open question as its answer."""
        relation = part_of(event.content, "m.relates_to")
        question = self._desk.questions.get(event.room)
        if question is None or relation.get("event_id") != question.event:
            await taps.tapped(self._desk.console, event, self._patience)
            return
        if not await self._replies.may_answer(question, event) or not self._patience.spend(event.sender):
            return
        await self._answer_to(question, event, text_of(relation.get("key")))

    async def unreadable(self, event: Event) -> None:
        """Say to somebody who writes encrypted in a direct chat where we can read them."""
        directs = self._desk.directs
        if directs.companion(event.room) != event.sender or not self._patience.spend(event.sender):
            return
        readable = await directs.reopen_readable(event.room, event.sender)
        room, text = (readable, texts.UNREADABLE) if readable else (event.room, texts.STILL_UNREADABLE)
        await directs.forget(event.room)
        await self._send(room, messages.letter(text), messages.once_in(event.room, "unreadable"))

    async def _answered(self, question: Question, event: Event, said: str | None) -> None:
        if not self._patience.spend(event.sender):
            return
        to_us = said is not None or event.replies_to == question.event
        # A member's “2” in a lively room need not be meant for us.
        if to_us or await self._replies.may_answer(question, event):
            await self._answer_to(question, event, event.body if said is None else said)

    async def _answer_to(self, question: Question, event: Event, said: str) -> None:
        ask = self._ask(event)
        await self._say(ask, await self._replies.answer(question, ask, said))

    async def _asked(self, event: Event, said: str, direct: bool) -> None:
        replied = await self._ours_replied_to(event)
        words = speech.words(said)
        command = commands.find(words.first)
        rest = words.rest
        if direct and replied is not None and commands.appeals(replied, command, rest):
            # A reply to a statement of reasons is an appeal, whatever its first word is.
            command, rest = commands.find("appeal"), tuple(said.split())
        ask = msgspec.structs.replace(self._ask(event), words=rest, replied=replied, said=event)
        ask = await hearing.place(self._desk, ask)
        answer = await hearing.in_appeal(self._desk, ask, command.name if command else "", said)
        if answer is not None:
            await self._say(ask, answer)
            return
        if command is None:
            await self._say(
                ask,
                Answer(text=commands.unknown(words.first, direct=direct, _=await tongue_of(self._desk, ask))),
            )
            return
        await self._say(*await self._run(command, ask))

    async def _run(self, command: Command, ask: Ask) -> tuple[Ask, Answer]:
        """Find the group that is meant, see whether the person may ask, and do what is asked.

        Returns the request with its group, which a question in the answer has to remember.
        """
        group = ask.group
        if group is None and not ask.direct:
            group = await self._desk.whose.group_of(ask.room)
        elif group is None and command.in_group:
            found = await self._group_in_direct(command, ask)
            if isinstance(found, Answer):
                return ask, found
            ask, group = found
        if command.in_group and group is None:
            return ask, Answer(text=texts.NO_GROUP)
        ask = msgspec.structs.replace(ask, group=group)
        if command.who is Who.ADMINISTRATOR and not await self._replies.administers(ask):
            return ask, Answer(text=(await tongue_of(self._desk, ask))(texts.NOT_AN_ADMINISTRATOR))
        return ask, await command.run(self._desk, ask)

    async def _group_in_direct(self, command: Command, ask: Ask) -> Answer | tuple[Ask, Group]:
        whose = self._desk.whose
        administrators = command.who is Who.ADMINISTRATOR
        theirs = await (whose.administered if administrators else whose.member_of)(ask.person)
        if not theirs:
            said = texts.NOT_AN_ADMINISTRATOR if administrators else texts.NOT_A_MEMBER
            return Answer(text=(await tongue_of(self._desk, ask))(said))
        if len(theirs) == 1:
            return ask, theirs[0]
        *rest, before, last = ("", "", *ask.words)
        titles = [group.title for group in theirs]
        picked = speech.choice(last, [(title,) for title in titles]) if before == "in" else None
        if picked is None:
            return Answer(text=texts.which_group(titles, command.name, await tongue_of(self._desk, ask)))
        return msgspec.structs.replace(ask, words=tuple(rest[2:])), theirs[picked]

    async def _ours_replied_to(self, event: Event) -> Event | None:
        if event.replies_to is None:
            return None
        found = await self._desk.here.wire.event(event.room, event.replies_to)
        return found if found is not None and found.sender == self._desk.here.account else None

    def _ask(self, event: Event) -> Ask:
        direct = self._desk.directs.companion(event.room) == event.sender
        return Ask(person=event.sender, room=event.room, direct=direct, event=event.id)

    async def _say(self, ask: Ask, answer: Answer) -> None:
        """Say the answer where it belongs; to the person alone where the room does not let us speak."""
        if not answer.text:
            return
        once = messages.once_in(ask.event, "answer")
        if answer.privately and not ask.direct:
            content = messages.letter(answer.text, verdicts=answer.verdicts, about=answer.about)
            await self._desk.directs.tell(ask.person, content, once=once)
            answer = Answer(text=(await tongue_of(self._desk, ask))(texts.PRIVATELY))
        elif answer.privately:
            content = messages.letter(answer.text, verdicts=answer.verdicts, about=answer.about)
            self._remember(await self._desk.directs.tell(ask.person, content, once=once))
            return
        try:
            await self._say_there(ask, answer, once)
        except RefusedError as refused:
            _log.warning("answering privately", room=ask.room, code=refused.code)
            await self._desk.directs.tell(ask.person, messages.letter(answer.text), once=once)

    async def _say_there(self, ask: Ask, answer: Answer, once: str) -> None:
        if not answer.kind:
            await self._send(ask.room, messages.notice(answer.text, reply_to=ask.event), once)
            return
        group = ask.group.id if ask.group else ""
        question = Question(
            event="", kind=answer.kind, group=group, choices=answer.choices, at=self._desk.here.clock()
        )
        questions = self._desk.questions
        self._remember(await questions.ask(ask.room, answer.text, question, once=once, reply_to=ask.event))

    async def _send(self, room: str, content: dict[str, object], once: str) -> None:
        self._remember(await self._desk.here.wire.send(room, "m.room.message", content, once=once))

    def _remember(self, event: str) -> None:
        self._ours[event] = None
        while len(self._ours) > _MOST_OURS:
            self._ours.popitem(last=False)
