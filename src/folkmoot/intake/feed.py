"""News of kept verdicts for whoever listens in this process: the console and the bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from folkmoot.remember.records import VerdictRecord

_MOST_WAITING = 256


class Feed:
    """Hands each kept verdict to every listener; a slow listener loses the oldest, never holds up judging.

    Nothing is lost by that: a listener that sees a gap in `seq` reads the missing ones from the store.
    """

    def __init__(self) -> None:
        """Begin without listeners."""
        self._listeners: dict[asyncio.Queue[VerdictRecord], str | None] = {}

    def publish(self, record: VerdictRecord) -> None:
        """Tell every listener of the record's group."""
        for queue, group in self._listeners.items():
            if group is None or group == record.group:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(record)

    @asynccontextmanager
    async def subscribe(self, group: str | None = None) -> AsyncIterator[AsyncIterator[VerdictRecord]]:
        """Listen to one group, or to all with None, for as long as the context lasts."""
        queue: asyncio.Queue[VerdictRecord] = asyncio.Queue(_MOST_WAITING)
        self._listeners[queue] = group
        try:
            yield _for_ever(queue)
        finally:
            del self._listeners[queue]


async def _for_ever(queue: asyncio.Queue[VerdictRecord]) -> AsyncIterator[VerdictRecord]:
    while True:
        yield await queue.get()
