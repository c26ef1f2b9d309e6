"""Carries letters for administrators out of the outbox: each is told once, whatever happens in between.

A letter is first turned into one for each place, in one transaction. What is to be shown in a place is then
read afresh and shown, and only after that the letter is noted as done.
"""

import asyncio
from collections import OrderedDict, deque

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import faults
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console import placing
from folkmoot.gateways.matrix.bot.console.board import Board
from folkmoot.gateways.matrix.bot.console.placing import LETTER, Place
from folkmoot.gateways.matrix.bot.console.showing import Showing
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.observe import logger
from folkmoot.remember import outbox
from folkmoot.remember.records import Letter
from folkmoot.review.queue import OPERATOR_READ

SHARED = (
    "case",
    "case-grew",
    "case-changed",
    "second",
    "action-failed",
    "breaker",
    "rule-gone",
    OPERATOR_READ,
)
"""Kinds for all administrators of the group."""
PERSONAL = ("appeal", "appeal-words", "reminder")
"""Kinds that name one person; of these only those who are administrators are ours."""
_MOST_AT_ONCE = 8
_MOST_KEYS = 5_000
_LATER = 5.0
_MOST_NEW = 10
"""So many new messages a minute are shown in one place; the rest waits its turn."""
_MINUTE = 60.0

Key = tuple[str, str, str]
"""What, about what, and where: a thing is shown in a place by one task at a time."""

_log = logger("console")


class Carrier:
    """Shows administrators what waits for them, and keeps what they see true."""

    def __init__(
        self,
        here: Surroundings,
        directs: Directs,
        board: Board,
        showing: Showing,
        *,
        every: float,
        gap: float,
    ) -> None:
        """Look every `every` seconds; edit one message once in `gap` seconds at most."""
        self._here = here
        self._directs = directs
        self._board = board
        self._showing = showing
        self._every = every
        self._gap = gap
        self._news = asyncio.Event()
        self._busy: dict[Key, asyncio.Task[None]] = {}
        self._last: OrderedDict[Key, float] = OrderedDict()
        self._new: dict[str, deque[float]] = {}

    def wake(self) -> None:
        """Look at once: something was decided."""
        self._news.set()

    async def run(self) -> None:
        """Carry until cancelled."""
        try:
            while True:
                self._news.clear()
                try:
                    await self.deliver()
                except Exception as trouble:
                    faults.note("letters to administrators can't be delivered", trouble)
                try:
                    async with asyncio.timeout(self._every):
                        await self._news.wait()
                except TimeoutError:
                    continue
        finally:
            await self._stop()

    async def deliver(self) -> None:
        """Begin to show everything that is due now."""
        now, store = self._here.clock(), self._here.store
        shared = await store.read(lambda c: outbox.due(c, now=now, kinds=SHARED, most=200))
        if shared:
            await store.write(lambda c: placing.address_all(c, shared, at=now))
        personal = await store.read(lambda c: self._showing.ours(c, now, PERSONAL))
        if personal:
            await store.write(lambda c: self._showing.address_all(c, personal, at=now))
        due = await store.read(lambda c: outbox.due(c, now=now, kinds=(LETTER,), most=500))
        by_key: dict[Key, list[Letter]] = {}
        for letter in due:
            by_key.setdefault(_key(letter), []).append(letter)
        for key, letters in by_key.items():
            await self._begin(key, letters, now)

    async def settled(self) -> None:
        """Wait until nothing is being shown any more."""
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _begin(self, key: Key, letters: list[Letter], now: float) -> None:
        if key in self._busy or len(self._busy) >= _MOST_AT_ONCE:
            return
        wait = self._wait(key, now)
        if wait > 0:
            numbers = [one.id for one in letters]
            await self._here.store.write(lambda c: outbox.postpone(c, numbers, until=now + wait))
            return
        self._last[key] = now
        self._last.move_to_end(key)
        while len(self._last) > _MOST_KEYS:
            self._last.popitem(last=False)
        task = asyncio.create_task(self._carry(letters), name=f"console {key}")
        self._busy[key] = task
        task.add_done_callback(lambda _: self._busy.pop(key, None))

    def _wait(self, key: Key, now: float) -> float:
        """How long this has to wait, so that nobody is flooded; a clock set back holds nothing up."""
        known = self._last.get(key)
        if known is not None:
            return min(self._gap, known + self._gap - now)
        if key[0] != kept.CASE:
            return 0.0
        shown = self._new.setdefault(key[2], deque(maxlen=_MOST_NEW))
        if len(shown) == _MOST_NEW and 0 <= now - shown[0] < _MINUTE:
            return _MINUTE - (now - shown[0])
        shown.append(now)
        return 0.0

    async def _carry(self, letters: list[Letter]) -> None:
        numbers, first = [one.id for one in letters], letters[-1]
        try:
            await self._show(first)
        except RefusedError as refused:
            await self._refused(letters, refused)
        except OutOfReachError as trouble:
            await self._not_now(numbers, trouble)
        except Exception as trouble:
            faults.note("a letter to administrators failed", trouble)
            name = type(trouble).__name__
            await self._here.store.write(lambda c: _failed(c, numbers, name, self._here.clock()))
        else:
            await self._here.store.write(lambda c: _done(c, numbers, self._here.clock()))

    async def _show(self, letter: Letter) -> None:
        notice = await self._showing.read(letter)
        if notice is None:
            return
        room = letter.body.get("room", "")
        if not room:
            room = await self._directs.room_with(letter.body.get("to", ""))
        await self._board.show(room, notice)

    async def _refused(self, letters: list[Letter], refused: RefusedError) -> None:
        """Tell each administrator where their room does not let us speak; else try again later and later."""
        now = self._here.clock()
        room = letters[-1].body.get("room", "")
        _log.warning("administrators can't be told there", code=refused.code, room=bool(room))

        def write(connection: Connection) -> None:
            for letter in letters:
                if room and room == placing.hall(connection, letter.group) and refused.status in (403, 404):
                    about = self._showing.about(connection, letter)
                    for place in placing.places(connection, letter.group, without=about, directly=True):
                        body = {name: text for name, text in letter.body.items() if name != "room"}
                        placing.send(connection, letter.group, place, body, at=now)
                    outbox.done(connection, letter.id, at=now)
                else:
                    outbox.failed(connection, letter.id, str(refused), at=now)

        await self._here.store.write(write)

    async def _not_now(self, numbers: list[int], trouble: OutOfReachError) -> None:
        now = self._here.clock()
        if trouble.waited:
            await self._here.store.write(lambda c: _failed(c, numbers, str(trouble), now))
        else:
            await self._here.store.write(lambda c: outbox.postpone(c, numbers, until=now + _LATER))

    async def _stop(self) -> None:
        tasks = [*self._busy.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _key(letter: Letter) -> Key:
    place: Place = Place(room=letter.body.get("room", ""), person=letter.body.get("to", ""))
    return letter.body.get("what", ""), letter.body.get("subject", ""), place.room or place.person


def _done(connection: Connection, numbers: list[int], now: float) -> None:
    for number in numbers:
        outbox.done(connection, number, at=now)


def _failed(connection: Connection, numbers: list[int], trouble: str, now: float) -> None:
    for number in numbers:
        outbox.failed(connection, number, trouble, at=now)
