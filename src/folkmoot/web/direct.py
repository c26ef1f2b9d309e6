"""The shortest way of a request: its bytes go to the one who answers, and the answer's bytes go back.

Only a plain request takes it: one that came whole, to an address that is answered directly, and with nothing
else under way on its connection. Every other goes on as ASGI has it, with what was read of it so far.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from folkmoot import observe
from folkmoot.web.bounded import BoundedHttp

Reply = Callable[[int, bytes, bytes], None]
"""Takes an answer: status, lines of its head (each with its end, without length and connection), body."""


class Direct(Protocol):
    """Answers the POST requests to one address."""

    @property
    def most(self) -> int:
        """The largest body, in bytes; a larger one goes another way."""

    def __call__(self, headers: dict[bytes, bytes], body: bytes, reply: Reply) -> None:
        """Answer a request now or later, once; it must not raise."""


class _Nobody:
    """Stands where somebody else would wait for the body: it is there already."""

    @staticmethod
    def set() -> None:
        """Wake nobody."""


class _Exchange:
    """One request that is answered directly, as its connection knows it until it is answered."""

    __slots__ = ("_http", "disconnected", "keep_alive", "response_complete")

    message_event: Final = _Nobody

    def __init__(self, http: "DirectHttp", keep_alive: bool) -> None:
        """Answer over this connection."""
        self._http = http
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False

    def answer(self, status: int, lines: bytes, body: bytes) -> None:
        """Send the answer, unless nobody is there any more."""
        if self.response_complete:
            return
        self.response_complete = True
        http = self._http
        together: Any = http.transport
        if self.disconnected or together.is_closing():
            return
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        length = b"content-length: %d\r\n" % len(body)
        together.write_whole(b"".join((STATUS_LINE[status], http.common_lines(), length, lines, end, body)))
        if not self.keep_alive:
            together.close()
        http.on_response_complete()


class DirectHttp(BoundedHttp):
    """One connection whose plain requests to some addresses are answered directly."""

    def __init__(self, ways: Mapping[bytes, Direct], **given: Any) -> None:
        """Answer what has its way in `ways`, by request target; the rest is what uvicorn gives."""
        super().__init__(**given)
        self._ways = ways
        self._taken: tuple[Direct, dict[bytes, bytes]] | None = None
        self._body = b""
        self._common: tuple[object, bytes] = None, b""

    def common_lines(self) -> bytes:
        """Return the lines that every answer has, such as the date."""
        common = self.server_state.default_headers
        if common is not self._common[0]:
            self._common = common, b"".join(b"%b: %b\r\n" % line for line in common)
        return self._common[1]

    def data_received(self, data: bytes) -> None:
        """Read on; what has not come whole by now goes the long way."""
        super().data_received(data)
        if self._taken is not None and not self.transport.is_closing():
            self._taken, body, self._body = None, self._body, b""
            self._go_long_way()
            if body:
                HttpToolsProtocol.on_body(self, body)

    def on_message_begin(self) -> None:
        """Begin without what only the long way needs."""
        self._begun = True
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Choose the way."""
        self._in_head = self._begun = False
        self._heads += 1
        self._head_bytes = 0
        if self._head_timer is not None:
            self._stop_timer()
        way = self._ways.get(self.url)
        if way is None or not self._take(way):
            self._go_long_way()

    def on_body(self, body: bytes) -> None:
        """Keep the body of a request that is answered directly."""
        if self._taken is None:
            super().on_body(body)
        else:
            self._body = self._body + body if self._body else body

    def on_message_complete(self) -> None:
        """Have a request answered that has come whole."""
        if self._taken is None:
            super().on_message_complete()
            return
        self._in_head = True
        (way, headers), body = self._taken, self._body
        self._taken, self._body = None, b""
        exchange: Any = _Exchange(self, self.parser.should_keep_alive())
        self.cycle = exchange
        try:
            way(headers, body, exchange.answer)
        except Exception as trouble:
            observe.logger("http").error("could not answer", trouble=type(trouble).__name__)
            self.transport.close()

    def _take(self, way: Direct) -> bool:
        """Take a request if it can be answered directly."""
        last: Any = self.cycle
        if last is not None and not last.response_complete:
            return False
        if self.flow.write_paused or self.expect_100_continue or self.parser.get_method() != b"POST":
            return False
        headers = dict(self.headers)
        if len(headers) != len(self.headers):  # one was said twice
            return False
        length = headers.get(b"content-length", b"")
        if not length.isdigit() or len(length) > 15 or int(length) > way.most or b"upgrade" in headers:
            return False
        if b"transfer-encoding" in headers or self.parser.get_http_version() != "1.1":
            return False
        self._taken = way, headers
        return True

    def _go_long_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        HttpToolsProtocol.on_message_begin(self)
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers
        HttpToolsProtocol.on_headers_complete(self)
