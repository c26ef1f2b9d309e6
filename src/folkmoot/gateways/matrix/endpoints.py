"""The policy server's addresses, and what each answers (specification: server-server API)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import version as version_of

from msgspec import Struct

from folkmoot import observe
from folkmoot.gateways.matrix import asgi
from folkmoot.gateways.matrix.asgi import Answer, Receive, RefusedError, Request, Scope, Send
from folkmoot.gateways.matrix.caller import Callers
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.direct import DirectSign
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.membership import Membership
from folkmoot.gateways.matrix.own_keys import OwnKeys
from folkmoot.gateways.matrix.signing import Signer

_log = observe.logger("matrix.server")
_MOST_PDUS = 50
# The second is what Synapse 1.163 still asks where the first is not known (MSC4284).
_SIGN = ("/_matrix/policy/v1/sign", "/_matrix/policy/unstable/org.matrix.msc4284/sign")
_UNRECOGNIZED = "M_UNRECOGNIZED"

Respond = Callable[[Request, JsonObject], Awaitable[Answer]]


class _Route(Struct, frozen=True):
    respond: Respond
    limit: int = 0
    """Largest body in bytes; 0 for addresses that take none."""
    cors: bool = False


class Identity(Struct, frozen=True, kw_only=True):
    """Who the policy server is."""

    server_name: str
    account: str
    display_name: str
    reachable_at: str
    """Where other servers reach it, as /.well-known/matrix/server says."""


class Endpoints:
    """The policy server as an ASGI application."""

    def __init__(
        self,
        identity: Identity,
        keys: OwnKeys,
        callers: Callers,
        signer: Signer,
        membership: Membership,
        limits: Limits,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Answer as `identity`."""
        self._identity = identity
        self._keys = keys
        self._callers = callers
        self._signer = signer
        self._membership = membership
        self._limits = limits
        self._clock = clock
        self._budget = asgi.Budget(limits.held)
        self._routes = self._table()
        self.direct = {path.encode(): self._directly(path.encode()) for path in _SIGN}
        """What can be answered without ASGI, by request target."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of an ASGI server."""
        if scope["type"] == "lifespan":
            await asgi.live(receive, send)
        elif scope["type"] == "http":
            await asgi.respond(send, await self._answer(scope, receive))
        else:
            await send({"type": "websocket.close"})

    def _directly(self, target: bytes) -> DirectSign:
        return DirectSign(target, self._limits.largest_event, self._answer)

    async def _answer(self, scope: Scope, source: Receive | bytes) -> Answer:
        """Answer a request whose body can be received from `source`, or is it."""
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                request = asgi.read_request(scope)
                route = self._find(request)
                content = await self._content(request, route, source)
                return await route.respond(request, content)
        except RefusedError as refused:
            return Answer(refused.body, refused.status)
        except TimeoutError:
            return _trouble("This took too long; please send it again.")
        except Exception as trouble:  # never a 500: homeservers show it to people as their own fault
            _log.error("request failed", trouble=asgi.place_of(trouble))
            return _trouble("The policy server could not look at this; please send it again.")

    async def _content(self, request: Request, route: _Route, source: Receive | bytes) -> JsonObject:
        if not route.limit:
            return {}
        if isinstance(source, bytes):
            return asgi.read_object(source)
        seconds = self._limits.body_seconds
        body = await asgi.read_body(request, source, self._budget, limit=route.limit, seconds=seconds)
        return asgi.read_object(body)

    def _find(self, request: Request) -> _Route:
        for pattern, methods in self._routes:
            if len(pattern) == len(request.path) and all(
                expected in ("*", part) for expected, part in zip(pattern, request.path, strict=True)
            ):
                route = methods.get(request.method)
                if route is not None:
                    return route
                if request.method == "OPTIONS" and any(one.cors for one in methods.values()):
                    return _Route(_nothing)
                raise RefusedError(405, _UNRECOGNIZED, "That address does not know this method.")
        raise RefusedError(404, _UNRECOGNIZED, "A policy server has no such address.")

    def _table(self) -> list[tuple[tuple[str, ...], dict[str, _Route]]]:
        event, transaction = self._limits.largest_event, self._limits.largest_transaction
        sign = _Route(self._sign, event)
        published = _Route(self._key_document)
        v1, v2 = "/_matrix/federation/v1", "/_matrix/federation/v2"
        table: list[tuple[str, str, _Route]] = [
            *(("POST", path, sign) for path in _SIGN),
            ("PUT", f"{v1}/send/*", _Route(self._transaction, transaction)),
            ("GET", "/_matrix/key/v2/server", published),
            ("GET", "/_matrix/key/v2/server/*", published),
            ("PUT", f"{v2}/invite/*/*", _Route(self._invite, transaction)),
            ("PUT", f"{v1}/invite/*/*", _Route(self._old_invite, event)),
            ("GET", f"{v1}/version", _Route(self._version)),
            ("GET", f"{v1}/query/profile", _Route(self._profile)),
            ("GET", f"{v1}/user/devices/*", _Route(self._devices)),
            ("POST", f"{v1}/user/keys/query", _Route(self._no_device_keys, event)),
            ("POST", f"{v1}/user/keys/claim", _Route(self._no_one_time_keys, event)),
            ("GET", "/.well-known/matrix/server", _Route(self._delegation, cors=True)),
            ("GET", "/.well-known/matrix/policy_server", _Route(self._policy_key, cors=True)),
        ]
        found: dict[tuple[str, ...], dict[str, _Route]] = {}
        for method, path, route in table:
            found.setdefault(tuple(path.split("/")[1:]), {})[method] = route
        return list(found.items())

    async def _sign(self, request: Request, content: JsonObject) -> Answer:
        origin = await self._callers.verify(request, content)
        return await self._signer.sign(origin, content)

    async def _transaction(self, request: Request, content: JsonObject) -> Answer:
        await self._callers.verify(request, content)
        events = content.get("pdus")
        if not isinstance(events, list) or len(events) > _MOST_PDUS:
            raise RefusedError(400, "M_BAD_JSON", f"A transaction has at most {_MOST_PDUS} PDUs, in a list.")
        for event in events:
            if isinstance(event, dict):
                await self._membership.told(event)
        return Answer({"pdus": {}})

    async def _invite(self, request: Request, content: JsonObject) -> Answer:
        origin = await self._callers.verify(request, content)
        event = content.get("event")
        if not isinstance(event, dict):
            raise RefusedError(400, "M_BAD_JSON", "The request holds no event.")
        room, event_id = request.path[-2:]
        version = content.get("room_version")
        return Answer({"event": await self._membership.invited(origin, room, event_id, event, version)})

    async def _old_invite(self, request: Request, content: JsonObject) -> Answer:
        # Version 1 of this address names no room version and knows only the first two.
        origin = await self._callers.verify(request, content)
        room, event_id = request.path[-2:]
        event = await self._membership.invited(origin, room, event_id, content, "1")
        return Answer({}, wire=asgi.write([200, {"event": event}]))

    async def _key_document(self, request: Request, content: JsonObject) -> Answer:
        return Answer(self._keys.document(self._identity.server_name, int(self._clock() * 1000)))

    async def _version(self, request: Request, content: JsonObject) -> Answer:
        return Answer({"server": {"name": "Folkmoot", "version": version_of("folkmoot")}})

    async def _profile(self, request: Request, content: JsonObject) -> Answer:
        await self._callers.verify(request, None)
        self._require_own(request.query.get("user_id"))
        if request.query.get("field", "displayname") != "displayname":
            return Answer({})
        return Answer({"displayname": self._identity.display_name})

    async def _devices(self, request: Request, content: JsonObject) -> Answer:
        await self._callers.verify(request, None)
        self._require_own(request.path[-1])
        return Answer({"user_id": self._identity.account, "stream_id": 1, "devices": []})

    async def _no_device_keys(self, request: Request, content: JsonObject) -> Answer:
        await self._callers.verify(request, content)
        return Answer({"device_keys": {}})

    async def _no_one_time_keys(self, request: Request, content: JsonObject) -> Answer:
        await self._callers.verify(request, content)
        return Answer({"one_time_keys": {}})

    async def _delegation(self, request: Request, content: JsonObject) -> Answer:
        return Answer({"m.server": self._identity.reachable_at}, cors=True)

    async def _policy_key(self, request: Request, content: JsonObject) -> Answer:
        return Answer({"public_keys": {"ed25519": self._keys.policy.public}}, cors=True)

    def _require_own(self, account: str | None) -> None:
        if account != self._identity.account:
            raise RefusedError(404, "M_NOT_FOUND", f"There is nobody here but {self._identity.account}.")


async def _nothing(request: Request, content: JsonObject) -> Answer:
    return Answer({}, cors=True)


def _trouble(error: str) -> Answer:
    return Answer({"errcode": "M_UNKNOWN", "error": error}, 400)
