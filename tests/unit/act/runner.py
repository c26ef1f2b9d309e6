"""Starts the program that carries out what was decided, and kills it where a test says so."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator

import pytest_asyncio

from folkmoot.remember.store import Store

KILLED = -signal.SIGKILL


class Runner:
    """A program that carries out what was decided, each time in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Speak to the program."""
        self._process = process

    async def run(self, store: Store, homeserver: str, **how: object) -> int:
        """Run until everything is done, or until it is killed; returns how it ended."""
        out, into = self._process.stdout, self._process.stdin
        assert out is not None
        assert into is not None
        asked = {"database": store.url.removeprefix("sqlite:///"), "homeserver": homeserver, **how}
        into.write(json.dumps(asked).encode() + b"\n")
        return int(await asyncio.wait_for(out.readline(), 60))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runner() -> AsyncIterator[Runner]:
    """The program, started once."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.act.killed",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield Runner(process)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()
