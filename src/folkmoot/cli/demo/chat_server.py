"""Serves the chat page on the loopback address until told to stop."""

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn

from folkmoot.cli.demo.chat import Group, application


class _Quiet(uvicorn.Server):
    """A server that leaves Ctrl-C to the demonstration."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class ChatServer:
    """The chat page as a running server."""

    def __init__(self, group: Group, port: int) -> None:
        """Prepare to serve `group` at `port`."""
        self.url = f"http://127.0.0.1:{port}"
        self._group = group
        self._server = _Quiet(
            uvicorn.Config(
                application(group, port),
                host="127.0.0.1",
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once the page answers."""
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Stop following the rooms and serving."""
        for view in self._group.views.values():
            await view.end()
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
