"""The pictures of a message: fetched from the server that keeps them, looked at, and forgotten."""

import asyncio
from collections import Counter
from typing import Final

from folkmoot import observe
from folkmoot.gateways.matrix.attached import Address, address_of
from folkmoot.gateways.matrix.dialling import TooLargeError
from folkmoot.gateways.matrix.outgoing import Federation, RemoteError
from folkmoot.media.looking import Looking
from folkmoot.remember import pictures as remembered
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, Picture

_LOG = observe.logger("matrix.pictures")
MOST_EACH: Final = 4
"""Pictures of one message that are looked at."""
MOST_HELD: Final = 8
"""Files held in memory at the same time."""
MOST_WAITING: Final = 64
MOST_WAITING_EACH: Final = 16
"""Messages of one group that wait at the same time."""


class Pictures:
    """Looks at the pictures of messages, within bounds of number, size and time."""

    def __init__(
        self, federation: Federation, looking: Looking, store: Store, *, largest: int, seconds: float
    ) -> None:
        """Fetch by `federation` files of at most `largest` bytes; all of a message within `seconds`."""
        self._federation = federation
        self._looking = looking
        self._store = store
        self._largest = largest
        self._seconds = seconds
        self._held = asyncio.Semaphore(MOST_HELD)
        self._waiting: Counter[str] = Counter()

    async def look(self, message: Message, group: str) -> tuple[Picture, ...]:
        """Return what was found in the pictures of a message; of each there is something to say."""
        if not message.pictures:
            return ()
        if self._waiting.total() >= MOST_WAITING or self._waiting[group] >= MOST_WAITING_EACH:
            return (_missed("Too many pictures came at the same time."),)
        self._waiting[group] += 1
        try:
            known = await self._store.read(lambda c: remembered.fingerprints(c, group))
            found = await asyncio.gather(
                *(self._one(uri, known, group) for uri in message.pictures[:MOST_EACH])
            )
        finally:
            self._waiting[group] -= 1
            self._waiting += Counter()  # forgets groups of which none waits
        if len(message.pictures) > MOST_EACH:
            many = f"It has {len(message.pictures)} pictures; {MOST_EACH} were looked at."
            found.append(Picture(unreadable=many))
        return tuple(found)

    async def _one(self, uri: str, known: tuple[str, ...], group: str) -> Picture:
        address = address_of(uri)
        if address is None:
            return Picture(unreadable="Its address is none that can be asked for.")
        try:
            async with asyncio.timeout(self._seconds), self._held:
                return await self._looked_at(address, known, group)
        except TimeoutError:
            return _missed("It could not be fetched and looked at in time.")
        except TooLargeError:
            most = self._largest // 1_000_000
            return Picture(unreadable=f"The file is larger than {most} MB.")
        except RemoteError as trouble:
            _LOG.info("picture not to be had", server=address.server, status=trouble.status)
            return _missed("It could not be fetched from the server that keeps it.")
        except Exception as trouble:  # a fault here must not keep the words from being judged
            _LOG.error("looking at a picture failed", trouble=type(trouble).__name__)
            return _missed("It could not be looked at because of a fault of ours.")

    async def _looked_at(self, address: Address, known: tuple[str, ...], group: str) -> Picture:
        file = await self._federation.download(
            address.server, address.media, limit=self._largest, seconds=self._seconds
        )
        seen = await self._looking.look(file, known, group=group)
        return Picture(known=seen.known, nudity=seen.nudity, unreadable=seen.unreadable)


def _missed(why: str) -> Picture:
    return Picture(unreadable=why, missing=True)
