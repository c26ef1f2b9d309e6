"""A console on a free loopback port, over a seeded store, with a clock that a test can turn."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import uvicorn

from folkmoot.intake.feed import Feed
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import tokens
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import TokenKind
from folkmoot.settings import Settings, Web
from folkmoot.web.app import console
from folkmoot.web.languages import Languages
from tests.support.seed import STEWARD, Seeded, seed

SECRET = b"a secret for the tests, 32 bytes"


class Clock:
    """The time of day, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Served:
    """A running console and everything behind it."""

    url: str
    store: Store
    feed: Feed
    receipts: Receipts
    seeded: Seeded
    clock: Clock = field(default_factory=Clock)

    def link(self, person: str = STEWARD, group: str | None = None) -> str:
        """The address of a fresh sign-in link, as the bot would send it."""
        return f"{self.url}/sign-in/{self.sign_in_token(person, group)}"

    def sign_in_token(self, person: str = STEWARD, group: str | None = None) -> str:
        """The secret of a fresh sign-in link."""
        return self._token(TokenKind.SIGN_IN, person, group)

    def session(self, person: str = STEWARD, group: str | None = None) -> str:
        """The secret of a fresh session."""
        return self._token(TokenKind.SESSION, person, group)

    def expired_session(self, person: str = STEWARD) -> str:
        """The secret of a session that lasted until a minute ago."""
        at = self.clock() - 960
        group = self.seeded.group
        return self.store.write_now(
            lambda c: tokens.make(c, group, TokenKind.SESSION, by=person, at=at, lasts=900.0)
        )

    def ended_session(self, person: str = STEWARD) -> str:
        """The secret of a session that its owner ended."""
        session = self.session(person)
        self.store.write_now(lambda c: tokens.end(c, session, by=person, at=self.clock()))
        return session

    def _token(self, kind: TokenKind, person: str, group: str | None) -> str:
        where = group or self.seeded.group
        now = self.clock()
        return self.store.write_now(lambda c: tokens.make(c, where, kind, by=person, at=now, lasts=900.0))


@asynccontextmanager
async def serve(folder: Path, *, languages: Languages | None = None, **web: object) -> AsyncIterator[Served]:
    """Run a console for as long as the context lasts."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    store, clock = Store(f"sqlite:///{folder / 'folkmoot.db'}"), Clock()
    feed, receipts = Feed(), Receipts(SECRET, url)
    settings = Settings(web=msgspec.convert({"public_url": url, **web}, Web))
    app = console(store, feed, receipts, settings, secret=SECRET, clock=clock, languages=languages)
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:  # noqa: ASYNC110  (uvicorn says so by a flag only)
            await asyncio.sleep(0.01)
        yield Served(url, store, feed, receipts, seed(store, at=clock()), clock)
    finally:
        server.should_exit = True
        await running
        listening.close()
        store.close()
