"""The clock that ends sanctions: never early, each once, also when we were away at their end."""

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import Connection

from folkmoot.act.errand import BEGUN
from folkmoot.observe import logger
from folkmoot.remember import actions, errands, outbox, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Action, ActionState, Sanction
from folkmoot.remember.store import Store

LETTER = "sanction-ended"
"""The kind of letter that tells the member; its body is {"sanction", "person", "group"}."""
BY = "folkmoot"
LEAP = 120.0
"""How many seconds the clock on the wall may run ahead of a steady one before it is doubted."""
DOUBT = 600.0
"""For how long a clock that leapt ahead has to stay there before it is believed."""
_LONGEST_SLEEP = 30.0
_MOST_AT_ONCE = 100
_log = logger("clock")


def steady() -> float:
    """Return seconds that no setting of the clock changes, and that go on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """Ends what is over, and sleeps until the next end."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], float],
        ended: Callable[[], None],
        steady: Callable[[], float] = steady,
    ) -> None:
        """Call `ended` after each commit that ended something, so that it is carried out at once."""
        self._store = store
        self._now = now
        self._steady = steady
        self._ended = ended
        self._news = asyncio.Event()
        self._trusted = now() - steady()
        """By how much the clock on the wall is ahead of the steady one, as far as we believe it."""
        self._doubted_since: float | None = None

    def wake(self) -> None:
        """Look for the next end again: a sanction has begun."""
        self._news.set()

    async def run(self) -> None:
        """End sanctions until cancelled."""
        while True:
            self._news.clear()
            try:
                await self.end_what_is_over()
                pause = await self._until_next()
            except Exception as trouble:
                _log.error("sanctions can't be ended; trying again", trouble=type(trouble).__name__)
                pause = _LONGEST_SLEEP
            try:
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def end_what_is_over(self) -> int:
        """End every sanction whose time is over, and return how many there were."""
        count = 0
        now = self.believed()
        end = await self._store.read(errands.next_end)
        if end is None or end > now:
            return 0
        while found := await self._store.write(lambda c: _end_some(c, now)):
            count += found
            self._ended()
        return count

    def believed(self) -> float:
        """Return the time on the wall; after it leapt ahead, what it would be without that, for a while.

        Sanctions must not end early because a clock was set wrongly. A clock that was set back is believed at
        once: that ends nothing early.
        """
        wall, steady = self._now(), self._steady()
        ahead = wall - steady - self._trusted
        if ahead <= LEAP:
            self._trusted, self._doubted_since = wall - steady, None
            return wall
        if self._doubted_since is None:
            self._doubted_since = steady
            _log.warning(
                "the clock leapt ahead; sanctions wait until it has stayed there", seconds=round(ahead)
            )
        if steady - self._doubted_since >= DOUBT:
            self._trusted, self._doubted_since = wall - steady, None
            return wall
        return steady + self._trusted

    async def _until_next(self) -> float:
        # The clock on the wall may be set while we sleep, so no sleep is long; it costs one look at an index.
        end = await self._store.read(errands.next_end)
        if end is None:
            return _LONGEST_SLEEP
        return min(max(end - self.believed(), 0.01), _LONGEST_SLEEP)


def _end_some(connection: Connection, now: float) -> int:
    found = sanctions.over(connection, now=now, most=_MOST_AT_ONCE)
    for sanction in found:
        end(connection, sanction, at=now)
    return len(found)


def end(connection: Connection, sanction: Sanction, *, at: float) -> None:
    """End a sanction whose time is over: with its log entry, its inverse action, and the member's letter."""
    if not sanctions.end(connection, sanction, by=BY, at=at):
        return
    action = actions.get(connection, sanction.action)
    if action is not None:
        _take_back(connection, action, at)
    body = {"sanction": sanction.id, "person": sanction.person, "group": sanction.group}
    outbox.put(connection, sanction.group, LETTER, body, at=at)


def _take_back(connection: Connection, action: Action, at: float) -> None:
    waiting = action.state in (ActionState.WANTED, ActionState.HELD)
    if waiting and BEGUN not in action.receipt:
        actions.drop(connection, action.id)
        return
    inverse = action.kind.inverse
    happened = waiting or action.state is ActionState.DONE
    if inverse is None or not happened or errands.inverse(connection, action.id) is not None:
        return
    actions.want(connection, action.group, action.decision, [Wanted.back(action, inverse)], at=at)
