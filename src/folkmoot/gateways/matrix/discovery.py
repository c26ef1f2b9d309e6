"""Finding the machine behind a server name (specification: server-server API, "Resolving server names")."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable

import dns.asyncresolver
import dns.exception
import dns.resolver
from msgspec import Struct

from folkmoot.gateways.matrix import canonical_json, names
from folkmoot.gateways.matrix.dialling import DialError, Dialler, Reply, Target

_FEDERATION_PORT = 8448
_WELL_KNOWN = "/.well-known/matrix/server"
_WELL_KNOWN_BYTES = 51_200
_REDIRECTS = 3
_DAY = 86_400.0
_MOST_REMEMBERED = 10_000
_LOCATION = re.compile(r"https://([^/?#@\s]+)(/[^#\s]*)?\Z")


class Found(Struct, frozen=True):
    """Where a server is, and until when we need not look again."""

    target: Target
    until: float


class Discovery:
    """Resolves server names, and remembers the result as long as the other side says (at most two days)."""

    def __init__(
        self,
        dialler: Dialler,
        *,
        resolver: dns.asyncresolver.Resolver | None = None,
        clock: Callable[[], float] = time.time,
        seconds: float = 5.0,
    ) -> None:
        """Look up over `dialler`; without a `resolver`, that of the system serves for SRV records."""
        self._dialler = dialler
        self._resolver = resolver or _system_resolver()
        self._clock = clock
        self._seconds = seconds
        self._known: OrderedDict[str, Found] = OrderedDict()

    async def find(self, server: str) -> Target:
        """Return where to send requests for `server`; BadNameError if it is no name that we accept."""
        name = names.parse_server(server)
        if name.port is not None:
            return Target(name.host, name.port, server)
        known = self._known.get(server)
        if known is not None and known.until > self._clock():
            return known.target
        delegated, life = await self._well_known(name.host)
        target = await self._after_well_known(delegated or server)
        self._known[server] = Found(target, self._clock() + life)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return target

    async def _after_well_known(self, server: str) -> Target:
        name = names.parse_server(server)
        if name.port is not None:
            return Target(name.host, name.port, server)
        for service in ("_matrix-fed._tcp", "_matrix._tcp"):
            found = await self._srv(f"{service}.{name.host}")
            if found is not None:
                return Target(name.host, found[1], name.host, connect_to=found[0])
        return Target(name.host, _FEDERATION_PORT, name.host)

    async def _well_known(self, host: str) -> tuple[str | None, float]:
        target, path = Target(host, 443, host), _WELL_KNOWN
        for _ in range(_REDIRECTS + 1):
            try:
                reply = await self._dialler.send(
                    "GET", target, path, limit=_WELL_KNOWN_BYTES, seconds=self._seconds
                )
            except DialError:
                return None, _DAY / 24
            if reply.status not in (301, 302, 303, 307, 308):
                return _delegated(reply)
            moved = _redirect(reply.headers.get("location", ""), target)
            if moved is None:
                break
            target, path = moved
        return None, _DAY / 24

    async def _srv(self, question: str) -> tuple[str, int] | None:
        if self._resolver is None:
            return None
        try:
            answer = await asyncio.wait_for(self._resolver.resolve(question, "SRV"), self._seconds)
        except (dns.exception.DNSException, TimeoutError, OSError):
            return None
        best = min(answer, key=lambda record: (record.priority, -record.weight))
        host = str(best.target).rstrip(".")
        return (host, int(best.port)) if host and names.is_server(host) else None


def _system_resolver() -> dns.asyncresolver.Resolver | None:
    try:
        resolver = dns.asyncresolver.Resolver()
    except (dns.resolver.NoResolverConfiguration, OSError):
        return None  # no resolver on this machine: names are found without SRV records
    resolver.lifetime = 4.0
    return resolver


def _delegated(reply: Reply) -> tuple[str | None, float]:
    life = _lifetime(reply.headers.get("cache-control", ""))
    if reply.status != 200:
        return None, _DAY / 24
    try:
        server = canonical_json.decode_object(reply.body).get("m.server")
    except canonical_json.NotCanonicalError:
        return None, _DAY / 24
    return (server, life) if names.is_server(server) else (None, _DAY / 24)


def _lifetime(cache_control: str) -> float:
    found = re.search(r"(?:^|[,\s])max-age=(\d{1,9})(?:[,\s]|$)", cache_control.lower())
    return min(max(float(found[1]), 300.0), 2 * _DAY) if found else _DAY


def _redirect(location: str, before: Target) -> tuple[Target, str] | None:
    if location.startswith("/") and not location.startswith("//"):
        return before, location.partition("#")[0]
    found = _LOCATION.match(location)
    if found is None or not names.is_server(found[1]):
        return None
    name = names.parse_server(found[1])
    return Target(name.host, name.port or 443, found[1]), found[2] or "/"
