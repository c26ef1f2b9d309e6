"""Watches over every protected room: a protection that fails silently is worse than none.

Each look compares what administrators want with what the room's state says and with whether the policy server
can be reached; a change is told to the administrators, and mended where that fights nobody.
"""

import asyncio
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import faults, notes, protect
from folkmoot.gateways.matrix.bot.assess import Assessment, Mend, Outage, assess
from folkmoot.gateways.matrix.bot.notes import Wish
from folkmoot.gateways.matrix.bot.reachable import Reachable
from folkmoot.gateways.matrix.bot.sight import Sight, see
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.observe import PROTECTED_ROOMS, logger
from folkmoot.remember import groups, outbox, rooms
from folkmoot.remember.records import Group, Protection, Room

_LEAST_SHARE = 9
"""Looking takes at most a tenth of the time, however many rooms there are."""
_UNSEEN = Assessment(
    state=Protection.OFF,
    reason="I am no longer in the room, so I can't watch over it.",
    remedy="Invite me to the room again.",
)
TOLD = ("protection", "welcome")
"""The kinds of letters that a look may put into the outbox."""

_log = logger("watchdog")


class Looked(Struct, frozen=True, kw_only=True):
    """What a look at a room came to."""

    room: str
    found: Assessment
    seen: Sight | None


class Watchdog:
    """Looks at every room now and then, and at once where something that bears on its protection changed."""

    def __init__(self, here: Surroundings, reachable: Reachable, *, every: float) -> None:
        """Look at each room every `every` seconds, or less often where that would take too much time."""
        self._here = here
        self._reachable = reachable
        self._every = every
        self._one_at_a_time = asyncio.Lock()
        self._soon: set[str] = set()
        self._wake = asyncio.Event()
        self._administrators: dict[str, dict[str, int]] = {}
        self._states: dict[str, Protection] = {}

    def soon(self, room: str) -> None:
        """Ask for a look at a room at once; harmless for rooms that are in no group."""
        self._soon.add(room)
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled; no single room's trouble stops it."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await self.look_everywhere()
            except Exception as trouble:
                faults.note("watching failed; going on", trouble)
            rest = max(self._every, _LEAST_SHARE * (loop.time() - begun))
            until = loop.time() + rest
            while (left := until - loop.time()) > 0:
                await self._wait(left)
                for room in self._take_soon():
                    await self._look_safely(room)

    async def look_everywhere(self) -> None:
        """Look once at every room of every group."""
        self._take_soon()
        await self._reachable.look()
        known = await self._here.store.read(rooms.every)
        for room in known:
            await self._look_safely(room.id)
        self._states = {room.id: self._states.get(room.id, room.protection) for room in known}
        self._count()

    async def look(self, room: str) -> Looked | None:
        """Look at one room now, mend, note what is true and tell who should know; None if in no group."""
        async with self._one_at_a_time:
            known, group, wish = await self._here.store.read(lambda c: _known(c, room))
            if known is None or group is None:
                return None
            seen, found = await self._found(known, group, wish, self._reachable.outage)
            if seen is not None and found.mend is not Mend.NOTHING:
                found = await self._mend(seen, found)
            await self._note(known, found, seen)
        self._states[room] = found.state
        self._count()
        return Looked(room=room, found=found, seen=seen)

    async def _found(
        self, room: Room, group: Group, wish: Wish, outage: Outage | None
    ) -> tuple[Sight | None, Assessment]:
        here = self._here
        try:
            seen = await see(here.wire, room.id, bot=here.account, policy_user=here.policy.user_id)
        except RefusedError as refused:
            if refused.status not in (403, 404):
                raise
            return None, _UNSEEN
        found = assess(
            seen,
            wish,
            here.policy,
            account=here.account,
            outage=outage,
            on_failure=group.on_failure,
            now=here.clock(),
        )
        return seen, found

    async def _mend(self, seen: Sight, found: Assessment) -> Assessment:
        acts = {Mend.PLACE: protect.place, Mend.INVITE: protect.invite_again, Mend.LIFT: protect.lift}
        try:
            await acts[found.mend](self._here, seen)
        except RefusedError as refused:
            _log.warning("mending was refused", room=seen.room, code=refused.code, status=refused.status)
            remedy = f"I tried to mend it, and the homeserver refused ({refused.code})."
            return msgspec.structs.replace(found, remedy=remedy)
        self.soon(seen.room)
        return found

    async def _note(self, room: Room, found: Assessment, seen: Sight | None) -> None:
        """Write down what was found; whom it concerns is told through the outbox, in the same commit."""
        now = self._here.clock()
        powers = seen.administrators if seen else None
        if powers == self._administrators.get(room.id):
            powers = None

        def write(connection: Connection) -> None:
            wish = notes.get(connection, Wish, room.id) or protect.ASSUMED
            if seen is not None:
                _keep_sight(connection, room, seen, powers, now)
            noted = _noted(wish, found, seen, self._here)
            if noted != wish:
                notes.put(connection, Wish, room.id, noted, at=now)
            if rooms.set_protection(connection, room.id, found.state, found.reason, at=now):
                _tell(connection, room, wish, found, now)

        await self._here.store.write(write)
        if powers is not None:
            self._administrators[room.id] = powers

    async def _look_safely(self, room: str) -> None:
        try:
            await self.look(room)
        except OutOfReachError:
            _log.warning("homeserver out of reach; nothing is known of the room", room=room)
        except RefusedError as refused:
            _log.warning("the homeserver refused", room=room, code=refused.code, status=refused.status)
        except Exception as trouble:
            faults.note("a look failed", trouble)

    async def _wait(self, seconds: float) -> None:
        try:  # not wait_for: before Python 3.12 it can swallow a cancellation
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def _take_soon(self) -> list[str]:
        taken, self._soon = sorted(self._soon), set()
        self._wake.clear()
        return taken

    def _count(self) -> None:
        PROTECTED_ROOMS.set(sum(state is Protection.ON for state in self._states.values()))


