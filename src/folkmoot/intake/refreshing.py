"""Looking again and again at what changes in the store."""

import asyncio
from collections.abc import Awaitable, Callable

from folkmoot import observe

_EVERY_SECONDS = 1.0


async def refresh_for_ever(*looks: Callable[[], Awaitable[None]]) -> None:
    """Take each look once a second; where one fails, judging goes on with what is known."""
    log = observe.logger("pipeline")
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            for look in looks:
                await look()
        except Exception:
            # The next look may succeed.
            log.exception("could not refresh the groups")
