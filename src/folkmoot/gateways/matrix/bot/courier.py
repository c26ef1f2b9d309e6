"""Carries letters from the outbox to people: at least once, and never twice.

A letter is first addressed (one for each administrator), then put into a plan with the other letters of the
same person, then sent under the plan's name, then noted as done. The plan is written down before it is sent,
and the homeserver knows a name that it has seen, so that a crash at any point changes nothing for the reader.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import faults, messages, notes
from folkmoot.gateways.matrix.bot import letters as texts
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.members.post import KINDS as ALONE
from folkmoot.gateways.matrix.bot.members.post import Post
from folkmoot.gateways.matrix.bot.notes import Plan
from folkmoot.gateways.matrix.bot.reading import Reading
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.observe import OUTBOX_GIVEN_UP, logger
from folkmoot.remember import outbox, rooms
from folkmoot.remember.records import Letter

SHARED = ("protection",)
"""Kinds that go to every administrator of the group."""
ADDRESSED = ("reason", "protection.to")
WELCOME = "welcome"
"""Said once in the room itself."""
_MOST_AT_ONCE = 8
_MOST_IN_PLAN = 200
_MOST_REMEMBERED = 10_000
_LATER = 5.0

_log = logger("courier")


class Courier:
    """Delivers what is due; one message for each person and window, the rest put together."""

    def __init__(
        self, here: Surroundings, directs: Directs, reading: Reading, *, window: float, every: float
    ) -> None:
        """Look every `every` seconds; tell one person something once in `window` seconds at most."""
        self._here = here
        self.window = window
        self._directs = directs
        self._reading = reading
        self._post = Post(here, directs)
        self._every = every
        self._told: OrderedDict[str, float] = OrderedDict()
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        await self.resume()
        try:
            while True:
                try:
                    await self.deliver()
                except Exception as trouble:
                    faults.note("letters can't be delivered", trouble)
                await asyncio.sleep(self._every)
        finally:
            await self._stop()

    async def resume(self) -> None:
        """Take up the plans that were being sent when we stopped, exactly as they were."""
        for person, plan in (await self._here.store.read(lambda c: notes.every(c, Plan))).items():
            self._begin(person, plan)

    async def deliver(self) -> None:
        """Begin to deliver everything that is due now."""
        now = self._here.clock()
        kinds = (*SHARED, *ADDRESSED, *ALONE, WELCOME)
        due = await self._here.store.read(lambda c: outbox.due(c, now=now, kinds=kinds, most=500))
        shared = [letter for letter in due if letter.kind in SHARED]
        if shared:
            await self._here.store.write(lambda c: _address(c, shared, now))
        for letter in due:
            if letter.kind == WELCOME and letter.body.get("room", "") not in self._busy:
                self._spawn(letter.body.get("room", ""), self._welcome(letter))
        by_person: dict[str, list[Letter]] = {}
        for letter in due:
            if letter.kind in ADDRESSED:
                by_person.setdefault(_reader(letter), []).append(letter)
        for person, letter in await self._post.addressed(due):
            by_person.setdefault(person, []).append(letter)
        for person, theirs in by_person.items():
            await self._plan(person, theirs, now)
        given_up = await self._here.store.read(outbox.given_up)
        OUTBOX_GIVEN_UP.set(len(given_up))

    async def settled(self) -> None:
        """Wait until nothing is being sent any more."""
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _plan(self, person: str, theirs: list[Letter], now: float) -> None:
        """Send a person's letters together, or put them off until their window is over."""
        if person in self._busy or len(self._busy) >= _MOST_AT_ONCE:
            return
        told = self._told.get(person, -self.window)
        if told > now:
            told = self._told[person] = now  # the clock was set back: nobody waits longer for that
        free_at = told + self.window
        numbers = tuple(letter.id for letter in theirs[:_MOST_IN_PLAN])
        alone = [letter.id for letter in theirs if letter.kind in ALONE][:1]
        if alone:
            # What somebody may want to reply to has a message of its own, and waits for no window.
            numbers, free_at = tuple(alone), now
        begun = await self._here.store.read(lambda c: notes.get(c, Plan, person))
        if begun is not None:
            # Whether its message arrived is not known: the same name must carry the same letters.
            self._begin(person, begun)
            return
        if free_at > now:
            await self._here.store.write(lambda c: outbox.postpone(c, numbers, until=free_at))
            return
        plan = Plan(once=f"letter-{numbers[0]}", letters=numbers)
        await self._here.store.write(lambda c: notes.put(c, Plan, person, plan, at=now))
        self._begin(person, plan)

    def _begin(self, person: str, plan: Plan) -> None:
        self._told[person] = self._here.clock()
        self._told.move_to_end(person)
        while len(self._told) > _MOST_REMEMBERED:
            self._told.popitem(last=False)
        self._spawn(person, self._send(person, plan))

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"courier {name}")
        self._busy[name] = task
        task.add_done_callback(lambda _: self._busy.pop(name, None))

    async def _send(self, person: str, plan: Plan) -> None:
        try:
            await self._tell(person, plan)
        except (OutOfReachError, RefusedError) as trouble:
            await self._not_now(person, plan.letters, trouble)
        except Exception as trouble:
            # A letter that can't be written must not hold up the others of that person for ever.
            name = type(trouble).__name__
            faults.note("a letter failed", trouble)
            await self._here.store.write(lambda c: _failed(c, person, plan, name, self._here.clock()))

    async def _tell(self, person: str, plan: Plan) -> None:
        found = await self._here.store.read(lambda c: outbox.find(c, plan.letters))
        if found and found[0].kind in ALONE:
            if is_matrix(person):
                await self._post.tell(person, found[0], once=plan.once)
            await self._here.store.write(lambda c: _done(c, person, plan.letters, self._here.clock()))
            return
        writings = [one for one in [await self._reading.read(letter) for letter in found] if one is not None]
        if writings and is_matrix(person):
            content = messages.letter(texts.compose(writings), verdicts=texts.verdicts(writings))
            await self._directs.tell(person, content, once=plan.once)
        await self._here.store.write(lambda c: _done(c, person, plan.letters, self._here.clock()))

    async def _welcome(self, letter: Letter) -> None:
        room = letter.body.get("room", "")
        try:
            text = await self._reading.welcome(letter)
            if text:
                once = f"letter-{letter.id}"
                await self._here.wire.send(room, "m.room.message", messages.notice(text), once=once)
            await self._here.store.write(lambda c: outbox.done(c, letter.id, at=self._here.clock()))
        except (OutOfReachError, RefusedError) as trouble:
            await self._not_now("", (letter.id,), trouble)

    async def _not_now(
        self, person: str, numbers: tuple[int, ...], trouble: OutOfReachError | RefusedError
    ) -> None:
        """Try again: soon if the homeserver was away, later and later if it was there and it failed."""
        now = self._here.clock()
        away = isinstance(trouble, OutOfReachError) and not trouble.waited
        _log.warning("a letter has to wait", trouble=str(trouble), letters=len(numbers))

        def write(connection: Connection) -> None:
            # The plan stays: whether the message arrived is not known, so it keeps its name and its letters.
            for number in numbers:
                if away:
                    outbox.postpone(connection, (number,), until=now + _LATER)
                else:
                    outbox.failed(connection, number, str(trouble), at=now)

        await self._here.store.write(write)

    async def _stop(self) -> None:
        tasks = [*self._busy.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def is_matrix(person: str) -> bool:
    """Say whether a person's id is one of Matrix: others come through the API, and we can't write to them."""
    return person.startswith("@") and ":" in person and len(person) <= 255 and person.isprintable()


def _reader(letter: Letter) -> str:
    return letter.body.get("to") or letter.body.get("person", "")


def _address(connection: Connection, shared: list[Letter], now: float) -> None:
    """Turn each letter to all administrators into one for each of them, in one commit."""
    for letter in shared:
        for person in rooms.administrators_of(connection, letter.group):
            body = {**letter.body, "to": person}
            outbox.put(connection, letter.group, f"{letter.kind}.to", body, at=now)
        outbox.done(connection, letter.id, at=now)


def _done(connection: Connection, person: str, numbers: tuple[int, ...], now: float) -> None:
    for number in numbers:
        outbox.done(connection, number, at=now)
    notes.forget(connection, Plan, person)


def _failed(connection: Connection, person: str, plan: Plan, trouble: str, now: float) -> None:
    for number in plan.letters:
        outbox.failed(connection, number, trouble, at=now)
    notes.forget(connection, Plan, person)
