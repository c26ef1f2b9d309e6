"""A request to the bot and its answer, and what the functions that answer have at hand."""

from typing import Any

from msgspec import Struct

from folkmoot.gateways.matrix.bot import messages
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.console.console import Console
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.questions import Questions
from folkmoot.gateways.matrix.bot.rulebook import Rulebook
from folkmoot.gateways.matrix.bot.setup import Setup
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.whose import Whose
from folkmoot.gateways.matrix.bot.wire import Event, RefusedError
from folkmoot.gateways.matrix.watchdog import Watchdog
from folkmoot.observe import logger
from folkmoot.remember import rooms
from folkmoot.remember.records import Group

_log = logger("bot")


class Ask(Struct, frozen=True, kw_only=True):
    """Somebody asks something of the bot."""

    person: str
    room: str
    direct: bool
    """Whether it was asked in the chat between the person and us."""
    event: str
    """The id of the message that asks; an answer to it is given once."""
    words: tuple[str, ...] = ()
    replied: Event | None = None
    """The message of ours that it replies to."""
    said: Event | None = None
    """The whole message that asks."""
    group: Group | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What the bot says."""

    text: str
    privately: bool = False
    """For the asker's eyes only: said in the chat between us, wherever it was asked."""
    verdicts: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """The decisions and appeals that it tells about, so that a reply to it is about them."""
    kind: str = ""
    """Of the question that the text asks; empty where it asks none."""
    choices: tuple[str, ...] = ()


class Desk(Struct, frozen=True, kw_only=True):
    """What it takes to answer."""

    here: Surroundings
    directs: Directs
    rulebook: Rulebook
    whose: Whose
    watchdog: Watchdog
    setup: Setup
    console: Console
    questions: Questions
    objections: Budget

    async def announce(self, ask: Ask, group: Group, text: str) -> None:
        """Tell the group's other rooms what was decided in one of them, or in a direct chat."""
        for room in await self.here.store.read(lambda c: rooms.of_group(c, group.id)):
            if room.id != ask.room:
                await self._say(room.id, messages.notice(text), messages.once_in(ask.event, room.id))

    async def _say(self, room: str, content: dict[str, Any], once: str) -> None:
        try:
            await self.here.wire.send(room, "m.room.message", content, once=once)
        except RefusedError as refused:
            _log.warning("a room could not be told", room=room, code=refused.code)


def group_of(ask: Ask) -> Group:
    """Return the group that is asked about; commands that need one are not called without."""
    if ask.group is None:
        raise AssertionError("this command needs a group")
    return ask.group
