"""Runs the demonstration from the command line: its folder, its signals, its exit status."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from folkmoot.cli.demo.folder import FolderError, fresh
from folkmoot.cli.demo.homeserver import HomeserverError
from folkmoot.cli.demo.homeserver import PortTakenError as PortTakenMeanwhileError
from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.performance import Performance
from folkmoot.cli.demo.person import MatrixError
from folkmoot.cli.demo.ports import Ports, PortTakenError
from folkmoot.cli.demo.product import ProductError
from folkmoot.cli.demo.scene import load
from folkmoot.cli.demo.setting_up import SetUpError


class NoSynapseError(Exception):
    """The demonstration needs the homeserver Synapse: `pip install matrix-synapse`, or use `make demo`."""


_TROUBLE = (
    FolderError,
    HomeserverError,
    MatrixError,
    NoSynapseError,
    PortTakenError,
    PortTakenMeanwhileError,
    ProductError,
    SetUpError,
)


def run(folder: Path, ports: Ports, *, once: bool) -> int:
    """Run the demonstration and return the exit status; trouble is told in one sentence."""
    try:
        if find_spec("synapse") is None:
            raise NoSynapseError(NoSynapseError.__doc__)
        settled = ports.settled()
        with fresh(folder) as place:
            return asyncio.run(_until_signalled(_show(place, settled, once=once)))
    except _TROUBLE as trouble:
        print(f"folkmoot demo: {trouble}", file=sys.stderr)
        return 2


async def _show(place: Path, ports: Ports, *, once: bool) -> int:
    with Narrator() as narrator:
        performance = Performance(place, ports, load(), narrator)
        try:
            players = await performance.prepare()
            fine = await performance.perform(players)
            if not once:
                # Being told to stop is how it ends from here on.
                with contextlib.suppress(asyncio.CancelledError):
                    await performance.stay(players)
            return 0 if fine else 1
        finally:
            narrator.rest()
            await performance.close()


async def _until_signalled(work: Coroutine[Any, Any, int]) -> int:
    """Run `work`; Ctrl-C or SIGTERM ends it once, and its cleaning up is then left in peace."""
    task = asyncio.ensure_future(work)
    received: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        if not received:
            print("\nStopping everything…", file=sys.stderr, flush=True)
            task.cancel()
        received.append(number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        return 128 + received[0] if received else 1
