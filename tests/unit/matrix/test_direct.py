"""A request to be signed that came whole gets the same answer as one that came the long way."""

import asyncio
import json
from typing import Any

import orjson
import pytest

from folkmoot.gateways.matrix.limits import Limits
from tests.support.origin import ask
from tests.unit.matrix.desk import NAME, SIGN, Desk, is_signed

UNSTABLE = "/_matrix/policy/unstable/org.matrix.msc4284/sign"


async def _ask_directly(desk: Desk, path: str, body: bytes, header: str) -> tuple[int, dict[str, Any]]:
    given: asyncio.Future[tuple[int, bytes, bytes]] = asyncio.get_running_loop().create_future()
    headers = {b"content-type": b"application/json", b"authorization": header.encode()}
    desk.server.app.direct[path.encode()](headers, body, lambda *answer: given.set_result(answer))
    status, lines, wire = await asyncio.wait_for(given, 5)
    assert lines == b"content-type: application/json\r\n"
    return status, json.loads(wire)


@pytest.mark.parametrize("path", [SIGN, UNSTABLE])
@pytest.mark.parametrize("text", ["hello", "spam"])
async def test_both_ways_answer_alike(desk: Desk, path: str, text: str) -> None:
    """What is signed is signed, and what is refused is refused in the same words, at both addresses."""
    event = desk.origin.event(text)
    header = desk.origin.header("POST", path, NAME, event)
    short = await _ask_directly(desk, path, orjson.dumps(event), header)
    assert short == await ask(desk.server.app, "POST", path, event, header)
    assert is_signed(desk, event, short) == (text == "hello")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"{}", b'{"room_id": "!nowhere:x"}'])
async def test_both_ways_refuse_alike(desk: Desk, body: bytes) -> None:
    """What is no event, or proves nothing, gets the same refusal."""
    header = desk.origin.header("POST", SIGN, NAME, {"another": "event"})
    short = await _ask_directly(desk, SIGN, body, header)
    assert short == await ask(desk.server.app, "POST", SIGN, body, header)
    assert short[0] in (400, 401)


async def test_the_address_is_part_of_what_was_signed(desk: Desk) -> None:
    """A request that was authorized for one address is none for the other."""
    event = desk.origin.event("hello")
    header = desk.origin.header("POST", UNSTABLE, NAME, event)
    assert (await _ask_directly(desk, SIGN, orjson.dumps(event), header))[0] == 401


def test_no_more_is_taken_than_an_event_may_have(desk: Desk) -> None:
    """A larger body goes the long way, where it is refused before it is read."""
    assert {way.most for way in desk.server.app.direct.values()} == {Limits().largest_event}
