"""One real group for all acceptance tests: Synapse, Folkmoot as a child process, members as clients."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.performance import Performance
from folkmoot.cli.demo.play import Players
from folkmoot.cli.demo.ports import Ports
from folkmoot.cli.demo.scene import load

ANY_PORTS = Ports(homeserver=0, federation=0, policy=0, console=0, chat=0)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def performance(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Performance]:
    """The demonstration, not yet begun; stopped at the end."""
    folder: Path = tmp_path_factory.mktemp("acceptance")
    running = Performance(folder, ANY_PORTS.settled(), load(), Narrator())
    try:
        yield running
    finally:
        await running.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def players(performance: Performance) -> Players:
    """The group, set up through the bot by its administrator, with protection on."""
    return await performance.prepare()
