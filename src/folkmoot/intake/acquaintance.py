"""How well a group knows a sender: how many of their messages it has seen."""

from collections import OrderedDict
from collections.abc import Iterable

from folkmoot.remember import verdicts
from folkmoot.remember.store import Store

MOST = 50_000


class Acquaintance:
    """Counts each sender's messages per group, for as many senders as fit; the store knows the others."""

    def __init__(self, store: Store, most: int = MOST) -> None:
        """Begin knowing nobody; `start` reads who wrote before."""
        self._store = store
        self._most = most
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._all_fit = False

    async def start(self) -> None:
        """Read the counts of those who wrote last."""
        counts = await self._store.read(lambda c: verdicts.counts_by_sender(c, most=self._most))
        self._counts = OrderedDict(counts)
        self._all_fit = len(counts) < self._most

    async def messages_before(self, group: str, sender: str) -> int:
        """Return how many messages of this sender the group has seen before this one."""
        known = self._counts.get((group, sender))
        if known is not None:
            return known
        if self._all_fit:
            return 0
        return await self._store.read(lambda c: verdicts.count_of_sender(c, group, sender))

    async def meet(self, group: str, senders: Iterable[str]) -> None:
        """Count now what `messages_before` would have to wait for."""
        strangers = [one for one in dict.fromkeys(senders) if (group, one) not in self._counts]
        if strangers and not self._all_fit:
            counts = await self._store.read(
                lambda c: [verdicts.count_of_sender(c, group, one) for one in strangers]
            )
            for one, before in zip(strangers, counts, strict=True):
                self._counts.setdefault((group, one), before)

    def note(self, group: str, sender: str, before: int) -> None:
        """Count one more message of a sender of whom there were `before`."""
        self._counts[group, sender] = before + 1
        self._counts.move_to_end((group, sender))
        if len(self._counts) > self._most:
            self._counts.popitem(last=False)
            self._all_fit = False
