"""What the bot asked and waits to hear about: one question a room, kept across a restart."""

from folkmoot.gateways.matrix.bot import messages, notes, speech
from folkmoot.gateways.matrix.bot.notes import Question
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import RefusedError

_LASTS = 900.0
"""Seconds for which an administrator may answer; the first question of all waits as long as it takes."""
STARTER, CHANGE, START = "starter", "change", "start"


class Questions:
    """The open questions by room."""

    def __init__(self, here: Surroundings) -> None:
        """Begin with none; `load` reads those that are open."""
        self._here = here
        self._open: dict[str, Question] = {}

    async def load(self) -> None:
        """Read the questions that were open when we stopped."""
        self._open = await self._here.store.read(lambda c: notes.every(c, Question))

    def get(self, room: str) -> Question | None:
        """Return the question that is open in a room."""
        found = self._open.get(room)
        if found is None:
            return None
        if found.kind != STARTER and self._here.clock() - found.at > _LASTS:
            return None
        return found

    async def ask(
        self, room: str, text: str, asked: Question, *, once: str, reply_to: str | None = None
    ) -> str:
        """Ask something in a room, offer the answers as reactions to tap, and return the message's id."""
        content = messages.notice(text, reply_to=reply_to)
        event = await self._here.wire.send(room, "m.room.message", content, once=once)
        question = Question(
            event=event, kind=asked.kind, group=asked.group, choices=asked.choices, at=asked.at
        )
        await self._here.store.write(lambda c: notes.put(c, Question, room, question, at=asked.at))
        self._open[room] = question
        await self._offer(room, question)
        return event

    async def forget(self, room: str) -> None:
        """Close the question of a room: it was answered, or nobody is left to answer."""
        if self._open.pop(room, None) is not None:
            await self._here.store.write(lambda c: notes.forget(c, Question, room))

    async def _offer(self, room: str, question: Question) -> None:
        numbers = range(1, 1 + len(question.choices[:9]))
        for key in ["✅"] if question.kind == START else map(speech.keycap, numbers):
            once = messages.once_in(question.event, key)
            content = messages.reaction(question.event, key)
            try:
                await self._here.wire.send(room, "m.reaction", content, once=once)
            except RefusedError:
                return  # the room does not let us react; replying works as well
