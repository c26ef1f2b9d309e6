"""The policy server's own time for one request: from a signed event's bytes to our signature's."""

import statistics
import time
from typing import Any

import orjson
import uvloop
from msgspec import Struct

from folkmoot.gateways.matrix import content_hash, event_ids, own_keys, room_versions, x_matrix
from folkmoot.gateways.matrix.key_sets import KeySet
from folkmoot.gateways.matrix.memory import JudgeWith, MemoryAnswers, MemoryKeys, MemoryRooms
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.ports import Room, Ruling, Standing
from folkmoot.gateways.matrix.server import PolicyServer
from folkmoot.gateways.matrix.signatures import SigningKey
from folkmoot.vocabulary import Message

_SIGN = "/_matrix/policy/v1/sign"
_ROOM = "!room:origin.example"


class Signing(Struct, frozen=True, kw_only=True):
    """One request, judging left out, in microseconds."""

    size: int
    """Bytes of one event."""
    cpu: float
    """Processor time of one request, on average."""
    p50: float
    p99: float


def run(count: int = 2_000) -> Signing:
    """Ask for `count` signatures one after the other, over ASGI, with nothing remembered of the events."""
    return uvloop.run(_run(count))


async def _run(count: int) -> Signing:
    origin = own_keys.generate().federation
    server = _server(origin)
    asked = [_request(origin, number) for number in range(count)]
    took = []
    began = time.process_time()
    for scope, body in asked:
        at = time.perf_counter()
        status = await _ask(server, scope, body)
        took.append((time.perf_counter() - at) * 1e6)
        if status != 200:
            raise RuntimeError(f"the policy server answered {status}")
    cpu = (time.process_time() - began) / count * 1e6
    await server.close()
    ranks = statistics.quantiles(took, n=100)
    return Signing(size=len(asked[0][1]), cpu=cpu, p50=ranks[49], p99=ranks[98])


async def _allow(_: Message) -> Ruling:
    return Ruling(allowed=True, remembered=True)


def _server(origin: SigningKey) -> PolicyServer:
    keys, rooms, cache = own_keys.generate(), MemoryRooms(), MemoryKeys()
    now = int(time.time() * 1000)
    known = KeySet("origin.example", {origin.id: origin.public}, {}, now + 86_400_000, now)
    cache.sets["origin.example"] = known
    rooms.rooms[_ROOM] = Room(id=_ROOM, version="11", standing=Standing.JOINED)
    return PolicyServer(
        "moot.example",
        keys,
        Federation("moot.example", keys.federation),
        rooms=rooms,
        judging=JudgeWith(_allow),
        answers=MemoryAnswers(),
        key_cache=cache,
    )


def _request(origin: SigningKey, number: int) -> tuple[dict[str, Any], bytes]:
    version = room_versions.find("11")
    if version is None:
        raise RuntimeError("room version 11 is not known")
    text = f"Does anyone have a ladder that I could borrow on Saturday, around ten? ({number})"
    event: dict[str, Any] = {
        "type": "m.room.message",
        "room_id": _ROOM,
        "sender": "@ada:origin.example",
        "content": {
            "msgtype": "m.text",
            "body": text,
            "format": "org.matrix.custom.html",
            "formatted_body": text.replace("ladder", "<b>ladder</b>"),
            "m.mentions": {"user_ids": ["@ben:origin.example"]},
        },
        "depth": 812,
        "prev_events": ["$" + "b" * 43],
        "auth_events": ["$" + "c" * 43, "$" + "d" * 43, "$" + "e" * 43],
        "origin_server_ts": int(time.time() * 1000),
    }
    content_hash.add(event, version)
    signature = origin.sign(event_ids.signed_part(event, version))
    event["signatures"] = {"origin.example": {origin.id: signature}}
    header = x_matrix.authorization(origin, "POST", _SIGN, "origin.example", "moot.example", event)
    body = orjson.dumps(event)
    headers = [
        (b"host", b"moot.example"),
        (b"user-agent", b"Synapse/1.163.2"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"authorization", header.encode()),
    ]
    return {
        "type": "http",
        "method": "POST",
        "path": _SIGN,
        "raw_path": _SIGN.encode(),
        "query_string": b"",
        "headers": headers,
    }, body


async def _ask(server: PolicyServer, scope: dict[str, Any], body: bytes) -> int:
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    await server.app(scope, receive, send)
    return status


if __name__ == "__main__":
    print(run())
