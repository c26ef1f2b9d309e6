"""The whole program put together: the only module that knows everyone."""

import asyncio
import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from folkmoot import observe
from folkmoot.act.clock import Clock
from folkmoot.act.courier import Courier
from folkmoot.gateways.http.api import HttpApi
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import erasure, outbox, retention, tokens
from folkmoot.remember.seal import Seals
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import TokenKind
from folkmoot.review import reminders
from folkmoot.settings import Settings, SettingsError
from folkmoot.web.address import public_host
from folkmoot.web.front import Front, Later
from folkmoot.web.listening import Listener

if TYPE_CHECKING:
    from folkmoot.gateways.matrix.assembled import Assembled
    from folkmoot.gateways.matrix.bot.bot import Bot

_SWEEP_SECONDS = 3600.0
_REMIND_SECONDS = 30.0


class Folkmoot:
    """Everything that `folkmoot serve` runs, from one set of settings.

    Ports are bound when it is made, so that one in use is known before anything is touched.
    """

    def __init__(self, settings: Settings) -> None:
        """Open folder, keys, database and ports; a setting, key file or port that is wrong is an error."""
        self.settings = settings
        self.folder = open_folder(Path(settings.store.folder))
        secret = open_secret(self.folder / "secret.key")
        with contextlib.ExitStack() as undo:
            self.store = Store(settings.database_url(), Seals(self.folder / "sealed.keys"))
            undo.callback(self.store.close)
            self.feed = Feed()
            self.receipts = Receipts(secret, settings.web.public_url)
            self.pipeline = Pipeline(self.store, self.feed, self.receipts, folder=self.folder / "compiled")
            self._matrix = self._assembled() if settings.policy_server.server_name else None
            self.policy_server = self._matrix.policy_server if self._matrix else None
            self.bot = self._bot() if settings.bot.homeserver else None
            self.courier = Courier(self.store, self.bot.hands if self.bot else None, clock=time.time)
            self.clock = Clock(self.store, now=time.time, ended=self.courier.wake)
            self._listeners = self._listen(secret)
            undo.pop_all()
        self.console_port = self._listeners[0].port
        self._background: list[asyncio.Task[None]] = []
        self._acting: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to judge, to answer and to talk; returns once everything answers."""
        await self.pipeline.start()
        if self._matrix is not None:
            await self._matrix.start()
        for listener in self._listeners:
            await listener.start()
        self._background.append(asyncio.create_task(self._sweep_for_ever()))
        self._background.append(asyncio.create_task(self._remind_for_ever()))
        self._background.append(asyncio.create_task(self._get_ready()))
        if self.bot is not None:
            await self.bot.start()
            self._background.append(asyncio.create_task(self.bot.run()))
        self._acting = [asyncio.create_task(one) for one in (self.courier.run(), self.clock.run())]

    async def _get_ready(self) -> None:
        """Load the console before anybody asks for it."""
        try:
            await self._pages.ready()
        except Exception:
            observe.logger("console").exception("the console could not be made")

    def decided(self) -> None:
        """Carry out what was decided at once: called after the commit."""
        self.courier.wake()
        self.clock.wake()

    async def close(self) -> None:
        """Stop in order: no new requests, then what is under way, then the database."""
        await _end(self._acting)
        if self.bot is not None:
            await self.bot.close()
        await _end(self._background)
        await asyncio.gather(*(listener.close() for listener in self._listeners))
        if self._matrix is not None:
            await self._matrix.close()
        await self.pipeline.close()
        self.store.close()

    def _assembled(self) -> "Assembled":
        # All that Matrix needs takes as long to load as everything else.
        from folkmoot.gateways.matrix.assembled import Assembled

        return Assembled(self.settings, self.folder, self.pipeline)

    def _bot(self) -> "Bot":
        if self._matrix is None:
            raise SettingsError("The bot needs the policy server: set policy_server.server_name too.")
        return self._matrix.bot(self._sign_in, self._changed)

    async def _changed(self) -> None:
        await self.pipeline.standings.refresh()
        self.decided()

    async def _sign_in(self, group: str, person: str) -> str:
        now, lasts = time.time(), self.settings.keep.sign_in_minutes * 60.0
        secret = await self.store.write(
            lambda c: tokens.make(c, group, TokenKind.SIGN_IN, by=person, at=now, lasts=lasts)
        )
        return f"{self.settings.web.public_url.rstrip('/')}/sign-in/{secret}"

    def _console(self, secret: bytes) -> Any:
        from folkmoot.web.app import console  # a third of all that there is to load

        return console(self.store, self.feed, self.receipts, self.settings, secret=secret)

    def _listen(self, secret: bytes) -> list[Listener]:
        web, ours = self.settings.web, self.settings.policy_server
        api = HttpApi(self.store, self.pipeline, self.settings)
        public_host(self.settings)  # a wrong one is said before anything begins
        self._pages = Later(lambda: self._console(secret))
        listeners = [
            Listener(Front(self._pages, api), web.host, web.port, setting="web.port", direct=api.direct)
        ]
        if self.policy_server is not None:
            listeners.append(
                Listener(
                    self.policy_server.app,
                    ours.host,
                    ours.port,
                    setting="policy_server.port",
                    certificate=ours.certificate,
                    certificate_key=ours.certificate_key,
                    direct=self.policy_server.app.direct,
                )
            )
        return listeners

    async def _sweep_for_ever(self) -> None:
        log = observe.logger("retention")
        while True:
            try:
                await self._sweep()
            except Exception:
                log.exception("could not delete what is over; trying again later")
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _remind_for_ever(self) -> None:
        log = observe.logger("reminders")
        while True:
            await asyncio.sleep(_REMIND_SECONDS)
            try:
                await self.store.write(lambda c: reminders.remind(c, now=time.time()))
            except Exception:
                log.exception("could not remind; trying again later")

    async def _sweep(self) -> None:
        now, days = time.time(), self.settings.keep.answers_days
        await self.store.write(lambda c: retention.sweep(c, now=now, answers_days=days))
        await self.store.write(lambda c: erasure.erase(c, self.store.seals, now=now))
        observe.OUTBOX_GIVEN_UP.set(len(await self.store.read(outbox.given_up)))


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def open_folder(folder: Path) -> Path:
    """Return the folder for keys and database, made with mode 700 where it does not exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as trouble:
        raise SettingsError(
            f"store.folder is {folder}, which cannot be used ({trouble.strerror}). Set it to another."
        ) from trouble
    return folder


def open_secret(path: Path) -> bytes:
    """Return the 32 secret bytes in `path`, made with mode 600 where there are none."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as trouble:
        raise SettingsError(f"{path} cannot be read or is damaged. Restore it from a backup.") from trouble
    if len(secret) != 32:
        raise SettingsError(f"{path} is damaged. Restore it from a backup.")
    return secret
