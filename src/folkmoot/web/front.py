"""The console and the HTTP API at one address: the API has its paths, the console has the rest."""

from typing import Any, Protocol


class Api(Protocol):
    """An ASGI application that says which paths are its own."""

    def serves(self, path: str) -> bool:
        """Return whether a path is the API's."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""


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
