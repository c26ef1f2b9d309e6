"""Answers to what the bot asked: which words count as one, from whom, and what follows."""

import msgspec

from folkmoot.gateways.matrix.bot import changes, commands, sight, speech, texts
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.notes import Question
from folkmoot.gateways.matrix.bot.questions import START, STARTER
from folkmoot.gateways.matrix.bot.wire import Event
from folkmoot.remember import groups


class Replies:
    """Reads answers to open questions."""

    def __init__(self, desk: Desk) -> None:
        """Use what it takes to answer."""
        self._desk = desk

    def fits(self, question: Question, event: Event, said: str | None) -> bool:
        """Say whether a message answers the question: a reply to it, or an answer that can mean nothing else.

        `said` is what it says to us; None if it is not addressed to us.
        """
        answers = _answers(question, event.body if said is None else said)
        if event.replies_to == question.event:
            return answers or commands.find(speech.words(said or "-").first) is None
        return answers and (said is not None or question.kind == STARTER)

    async def may_answer(self, question: Question, event: Event) -> bool:
        """Say whether the sender is an administrator, without whom nothing is decided."""
        ask = Ask(person=event.sender, room=event.room, direct=False, event=event.id)
        return await self.administers(await self._about(question, ask))

    async def administers(self, ask: Ask) -> bool:
        """Say whether the asker is an administrator: of the group, or of the room where there is none."""
        if ask.group is not None:
            return await self._desk.whose.administers(ask.group.id, ask.person, room=ask.room)
        return await sight.is_administrator(self._desk.here.wire, ask.room, ask.person)

    async def answer(self, question: Question, ask: Ask, said: str) -> Answer:
        """Do what an answer says, if an administrator gave it."""
        ask = await self._about(question, ask)
        answers = _answers(question, said)
        if not await self.administers(ask):
            return Answer(text=texts.NOT_AN_ADMINISTRATOR)
        if not answers:
            return Answer(text=texts.not_understood(len(question.choices), yes=question.kind == START))
        if question.kind == START:
            await self._desk.questions.forget(ask.room)
            return await changes.start(self._desk, msgspec.structs.replace(ask, words=("yes",)))
        picked = question.choices[_picked(question, said)]
        if question.kind == STARTER:
            return Answer(text=await self._desk.setup.settle(ask.room, ask.person, picked))
        await self._desk.questions.forget(ask.room)
        return await changes.policy(self._desk, msgspec.structs.replace(ask, words=(picked,)))

    async def _about(self, question: Question, ask: Ask) -> Ask:
        if not question.group:
            return ask
        group = await self._desk.here.store.read(lambda c: groups.get(c, question.group))
        return msgspec.structs.replace(ask, group=group)


def _answers(question: Question, said: str) -> bool:
    return speech.is_yes(said) if question.kind == START else _picked(question, said) >= 0


def _picked(question: Question, said: str) -> int:
    """Return which choice is meant; -1 for none."""
    names = {starter: (starter, name) for starter, name, _ in texts.starters()}
    found = speech.choice(said, [names.get(one, ()) for one in question.choices])
    return -1 if found is None else found
