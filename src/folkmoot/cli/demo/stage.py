"""Everything that runs during the demonstration: started in order, and stopped whatever happens."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Account, Homeserver
from folkmoot.cli.demo.ports import Ports
from folkmoot.cli.demo.product import Product

BOT = "folkmoot"


class Stage:
    """A real Synapse and a real Folkmoot on the loopback address, in one folder."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        """Prepare everything; nothing runs yet."""
        authority = Authority(folder / "authority")
        self.homeserver = Homeserver(
            folder / "homeserver",
            authority.issue("homeserver", "localhost", "127.0.0.1"),
            authority.certificate,
            client_port=ports.homeserver,
            federation_port=ports.federation,
        )
        self.product = Product(folder / "folkmoot", ports, self.homeserver, authority)
        self.bot = f"@{BOT}:{self.homeserver.name}"
        self.account: Account | None = None
        """The bot's account, once Folkmoot was started."""

    async def start_homeserver(self) -> None:
        """Start Synapse; HomeserverError says why not."""
        await _uninterrupted(self.homeserver.start, self.homeserver.stop)

    async def register(self, name: str, password: str = "", display: str = "") -> Account:
        """Make an account on the homeserver."""
        return await asyncio.to_thread(
            self.homeserver.register, name, password=password, display=display or None
        )

    async def start_product(self) -> None:
        """Give the bot its account and start Folkmoot; ProductError says why not."""
        account = await self.register(BOT, display="Folkmoot")
        self.account = account
        await _uninterrupted(lambda: self.product.start(account), self.product.stop)

    async def stop(self) -> None:
        """Stop Folkmoot, then the homeserver; harmless where they do not run."""
        await asyncio.to_thread(self.product.stop)
        await asyncio.to_thread(self.homeserver.stop)


async def _uninterrupted(start: Callable[[], None], stop: Callable[[], None]) -> None:
    """Run `start` in a thread; when cancelled meanwhile, see to it that nothing it started goes on."""
    starting = asyncio.ensure_future(asyncio.to_thread(start))
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        # A thread cannot be interrupted, only overtaken: once stopped, `start` finds its child gone.
        while not starting.done():
            await asyncio.to_thread(stop)
            await asyncio.wait([starting], timeout=0.1)
        if not starting.cancelled():
            starting.exception()
        raise