def _known(connection: Connection, room: str) -> tuple[Room | None, Group | None, Wish]:
    known = rooms.get(connection, room)
    if known is None or known.removed_at is not None:
        return None, None, protect.ASSUMED
    wish = notes.get(connection, Wish, room) or protect.ASSUMED
    return known, groups.get(connection, known.group), wish


def _keep_sight(
    connection: Connection, room: Room, seen: Sight, powers: dict[str, int] | None, now: float
) -> None:
    if seen.title != room.title:
        rooms.set_title(connection, room.id, seen.title)
    if seen.encrypted != room.encrypted:
        rooms.set_encrypted(connection, room.id, seen.encrypted)
    if powers is not None:
        rooms.set_administrators(connection, room.id, powers, at=now)


def _noted(wish: Wish, found: Assessment, seen: Sight | None, here: Surroundings) -> Wish:
    """The wish, with what the look taught: that the policy is placed, that the room is welcomed."""
    policing = seen.policing if seen else None
    placed = policing is not None and policing.key == here.policy.public_key
    changes: dict[str, Any] = {}
    if found.mend is Mend.LIFT:
        return wish  # what was seen is from before it was lifted
    if placed and wish.on and policing is not None and policing.via == here.policy.server_name:
        changes = {"placed": True, "lifted": False}
    if found.state is Protection.ON:
        changes["welcomed"] = True
    return msgspec.structs.replace(wish, **changes)


def _tell(connection: Connection, room: Room, wish: Wish, found: Assessment, now: float) -> None:
    body = {"room": room.id, "state": found.state.value, "reason": found.reason, "remedy": found.remedy}
    if found.state is Protection.ON and not wish.welcomed:
        outbox.put(connection, room.group, "welcome", {"room": room.id, "reason": found.reason}, at=now)
    elif found.state is not Protection.STARTING:
        outbox.put(connection, room.group, "protection", body, at=now)
