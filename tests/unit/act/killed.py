"""Run as a program: carries out what was decided, each time in a process that is killed at a given step.

It reads one line of JSON for each run and answers with how that run ended. Everything is imported once; each
run is a fork, so that killing it costs little.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from folkmoot.act.clock import Clock
from folkmoot.act.courier import Courier
from folkmoot.gateways.matrix.bot.hands import MatrixHands
from folkmoot.gateways.matrix.bot.http_wire import HttpWire
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import actions, outbox
from folkmoot.remember.store import Store
from tests.unit.act.conftest import BOT, POLICY

T = TypeVar("T")
_LONGEST = 40
"""After so many seconds a run is ended from outside, and its test fails."""


class Killer:
    """Counts the steps that change something, in our database or at the homeserver, and kills before one."""

    def __init__(self, at: int, after: int) -> None:
        """Kill before step `at`, or before the step that follows the request `after`; both count from 0."""
        self._left = at
        self._requests = after + 1

    def step(self, *, request: bool = False) -> None:
        """Come to the next step: a commit, or a request to the homeserver."""
        if self._left == 0 or self._requests == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        self._requests -= request


class KilledStore(Store):
    """A store in which each commit is a step."""

    killer: Killer

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Write, unless the process is killed before."""
        self.killer.step()
        return await super().write(work)


class KilledWire(HttpWire):
    """An account for which each request that changes something is a step."""

    killer: Killer

    async def _once(self, method: str, *rest: Any) -> Any:
        if method != "GET":
            self.killer.step(request=True)
        return await super()._once(method, *rest)


async def main(
    database: str,
    homeserver: str,
    *,
    account: str = BOT,
    token: str = "token",
    at: int = -1,
    after: int = -2,
    ahead: float = 0.0,
) -> None:
    """Carry out and end everything, or be killed."""

    def clock() -> float:
        return time.time() + ahead

    store, wire = KilledStore(f"sqlite:///{database}"), KilledWire(homeserver, account, token)
    store.killer = wire.killer = Killer(at, after)
    here = Surroundings(
        account=account, wire=wire, store=store, clock=clock, policy=POLICY,
        receipts=Receipts(b"r" * 32, "https://console.twin"), sign_in=_never, changed=_nothing,
    )  # fmt: skip
    courier = Courier(store, MatrixHands(here), clock=clock)
    await Clock(store, now=clock, ended=courier.wake).end_what_is_over()
    while await store.read(lambda c: outbox.due(c, now=float("inf"), kinds=(actions.LETTER,))):
        await courier.settled()
    await wire.close()
    store.close()


async def _never(group: str, person: str) -> str:
    raise AssertionError(group + person)


async def _nothing() -> None:
    return


def fork(asked: dict[str, Any]) -> int:
    """Run once in a process of its own; returns 0, or the negative number of the signal that killed it."""
    child = os.fork()
    if not child:
        signal.alarm(_LONGEST)
        asyncio.run(main(**asked))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for line in sys.stdin:
        print(fork(json.loads(line)), flush=True)
