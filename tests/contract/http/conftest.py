"""The API as it is served, on a free port of loopback, over a real SQLite file."""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from folkmoot.gateways.http import HttpApi
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups, tokens
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope, TokenKind
from folkmoot.settings import Settings, load
from folkmoot.web.listening import Listener

POLICY = """
id = "test"
name = "A policy for tests"

[[rules]]
id = "no-pills"
sentence = "Nobody sells pills here."
category = "drugs"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "words"
any = ["cheap pills"]

[[rules]]
id = "ask-first"
sentence = "Ask before you sell a car here."
category = "off-topic"
outcome = "case"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "words"
any = ["my old car"]

[[rules]]
id = "slowly"
sentence = "At most three messages in ten seconds."
category = "spam"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "floods"
count = 4
within = "10 seconds"
"""


class Running:
    """The API while it runs: where it is, and the store behind it."""

    def __init__(self, address: str, store: Store, pipeline: Pipeline, app: HttpApi) -> None:
        self.address = address
        self.store = store
        self.pipeline = pipeline
        self.app = app

    def group(self, *, live: bool = True, policy: str = POLICY) -> str:
        """Make a group and return its id."""
        made = self.store.write_now(lambda c: groups.create(c, "Forum", policy, by="@a:x", at=1.0))
        if live:
            self.store.write_now(lambda c: groups.start(c, made.id, by="@a:x", at=1.0))
        return made.id

    def token(
        self,
        group: str,
        kind: TokenKind = TokenKind.API,
        lasts: float | None = None,
        may: tuple[Scope, ...] = (Scope.JUDGE,),
    ) -> str:
        """Make a token for a group and return its secret."""
        return self.store.write_now(
            lambda c: tokens.make(c, group, kind, by="operator", at=1.0, lasts=lasts, label="test", may=may)
        )

    def client(self, secret: str | None = None) -> httpx2.Client:
        """Return a client that shows the token."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return httpx2.Client(base_url=self.address, headers=headers, timeout=20, trust_env=False)


@contextmanager
def running(folder: Path, environment: dict[str, str] | None = None) -> Iterator[Running]:
    """Run the API in a thread of its own until the block ends."""
    settings = load(None, {"FOLKMOOT_STORE_FOLDER": str(folder), **(environment or {})})
    told: queue.SimpleQueue[tuple[Running, Callable[[], object]] | Exception] = queue.SimpleQueue()
    thread = threading.Thread(target=_run, args=(settings, told))
    thread.start()
    answer = told.get(timeout=20)
    if isinstance(answer, Exception):
        raise answer
    api, stop = answer
    try:
        yield api
    finally:
        stop()
        thread.join(20)


def _run(settings: Settings, told: "queue.SimpleQueue[Any]") -> None:
    try:
        asyncio.run(_serve(settings, told))
    except Exception as trouble:
        told.put(trouble)


async def _serve(settings: Settings, told: "queue.SimpleQueue[Any]") -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    async with _pipeline(settings) as (store, pipeline):
        app = HttpApi(store, pipeline, settings)
        listener = Listener(app, "127.0.0.1", 0, setting="web.port", direct=app.direct)
        await listener.start()
        api = Running(f"http://127.0.0.1:{listener.port}", store, pipeline, app)
        told.put((api, lambda: loop.call_soon_threadsafe(stop.set)))
        await stop.wait()
        await listener.close()


@asynccontextmanager
async def _pipeline(settings: Settings) -> AsyncIterator[tuple[Store, Pipeline]]:
    store = Store(settings.database_url())
    pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, settings.web.public_url))
    await pipeline.start()
    try:
        yield store, pipeline
    finally:
        await pipeline.close()
        store.close()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The API with its default settings."""
    with running(tmp_path_factory.mktemp("api")) as api:
        yield api


@pytest.fixture
def client(api: Running) -> Iterator[httpx2.Client]:
    """A client of a new group that has started."""
    with api.client(api.token(api.group())) as client:
        yield client
