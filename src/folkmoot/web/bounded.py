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

    def write_whole(self, answer: bytes) -> None:
        """Write an answer that is whole: there is nothing to wait for."""
        if self._held:
            self._held.append(answer)
        else:
            self._transport.write(answer)

    def is_closing(self) -> bool:
        """Return whether the connection ends."""
        closing: bool = self._transport.is_closing()
        return closing

    def close(self) -> None:
        """Close once everything is written."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))


class BoundedHttp(HttpToolsProtocol):
    """One connection, closed when the head of a request grows too large or does not end.

    A head that comes whole needs no timer, and the wait between two requests has one for all of them.
    """

    _head_bytes = 0
    _heads = 0
    _in_head = True
    _begun = False
    """Whether a request began whose head is not complete."""
    _head_timer: asyncio.TimerHandle | None = None
    _quiet_since: float | None = None
    """Since when nothing is under way and nothing was heard."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        together: Any = Together(transport, self.loop)
        super().connection_made(together)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too large."""
        heads, in_head = self._heads, self._in_head
        super().data_received(data)
        grew = in_head and self._heads == heads
        if not self._in_head or not (grew or self._begun) or self.transport.is_closing():
            return
        if self._head_timer is None:
            self._await_head()
        if grew:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self._begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting: the body is bounded by whoever reads it."""
        self._in_head = self._begun = False
        self._heads += 1
        self._head_bytes = 0
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Count anew for the next request of the same connection."""
        super().on_message_complete()
        self._in_head = True

    def on_response_complete(self) -> None:
        """Go on with the next request that is there, or wait for one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._quiet_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._await_more(self.timeout_keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers with the connection."""
        self._stop_timer()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        super().connection_lost(exc)

    def _unset_keepalive_if_required(self) -> None:
        """Something was heard; the timer finds out when it rings."""
        self._quiet_since = None

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it was quiet for too long, or look again when it may have been."""
        self.timeout_keep_alive_task = None
        if self._quiet_since is None or self.transport.is_closing():
            return
        left = self._quiet_since + self.timeout_keep_alive - self.loop.time()
        if left > 0.01:
            self._await_more(left)
        else:
            self.transport.close()

    def _await_more(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self.transport.close()
