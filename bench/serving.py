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
        # A fresh interpreter: a copy of this one would share its event loop.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        arguments = (listener.port, token, requests, callers, batch, theirs)
        client = context.Process(target=_ask, args=arguments)
        client.start()
        try:
            await _heard(ours)  # it is ready
            cpu = time.process_time()
            ours.send("go")
            took, wall = await _heard(ours)
            cpu = time.process_time() - cpu
        finally:
            client.join()
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


async def _heard(pipe: Connection) -> tuple[list[float], float]:
    found: tuple[list[float], float] = await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    return found


def _ask(port: int, token: str, requests: int, callers: int, batch: int, pipe: Connection) -> None:
    bodies = [_body(number, batch, texts) for number, texts in enumerate(_parts(requests, batch))]
    pipe.send(([], 0.0))
    pipe.recv()
    pipe.send(uvloop.run(_ask_all(port, token, bodies, callers)))


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


async def _ask_all(port: int, token: str, bodies: list[bytes], callers: int) -> tuple[list[float], float]:
    head = (
        "POST /v1/judge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: "
    ).encode()
    took: list[float] = []
    rest = iter(bodies)

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in rest:
            at = time.perf_counter()
            writer.write(head + str(len(body)).encode() + b"\r\n\r\n" + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the API answered {answer[:60]!r}")
            length = answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            took.append(time.perf_counter() - at)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return took, time.perf_counter() - began
