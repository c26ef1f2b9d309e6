"""The console and the HTTP API at one address: the API has its paths, the console has the rest."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol


class Api(Protocol):
    """An ASGI application that says which paths are its own."""

    def serves(self, path: str) -> bool:
        """Return whether a path is the API's."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""


class Later:
    """An application that is made only when somebody asks for it: judging need not wait for it to load."""

    def __init__(self, make: Callable[[], Any]) -> None:
        """Make it with `make`, in a thread."""
        self._make = make
        self._made: Any = None
        self._one_at_a_time = asyncio.Lock()

    async def ready(self) -> Any:
        """Return the application, made now if it was not."""
        if self._made is None:
            async with self._one_at_a_time:
                if self._made is None:
                    self._made = await asyncio.to_thread(self._make)
        return self._made

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        await (await self.ready())(scope, receive, send)


class Front:
    """Hands each request to the application that it is for."""

    def __init__(self, console: Any, api: Api) -> None:
        """Give the API its paths, and the console everything else."""
        self._console = console
        self._api = api

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        ours = scope["type"] == "http" and self._api.serves(scope["path"])
        await (self._api if ours else self._console)(scope, receive, send)
