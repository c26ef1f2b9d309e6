"""How many requests a second the HTTP API answers: a client in a process of its own, over loopback."""

import json
import time

import uvloop
from msgspec import Struct

from bench.asking import client
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
    client: float
    """The client's."""
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
        api = HttpApi(pipeline.store, pipeline, Settings())
        listener = Listener(api, "127.0.0.1", 0, setting="bench", direct=api.direct)
        await listener.start()
        head = f"POST /v1/judge HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
        bodies = [_body(number, batch, texts) for number, texts in enumerate(_parts(requests, batch))]
        try:
            async with client(listener.port, head, bodies, callers) as ask:
                cpu = time.process_time()
                asked = await ask()
                cpu = time.process_time() - cpu
        finally:
            await listener.close()
    ordered = sorted(asked.took)
    return Serving(
        callers=callers,
        batch=batch,
        per_second=len(ordered) / asked.wall,
        microseconds=cpu / len(ordered) * 1e6,
        client=asked.cpu / len(ordered) * 1e6,
        p50=ordered[len(ordered) // 2] * 1e3,
        p99=ordered[len(ordered) * 99 // 100] * 1e3,
    )


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
