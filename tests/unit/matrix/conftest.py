"""A policy server in memory, and another server that it knows."""

from collections.abc import AsyncIterator

import pytest

from folkmoot.cli.demo.authority import Authority
from tests.support.origin import Origin
from tests.unit.matrix.desk import Desk


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A policy server that was invited to one room and refuses what contains "spam"."""
    made = Desk(Origin())
    await made.server.start()
    yield made
    await made.close()
