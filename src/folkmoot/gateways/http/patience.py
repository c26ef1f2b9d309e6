"""How long requests may take, with one timer for all of them: one each costs more than what it bounds."""

import asyncio
from types import TracebackType
from typing import Protocol


class Waiting(Protocol):
    """A wait that can be ended from outside."""

    def cut_short(self) -> None:
        """End the wait, once; later calls do nothing."""


class Patience:
    """Bounds of one length, for the tasks and other waits of one event loop."""

    def __init__(self, seconds: float) -> None:
        """Let each wait for so many seconds."""
        self.seconds = seconds
        self._waiting: dict[Waiting, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def bound(self) -> "_Bound":
        """Return a bound to wait within (`with`), which raises TimeoutError when it is over."""
        return _Bound(self)

    def begin(self, bound: Waiting) -> None:
        """Count from now on, until `end`."""
        loop = asyncio.get_running_loop()
        until = self._waiting[bound] = loop.time() + self.seconds
        if self._timer is None:
            self._timer = loop.call_at(until, self._ring, loop)

    def end(self, bound: Waiting) -> None:
        """Count no more."""
        del self._waiting[bound]

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self._timer = loop.time(), None
        for bound, until in self._waiting.items():  # those who began first come first
            if until > now:
                self._timer = loop.call_at(until, self._ring, loop)
                return
            bound.cut_short()


class _Bound:
    """One wait of one task."""

    __slots__ = ("_cancelling", "_late", "_patience", "_task")

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._late = False

    def __enter__(self) -> None:
        self._task = task = asyncio.current_task()
        self._cancelling = task.cancelling() if task is not None else 0
        self._patience.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patience.end(self)
        # Somebody else may have ended the task at the same time: then that counts.
        if self._late and self._task is not None:
            ours = self._task.uncancel() <= self._cancelling
            if ours and kind is asyncio.CancelledError:
                raise TimeoutError from trouble

    def cut_short(self) -> None:
        """End the wait, once."""
        if self._task is not None and not self._late:
            self._late = True
            self._task.cancel()
