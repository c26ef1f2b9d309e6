"""Messages that are asked about in the same turn of the loop are judged together: that costs each of them
less."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from folkmoot.intake.recording import Pending
from folkmoot.intake.ruling import Ask, Ruling

AT_A_STRETCH = 128
"""How many messages are judged before others have their turn."""

Begin = Callable[[str, Sequence[Ask]], list[Pending]]


class Asking:
    """Who asks about single messages, until the turn of the loop is over."""

    def __init__(self, begin: Begin) -> None:
        """Have messages of a group judged by `begin`."""
        self._begin = begin
        self._waiting: list[tuple[Ask, asyncio.Future[Ruling]]] = []

    def put(self, ask: Ask) -> "asyncio.Future[Ruling]":
        """Return the durable answer to come; who gives up takes nothing from the others."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Ruling] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._judge)
        self._waiting.append((ask, waiter))
        return waiter

    def finish(self) -> None:
        """Judge everything that was asked about, now."""
        while self._waiting:
            self._judge()

    def _judge(self) -> None:
        some, self._waiting = self._waiting[:AT_A_STRETCH], self._waiting[AT_A_STRETCH:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._judge)
        by_group: dict[str, list[tuple[Ask, asyncio.Future[Ruling]]]] = {}
        for one in some:
            by_group.setdefault(one[0].message.group, []).append(one)
        for group, theirs in by_group.items():
            self._begin_each(group, theirs)

    def _begin_each(self, group: str, theirs: Sequence[tuple[Ask, "asyncio.Future[Ruling]"]]) -> None:
        try:
            begun = self._begin(group, [ask for ask, _ in theirs])
        except Exception as trouble:
            if len(theirs) > 1:  # the trouble of one is not the others'
                for one in theirs:
                    self._begin_each(group, [one])
            elif not theirs[0][1].done():
                theirs[0][1].set_exception(trouble)
            return
        for (_, waiter), pending in zip(theirs, begun, strict=True):
            pending.then(partial(_tell, waiter))


def _tell(waiter: "asyncio.Future[Ruling]", pending: Pending) -> None:
    if waiter.done():
        return
    if pending.ruling is None:
        waiter.set_exception(pending.trouble or RuntimeError("not recorded"))
    else:
        waiter.set_result(pending.ruling)
