"""Listening: an answer in two pieces does not wait for an acknowledgement between them."""

import asyncio
import socket

from folkmoot.web.listening import Listener


async def _silent(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("nobody asks")


async def test_connections_send_at_once() -> None:
    """A connection that a listener's port accepts has Nagle's algorithm off under asyncio's own loop."""
    listener = Listener(_silent, "127.0.0.1", 0, setting="web.port")
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Look(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            at = transport.get_extra_info("socket")
            seen.set_result(at.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    server = await asyncio.get_running_loop().create_server(Look, sock=listener._socket)
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        assert await seen == 1
        writer.close()
    finally:
        server.close()
        await listener.close()
