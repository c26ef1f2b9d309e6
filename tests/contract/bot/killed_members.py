"""Run as a program: Folkmoot that is killed at one instant of a report, a letter or an appeal."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from folkmoot.gateways.matrix.bot.members import heard
from folkmoot.settings import load
from folkmoot.wiring import Folkmoot


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def report(folkmoot: Folkmoot) -> None:
    """Die when a report is durable, before the member's reply is removed and anything is said."""
    assert folkmoot.bot is not None
    wire = folkmoot.bot._here.wire

    async def redact(*_: Any, **__: Any) -> None:
        _die()

    wire.redact = redact  # type: ignore[method-assign]
    # The letter that confirms it must not be on its way already.
    folkmoot.bot.courier._every = 60.0


def letter(folkmoot: Folkmoot) -> None:
    """Die when a letter has arrived, before that is noted."""
    assert folkmoot.bot is not None
    wire = folkmoot.bot._here.wire
    real = wire.send

    async def send(*place: Any, once: str) -> str:
        event = await real(*place, once=once)
        if once.startswith("letter-"):
            _die()
        return event

    wire.send = send  # type: ignore[method-assign,assignment]


def appeal(folkmoot: Folkmoot) -> None:
    """Die when an appeal is durable, before the message that made it is known to be heard."""
    assert folkmoot.bot is not None
    real = heard.once

    async def once(*what: Any) -> str:
        await real(*what)
        _die()
        return ""

    heard.once = once  # type: ignore[assignment]
    folkmoot.bot.courier._every = 60.0


INSTANTS: dict[str, Callable[[Folkmoot], None]] = {"report": report, "letter": letter, "appeal": appeal}


async def main(settings: Path, instant: str) -> None:
    """Run until that instant, then die as by a power cut."""
    folkmoot = Folkmoot(load(settings, {}))
    INSTANTS[instant](folkmoot)
    await folkmoot.start()
    print("ready", flush=True)
    await asyncio.sleep(120)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
