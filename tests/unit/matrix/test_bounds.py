"""What is malformed, too large, too deep or too slow."""

import asyncio
import json
from typing import Any

import pytest

from folkmoot.gateways.matrix.limits import Limits
from tests.support.origin import Origin, ask
from tests.unit.matrix.desk import NAME, SIGN, Desk


@pytest.mark.parametrize(
    "changes",
    [
        {"type": None},
        {"sender": "ada"},
        {"sender": "@ada:127.0.0.1"},
        {"sender": "@ada:[::1]"},
        {"origin_server_ts": None},
        {"origin_server_ts": "now"},
        {"origin_server_ts": -1},
        {"state_key": 3},
        {"content": []},
    ],
)
async def test_what_is_no_event_is_bad_json(desk: Desk, changes: dict[str, Any]) -> None:
    """An event with a missing or malformed field is refused as malformed, never with a fault of ours."""
    event = {
        key: value for key, value in {**desk.origin.event("hello"), **changes}.items() if value is not None
    }
    status, body = await desk.sign(event)
    assert (status, body["errcode"]) == (400, "M_BAD_JSON")


async def test_floats_are_refused_in_new_rooms_only() -> None:
    """A number with a point is malformed since room version 6, and signed in version 5."""
    for version, expected in (("5", 200), ("6", 400)):
        desk = Desk(Origin(version=version))
        event = desk.origin.event({"msgtype": "m.text", "body": "x", "scale": 1.5})
        assert (await desk.sign(event))[0] == expected
        await desk.close()


async def test_a_large_body_is_refused(desk: Desk) -> None:
    """A body of a megabyte is refused before it is read, whether or not it says how long it is."""
    body = b"x" * 1_000_000
    for headers in ([(b"content-length", b"1000000")], []):
        status, answer = await ask(desk.server.app, "POST", SIGN, body, headers=headers)
        assert (status, answer["errcode"]) == (413, "M_TOO_LARGE")


async def test_an_event_beyond_matrix_own_limit_is_refused(desk: Desk) -> None:
    """An event of more than 65,536 bytes is refused, as every homeserver would."""
    status, answer = await desk.sign(desk.origin.event("x" * 65_600))
    assert (status, answer["errcode"]) == (400, "M_TOO_LARGE")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff", b'{"a":' * 2000 + b"1" + b"}" * 2000])
async def test_a_body_that_is_no_object_is_not_json(desk: Desk, body: bytes) -> None:
    """A body that is no JSON object, or nested absurdly, is refused as no JSON."""
    status, answer = await ask(desk.server.app, "POST", SIGN, body)
    assert (status, answer["errcode"]) == (400, "M_NOT_JSON")


async def test_deep_nesting_is_refused(desk: Desk) -> None:
    """A body nested 500 deep, which a JSON reader would still take, is refused without harm."""
    body = b'{"room_id":"!r:x","content":' + b'{"a":' * 500 + b"1" + b"}" * 501
    header = desk.origin.header("POST", SIGN, NAME, {})
    status, _ = await ask(desk.server.app, "POST", SIGN, body, header)
    assert status in (400, 401)


async def test_a_slow_body_is_cut_off(desk: Desk) -> None:
    """A body that trickles in is refused once its time is up."""
    started = asyncio.get_running_loop().time()
    chunks = [(0.1, b"{") for _ in range(100)]
    status, answer = await ask(desk.server.app, "POST", SIGN, chunks=chunks)
    assert (status, answer["errcode"]) == (400, "M_NOT_JSON")
    assert asyncio.get_running_loop().time() - started < 2


async def test_bodies_held_at_once_are_bounded() -> None:
    """When strangers hold too many body bytes open, the next is refused; later ones pass again."""
    desk = Desk(Origin(), limits=Limits(held=3000, body_seconds=0.3))
    held = [
        asyncio.create_task(ask(desk.server.app, "POST", SIGN, chunks=[(0, b"x" * 900), (9, b"")]))
        for _ in "abc"
    ]
    await asyncio.sleep(0.05)
    event = desk.origin.event("hello")
    assert (await desk.sign(event))[0] == 400
    await asyncio.gather(*held)
    assert (await desk.sign(event))[0] == 200
    await desk.close()


async def test_no_answer_repeats_the_message(desk: Desk) -> None:
    """No error text quotes what was sent, not even of a body that cannot be read."""
    for body in (
        b'{"content":"my secret"',
        b'{"room_id":"!secret:x"}',
        json.dumps(desk.origin.event("my secret")).encode(),
    ):
        _, answer = await ask(desk.server.app, "POST", SIGN, body)
        assert "secret" not in json.dumps(answer)
