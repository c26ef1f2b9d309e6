"""A real homeserver for the tests that need one."""

from tests.support.synapse import authority, synapse

__all__ = ["authority", "synapse"]
