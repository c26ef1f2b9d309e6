"""`folkmoot serve`: run everything until told to stop."""

import asyncio
import gc
import signal
import sys
import threading
from pathlib import Path

import uvloop

from folkmoot import observe
from folkmoot.detect import models
from folkmoot.settings import Settings, SettingsError, load
from folkmoot.web.listening import PortInUseError
from folkmoot.wiring import Folkmoot


def _to_be_mended() -> tuple[type[Exception], ...]:
    """What is the operator's to mend; asked for only in trouble, for Matrix takes long to load."""
    from folkmoot.gateways.matrix.bot.bot import BotAccountError
    from folkmoot.gateways.matrix.bot.connect import TokenFileError
    from folkmoot.gateways.matrix.own_keys import KeyFileError

    return SettingsError, PortInUseError, KeyFileError, TokenFileError, BotAccountError


def serve(*, settings: Path | None = None) -> int:
    """Run the policy server, the bot, the console and the HTTP API until Ctrl-C or SIGTERM.

    Parameters
    ----------
    settings
        The settings file (TOML); without it, defaults and the environment hold.
    """
    try:
        read = load(settings)
        observe.configure(read.logging.level, as_json=read.logging.as_json)
        _begin_models(read)
        uvloop.run(_serve(read))
    except Exception as trouble:
        if not isinstance(trouble, _to_be_mended()):
            raise
        print(f"folkmoot: {trouble}", file=sys.stderr)
        return 2
    return 0


def _begin_models(settings: Settings) -> None:
    """Load what a second opinion needs beside everything else; the first message that asks waits for it."""
    models.begin(settings.judging.second_opinion)
    if settings.judging.second_opinion:
        threading.Thread(target=models.load().prepare, name="second opinion", daemon=True).start()


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    folkmoot = Folkmoot(settings)
    log = observe.logger("serve")
    try:
        await folkmoot.start()
        # What is there now is there to stay: looking through it again and again would cost a tenth of all.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        log.info(
            "ready",
            console=settings.web.public_url,
            policy_server=settings.policy_server.server_name or "off",
            bot=settings.bot.account or "off",
        )
        await stop.wait()
        log.info("stopping")
    finally:
        await folkmoot.close()
