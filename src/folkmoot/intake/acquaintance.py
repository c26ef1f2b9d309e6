"""How well a group knows a sender: how many of their messages it has seen."""

from collections.abc import Callable, Iterable

from folkmoot.intake.recalling import Bounded
from folkmoot.remember import acquaintances
from folkmoot.remember.records import Judged
from folkmoot.remember.store import Store

MOST = 50_000


class Acquaintance:
    """Counts each sender's messages per group, for as many senders as fit; the store knows the others."""

    def __init__(self, store: Store, clock: Callable[[], float], most: int = MOST) -> None:
        """Begin knowing nobody; `start` reads who wrote before."""
        self._store = store
        self._clock = clock
        self._most = most
        self._counts: Bounded[int] = Bounded(most)
        self._strangers_are_new = False
        """Whether everybody who ever wrote is known, so that a stranger has not written before."""

    async def start(self) -> None:
        """Read the counts of those who wrote last."""
        await self.count()
        most = self._most // 2 - 1  # all of these fit in one half
        counts = await self._store.read(lambda c: acquaintances.latest(c, most=most))
        for name, number in counts:
            self._counts.put(hash(name), number)
        self._strangers_are_new = len(counts) < most

    async def count(self) -> None:
        """Count for good what was judged since the last time; in small steps, for others write too."""
        while await self._store.write(lambda c: acquaintances.count_on(c, at=self._clock())):
            pass

    def known(self, group: str, sender: str) -> int | None:
        """Return how many messages of this sender the group has seen before; None if `meet` must ask."""
        known = self._counts.get(hash((group, sender)))
        return 0 if known is None and self._strangers_are_new else known

    async def meet(self, group: str, senders: Iterable[str]) -> None:
        """Read the counts that are not known."""
        if self._strangers_are_new:
            return
        strangers = [one for one in dict.fromkeys(senders) if self.known(group, one) is None]
        if strangers:
            counts = await self._store.read(lambda c: acquaintances.of_senders(c, group, strangers))
            for one, before in counts.items():
                if self.known(group, one) is None:
                    self._counts.put(hash((group, one)), before)

    def take_back(self, was: Judged) -> None:
        """Count one message less: it turned out to have been judged before."""
        known = self._counts.get(hash((was.group, was.sender))) if was.sender else None
        if known:
            self._counts.put(hash((was.group, was.sender)), known - 1)

    def visit(self, group: str, sender: str) -> int:
        """Return how many messages of this sender the group has seen before, and count one more."""
        key = hash((group, sender))
        before = self._counts.get(key) or 0
        if self._counts.put(key, before + 1):
            self._strangers_are_new = False
        return before

    def must_ask(self, group: str, sender: str) -> bool:
        """Whether only the store knows how well the group knows a sender."""
        return not self._strangers_are_new and self.known(group, sender) is None
