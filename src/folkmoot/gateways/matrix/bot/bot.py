"""The bot as a whole: it listens, watches and carries letters, and goes on whatever the homeserver does."""

import asyncio
import random
from collections.abc import Awaitable

from folkmoot.gateways.matrix.bot import faults, notes
from folkmoot.gateways.matrix.bot.asking import Desk
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.console.console import Console
from folkmoot.gateways.matrix.bot.conversation import Conversation
from folkmoot.gateways.matrix.bot.courier import Courier
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.hands import MatrixHands
from folkmoot.gateways.matrix.bot.joins import Joins
from folkmoot.gateways.matrix.bot.members import appealing
from folkmoot.gateways.matrix.bot.members.homeserver_reports import HomeserverReports, ReportList
from folkmoot.gateways.matrix.bot.members.reporting import Reporting
from folkmoot.gateways.matrix.bot.notes import Position
from folkmoot.gateways.matrix.bot.questions import Questions
from folkmoot.gateways.matrix.bot.reachable import Reach, Reachable
from folkmoot.gateways.matrix.bot.reading import Reading
from folkmoot.gateways.matrix.bot.rulebook import Rulebook
from folkmoot.gateways.matrix.bot.setup import Setup
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.whose import Whose
from folkmoot.gateways.matrix.bot.wire import Event, Gap, News, OutOfReachError, RefusedError
from folkmoot.gateways.matrix.watchdog import Watchdog
from folkmoot.observe import logger

_WAIT = 25.0
_LONGEST_PAUSE = 60.0
_LONGEST_ANSWER = 150.0
_MOST_TRIES = 5
"""How often news is taken up again because the homeserver went away while it was being answered."""
_PROTECTION = frozenset(
    {"m.room.policy", "m.room.power_levels", "m.room.encryption", "m.room.tombstone", "m.room.name"}
)
_log = logger("bot")


class BotAccountError(Exception):
    """The homeserver does not accept the bot's token, or it belongs to another account."""


