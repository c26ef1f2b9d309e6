"""Heads of requests are bounded in size and time, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from folkmoot.web import bounded
from folkmoot.web.listening import Listener

SMALL = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server whose heads must end within 0.3 s."""
    monkeypatch.setattr(bounded, "HEAD_SECONDS", 0.3)
    listener = Listener(_hello, "127.0.0.1", 0, setting="port")
    await listener.start()
    yield listener.port
    await listener.close()


async def _talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts of a request and return everything that comes back until the connection ends or is quiet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = b""
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        heard = await asyncio.wait_for(reader.read(65_536), 2)
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return heard


async def test_ordinary_requests_pass(port: int) -> None:
    """Requests are answered, several on one connection, also after a wait longer than a head may take."""
    assert (await _talk(port, SMALL)).endswith(b"ok")
    assert (await _talk(port, SMALL, SMALL, pause=0.5)).count(b"200 OK") == 2
    large = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 30_000 + b"\r\n\r\n"
    assert (await _talk(port, large)).endswith(b"ok")


async def test_large_bodies_are_no_heads(port: int) -> None:
    """A body larger than a head may be does no harm to its request, nor to the next one."""
    large = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 150000\r\n\r\n" + b"x" * 150_000
    assert (await _talk(port, large, SMALL, pause=0.1)).count(b"200 OK") == 2
    head, body = large[:-150_000], large[-150_000:]
    assert (await _talk(port, head, body, SMALL, pause=0.1)).count(b"200 OK") == 2


async def test_a_head_that_never_ends_is_refused(port: int) -> None:
    """A head that grows beyond its limit is refused, in one header or in many."""
    assert b"400" in await _talk(port, b"GET / HTTP/1.1\r\nX: ", b"x" * 200_000)
    assert b"400" in await _talk(port, b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 40_000)
    assert b"400" in await _talk(port, b"GET /" + b"x" * 200_000)


async def test_a_slow_head_is_cut_off(port: int) -> None:
    """A connection that says nothing, or trickles a head, is closed when its time is up."""
    started = asyncio.get_running_loop().time()
    assert await _talk(port) == b""
    assert await _talk(port, *[b"X" for _ in range(8)], pause=0.1) == b""
    assert asyncio.get_running_loop().time() - started < 2.5
