"""The other addresses that servers ask of a policy server."""

from typing import Any

import pytest
from signedjson.key import decode_verify_key_bytes
from signedjson.sign import verify_signed_json
from unpaddedbase64 import decode_base64

from folkmoot.gateways.matrix import asgi
from tests.support.origin import ask, now_ms
from tests.unit.matrix.desk import NAME, Desk


async def test_the_key_document_is_signed(desk: Desk) -> None:
    """Our federation key is published to everyone, signed by itself and valid for some time."""
    for uri in ("/_matrix/key/v2/server", "/_matrix/key/v2/server/ed25519:x"):
        status, body = await ask(desk.server.app, "GET", uri)
        assert status == 200
        key = desk.keys.federation
        verify_signed_json(body, NAME, decode_verify_key_bytes(key.id, decode_base64(key.public)))
        assert body["verify_keys"] == {key.id: {"key": key.public}}
        assert body["valid_until_ts"] > now_ms() + 3_600_000


async def test_what_everyone_may_ask(desk: Desk) -> None:
    """The version, the delegation and the policy key are answered to everyone."""
    status, body = await ask(desk.server.app, "GET", "/_matrix/federation/v1/version")
    assert (status, body["server"]["name"]) == (200, "Folkmoot")
    assert await ask(desk.server.app, "GET", "/.well-known/matrix/server") == (
        200,
        {"m.server": f"{NAME}:443"},
    )
    assert await ask(desk.server.app, "GET", "/.well-known/matrix/policy_server") == (
        200,
        {"public_keys": {"ed25519": desk.server.public_key}},
    )


async def test_browsers_may_ask_for_the_policy_key(desk: Desk) -> None:
    """The policy key may be asked for by a web page of any origin, after a preflight too."""
    for method in ("GET", "OPTIONS"):
        sent: list[Any] = []

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        path = "/.well-known/matrix/policy_server"
        await desk.server.app({"type": "http", "method": method, "path": path, "headers": []}, _nothing, send)
        assert sent[0]["status"] == 200
        assert set(asgi.CORS) <= set(sent[0]["headers"])


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request"}


async def test_who_we_are(desk: Desk) -> None:
    """The policy account has a name, no devices and no keys; nobody else lives here."""
    account = f"@moot:{NAME}"
    v1 = "/_matrix/federation/v1"
    assert await desk.call("GET", f"{v1}/query/profile?user_id=%40moot%3A{NAME}") == (
        200,
        {"displayname": "Folkmoot"},
    )
    assert await desk.call("GET", f"{v1}/query/profile?user_id=%40moot%3A{NAME}&field=avatar_url") == (
        200,
        {},
    )
    assert await desk.call("GET", f"{v1}/user/devices/%40moot%3A{NAME}") == (
        200,
        {"user_id": account, "stream_id": 1, "devices": []},
    )
    assert await desk.call("POST", f"{v1}/user/keys/query", {"device_keys": {account: []}}) == (
        200,
        {"device_keys": {}},
    )
    assert await desk.call("POST", f"{v1}/user/keys/claim", {}) == (200, {"one_time_keys": {}})
    for uri in (f"{v1}/query/profile?user_id=%40ada%3A{NAME}", f"{v1}/query/profile", f"{v1}/user/devices/x"):
        assert (await desk.call("GET", uri))[0] == 404


@pytest.mark.parametrize(
    ("method", "uri"),
    [
        ("GET", "/_matrix/federation/v1/query/profile?user_id=%40moot%3Amoot.example"),
        ("GET", "/_matrix/federation/v1/user/devices/%40moot%3Amoot.example"),
        ("POST", "/_matrix/federation/v1/user/keys/query"),
        ("POST", "/_matrix/federation/v1/user/keys/claim"),
        ("PUT", "/_matrix/federation/v1/send/1"),
        ("PUT", "/_matrix/federation/v2/invite/!r/$e"),
        ("PUT", "/_matrix/federation/v1/invite/!r/$e"),
        ("POST", "/_matrix/policy/v1/sign"),
    ],
)
async def test_servers_must_say_who_they_are(desk: Desk, method: str, uri: str) -> None:
    """What is for servers is answered to nobody else."""
    status, body = await ask(desk.server.app, method, uri, {} if method != "GET" else None)
    assert (status, body["errcode"]) == (401, "M_UNAUTHORIZED")


@pytest.mark.parametrize(
    ("method", "uri", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/_matrix/federation/v1/state/!r", 404),
        ("GET", "/_matrix/policy/v1/sign/", 404),
        ("GET", "/_matrix/policy/v1/sign", 405),
        ("OPTIONS", "/_matrix/policy/v1/sign", 405),
        ("DELETE", "/.well-known/matrix/policy_server", 405),
    ],
)
async def test_what_is_not_here(desk: Desk, method: str, uri: str, status: int) -> None:
    """Unknown addresses and methods are unrecognized."""
    answer = await ask(desk.server.app, method, uri)
    assert (answer[0], answer[1]["errcode"]) == (status, "M_UNRECOGNIZED")


@pytest.mark.parametrize("uri", ["/%ff", "/" + "x" * 9000, "/?" + "a=1&" * 100, "/ä"])
async def test_odd_addresses_do_no_harm(desk: Desk, uri: str) -> None:
    """An address that is no text, or too long, is refused."""
    assert (await ask(desk.server.app, "GET", uri))[0] in (400, 404)


async def test_heads_are_bounded(desk: Desk) -> None:
    """A request with too many headers, or too large ones, is refused."""
    for headers in ([(b"a", b"b")] * 65, [(b"a", b"b" * 17_000)]):
        status, body = await ask(desk.server.app, "GET", "/_matrix/key/v2/server", headers=headers)
        assert (status, body["errcode"]) == (400, "M_TOO_LARGE")


async def test_no_fault_is_a_500(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is answered with 400 and a sentence, and neither answer nor log quotes anything."""

    def broken(*_: object) -> None:
        raise RuntimeError("my secret")

    monkeypatch.setattr(type(desk.keys), "document", broken)
    status, body = await ask(desk.server.app, "GET", "/_matrix/key/v2/server")
    assert (status, body["errcode"]) == (400, "M_UNKNOWN")
    assert "secret" not in str(body)
    try:
        broken()
    except RuntimeError as trouble:
        place = asgi.place_of(trouble)
    assert place.startswith("RuntimeError in broken (test_endpoints.py:")


async def test_the_start_and_stop_of_a_server_are_followed(desk: Desk) -> None:
    """The messages of an ASGI server's life are acknowledged."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await desk.server.app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_websockets_are_closed(desk: Desk) -> None:
    """A connection that is no HTTP request is closed in order."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await desk.server.app({"type": "websocket"}, _nothing, send)
    assert sent == ["websocket.close"]
