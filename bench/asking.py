"""A client that costs little, in a process of its own: it asks over many connections, and measures."""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

import uvloop


class Asked(NamedTuple):
    """What the client saw."""

    took: list[float]
    """Seconds for each answer."""
    wall: float
    """Seconds for all together."""
    cpu: float
    """The client's own processor time, in seconds."""


@asynccontextmanager
async def client(
    port: int, head: str, bodies: list[bytes], callers: int
) -> AsyncIterator[Callable[[], Awaitable[Asked]]]:
    """Have another process ready and connected; what this gives makes it ask all there is to ask, once."""
    # A fresh interpreter: a copy of this one would share its event loop.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_ask, args=(port, head, bodies, callers, theirs))
    process.start()
    theirs.close()  # so that we notice when the client ends without a word
    loop = asyncio.get_running_loop()

    async def hear() -> Asked | None:
        heard = await loop.run_in_executor(None, ours.recv)
        if isinstance(heard, str):
            raise RuntimeError(heard)
        return Asked(*heard) if heard else None

    async def ask() -> Asked:
        ours.send(True)
        found = await hear()
        if found is None:
            raise RuntimeError("the client gave up")
        return found

    try:
        await hear()
        yield ask
    finally:
        ours.close()
        await loop.run_in_executor(None, process.join)


def _ask(port: int, head: str, bodies: list[bytes], callers: int, pipe: Connection) -> None:
    try:
        uvloop.run(_ask_all(port, head, bodies, callers, pipe))
    except EOFError:
        return  # nobody wants to know any more
    except Exception as trouble:
        pipe.send(f"the client failed: {type(trouble).__name__}: {trouble}")


async def _ask_all(port: int, head: str, bodies: list[bytes], callers: int, pipe: Connection) -> None:
    begin = f"{head}\r\nHost: localhost\r\nConnection: keep-alive\r\nContent-Length: ".encode()
    rest = iter([begin + str(len(body)).encode() + b"\r\n\r\n" + body for body in bodies])
    took: list[float] = []
    loop = asyncio.get_running_loop()
    ended: list[asyncio.Future[None]] = [loop.create_future() for _ in range(callers)]
    asking = [_Caller(port, rest, took, end) for end in ended]
    for one in asking:
        await loop.create_connection(partial(_itself, one), "127.0.0.1", port)
    pipe.send(None)
    pipe.recv()
    began, cpu = time.perf_counter(), time.process_time()
    for one in asking:
        one.ask()
    await asyncio.gather(*ended)
    pipe.send((took, time.perf_counter() - began, time.process_time() - cpu))


def _itself(one: "_Caller") -> "_Caller":
    return one


class _Caller(asyncio.Protocol):
    """One connection that asks, waits for the answer, and asks again."""

    def __init__(
        self, port: int, rest: Iterator[bytes], took: list[float], ended: asyncio.Future[None]
    ) -> None:
        self._port = port
        self._rest = rest
        self._took = took
        self._ended = ended
        self._heard = b""
        self._at = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self._again: asyncio.Task[object] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Go on, if the last connection was ended by the other side."""
        self._transport = cast(asyncio.WriteTransport, transport)
        if self._again is not None:
            self.ask()

    def ask(self) -> None:
        """Send the next request, if there is one."""
        request = next(self._rest, None)
        if self._transport is None or request is None:
            self._end(None)
        else:
            self._at = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take an answer, and ask on."""
        heard = self._heard = self._heard + data
        end = heard.find(b"\r\n\r\n")
        if end < 0:
            return
        head = heard[:end].lower() + b"\r\n"
        if not head.startswith(b"http/1.1 200"):
            self._end(RuntimeError(f"the answer was {head[:60]!r}"))
        elif len(heard) >= end + 4 + int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]):
            self._took.append(time.perf_counter() - self._at)
            self._heard = b""
            if b"connection: close" in head:
                self._connect_again()
            else:
                self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, unless we ask on over another connection."""
        if self._transport is not None:
            self._end(exc or ConnectionError("the connection ended before the answer"))

    def _connect_again(self) -> None:
        loop, old = asyncio.get_running_loop(), self._transport
        self._transport = None
        if old is not None:
            old.close()
        self._again = loop.create_task(loop.create_connection(lambda: self, "127.0.0.1", self._port))

    def _end(self, trouble: Exception | None) -> None:
        if self._ended.done():
            return
        if trouble is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(trouble)
        if self._transport is not None:
            self._transport.close()
