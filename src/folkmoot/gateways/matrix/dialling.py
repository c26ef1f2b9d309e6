"""HTTPS requests to servers that strangers name: bounded in time, in size and in where they may lead."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

import httpcore2
from msgspec import Struct

from folkmoot.gateways.matrix.reach import GuardedBackend, Reach, connect_instead

_AGENT = "Folkmoot"


class DialError(Exception):
    """The other server could not be reached, was too slow or sent too much."""


class TooLargeError(DialError):
    """The other server sent more than is read."""


class Target(Struct, frozen=True):
    """Where a request goes: the name that the certificate must carry, the port, and whom to connect to."""

    name: str
    port: int
    host_header: str
    connect_to: str | None = None


class Reply(Struct, frozen=True):
    """What the other server said."""

    status: int
    headers: dict[str, str]
    body: bytes


class Dialler:
    """Sends single requests over a pool of connections."""

    def __init__(self, reach: Reach, authority: Path | None = None, *, connections: int = 64) -> None:
        """Trust the system's certificate authorities and, if given, one private authority (PEM)."""
        context = ssl.create_default_context()
        if authority is not None:
            context.load_verify_locations(cafile=str(authority))
        self._backend = GuardedBackend(reach)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections // 2,
            keepalive_expiry=30,
            network_backend=self._backend,
        )

    async def send(
        self,
        method: str,
        target: Target,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: int,
        seconds: float,
    ) -> Reply:
        """Send one request; DialError if no answer of at most `limit` bytes comes within `seconds`."""
        connect_instead.set(target.connect_to)
        sent = [("Host", target.host_header), ("User-Agent", _AGENT), *(headers or {}).items()]
        waits = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        try:
            async with (
                asyncio.timeout(seconds),
                self._pool.stream(
                    method,
                    f"https://{target.name}:{target.port}{path}",
                    headers=sent,
                    content=body,
                    extensions={"timeout": waits},
                ) as answer,
            ):
                found = await _read(answer, limit)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as trouble:
            raise DialError(f"{type(trouble).__name__}: {trouble}") from trouble
        except (TimeoutError, ssl.SSLError, OSError, ValueError) as trouble:
            raise DialError(type(trouble).__name__) from trouble
        names = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in answer.headers}
        return Reply(answer.status, names, found)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
        self._backend.close()


async def _read(answer: httpcore2.Response, limit: int) -> bytes:
    parts, held = [], 0
    async for part in answer.aiter_stream():
        held += len(part)
        if held > limit:
            raise TooLargeError(f"the answer is larger than {limit} bytes")
        parts.append(part)
    return b"".join(parts)
