"""Whether the policy server can be reached the way homeservers reach it, and answers with the right key."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from folkmoot.gateways.matrix.bot.assess import Outage
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity
from folkmoot.gateways.matrix.dialling import DialError, Dialler
from folkmoot.gateways.matrix.discovery import Discovery
from folkmoot.gateways.matrix.names import BadNameError

_PLACE = "/.well-known/matrix/policy_server"
_LARGEST = 65_536
_SECONDS = 8.0


class Reach(Protocol):
    """Asks the policy server once."""

    async def __call__(self) -> str:
        """Return what is wrong, as a sentence; empty if nothing is."""

    async def close(self) -> None:
        """Let go of the connections."""


class Reachable:
    """Remembers since when the policy server can't be used; one lost answer is no outage."""

    def __init__(
        self, reach: Reach, *, pause: float = 3.0, monotonic: Callable[[], float] | None = None
    ) -> None:
        """Ask through `reach`; a failure counts if it is there still after `pause` seconds."""
        self._reach = reach
        self._pause = pause
        self._now = monotonic or (lambda: asyncio.get_running_loop().time())
        self._trouble = ""
        self._since = 0.0

    @property
    def outage(self) -> Outage | None:
        """Return the present outage; None while all is well."""
        if not self._trouble:
            return None
        return Outage(trouble=self._trouble, seconds=self._now() - self._since)

    async def look(self) -> None:
        """Ask now, and once more if that failed while all was well."""
        trouble = await self._reach()
        if trouble and not self._trouble:
            await asyncio.sleep(self._pause)
            trouble = await self._reach()
        if trouble and not self._trouble:
            self._since = self._now()
        self._trouble = trouble


class HttpsReach:
    """Asks the real policy server for its policy key over HTTPS."""

    def __init__(self, policy: PolicyIdentity, dialler: Dialler, discovery: Discovery | None = None) -> None:
        """Look for the server of `policy` as homeservers do."""
        self._policy = policy
        self._dialler = dialler
        self._discovery = discovery or Discovery(dialler)

    async def __call__(self) -> str:
        """Return what is wrong, as a sentence; empty if nothing is."""
        name = self._policy.server_name
        try:
            target = await self._discovery.find(name)
            answer = await self._dialler.send("GET", target, _PLACE, limit=_LARGEST, seconds=_SECONDS)
        except (DialError, BadNameError):
            return f"{name} does not answer over HTTPS."
        if answer.status != 200:
            return f"{name} answers, but not as a policy server (status {answer.status})."
        return "" if _key(answer.body) == self._policy.public_key else f"{name} answers with another key."

    async def close(self) -> None:
        """Let go of the connections."""
        await self._dialler.close()


def _key(body: bytes) -> object:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    keys = found.get("public_keys") if isinstance(found, dict) else None
    return keys.get("ed25519") if isinstance(keys, dict) else None
