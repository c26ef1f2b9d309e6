"""How well a group knows a sender: how many of their messages it has seen."""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from folkmoot.remember import acquaintances
from folkmoot.remember.store import Store

MOST = 50_000


class Acquaintance:
    """Counts each sender's messages per group, for as many senders as fit; the store knows the others."""

    def __init__(self, store: Store, clock: Callable[[], float], most: int = MOST) -> None:
        """Begin knowing nobody; `start` reads who wrote before."""
        self._store = store
        self._clock = clock
        self._most = most
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._all_fit = False

    async def start(self) -> None:
        """Read the counts of those who wrote last."""
        await self.count()
        counts = await self._store.read(lambda c: acquaintances.latest(c, most=self._most))
        self._counts = OrderedDict(counts)
        self._all_fit = len(counts) < self._most

    async def count(self) -> None:
        """Count for good what was judged since the last time; in small steps, for others write too."""
        while await self._store.write(lambda c: acquaintances.count_on(c, at=self._clock())):
            pass

    def known(self, group: str, sender: str) -> int | None:
        """Return how many messages of this sender the group has seen before; None if `meet` must ask."""
        known = self._counts.get((group, sender))
        return 0 if known is None and self._all_fit else known

    async def meet(self, group: str, senders: Iterable[str]) -> None:
        """Read the counts that are not known."""
        if self._all_fit:
            return
        strangers = [one for one in dict.fromkeys(senders) if (group, one) not in self._counts]
        if strangers:
            counts = await self._store.read(
                lambda c: [acquaintances.of_sender(c, group, one) for one in strangers]
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
