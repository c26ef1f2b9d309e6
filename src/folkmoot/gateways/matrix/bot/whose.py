"""Which groups a person belongs to or administers, as the rooms themselves say at this moment."""

from collections import OrderedDict

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import sight
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.remember import groups, rooms
from folkmoot.remember.records import Group

_MOST_ROOMS = 200
_MOST_REMEMBERED = 2_000
_FRESH = 300.0
"""Seconds for which a membership that was seen is believed; power is looked up each time."""
_FRESH_NONE = 30.0
"""Seconds for which somebody who is in no group is not looked up again: strangers may ask often."""


class Whose:
    """Looks people up in the rooms of groups."""

    def __init__(self, here: Surroundings) -> None:
        """Begin with nobody looked up."""
        self._here = here
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    async def group_of(self, room: str) -> Group | None:
        """Return the group that a room belongs to now."""
        return await self._here.store.read(lambda c: _group_of(c, room))

    async def administers(self, group: str, person: str, *, room: str = "") -> bool:
        """Say whether a person is in one of the group's rooms now with an administrator's power."""
        known = await self._here.store.read(lambda c: rooms.of_group(c, group))
        ours = sorted((one.id for one in known), key=lambda one: one != room)
        for one in ours[:_MOST_ROOMS]:
            try:
                if await sight.is_administrator(self._here.wire, one, person):
                    return True
            except RefusedError:
                continue
        return False

    async def administered(self, person: str) -> list[Group]:
        """Return the groups that a person administers now, oldest first."""
        listed = await self._here.store.read(lambda c: rooms.groups_of(c, person))
        found = [one for one in listed if await self.administers(one, person)]
        return await self._groups(found)

    async def member_of(self, person: str) -> list[Group]:
        """Return the groups in whose rooms a person is, oldest first."""
        now = self._here.clock()
        at, known = self._known.get(person, (0.0, ()))
        if now - at > (_FRESH if known else _FRESH_NONE):
            known = tuple(await self._look_for(person))
            self._known[person] = (now, known)
            while len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return await self._groups(known)

    async def _look_for(self, person: str) -> list[str]:
        found: list[str] = []
        for room in (await self._here.store.read(rooms.every))[:_MOST_ROOMS]:
            if room.group in found:
                continue
            try:
                if await sight.is_member(self._here.wire, room.id, person):
                    found.append(room.group)
            except RefusedError:
                continue
        return found

    async def _groups(self, wanted: list[str] | tuple[str, ...]) -> list[Group]:
        every = await self._here.store.read(groups.every)
        return [group for group in every if group.id in wanted]


def _group_of(connection: Connection, room: str) -> Group | None:
    known = rooms.get(connection, room)
    if known is None or known.removed_at is not None:
        return None
    return groups.get(connection, known.group)
