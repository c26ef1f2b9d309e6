"""The homeserver in memory over HTTP, so that a process of its own can act on it and be killed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from folkmoot.gateways.matrix.bot.twin import TwinHomeserver
from folkmoot.gateways.matrix.bot.twin_wire import TwinWire
from folkmoot.gateways.matrix.bot.wire import Event, RefusedError

Answer = dict[str, Any]
_API = "/_matrix/client/v3/rooms/{room}"


class Facade:
    """What the bot's account asks of a homeserver, answered by the one in memory."""

    def __init__(self, server: TwinHomeserver, account: str) -> None:
        """Answer for one account."""
        self.server = server
        self.wire = TwinWire(server, account)

    async def get_state(self, asked: web.Request) -> Answer:
        """Answer for one state event."""
        place = asked.match_info
        return _event(await self.wire.state(place["room"], place["kind"], place["key"]))

    async def put_state(self, asked: web.Request) -> Answer:
        """Set one state event."""
        place = asked.match_info
        made = await self.wire.put_state(place["room"], place["kind"], await asked.json(), place["key"])
        return {"event_id": made}

    async def get_event(self, asked: web.Request) -> Answer:
        """Answer for one event, with what it replaced."""
        place = asked.match_info
        found = _event(await self.wire.event(place["room"], place["event"]))
        before = self.server.replaced.get(place["event"])
        return found | ({} if before is None else {"unsigned": {"prev_content": before}})

    async def redact(self, asked: web.Request) -> Answer:
        """Take an event's content away."""
        place = asked.match_info
        await self.wire.redact(place["room"], place["event"], reason="", once=place["once"])
        return {"event_id": "$redaction"}

    async def member(self, asked: web.Request) -> Answer:
        """Kick, ban, unban or invite."""
        room, act = asked.match_info["room"], asked.match_info["act"]
        person = (await asked.json())["user_id"]
        if act in ("kick", "ban"):
            await (self.wire.kick if act == "kick" else self.wire.ban)(room, person, reason="")
        else:
            await (self.wire.unban if act == "unban" else self.wire.invite)(room, person)
        return {}


@asynccontextmanager
async def served(server: TwinHomeserver, account: str) -> AsyncIterator[str]:
    """Serve a homeserver in memory on loopback; gives its address."""
    facade = Facade(server, account)
    app = web.Application()
    app.router.add_get(_API + "/state/{kind}/{key:.*}", _plain(facade.get_state))
    app.router.add_put(_API + "/state/{kind}/{key:.*}", _plain(facade.put_state))
    app.router.add_get(_API + "/event/{event}", _plain(facade.get_event))
    app.router.add_put(_API + "/redact/{event}/{once}", _plain(facade.redact))
    app.router.add_post(_API + "/{act:kick|ban|unban|invite}", _plain(facade.member))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _plain(answer: Callable[[web.Request], Awaitable[Answer]]) -> Callable[..., Awaitable[web.Response]]:
    async def give(asked: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(asked))
        except RefusedError as refused:
            body = {"errcode": refused.code, "error": str(refused)}
            return web.json_response(body, status=refused.status)

    return give


def _event(event: Event | None) -> Answer:
    if event is None:
        raise RefusedError(404, "M_NOT_FOUND", "There is none.")
    found: Answer = {
        "event_id": event.id,
        "type": event.kind,
        "sender": event.sender,
        "content": event.content,
    }
    return found if event.state_key is None else {**found, "state_key": event.state_key}
