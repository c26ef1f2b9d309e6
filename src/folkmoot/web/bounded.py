"""HTTP whose heads are bounded in size and time; the server itself sets no such bound."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 65_536
HEAD_SECONDS = 10.0


class Together:
    """A transport that sends what is written in one turn of the loop together: an answer's head and body."""

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        """Write to `transport`."""
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's own."""
        return getattr(self._transport, name)

    def write(self, part: bytes) -> None:
        """Write a part soon, in order."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(part)

    def close(self) -> None:
        """Close once everything is written."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))


class BoundedHttp(HttpToolsProtocol):
    """One connection, closed when the head of a request grows too large or does not end."""

    _head_bytes = 0
    _heads = 0
    _in_head = True
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        together: Any = Together(transport, self.loop)
        super().connection_made(together)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too large."""
        if self._in_head and self._head_timer is None:
            self._await_head()
        heads = self._heads
        super().data_received(data)
        if self._heads != heads or not self._in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """Stop counting: the body is bounded by whoever reads it."""
        self._in_head = False
        self._heads += 1
        self._head_bytes = 0
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Count anew for the next request of the same connection."""
        super().on_message_complete()
        self._in_head = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer with the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self.transport.close()
