"""Listening on a port: bound before anything starts, so that a port in use is a clear error."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import uvicorn

from folkmoot.web.direct import Direct, DirectHttp


class PortInUseError(Exception):
    """Another program listens on the port; stop it, or choose another port in the settings."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the command, which ends every part in order."""
        yield


class Listener:
    """One ASGI application on one port."""

    def __init__(
        self,
        app: Any,
        host: str,
        port: int,
        *,
        setting: str,
        certificate: str = "",
        certificate_key: str = "",
        proxied: bool = False,
        direct: Mapping[bytes, Direct] | None = None,
    ) -> None:
        """Bind the port now (0: any free one); PortInUseError names the port and its `setting`.

        `direct` answers plain POST requests to its targets; the application answers all others.
        """
        self._socket = _bind(host, port, setting)
        self.port: int = self._socket.getsockname()[1]
        connection: Any = partial(DirectHttp, direct or {})
        self._server = _Server(
            uvicorn.Config(
                app,
                http=connection,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ssl_certfile=certificate or None,
                ssl_keyfile=certificate_key or None,
                proxy_headers=proxied,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=3,
                limit_concurrency=None,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer; returns once the port answers."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            if self._task.done():
                self._task.result()
                return
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Stop answering; requests under way are finished first."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()


def _bind(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle on and every answer waits 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as trouble:
        listening.close()
        raise PortInUseError(
            f"Cannot listen on {host} port {port} ({trouble.strerror}). "
            f"Stop the program that uses it, or set {setting} to another one."
        ) from trouble
    return listening
