"""The bot's account over HTTP, against a homeserver that behaves badly."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from folkmoot.gateways.matrix.bot import http_asked, http_wire
from folkmoot.gateways.matrix.bot.http_wire import HttpWire
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from tests.unit.bot.conftest import BOT

_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fake:
    """A homeserver on loopback whose next answers a test chooses."""

    def __init__(self) -> None:
        """Begin with nothing to say."""
        self.answers: list[_Answer] = []
        self.seen: list[web.Request] = []
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Give the next answer."""
        self.seen.append(request)
        return await self.answers.pop(0)(request)

    def says(self, status: int, body: object) -> None:
        """Answer the next request with a status and a body."""

        async def give(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, text=body if isinstance(body, str) else json.dumps(body))

        self.answers.append(give)


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    """A homeserver that says what a test tells it to."""
    made = Fake()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
async def wire(fake: Fake) -> AsyncIterator[HttpWire]:
    """The bot's account there."""
    made = HttpWire(f"http://127.0.0.1:{fake.port}/", BOT, "secret-token", device="D")
    yield made
    await made.close()


async def test_the_token_is_sent_in_a_header_only(fake: Fake, wire: HttpWire) -> None:
    """No address holds the token, where a proxy's log would keep it."""
    fake.says(200, {"user_id": BOT})
    assert await wire.whoami() == BOT
    assert fake.seen[0].headers["Authorization"] == "Bearer secret-token"
    assert "secret" not in str(fake.seen[0].url)


async def test_a_limited_rate_is_obeyed(fake: Fake, wire: HttpWire) -> None:
    """After 429 the bot waits as long as it is told, and asks again under the same name."""
    fake.says(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 300})
    fake.says(200, {"event_id": "$1"})
    begun = asyncio.get_running_loop().time()
    assert await wire.send("!r:x", "m.room.message", {"body": "hi"}, once="one/two") == "$1"
    assert asyncio.get_running_loop().time() - begun >= 0.3
    assert len({str(request.rel_url) for request in fake.seen}) == 1
    assert fake.seen[0].raw_path.endswith("/send/m.room.message/one%2Ftwo")


async def test_a_rate_that_is_limited_for_ever_is_refused_in_the_end(
    fake: Fake, wire: HttpWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A homeserver can't make the bot wait for ever, whatever number it names."""
    monkeypatch.setattr(http_wire, "_LONGEST_WAIT", 0.1)
    for named in (10**15, -5, "soon", None):
        fake.says(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": named})
    with pytest.raises(RefusedError) as refused:
        await wire.join("!r:x")
    assert refused.value.status == 429


async def test_an_error_of_the_homeserver_is_a_refusal(fake: Fake, wire: HttpWire) -> None:
    """The code and the status of the answer are kept."""
    fake.says(403, {"errcode": "M_FORBIDDEN", "error": "no"})
    with pytest.raises(RefusedError) as refused:
        await wire.invite("!r:x", "@ada:x")
    assert (refused.value.status, refused.value.code) == (403, "M_FORBIDDEN")


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_proxy_without_its_homeserver_is_out_of_reach(
    fake: Fake, wire: HttpWire, status: int
) -> None:
    """What a reverse proxy says while the homeserver restarts is no answer of the homeserver."""
    fake.says(status, "<html>Bad gateway</html>")
    with pytest.raises(OutOfReachError) as away:
        await wire.whoami()
    assert not away.value.waited


async def test_nobody_there_is_out_of_reach() -> None:
    """A refused connection is an outage, not a refusal."""
    wire = HttpWire("http://127.0.0.1:9", BOT, "t")
    with pytest.raises(OutOfReachError):
        await wire.whoami()
    await wire.close()


async def test_an_answer_that_never_comes_is_waited_for_in_vain(fake: Fake, wire: HttpWire) -> None:
    """That time was spent waiting is told apart from a refused connection."""

    async def never(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    fake.answers.append(never)
    with pytest.raises(OutOfReachError) as away:
        await wire._ask("GET", "account/whoami", within=0.2)
    assert away.value.waited


async def test_an_endless_answer_is_cut_off(
    fake: Fake, wire: HttpWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lying homeserver can't fill the memory."""
    monkeypatch.setattr(http_asked, "_LARGEST_ANSWER", 1_000_000)

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            for _ in range(10_000):
                await answer.write(b"x" * 65_536)
        except (ConnectionError, asyncio.CancelledError):
            pass
        return answer

    fake.answers.append(endless)
    with pytest.raises(OutOfReachError):
        await wire.news(None, wait=0)


@pytest.mark.parametrize("body", ["", "not json", "[1]", "null", '{"a":' * 5_000, "NaN"])
async def test_an_answer_that_is_no_object_is_read_as_empty(fake: Fake, wire: HttpWire, body: str) -> None:
    """Nothing that a homeserver sends makes reading fail."""
    fake.says(200, body)
    news = await wire.news("s1", wait=0)
    assert (news.position, news.events) == ("", ())


async def test_state_is_read_with_and_without_its_sender(fake: Fake, wire: HttpWire) -> None:
    """Older homeservers answer with the content alone."""
    fake.says(200, {"type": "m.room.name", "sender": "@a:x", "state_key": "", "content": {"name": "N"}})
    fake.says(200, {"name": "N"})
    fake.says(404, {"errcode": "M_NOT_FOUND"})
    whole = await wire.state("!r:x", "m.room.name")
    alone = await wire.state("!r:x", "m.room.name")
    assert whole is not None
    assert alone is not None
    assert (whole.sender, whole.content) == ("@a:x", {"name": "N"})
    assert (alone.sender, alone.content) == ("", {"name": "N"})
    assert await wire.state("!r:x", "m.room.name") is None


async def test_a_direct_invitation_says_that_it_is_one(fake: Fake, wire: HttpWire) -> None:
    """A person's chat program learns that the room is a chat for two."""
    fake.says(200, {"event_id": "$1"})
    await wire.invite("!r:x", "@ada:x", direct=True)
    assert fake.seen[0].path.endswith("/rooms/!r:x/state/m.room.member/@ada:x")
