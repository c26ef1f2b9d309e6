"""Join waves: many who come into a group's rooms at once are brought before administrators as one case."""

from collections import OrderedDict

from folkmoot.act import raids
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import Event, text_of
from folkmoot.remember import rooms

_WITHIN = 120.0
_MOST_PEOPLE = 500
_MOST_GROUPS = 1_000


class Joins:
    """Counts who joined lately, by group; kept in memory only, and no longer than two minutes."""

    def __init__(self, here: Surroundings) -> None:
        """Begin with nobody seen."""
        self._here = here
        self._lately: OrderedDict[str, dict[str, float]] = OrderedDict()

    async def saw(self, event: Event) -> None:
        """Take note of one event; where it makes a wave, a case opens, or the open one grows."""
        if not _is_join(event):
            return
        room = await self._here.store.read(lambda c: rooms.get(c, event.room))
        if room is None or room.removed_at is not None:
            return
        now, person = self._here.clock(), event.state_key or ""
        lately = self._lately.pop(room.group, {})
        lately[person] = now
        recent = {one: at for one, at in lately.items() if now - at <= _WITHIN}
        self._lately[room.group] = dict([*recent.items()][-_MOST_PEOPLE:])
        while len(self._lately) > _MOST_GROUPS:
            self._lately.popitem(last=False)
        if len(recent) >= raids.JOINS:
            people = [*recent]
            await self._here.store.write(lambda c: raids.join_wave(c, room.group, people, at=now))


def _is_join(event: Event) -> bool:
    """Somebody came in by themselves: a changed name or picture is the same kind of event, but no join."""
    if event.kind != "m.room.member" or event.state_key != event.sender:
        return False
    joined = text_of(event.content.get("membership")) == "join"
    return joined and text_of(event.before.get("membership")) != "join"
