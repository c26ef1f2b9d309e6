"""A real Synapse and our policy server, each under its own name on loopback."""

from collections.abc import AsyncIterator

import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver
from tests.support.policy import RunningPolicyServer
from tests.support.synapse import Person, authority, new_person, synapse

__all__ = ["authority", "synapse"]


@pytest.fixture
async def moot(authority: Authority) -> AsyncIterator[RunningPolicyServer]:
    """A running policy server that refuses what contains "spam"."""
    running = RunningPolicyServer(authority)
    await running.start()
    yield running
    await running.close()


@pytest.fixture
async def ada(synapse: Homeserver) -> AsyncIterator[Person]:
    """A person with an account of their own."""
    person = new_person(synapse)
    yield person
    await person.close()


@pytest.fixture
async def ben(synapse: Homeserver) -> AsyncIterator[Person]:
    """Another person."""
    person = new_person(synapse)
    yield person
    await person.close()
