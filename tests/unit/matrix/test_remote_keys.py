"""Fetching other servers' keys, over real TLS on loopback."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.gateways.matrix import own_keys
from folkmoot.gateways.matrix.dialling import DialError, Dialler, Target
from folkmoot.gateways.matrix.memory import MemoryKeys
from folkmoot.gateways.matrix.outgoing import Federation, RemoteError
from folkmoot.gateways.matrix.reach import Reach
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from tests.support.origin import DAY_MS, Origin, now_ms
from tests.support.other_server import OtherServer

LOOPBACK = ("127.0.0.1/32", "::1/128")


class KeyServer:
    """Another server that publishes its keys, and the client side that asks for them."""

    def __init__(self, authority: Authority, *, allow: tuple[str, ...] = LOOPBACK) -> None:
        self.origin = Origin()
        self.document: Callable[[], Any] = self.origin.key_document
        self.delay = 0.0
        self.now = now_ms() / 1000
        self.cache = MemoryKeys()
        self.web = OtherServer(authority.issue("other", "localhost"), self._respond)
        self._authority = authority
        self._allow = allow

    async def _respond(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        await asyncio.sleep(self.delay)
        made = self.document()
        if isinstance(made, tuple):
            return made
        return 200, {}, made if isinstance(made, bytes) else json.dumps(made).encode()

    async def __aenter__(self) -> "KeyServer":
        await self.web.__aenter__()
        self.origin.name = f"localhost:{self.web.port}"
        key = own_keys.generate().federation
        self.client = Federation(
            "moot.example", key, allow_networks=self._allow, authority=self._authority.certificate
        )
        self.keys = RemoteKeys(self.client, self.cache, lambda: self.now)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.keys.close()
        await self.client.close()
        await self.web.__aexit__()

    async def find(self, key_id: str = "ed25519:a1") -> bool:
        """Tell whether the server's key can be had for a request."""
        return await self.keys.for_request(self.origin.name, key_id) is not None


async def test_keys_are_fetched_once_and_remembered(authority: Authority) -> None:
    """A server's keys are fetched once for many who ask, and kept across a restart."""
    async with KeyServer(authority) as server:
        server.delay = 0.05
        assert all(await asyncio.gather(*(server.find() for _ in range(20))))
        assert await server.find()
        server.keys = RemoteKeys(server.client, server.cache, lambda: server.now)
        assert await server.find()
        assert server.web.asked == [("/_matrix/key/v2/server", server.origin.name)]


async def test_a_server_without_keys_is_left_alone_for_a_while(authority: Authority) -> None:
    """A server that gave nothing usable is not asked again at once, but later it is, with growing pauses."""
    async with KeyServer(authority) as server:
        server.document = lambda: (500, {}, b"{}")
        for _ in range(5):
            assert not await server.find()
        assert len(server.web.asked) == 1
        server.now += 6
        assert not await server.find()
        server.now += 6
        assert not await server.find()
        assert len(server.web.asked) == 2
        server.document = server.origin.key_document
        server.now += 6
        assert await server.find()


async def test_an_unknown_key_is_looked_for_but_not_too_often(authority: Authority) -> None:
    """A key id that we do not know makes us look again, at most every half minute."""
    async with KeyServer(authority) as server:
        assert await server.find()
        for _ in range(5):
            assert not await server.find("ed25519:b2")
        assert len(server.web.asked) == 1
        server.now += 31
        assert not await server.find("ed25519:b2")
        assert len(server.web.asked) == 2


async def test_news_are_looked_for_when_half_the_time_is_over(authority: Authority) -> None:
    """A key past half of its lifetime is still good, and is renewed in the background."""
    async with KeyServer(authority) as server:
        assert await server.find()
        server.now += DAY_MS / 1000 * 0.6
        assert await server.find()
        for _ in range(100):
            if len(server.web.asked) == 2:
                break
            await asyncio.sleep(0.02)
        assert len(server.web.asked) == 2
        server.now += DAY_MS / 1000
        server.document = lambda: (404, {}, b"{}")
        assert not await server.find()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{" * 100,
        b'{"a":"' + b"x" * 70_000 + b'"}',
        (302, {"location": "https://localhost/"}, b"{}"),
    ],
)
async def test_nonsense_gives_no_keys(authority: Authority, body: Any) -> None:
    """An answer that is no key document, too large or a redirect gives no keys."""
    async with KeyServer(authority) as server:
        server.document = lambda: body
        assert not await server.find()


async def test_another_servers_document_gives_no_keys(authority: Authority) -> None:
    """A server cannot hand out keys in another's name."""
    async with KeyServer(authority) as server:
        name = server.origin.name
        server.origin.name = "victim.example"
        document = server.origin.key_document()
        server.origin.name = name
        server.document = lambda: document
        assert not await server.find()


async def test_private_addresses_are_never_called(authority: Authority) -> None:
    """Without the operator's leave no name that leads to loopback is called."""
    async with KeyServer(authority, allow=()) as server:
        assert not await server.find()
        assert server.web.asked == []


async def test_a_stranger_certificate_is_refused(authority: Authority, tmp_path_factory: Any) -> None:
    """A server whose certificate our authorities did not sign, or that is another's, is not believed."""
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    async with KeyServer(authority) as server:
        for certificate in (stranger.issue("other", "localhost"), authority.issue("wrong", "other.example")):
            async with OtherServer(certificate, server._respond) as other:
                with pytest.raises(RemoteError):
                    await server.client.keys_of(f"localhost:{other.port}")
                assert other.asked == []


async def test_an_address_is_no_name(authority: Authority) -> None:
    """A server name that is an address is refused before anything is called."""
    async with KeyServer(authority) as server:
        for name in (f"127.0.0.1:{server.web.port}", f"[::1]:{server.web.port}", "a/b", "a b"):
            with pytest.raises(RemoteError):
                await server.client.keys_of(name)
        assert server.web.asked == []


async def test_slow_and_endless_answers_are_cut_off(authority: Authority) -> None:
    """An answer that takes too long, or grows too large, is given up."""
    async with KeyServer(authority) as server:
        dialler = Dialler(Reach(LOOPBACK), authority.certificate)
        target = Target("localhost", server.web.port, "localhost")
        server.delay = 5
        with pytest.raises(DialError):
            await dialler.send("GET", target, "/", limit=10, seconds=0.2)
        server.delay = 0
        with pytest.raises(DialError, match="larger than 10 bytes"):
            await dialler.send("GET", target, "/", limit=10, seconds=5)
        await dialler.close()
