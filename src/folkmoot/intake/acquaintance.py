"""How well a group knows a sender: how many of their messages it has seen."""

from collections import OrderedDict
from collections.abc import Iterable

from folkmoot.remember import verdicts
from folkmoot.remember.store import Store

_MOST = 50_000


class Acquaintance:
    """Counts each sender's messages per group; what is not in memory is counted in the store."""

    def __init__(self, store: Store) -> None:
        """Begin knowing nobody; the store knows who wrote before."""
        self._store = store
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()

    async def messages_before(self, group: str, sender: str) -> int:
        """Return how many messages of this sender the group has seen before this one."""
        known = self._counts.get((group, sender))
        if known is None:
            known = await self._store.read(lambda c: verdicts.count_of_sender(c, group, sender))
        return known

    async def meet(self, group: str, senders: Iterable[str]) -> None:
        """Count now what `messages_before` would have to wait for."""
        strangers = [one for one in dict.fromkeys(senders) if (group, one) not in self._counts]
        if strangers:
            counts = await self._store.read(
                lambda c: [verdicts.count_of_sender(c, group, one) for one in strangers]
            )
            for one, before in zip(strangers, counts, strict=True):
                self._counts.setdefault((group, one), before)

    def note(self, group: str, sender: str, before: int) -> None:
        """Count one more message of a sender of whom there were `before`."""
        self._counts[group, sender] = before + 1
        self._counts.move_to_end((group, sender))
        if len(self._counts) > _MOST:
            self._counts.popitem(last=False)
