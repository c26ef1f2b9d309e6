"""How many requests a second the HTTP API answers: a client in a process of its own, over loopback."""

import asyncio
import json
import multiprocessing
import time
from multiprocessing.connection import Connection

import uvloop
from msgspec import Struct

from bench.running import pipeline_with
from bench.texts import messages
from folkmoot.decide.policy import Policy
from folkmoot.gateways.http.api import HttpApi
from folkmoot.remember import tokens
from folkmoot.remember.tokens import TokenKind
from folkmoot.settings import Settings
from folkmoot.web.listening import Listener

CALLERS = 64


class Serving(Struct, frozen=True, kw_only=True):
    """One run."""

    callers: int
    batch: int
    """Messages in a request."""
    per_second: float
    """Requests a second, wall-clock."""
    microseconds: float
    """The server's processor time for a request."""
    p50: float
    p99: float
    """What the client saw, in milliseconds."""


def run(policy: Policy, requests: int = 8_000, *, callers: int = CALLERS, batch: int = 1) -> Serving:
    """Serve, and have a client ask from so many connections at once."""
    return uvloop.run(_serve(policy, requests, callers, batch))


async def _serve(policy: Policy, requests: int, callers: int, batch: int) -> Serving:
    async with pipeline_with(policy) as (pipeline, group):
        token = await pipeline.store.write(
            lambda c: tokens.make(c, group, TokenKind.API, by="bench", at=time.time())
        )
        listener = Listener(HttpApi(pipeline.store, pipeline, Settings()), "127.0.0.1", 0, setting="bench")
        await listener.start()
        head = f"POST /v1/judge HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
        bodies = [_body(number, batch, texts) for number, texts in enumerate(_parts(requests, batch))]
        cpu = time.process_time()
        try:
            took, wall = await asked(listener.port, head, bodies, callers)
            cpu = time.process_time() - cpu
        finally:
            await listener.close()
    ordered = sorted(took)
    return Serving(
        callers=callers,
        batch=batch,
        per_second=len(ordered) / wall,
        microseconds=cpu / len(ordered) * 1e6,
        p50=ordered[len(ordered) // 2] * 1e3,
        p99=ordered[len(ordered) * 99 // 100] * 1e3,
    )


async def asked(port: int, head: str, bodies: list[bytes], callers: int) -> tuple[list[float], float]:
    """Have another process send these bodies; returns the seconds each took, and all together."""
    # A fresh interpreter: a copy of this one would share its event loop.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    client = context.Process(target=_ask, args=(port, head, bodies, callers, theirs))
    client.start()
    theirs.close()  # so that we notice when the client ends without a word
    try:
        found = await asyncio.get_running_loop().run_in_executor(None, ours.recv)
    finally:
        client.join()
    if isinstance(found, str):
        raise RuntimeError(found)
    took, wall = found
    return took, wall


def _ask(port: int, head: str, bodies: list[bytes], callers: int, pipe: Connection) -> None:
    try:
        pipe.send(uvloop.run(_ask_all(port, head, bodies, callers)))
    except Exception as trouble:
        pipe.send(f"the client failed: {type(trouble).__name__}: {trouble}")


def _parts(requests: int, batch: int) -> list[list[str]]:
    texts = messages(requests * batch, seed=41)
    return [texts[first : first + batch] for first in range(0, len(texts), batch)]


def _body(number: int, batch: int, texts: list[str]) -> bytes:
    asked = [
        {"id": f"{number}-{place}", "text": text, "sender": f"@{at % 1999}", "room": f"!{at % 97}"}
        for place, text in enumerate(texts)
        for at in [number * batch + place]
    ]
    return json.dumps(asked[0] if batch == 1 else {"messages": asked}).encode()


async def _ask_all(port: int, head: str, bodies: list[bytes], callers: int) -> tuple[list[float], float]:
    begin = f"{head}\r\nHost: localhost\r\nConnection: keep-alive\r\nContent-Length: ".encode()
    took: list[float] = []
    rest = iter(bodies)

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in rest:
            at = time.perf_counter()
            writer.write(begin + str(len(body)).encode() + b"\r\n\r\n" + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not answer.startswith(b"http/1.1 200"):
                raise RuntimeError(f"the answer was {answer[:60]!r}")
            await reader.readexactly(int(answer.split(b"content-length:")[1].split(b"\r\n")[0]))
            took.append(time.perf_counter() - at)
            if b"connection: close" in answer:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return took, time.perf_counter() - began
