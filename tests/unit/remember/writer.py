"""A process that writes as fast as it can and says what was acknowledged, until it is killed."""

import asyncio
import os
import sys
from functools import partial

from sqlalchemy import Connection

from folkmoot.remember import log, outbox
from folkmoot.remember.store import Store

_CALLERS = 32


async def main(url: str) -> None:
    """Write for ever: each write is a log entry and a letter, and is reported once acknowledged."""
    store = Store(url)

    async def one(caller: int) -> None:
        number = 0
        while True:
            name = f"{caller}.{number}"
            await store.write(partial(both, name=name))
            os.write(1, f"{name}\n".encode())
            number += 1

    await asyncio.gather(*(one(caller) for caller in range(_CALLERS)))


def both(connection: Connection, name: str) -> None:
    """Write the two rows that must never be apart."""
    log.write(connection, "g", "made", by="writer", at=1.0, subject=name)
    outbox.put(connection, "g", "made", {"name": name}, at=1.0)


asyncio.run(main(sys.argv[1]))
