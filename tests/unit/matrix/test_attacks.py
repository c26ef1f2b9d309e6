"""What nobody can make the policy server sign."""

from typing import Any

import pytest

from folkmoot.gateways.matrix import content_hash, room_versions
from folkmoot.gateways.matrix.ports import Fact
from tests.support.origin import DAY_MS, ROOM, Origin, ask, now_ms
from tests.unit.matrix.desk import NAME, SIGN, Desk, is_signed


async def test_a_request_for_another_server_is_refused(desk: Desk) -> None:
    """A request signed for another destination counts for nothing here, named or not."""
    event = desk.origin.event("hello")
    for named in (True, False):
        header = desk.origin.header("POST", SIGN, "other.example", event, named=named)
        status, body = await ask(desk.server.app, "POST", SIGN, event, header)
        assert (status, body["errcode"]) == (401, "M_UNAUTHORIZED")
    header = desk.origin.header("POST", SIGN, NAME, event, named=False)
    assert (await ask(desk.server.app, "POST", SIGN, event, header))[0] == 200
    assert len(desk.judged) == 1


async def test_a_server_cannot_speak_for_another(desk: Desk) -> None:
    """A request that claims another server's name is refused."""
    mallory = Origin("mallory.example")
    desk.key_cache.sets["mallory.example"] = mallory.key_set()
    event = desk.origin.event("hello")
    mallory.name = desk.origin.name
    status, body = await desk.sign(event, mallory)
    assert (status, body["error"]) == (401, "The signature is wrong.")
    for header in ("", "Bearer token", 'X-Matrix origin="a.example"', "X-Matrix"):
        assert (await ask(desk.server.app, "POST", SIGN, event, header))[0] == 401
    assert (await ask(desk.server.app, "POST", SIGN, event))[0] == 401


async def test_we_do_not_speak_to_ourselves(desk: Desk) -> None:
    """A request in our own name is refused, whoever signed it."""
    desk.origin.name = NAME
    desk.key_cache.sets[NAME] = desk.origin.key_set()
    assert (await desk.sign(desk.origin.event("hello", sender=f"@ada:{NAME}")))[0] == 401


async def test_an_expired_key_proves_nothing(desk: Desk) -> None:
    """A request signed with a key whose time is over is refused."""
    desk.key_cache.sets[desk.origin.name] = desk.origin.key_set(valid_for_ms=-1000)
    status, body = await desk.sign(desk.origin.event("hello"))
    assert (status, body["errcode"]) == (401, "M_UNAUTHORIZED")


async def test_an_event_after_its_key_expired_is_refused(desk: Desk) -> None:
    """An event that claims to be sent when its key was no longer valid is not signed."""
    event = desk.origin.event("hello", origin_server_ts=now_ms() + 30 * DAY_MS)
    status, body = await desk.sign(event)
    assert (status, body["errcode"]) == (400, "M_FORBIDDEN")


async def test_changed_words_are_refused(desk: Desk) -> None:
    """Words that do not match the content hash get no signature, though the sender's signature is right."""
    event = desk.origin.event("hello")
    event["content"] = {"msgtype": "m.text", "body": "hello!"}
    status, body = await desk.sign(event)
    assert (status, body["error"]) == (400, "The event's content does not match its content hash.")
    assert not desk.judged


async def test_a_hash_of_our_choice_does_not_help(desk: Desk) -> None:
    """Changed words with a matching hash get no signature, as the sender's server did not sign that hash."""
    event = desk.origin.event("hello")
    event["content"] = {"msgtype": "m.text", "body": "hello!"}
    version = room_versions.find("11")
    assert version is not None
    content_hash.add(event, version)
    status, body = await desk.sign(event)
    assert (status, body["errcode"]) == (400, "M_FORBIDDEN")
    assert "no valid signature" in body["error"]


@pytest.mark.parametrize(
    "signatures", [{}, None, [], {"origin.example": {}}, {"origin.example": {"ed25519:a1": 1}}]
)
async def test_an_unsigned_event_is_refused(desk: Desk, signatures: Any) -> None:
    """An event without its sender's server's signature gets none of ours."""
    event = {**desk.origin.event("hello"), "signatures": signatures}
    assert (await desk.sign(event))[0] == 400
    assert not desk.judged


async def test_one_server_cannot_send_for_another_servers_member(desk: Desk) -> None:
    """An event in the name of another server's member needs that server's signature."""
    mallory = Origin("mallory.example")
    desk.key_cache.sets["mallory.example"] = mallory.key_set()
    event = mallory.event("hello", sender="@ada:origin.example")
    assert (await desk.sign(event, mallory))[0] == 400
    assert not desk.judged


async def test_any_server_may_ask_about_any_event(desk: Desk) -> None:
    """A receiving server that asks about another's event gets the answer."""
    receiver = Origin("receiver.example")
    desk.key_cache.sets["receiver.example"] = receiver.key_set()
    event = desk.origin.event("hello")
    assert is_signed(desk, event, await desk.sign(event, receiver))


async def test_a_replayed_request_learns_nothing_new(desk: Desk) -> None:
    """The same request twice gets the same bytes, and is judged once."""
    event = desk.origin.event("hello")
    header = desk.origin.header("POST", SIGN, NAME, event)
    answers = [await ask(desk.server.app, "POST", SIGN, event, header) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.judged) == 1
    other = desk.origin.event("spam")
    assert (await ask(desk.server.app, "POST", SIGN, other, header))[0] == 401


async def test_an_unknown_room_is_not_found(desk: Desk) -> None:
    """An event of a room that we were never invited to is not judged."""
    status, body = await desk.sign(desk.origin.event("hello", room_id="!other:origin.example"))
    assert (status, body["errcode"]) == (404, "M_NOT_FOUND")


async def test_a_server_that_the_room_keeps_out_gets_no_answer(desk: Desk) -> None:
    """A caller that the room's access list denies is refused with 403."""
    room = desk.rooms.rooms[ROOM]
    room.facts["m.room.server_acl"] = Fact({"allow": ["*"], "deny": ["*.EXAMPLE"]})
    status, body = await desk.sign(desk.origin.event("hello"))
    assert (status, body["errcode"]) == (403, "M_FORBIDDEN")
