"""Finding other servers, over real TLS and real DNS on loopback."""

import json
from typing import Any

import dns.asyncresolver
import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.gateways.matrix.dialling import Dialler, Target
from folkmoot.gateways.matrix.discovery import Discovery
from folkmoot.gateways.matrix.names import BadNameError
from folkmoot.gateways.matrix.reach import Reach
from tests.support.other_server import NameServer, OtherServer

LOOPBACK = ("127.0.0.1/32", "::1/128")


class Directory(Dialler):
    """Sends requests for port 443 to a real server on another port of loopback."""

    def __init__(self, authority: Authority, ports: dict[int, int]) -> None:
        super().__init__(Reach(LOOPBACK), authority.certificate)
        self._ports = ports

    async def send(self, method: str, target: Target, path: str, **options: Any) -> Any:
        port = self._ports.get(target.port, target.port)
        there = Target(target.name, port, target.host_header, target.connect_to)
        return await super().send(method, there, path, **options)


async def _discover(
    authority: Authority,
    well_known: dict[str, tuple[int, dict[str, str], bytes]],
    records: dict[str, list[str]],
    name: str = "localhost",
) -> Target:
    async def respond(path: str, _: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return well_known.get(path, (404, {}, b""))

    async with (
        OtherServer(authority.issue("known", "localhost"), respond) as web,
        NameServer(records) as dns_server,
    ):
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = dns_server.port
        resolver.lifetime = 2
        dialler = Directory(authority, {443: web.port})
        target = await Discovery(dialler, resolver=resolver).find(name)
        await dialler.close()
        return target


def _says(server: Any, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return (
        200,
        {name.replace("_", "-"): value for name, value in headers.items()},
        json.dumps({"m.server": server}).encode(),
    )


WELL_KNOWN = "/.well-known/matrix/server"


@pytest.mark.parametrize(
    ("well_known", "records", "expected"),
    [
        ({}, {}, Target("localhost", 8448, "localhost")),
        ({WELL_KNOWN: _says("hs.example:443")}, {}, Target("hs.example", 443, "hs.example:443")),
        ({WELL_KNOWN: _says("hs.example")}, {}, Target("hs.example", 8448, "hs.example")),
        (
            {WELL_KNOWN: _says("hs.example")},
            {"_matrix-fed._tcp.hs.example": ["20 0 1 far.example.", "10 5 8449 near.example."]},
            Target("hs.example", 8449, "hs.example", "near.example"),
        ),
        (
            {},
            {"_matrix._tcp.localhost": ["10 5 8450 old.example."]},
            Target("localhost", 8450, "localhost", "old.example"),
        ),
        ({}, {"_matrix-fed._tcp.localhost": ["0 0 0 ."]}, Target("localhost", 8448, "localhost")),
        ({WELL_KNOWN: _says("127.0.0.1:443")}, {}, Target("localhost", 8448, "localhost")),
        ({WELL_KNOWN: _says(7)}, {}, Target("localhost", 8448, "localhost")),
        ({WELL_KNOWN: (200, {}, b"{")}, {}, Target("localhost", 8448, "localhost")),
        ({WELL_KNOWN: (200, {}, b" " * 60_000)}, {}, Target("localhost", 8448, "localhost")),
        (
            {WELL_KNOWN: (302, {"location": "/moved"}, b""), "/moved": _says("hs.example:1")},
            {},
            Target("hs.example", 1, "hs.example:1"),
        ),
        ({WELL_KNOWN: (302, {"location": WELL_KNOWN}, b"")}, {}, Target("localhost", 8448, "localhost")),
        (
            {WELL_KNOWN: (302, {"location": "http://localhost/x"}, b"")},
            {},
            Target("localhost", 8448, "localhost"),
        ),
        (
            {WELL_KNOWN: (302, {"location": "https://10.0.0.1/x"}, b"")},
            {},
            Target("localhost", 8448, "localhost"),
        ),
    ],
)
async def test_servers_are_found(
    authority: Authority, well_known: Any, records: dict[str, list[str]], expected: Target
) -> None:
    """A name without a port is found by .well-known, then SRV, then port 8448, and never by an address."""
    assert await _discover(authority, well_known, records) == expected


async def test_a_name_with_a_port_needs_no_looking(authority: Authority) -> None:
    """A name with a port is that host at that port."""
    assert await _discover(authority, {}, {}, "hs.example:99") == Target("hs.example", 99, "hs.example:99")
    with pytest.raises(BadNameError):
        await _discover(authority, {}, {}, "10.0.0.1")


async def test_what_was_found_is_remembered(authority: Authority) -> None:
    """A delegation is remembered for as long as the server says, and then looked for again."""
    asked = 0

    async def respond(path: str, _: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        nonlocal asked
        asked += 1
        return _says("hs.example:1", cache_control="max-age=600")

    now = 1000.0
    async with OtherServer(authority.issue("known", "localhost"), respond) as web:
        dialler = Directory(authority, {443: web.port})
        discovery = Discovery(dialler, clock=lambda: now)
        for step in (0, 599, 2):
            now += step
            assert (await discovery.find("localhost")).port == 1
        assert asked == 2
        await dialler.close()


async def test_an_srv_target_is_reached_under_the_servers_name(authority: Authority) -> None:
    """A request to an SRV target goes to the target's machine, with the certificate and Host of the name."""

    async def respond(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b"{}"

    async with OtherServer(authority.issue("named", "hs.example"), respond) as web:
        dialler = Dialler(Reach(LOOPBACK), authority.certificate)
        target = Target("hs.example", web.port, "hs.example", "localhost")
        assert (await dialler.send("GET", target, "/x", limit=10, seconds=5)).status == 200
        assert web.asked == [("/x", "hs.example")]
        await dialler.close()
