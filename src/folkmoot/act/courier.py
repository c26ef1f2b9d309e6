"""Carries actions out after the commit that asked for them: in order, each once, again until it is done.

Three notes frame every action. *Begun* is written before its hands touch anything, together with what was
there before; *done* or *failed* is written after. Killed in between, it is done again, by hands for which a
second time has no further effect.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from folkmoot.act import outcomes
from folkmoot.act.errand import Errand, carry
from folkmoot.act.platform import CantError, Handless, LaterError, Platform, Practice, Receipt
from folkmoot.observe import ACTIONS, ACTIONS_WAITING, logger
from folkmoot.remember import errands
from folkmoot.remember.records import Letter
from folkmoot.remember.store import Store

_MOST_AT_ONCE = 8
_MOST_LETTERS = 50
_log = logger("courier")


class Courier:
    """Does what decisions ask for; one group's actions one after the other, several groups at a time."""

    def __init__(
        self,
        store: Store,
        platform: Platform | None,
        *,
        clock: Callable[[], float],
        every: float = 0.5,
    ) -> None:
        """Use these hands (None: there are none), and look every `every` seconds at the latest."""
        self._store = store
        self._hands: Platform = platform or Handless()
        self._practice: Platform = Practice()
        self._clock = clock
        self._every = every
        self._news = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look at once: something was decided."""
        self._news.set()

    async def run(self) -> None:
        """Carry until cancelled."""
        ACTIONS_WAITING.set(await self._store.read(errands.waiting))
        try:
            while True:
                self._news.clear()
                try:
                    await self.look()
                except Exception as trouble:
                    _log.error("actions can't be read; trying again", trouble=type(trouble).__name__)
                try:
                    async with asyncio.timeout(self._every):
                        await self._news.wait()
                except TimeoutError:
                    continue
        finally:
            await self._stop()

    async def look(self) -> None:
        """Begin to carry everything that is due now."""
        now = self._clock()
        for group in await self._store.read(lambda c: errands.groups_due(c, now=now)):
            if group not in self._busy and len(self._busy) < _MOST_AT_ONCE:
                task = asyncio.create_task(self._work(group, now), name=f"actions of {group}")
                self._busy[group] = task
                task.add_done_callback(partial(self._free, group))

    async def settled(self) -> None:
        """Carry everything that is due now, and wait until that is done."""
        await self.look()
        while self._busy:
            await asyncio.gather(*self._busy.values())

    def _free(self, group: str, _: asyncio.Task[None]) -> None:
        self._busy.pop(group, None)

    async def _work(self, group: str, now: float) -> None:
        try:
            while found := await self._store.read(
                lambda c: errands.letters_due(c, group, now=now, most=_MOST_LETTERS)
            ):
                for letter in found:
                    await self._one(letter)
            ACTIONS_WAITING.set(await self._store.read(errands.waiting))
        except Exception as trouble:
            _log.error("actions of a group can't be carried", trouble=type(trouble).__name__)

    async def _one(self, letter: Letter) -> None:
        errand = await self._store.write(lambda c: outcomes.begin(c, letter, at=self._clock()))
        if errand is None:
            return
        try:
            receipt = await self._carry(errand)
        except CantError as cant:
            said = str(cant)
            await self._store.write(lambda c: outcomes.cant(c, letter, errand, said, at=self._clock()))
            ACTIONS.count("failed")
        except LaterError as trouble:
            _log.warning("an action has to wait", kind=errand.kind.value, trouble=str(trouble)[:200])
            again = trouble
            await self._store.write(lambda c: outcomes.later(c, letter, errand, again, at=self._clock()))
        except outcomes.DroppedError:
            return  # its letter is still there, and now says to take back what was begun
        except Exception as trouble:
            # A fault of ours in one action must not hold up the others; the last attempt tells people.
            _log.error("an action failed", kind=errand.kind.value, trouble=type(trouble).__name__)
            fault = LaterError(f"a fault of Folkmoot's own ({type(trouble).__name__})")
            await self._store.write(lambda c: outcomes.later(c, letter, errand, fault, at=self._clock()))
        else:
            await self._store.write(lambda c: outcomes.done(c, letter, errand, receipt, at=self._clock()))
            ACTIONS.count("done")

    async def _carry(self, errand: Errand) -> Receipt:
        platform = self._practice if errand.practice else self._hands

        async def keep(receipt: Receipt) -> None:
            await self._store.write(lambda c: outcomes.keep(c, errand, receipt))

        return await carry(platform, errand, keep)

    async def _stop(self) -> None:
        tasks = [*self._busy.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
