"""Other servers' keys: fetched from themselves, remembered, asked for once at a time, never held too long."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from folkmoot import observe
from folkmoot.gateways.matrix import key_sets
from folkmoot.gateways.matrix.key_sets import BadKeyDocumentError, KeySet
from folkmoot.gateways.matrix.outgoing import Federation, RemoteError
from folkmoot.gateways.matrix.ports import KeyCache
from folkmoot.gateways.matrix.signatures import BadKeyError, VerifyKey

_log = observe.logger("matrix.keys")
_MOST_REMEMBERED = 10_000
_MOST_AT_ONCE = 32
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_BETWEEN_LOOKS = 30.0
_LONGEST_WAIT = 8.0


class _Pause:
    """When a server may be asked again after it gave nothing usable."""

    __slots__ = ("length", "until")

    def __init__(self, now: float, length: float) -> None:
        self.until = now + length
        self.length = length


class RemoteKeys:
    """Answers "with which key may this server have signed that?"; None means that it may not."""

    def __init__(
        self, federation: Federation, cache: KeyCache, clock: Callable[[], float] = time.time
    ) -> None:
        """Fetch over `federation`; `cache` outlives a restart."""
        self._federation = federation
        self._cache = cache
        self._clock = clock
        self._sets: OrderedDict[str, KeySet] = OrderedDict()
        self._pauses: OrderedDict[str, _Pause] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[KeySet | None]] = {}
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def for_request(self, server: str, key_id: str) -> VerifyKey | None:
        """Return the key with which `server` may sign a request sent now."""
        return await self._find(server, lambda one: one.for_request(key_id, self._now_ms()))

    async def for_event(
        self, server: str, key_id: str, sent_at: int, *, enforce_validity: bool
    ) -> VerifyKey | None:
        """Return the key with which `server` may have signed an event sent at `sent_at` (ms)."""
        return await self._find(
            server, lambda one: one.for_event(key_id, sent_at, enforce_validity=enforce_validity)
        )

    async def reachable(self, server: str) -> bool:
        """Tell whether any keys of `server` are to be had."""
        return await self._known(server) is not None or await self._wait_for(server) is not None

    async def _find(self, server: str, choose: Callable[[KeySet], str | None]) -> VerifyKey | None:
        known = await self._known(server)
        text = choose(known) if known is not None else None
        if known is not None and text is not None and known.is_stale(self._now_ms()):
            self._fetch(server)  # in the background: the key at hand is still good
        if text is None and self._may_look_again(known):
            known = await self._wait_for(server)
            text = choose(known) if known is not None else None
        try:
            return VerifyKey.read(text) if text is not None else None
        except BadKeyError:
            return None

    async def _known(self, server: str) -> KeySet | None:
        found = self._sets.get(server)
        if found is None:
            try:
                found = await self._cache.get(server)
            except Exception as trouble:  # then they are fetched again
                _log.warning("remembered keys not to be had", trouble=type(trouble).__name__)
            if found is not None:
                self._remember(found)
        return found

    def _may_look_again(self, known: KeySet | None) -> bool:
        return known is None or self._now_ms() > known.fetched_at + _BETWEEN_LOOKS * 1000

    async def _wait_for(self, server: str) -> KeySet | None:
        fetching = self._fetch(server)
        if fetching is None:
            return None
        try:
            # Shielded: one asker who gives up must not take the answer from the others.
            return await asyncio.wait_for(asyncio.shield(fetching), _LONGEST_WAIT)
        except TimeoutError:
            return None

    def _fetch(self, server: str) -> "asyncio.Task[KeySet | None] | None":
        running = self._fetching.get(server)
        if running is not None:
            return running
        pause = self._pauses.get(server)
        if pause is not None and pause.until > self._clock():
            return None
        task = asyncio.create_task(self._fetch_now(server), name=f"keys of {server}")
        self._fetching[server] = task
        task.add_done_callback(lambda _: self._fetching.pop(server, None))
        return task

    async def _fetch_now(self, server: str) -> KeySet | None:
        try:
            async with self._slots:
                document = await self._federation.keys_of(server)
            found = key_sets.read(document, server, self._now_ms())
        except (RemoteError, BadKeyDocumentError) as trouble:
            self._pause(server)
            _log.info("keys not to be had", server=server, trouble=str(trouble))
            return None
        self._pauses.pop(server, None)
        self._remember(found)
        try:
            await self._cache.put(found)
        except Exception as trouble:  # a cache that fails costs a look-up after a restart, nothing else
            _log.warning("keys not remembered", server=server, trouble=type(trouble).__name__)
        return found

    def _remember(self, found: KeySet) -> None:
        self._sets[found.server] = found
        self._sets.move_to_end(found.server)
        while len(self._sets) > _MOST_REMEMBERED:
            self._sets.popitem(last=False)

    def _pause(self, server: str) -> None:
        before = self._pauses.pop(server, None)
        length = min(before.length * 2, _LONGEST_PAUSE) if before is not None else _FIRST_PAUSE
        self._pauses[server] = _Pause(self._clock(), length)
        while len(self._pauses) > _MOST_REMEMBERED:
            self._pauses.popitem(last=False)

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)

    async def close(self) -> None:
        """End the fetches under way."""
        running = list(self._fetching.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