class Bot:
    """An account that people invite, ask and are told things by."""

    def __init__(
        self,
        here: Surroundings,
        reach: Reach,
        *,
        watch_every: float = 30.0,
        tell_every: float = 0.5,
        window: float = 30.0,
        pause: float = 3.0,
        listed: ReportList | None = None,
        list_every: float = 20.0,
    ) -> None:
        """Put the parts together; `window` is the least time between two letters to one person."""
        self._here = here
        self._reach = reach
        self.hands = MatrixHands(here)
        """Does in rooms what was decided."""
        self._directs = Directs(here)
        self._questions = Questions(here)
        rulebook, whose = Rulebook(here), Whose(here)
        self.watchdog = Watchdog(here, Reachable(reach, pause=pause), every=watch_every)
        self._setup = Setup(here, self._directs, self._questions, whose, self.watchdog)
        self.courier = Courier(here, self._directs, Reading(here, rulebook), window=window, every=tell_every)
        self._console = Console(here, self._directs, whose, rulebook, every=tell_every)
        desk = self._desk = self._desk_with(rulebook, whose)
        self._conversation = Conversation(desk)
        self._reporting = Reporting(desk)
        self._told = HomeserverReports(desk, listed, every=list_every) if listed is not None else None
        self._joins = Joins(here)
        self._position: str | None = None
        self._tries = 0
        self._running: list[asyncio.Task[None]] = []

    def _desk_with(self, rulebook: Rulebook, whose: Whose) -> Desk:
        return Desk(
            here=self._here,
            directs=self._directs,
            rulebook=rulebook,
            whose=whose,
            watchdog=self.watchdog,
            setup=self._setup,
            console=self._console,
            questions=self._questions,
            objections=Budget(self._here.clock, most=12, within=3600),
        )

    async def start(self) -> None:
        """Read what we remember and greet the homeserver; BotAccountError if it doesn't know us."""
        found = await self._here.store.read(lambda c: notes.get(c, Position, ""))
        self._position = found.token if found else None
        await self._directs.load()
        await self._questions.load()
        try:
            account = await self._here.wire.whoami()
            self._conversation.name = await self._here.wire.display_name()
        except OutOfReachError:
            _log.warning("the homeserver does not answer yet; trying on")
            return
        except RefusedError as refused:
            raise BotAccountError(
                f"The homeserver refuses the bot's token ({refused.code}): make a new one, write it into the "
                "file that bot.token_file names, and start again."
            ) from refused
        if account != self._here.account:
            raise BotAccountError(
                f"bot.account is {self._here.account}, but the token belongs to {account}: correct one."
            )

    async def run(self) -> None:
        """Listen, watch and deliver until `close`, through every outage of the homeserver."""
        work = [self._listen(), self.watchdog.run(), self.courier.run(), self._console.run()]
        work += [self._told.run()] if self._told is not None else []
        self._running = [asyncio.create_task(one) for one in work]
        try:
            await asyncio.gather(*self._running)
        except asyncio.CancelledError:
            if (current := asyncio.current_task()) is not None and current.cancelling():
                raise
        finally:
            await self._stop()

    async def close(self) -> None:
        """Stop, and let go of the connections; what was not finished is taken up at the next start."""
        await self._stop()
        if self._told is not None:
            await self._told.close()
        await self._here.wire.close()
        await self._reach.close()

    async def _stop(self) -> None:
        running, self._running = self._running, []
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _listen(self) -> None:
        pause = 1.0
        going_on = False
        while True:
            try:
                if not going_on:
                    await self._guarded(self._setup.look_everywhere())
                    going_on = True
                await self._once()
                pause = 1.0
            except (OutOfReachError, RefusedError) as trouble:
                _log.warning("no news from the homeserver", trouble=str(trouble), again_in=round(pause))
                self._doubt_position(trouble)
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))
                pause = min(pause * 2, _LONGEST_PAUSE)
            except Exception as trouble:
                faults.note("listening failed; going on", trouble)
                await asyncio.sleep(_LONGEST_PAUSE / 6)

    async def _once(self) -> None:
        """Read news, act on it, and only then remember that it was read."""
        news = await self._here.wire.news(self._position, wait=_WAIT if self._position else 0.0)
        if not self._conversation.name:
            self._conversation.name = await self._here.wire.display_name()
        await self._take(news, first=self._position is None)
        now = self._here.clock()
        await self._here.store.write(lambda c: notes.put(c, Position, "", Position(news.position), at=now))
        self._position, self._tries = news.position, 0

    async def _take(self, news: News, *, first: bool) -> None:
        """Act on news; at the very first start, what was said before it is not for us."""
        for room in news.left:
            await self._guarded(self._left(room))
        for invitation in news.invitations:
            await self._guarded(self._setup.invited(invitation))
        if first:
            return
        for gap in news.gaps:
            self.watchdog.soon(gap.room)
            await self._guarded(self._setup.look(gap.room))
            await self._guarded(self._missed(gap))
        for event in news.events:
            await self._guarded(self._happened(event))

    async def _missed(self, gap: Gap) -> None:
        """Act on what was left out of the news: somebody may have reported something, or decided a case."""
        ours = self._directs.companion(gap.room) or gap.room in await self._console.halls()
        if self._position and gap.before and (ours or await self._desk.whose.group_of(gap.room)):
            for event in await self._here.wire.missed(gap, self._position):
                await self._guarded(self._happened(event))

    async def _happened(self, event: Event) -> None:
        here = self._here
        if event.kind in _PROTECTION or (
            event.kind == "m.room.member" and event.state_key in (here.policy.user_id, here.account)
        ):
            self.watchdog.soon(event.room)
        await self._joins.saw(event)
        if event.kind == "m.room.power_levels":
            await self._setup.look(event.room)
        if event.sender in (here.account, here.policy.user_id) or event.state_key is not None:
            return
        if event.kind == "m.room.message":
            if not await self._reporting.heard(event):
                await self._conversation.heard(event)
        elif event.kind == "m.reaction":
            if not await self._reporting.reacted(event) and not await appealing.tapped(self._desk, event):
                await self._conversation.reacted(event)
        elif event.kind == "m.room.encrypted":
            await self._conversation.unreadable(event)

    async def _left(self, room: str) -> None:
        await self._directs.forget(room)
        await self._setup.left(room)
        self.watchdog.soon(room)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do one thing; no trouble with it stops the others, and an outage makes us come back to it."""
        try:
            async with asyncio.timeout(_LONGEST_ANSWER):
                await work
        except OutOfReachError:
            self._tries += 1
            if self._tries <= _MOST_TRIES:
                raise
            _log.error("given up answering: the homeserver does not let us")
        except RefusedError as refused:
            _log.warning("the homeserver refused", code=refused.code, status=refused.status)
        except Exception as trouble:
            faults.note("an event could not be answered", trouble)

    def _doubt_position(self, trouble: Exception) -> None:
        """Begin afresh where the homeserver does not know our position any more (it was set up anew)."""
        if isinstance(trouble, RefusedError) and trouble.status == 400 and self._position is not None:
            _log.warning("the homeserver does not know how far we had read; beginning afresh")
            self._position = None
