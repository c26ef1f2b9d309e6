"""Run as a program: Folkmoot that is killed the moment it is about to edit a message, after the decision."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from folkmoot.settings import load
from folkmoot.wiring import Folkmoot


async def main(settings: Path) -> None:
    """Run until the first edit of a message is to be sent, then die as by a power cut."""
    folkmoot = Folkmoot(load(settings, {}))
    assert folkmoot.bot is not None
    wire = folkmoot.bot._here.wire
    real = wire.send

    async def send(room: str, kind: str, content: Any, *, once: str) -> str:
        if "m.new_content" in content:
            os.kill(os.getpid(), signal.SIGKILL)
        return await real(room, kind, content, once=once)

    wire.send = send  # type: ignore[method-assign]
    await folkmoot.start()
    print("ready", flush=True)
    await asyncio.sleep(120)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
