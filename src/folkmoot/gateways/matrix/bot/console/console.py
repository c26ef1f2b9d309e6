"""The console as the rest of the bot knows it: what it shows, who taps, and what is then done."""

import asyncio
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from folkmoot.gateways.matrix.bot import faults, notes
from folkmoot.gateways.matrix.bot.console import deeds, erasing
from folkmoot.gateways.matrix.bot.console.board import Board
from folkmoot.gateways.matrix.bot.console.carrier import Carrier
from folkmoot.gateways.matrix.bot.console.deeds import Did
from folkmoot.gateways.matrix.bot.console.notes import Card, Shown
from folkmoot.gateways.matrix.bot.console.orders import Order
from folkmoot.gateways.matrix.bot.console.showing import Showing
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.rulebook import Rulebook
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.whose import Whose
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.observe import logger
from folkmoot.remember import appeals, choices, groups
from folkmoot.remember.records import Group
from folkmoot.review.permissions import Actor, Part

_FRESH = 5.0
_log = logger("console")
_KEPT = 7 * 86_400.0
_LONGEST = 3 * 366 * 86_400.0
"""Longer than any words are kept, so that what shows them is known until they are erased."""
_SWEEP = 3600.0


class Done(Struct, frozen=True):
    """What came of a message or a tap, kept so that it has no second effect when it is heard again."""

    text: str
    case: str = ""
    fine: bool = True


class Console:
    """What administrators see and decide in their chat."""

    def __init__(
        self,
        here: Surroundings,
        directs: Directs,
        whose: Whose,
        rulebook: Rulebook,
        *,
        every: float = 0.5,
        gap: float = 1.0,
    ) -> None:
        """Look for letters every `every` seconds; edit one message once in `gap` seconds at most."""
        self.here = here
        self.directs = directs
        self.whose = whose
        self.board = Board(here)
        self.showing = Showing(here, rulebook)
        self.carrier = Carrier(here, directs, self.board, self.showing, every=every, gap=gap)
        self._halls: dict[str, str] = {}
        self._looked_at = -_FRESH

    async def halls(self) -> dict[str, str]:
        """Return the administrators' rooms, each with its group; known anew every few seconds."""
        now = self.here.clock()
        if not 0 <= now - self._looked_at < _FRESH:
            self._halls = await self.here.store.read(choices.administrators_rooms)
            self._looked_at = now
        return self._halls

    def look_again(self) -> None:
        """Forget which administrators' rooms there are: that was changed."""
        self._looked_at = -_FRESH

    async def group_of_hall(self, room: str) -> Group | None:
        """Return the group whose administrators' room this is."""
        group = (await self.halls()).get(room)
        return None if group is None else await self.here.store.read(lambda c: groups.get(c, group))

    async def actor(self, person: str, group: str) -> Actor | None:
        """Return who somebody is to a group now: an administrator of it, or of a partner group, or nobody."""
        if await self.whose.administers(group, person):
            return Actor(person=person, part=Part.ADMINISTRATOR, group=group)
        for partner in await self.here.store.read(lambda c: appeals.partners_of(c, group)):
            if await self.whose.administers(partner, person):
                return Actor(person=person, part=Part.PARTNER, group=group)
        return None

    async def carry(self, order: Order, by: Actor, *, event: str) -> Done:
        """Do what somebody wants, once for each event by which they want it, and say what came of it."""
        now, seals = self.here.clock(), self.here.store.seals

        def write(connection: Connection) -> Done:
            before = notes.get(connection, Done, event)
            if before is not None:
                return before
            did: Did = deeds.do(connection, seals, order, by=by, at=now)
            done = Done(did.text, did.case)
            notes.put(connection, Done, event, done, at=now)
            return done

        try:
            done = await self.here.store.write(write)
        except (*deeds.ERRORS, deeds.GrownError) as trouble:
            return Done(deeds.words(trouble), fine=False)
        except IntegrityError:
            return Done("Somebody else did the same in the same moment. Look again.", fine=False)
        await self.here.changed()
        self.carrier.wake()
        return done

    async def run(self) -> None:
        """Carry letters and erase what is over, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.carrier.run())
            tasks.create_task(self._sweep_for_ever())

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self.sweep()
            except (OutOfReachError, RefusedError) as trouble:
                _log.warning("what is over can't be erased in the chat yet", trouble=str(trouble))
            except Exception as trouble:
                faults.note("what is over could not be erased in the chat", trouble)
            await asyncio.sleep(_SWEEP)

    async def sweep(self) -> None:
        """Take out of the chat what is erased, and forget what came of messages of long ago."""
        await erasing.erase(self.here, self.board)
        now = self.here.clock()

        def drop(connection: Any) -> None:
            notes.forget_before(connection, Done, now - _KEPT)
            for kind in (Card, Shown):
                notes.forget_before(connection, kind, now - _LONGEST)

        await self.here.store.write(drop)
