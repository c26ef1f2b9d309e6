"""Plain requests are answered without ASGI, over a real socket; every other goes on as it always did."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from folkmoot.web.direct import Reply
from folkmoot.web.listening import Listener


class Way:
    """Answers with what it was asked; `hold` makes it answer only when told."""

    most = 1_000

    def __init__(self) -> None:
        self.asked: list[tuple[dict[bytes, bytes], bytes]] = []
        self.hold = False
        self.held: list[Callable[[], None]] = []

    def __call__(self, headers: dict[bytes, bytes], body: bytes, reply: Reply) -> None:
        """Answer now or when told."""
        self.asked.append((headers, body))
        if body == b"raise":
            raise ValueError("canaryword")
        if self.hold:
            self.held.append(lambda: reply(200, b"", b"[short %b]" % body))
        else:
            reply(200, b"x-own: line\r\n", b"[short %b]" % body)


class Served:
    """A listener with one direct way, and what its application was asked."""

    def __init__(self) -> None:
        self.way = Way()
        self.listener = Listener(self, "127.0.0.1", 0, setting="port", direct={b"/way": self.way})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Say what the body was."""
        body, more = b"", True
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            body, more = body + event.get("body", b""), event.get("more_body", False)
        said = b"[long %b]" % body[:20]
        headers = [(b"content-length", b"%d" % len(said)), (b"x-names", b"%d" % len(scope["headers"]))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    async def talk(self, *parts: bytes, until: bytes = b"]", pause: float = 0.05) -> bytes:
        """Send parts of requests; return what comes back until a word was said, or the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.listener.port)
        try:
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause if len(parts) > 1 else 0)
            return await asyncio.wait_for(reader.readuntil(until), 5)
        except asyncio.IncompleteReadError as ended:
            return ended.partial
        finally:
            writer.close()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A listener that runs."""
    served = Served()
    await served.listener.start()
    yield served
    await served.listener.close()


def _post(body: bytes, *lines: bytes, target: bytes = b"/way", version: bytes = b"1.1") -> bytes:
    lines = (b"Host: x", *lines, b"Content-Length: %d" % len(body))
    return b"POST %b HTTP/%b\r\n%b\r\n\r\n%b" % (target, version, b"\r\n".join(lines), body)


async def test_a_plain_request_is_answered_directly(served: Served) -> None:
    """The answer has its date, its length and its own lines; the headers came with small letters."""
    answer = await served.talk(_post(b"one", b"X-Name: Value"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == b"[short one]"
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n")[1:]]
    assert names == [b"date", b"content-length", b"x-own"]
    assert served.way.asked == [({b"host": b"x", b"x-name": b"Value", b"content-length": b"3"}, b"one")]


_CHUNKED = b"POST /way HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        _post(b"one", target=b"/other"),
        _post(b"one", target=b"/way?x=1"),
        _post(b"one", version=b"1.0"),
        _post(b"one").replace(b"POST", b"PUT"),
        _post(b"one", b"X-Twice: 1", b"x-twice: 2"),
        _CHUNKED,
    ],
    ids=["target", "query", "version", "method", "twice", "chunks"],
)
async def test_what_is_not_plain_goes_the_long_way(served: Served, request_: bytes) -> None:
    """Another target, method, version, a header twice, a body in chunks: the application gets it whole."""
    assert (await served.talk(request_)).endswith(b"[long one]")
    assert served.way.asked == []


async def test_who_wants_another_protocol_goes_the_long_way(served: Served) -> None:
    """An upgrade is not ours to answer."""
    answer = await served.talk(_post(b"one", b"Upgrade: h2c", b"Connection: Upgrade"))
    assert b"[long " in answer
    assert served.way.asked == []


async def test_a_large_body_goes_the_long_way(served: Served) -> None:
    """What is larger than the way takes is the application's to refuse."""
    assert (await served.talk(_post(b"x" * 1_001))).endswith(b"[long " + b"x" * 20 + b"]")
    assert (await served.talk(_post(b"x" * 1_000))).endswith(b"[short " + b"x" * 1_000 + b"]")


async def test_a_body_that_comes_in_parts_goes_the_long_way(served: Served) -> None:
    """Nothing of it is lost, wherever it is cut; a head that comes in parts is plain all the same."""
    request = _post(b"one two")
    body_at = request.index(b"\r\n\r\n") + 4
    for cut in (body_at, body_at + 1, len(request) - 1):
        answer = await served.talk(request[:cut], request[cut:])
        assert answer.endswith(b"[long one two]")
        assert b"x-names: 2" in answer
    for cut in (3, body_at - 1):
        assert (await served.talk(request[:cut], request[cut:])).endswith(b"[short one two]")


async def test_who_expects_to_be_told_to_go_on_is_told(served: Served) -> None:
    """A request with `Expect: 100-continue` gets that first."""
    head, body = _post(b"one", b"Expect: 100-continue").split(b"\r\n\r\n")
    answer = await served.talk(head + b"\r\n\r\n", body)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")
    assert answer.endswith(b"[long one]")


async def test_requests_in_a_row_are_answered_in_their_order(served: Served) -> None:
    """Whatever way each takes, and however long the first one waits."""
    served.way.hold = True
    three = _post(b"1") + _post(b"2", target=b"/other") + _post(b"3")
    talk = asyncio.create_task(served.talk(three, until=b"3]"))
    await asyncio.sleep(0.1)
    served.way.hold = False
    assert len(served.way.held) == 1
    served.way.held[0]()
    found = await talk
    order = [found.index(word) for word in (b"[short 1]", b"[long 2]", b"3]")]
    assert order == sorted(order)
    assert found.count(b"200 OK") == 3


async def test_a_connection_serves_many_and_ends_when_asked(served: Served) -> None:
    """Requests follow each other on one connection; `Connection: close` ends it after the answer."""
    answer = await served.talk(_post(b"1"), _post(b"2", b"Connection: close"), _post(b"3"), until=b"never")
    assert answer.count(b"200 OK") == 2
    assert answer.count(b"connection: close") == 1
    assert answer.endswith(b"[short 2]")


async def test_quiet_connections_are_closed_and_busy_ones_are_not(served: Served) -> None:
    """A connection ends when nothing is heard for the time that is set, counted from its last answer."""
    served.listener._server.config.timeout_keep_alive = 1
    began = asyncio.get_running_loop().time()
    found = await served.talk(_post(b"1"), _post(b"2"), _post(b"3"), until=b"never", pause=0.5)
    lasted = asyncio.get_running_loop().time() - began
    assert found.count(b"200 OK") == 3
    assert 1.9 < lasted < 3.5


async def test_who_waits_for_an_answer_is_not_closed(served: Served) -> None:
    """The wait for an answer is no quiet."""
    served.listener._server.config.timeout_keep_alive = 1
    reader, writer = await asyncio.open_connection("127.0.0.1", served.listener.port)
    writer.write(_post(b"1"))
    assert b"1]" in await reader.readuntil(b"]")
    served.way.hold = True
    writer.write(_post(b"2"))
    await asyncio.sleep(1.4)
    served.way.held[0]()
    assert b"2]" in await asyncio.wait_for(reader.readuntil(b"]"), 2)
    writer.close()


async def test_an_answer_under_way_is_given_before_the_end(served: Served) -> None:
    """Closing waits for it, and the connection ends after it."""
    served.way.hold = True
    talk = asyncio.create_task(served.talk(_post(b"1"), until=b"never"))
    await asyncio.sleep(0.1)
    closing = asyncio.create_task(served.listener.close())
    await asyncio.sleep(0.1)
    assert not closing.done()
    served.way.held[0]()
    assert (await talk).endswith(b"connection: close\r\n\r\n[short 1]")
    await closing


async def test_nobody_is_told_who_has_gone(served: Served) -> None:
    """An answer that comes after the other side has left is dropped, and a second answer is none."""
    served.way.hold = True
    _, writer = await asyncio.open_connection("127.0.0.1", served.listener.port)
    writer.write(_post(b"1"))
    await asyncio.sleep(0.1)
    writer.close()
    await asyncio.sleep(0.1)
    for _ in range(2):
        served.way.held[0]()
    served.way.hold = False
    assert (await served.talk(_post(b"2"))).count(b"200 OK") == 1


async def test_who_does_not_read_gets_no_more_answers_held(served: Served) -> None:
    """Once answers pile up, requests wait the long way for room."""
    served.way.most = 100_000
    _, writer = await asyncio.open_connection("127.0.0.1", served.listener.port)
    for _ in range(400):
        writer.write(_post(b"x" * 60_000))
        await asyncio.sleep(0)
    await asyncio.sleep(0.3)
    held = sum(connection.transport.get_write_buffer_size() for connection in _connections(served))
    assert held < 1_000_000
    writer.transport.abort()


async def test_a_fault_ends_the_connection_and_tells_no_words(served: Served) -> None:
    """Whoever raises although it must not is logged by the kind of its trouble."""
    with capture_logs() as logged:
        assert await served.talk(_post(b"raise")) == b""
    assert [(one["event"], one["trouble"]) for one in logged] == [("could not answer", "ValueError")]
    assert (await served.talk(_post(b"2"))).endswith(b"[short 2]")


def _connections(served: Served) -> list[Any]:
    return list(served.listener._server.server_state.connections)
