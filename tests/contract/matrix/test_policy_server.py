"""The policy server as a real Synapse meets it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.gateways.matrix.joining import NotJoinedError
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.ports import Standing, Terms
from folkmoot.vocabulary import OnFailure
from tests.support.policy import RunningPolicyServer
from tests.support.synapse import Person, new_person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse")]


async def protect(person: Person, moot: RunningPolicyServer, **options: Any) -> str:
    """Make a room, invite the policy account, switch protection on, and return the room."""
    room = await person.create_room(**{"invite": [moot.server.account], **options})
    await moot.joined(room)
    policy = {"via": moot.name, "public_keys": {"ed25519": moot.server.public_key}}
    answer = await person.put_state(room, "m.room.policy", policy)
    assert answer.status_code == 200, answer.text
    return room


@pytest.mark.parametrize("version", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"])
async def test_an_invitation_is_the_set_up(ada: Person, moot: RunningPolicyServer, version: str) -> None:
    """In every room version the invited policy account joins, signs a good message and refuses a bad one."""
    room = await protect(ada, moot, room_version=version)
    known = await moot.joined(room)
    assert known.version == version
    assert known.creators == (ada.id,)
    member = await ada.state(room, "m.room.member", moot.server.account)
    assert member is not None
    assert member["membership"] == "join"
    good = await ada.send(room, "good morning")
    assert good.status_code == 200, good.text
    bad = await ada.send(room, "spam")
    assert bad.status_code == 400
    assert await ada.texts(room) == ["good morning"]
    sent = await ada.event(room, good.json()["event_id"])
    assert moot.judged[0].id == sent["event_id"]


async def test_a_refusal_reaches_the_client_word_for_word(ada: Person, moot: RunningPolicyServer) -> None:
    """The sender's client gets our sentence and our fields unchanged, and nobody sees the message."""
    room = await protect(ada, moot)
    answer = await ada.send(room, "spam")
    assert answer.status_code == 400
    assert answer.json() == {
        "errcode": "M_FORBIDDEN",
        "error": "Stopped: advertising is not wanted here.",
        "org.folkmoot.outcome": "stopped",
        "org.folkmoot.rule": "no-adverts",
        "org.folkmoot.link": "https://moot.example/r/1",
    }
    assert await ada.texts(room) == []


async def test_what_is_judged(ada: Person, moot: RunningPolicyServer) -> None:
    """Edits, captions, formatted text and reactions are judged; redactions, topics and thumbs pass."""
    room = await protect(ada, moot)
    first = (await ada.send(room, "hello")).json()["event_id"]
    edit = {
        "msgtype": "m.text",
        "body": "* fine",
        "m.new_content": {"msgtype": "m.text", "body": "spam"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    assert (await ada.send(room, edit)).status_code == 400
    hidden = {
        "msgtype": "m.text",
        "body": "hi",
        "format": "org.matrix.custom.html",
        "formatted_body": "<b>spam</b>",
    }
    assert (await ada.send(room, hidden)).status_code == 400
    image = {"msgtype": "m.image", "body": "spam", "filename": "a.png", "url": "mxc://x/y"}
    assert (await ada.send(room, image)).status_code == 400
    relation = {"rel_type": "m.annotation", "event_id": first}
    assert (
        await ada.send(room, {"m.relates_to": {**relation, "key": "👍"}}, "m.reaction")
    ).status_code == 200
    assert (
        await ada.send(room, {"m.relates_to": {**relation, "key": "spam"}}, "m.reaction")
    ).status_code == 400
    assert (await ada.put_state(room, "m.room.topic", {"topic": "spam"})).status_code == 200
    assert (await ada.ask("PUT", f"/rooms/{room}/redact/{first}/t1", {"reason": "spam"})).status_code == 200
    assert [message.mentions for message in moot.judged if message.text == "hello"] == [()]


async def test_mentions_arrive(ada: Person, moot: RunningPolicyServer) -> None:
    """A message that mentions someone is judged with those mentioned, its sender, room and time."""
    room = await protect(ada, moot)
    content = {"msgtype": "m.text", "body": "hi all", "m.mentions": {"user_ids": [ada.id], "room": True}}
    assert (await ada.send(room, content)).status_code == 200
    (found,) = moot.judged
    assert (found.mentions, found.mentions_room, found.sender, found.room) == ((ada.id,), True, ada.id, room)
    assert found.sent_at is not None


async def test_an_encrypted_room_is_signed_unread(ada: Person, moot: RunningPolicyServer) -> None:
    """In an encrypted room the ciphertext is signed as unreadable, and the room is known as encrypted."""
    room = await protect(ada, moot)
    state = await ada.put_state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    assert state.status_code == 200
    sent = await ada.send(
        room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AAAA"}, "m.room.encrypted"
    )
    assert sent.status_code == 200, sent.text
    assert [(message.encrypted, message.text) for message in moot.judged] == [(True, "")]
    await moot.until(room, lambda known: known.content("m.room.encryption") is not None)


async def test_two_members_and_a_wrong_key(ada: Person, ben: Person, moot: RunningPolicyServer) -> None:
    """With a wrong key in m.room.policy nothing can be sent, and setting the right one mends it."""
    room = await protect(ada, moot, invite=[moot.server.account, ben.id])
    await ben.do("POST", f"/join/{room}")
    policy = {"via": moot.name, "public_keys": {"ed25519": moot.keys.federation.public}}
    assert (await ada.put_state(room, "m.room.policy", policy)).status_code == 200
    assert (await ben.send(room, "hello")).status_code >= 400
    assert await ada.texts(room) == []
    policy["public_keys"] = {"ed25519": moot.server.public_key}
    assert (await ada.put_state(room, "m.room.policy", policy)).status_code == 200
    assert (await ben.send(room, "hello")).status_code == 200
    assert await ada.texts(room) == ["hello"]


async def test_two_homeservers_ask_once(
    ada: Person, moot: RunningPolicyServer, authority: Authority, tmp_path: Path
) -> None:
    """A message in a room of two homeservers is asked about once; the other believes our signature."""
    certificate = authority.issue("second", "localhost", "127.0.0.1")
    second = Homeserver(tmp_path / "second", certificate, authority.certificate)
    await asyncio.to_thread(second.start)
    eva = new_person(second)
    room = await protect(ada, moot, invite=[moot.server.account, eva.id])
    await eva.do("POST", f"/join/{room}?server_name={ada.id.partition(':')[2]}")
    # The new homeserver asks about the room's whole past once, as none of it carries our signature.
    await ada.send(room, "welcome")
    await _until(partial(_reads, eva, room, "welcome"))
    for person, other in ((ada, eva), (eva, ada)):
        moot.asked.clear()
        sent = (await person.send(room, f"hello from {person.id}")).json()["event_id"]
        await _until(partial(_reads, other, room, f"hello from {person.id}"))
        assert moot.asked.count("/_matrix/policy/v1/sign") == 1
        assert moot.judged[-1].id == sent
    assert (await eva.send(room, "spam")).status_code == 400
    await eva.close()
    await asyncio.to_thread(second.stop)


async def _reads(person: Person, room: str, text: str) -> bool:
    return text in await person.texts(room)


async def _until(wanted: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(200):
        if await wanted():
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


async def test_when_we_are_down_an_administrator_can_switch_us_off(ada: Person, authority: Authority) -> None:
    """With the policy server gone nothing is delivered, until an administrator empties m.room.policy."""
    moot = RunningPolicyServer(authority)
    await moot.start()
    room = await protect(ada, moot)
    assert (await ada.send(room, "before")).status_code == 200
    await moot.close()
    assert (await ada.send(room, "lost")).status_code == 500
    assert (await ada.put_state(room, "m.room.policy", {})).status_code == 200
    assert (await ada.send(room, "spam")).status_code == 200
    assert await ada.texts(room) == ["spam", "before"]


@pytest.mark.parametrize("chosen", list(OnFailure))
async def test_too_slow_is_answered_as_the_group_chose(
    ada: Person, authority: Authority, chosen: OnFailure
) -> None:
    """A judgement that takes too long lets the message pass, or refuses it with a sentence."""
    terms = Terms(on_failure=chosen, closed_sentence="Not checked in time.")
    moot = RunningPolicyServer(authority, terms=terms, limits=Limits(deadline=0.2))
    await moot.start()
    room = await protect(ada, moot)
    moot.delay = 60
    answer = await ada.send(room, "hello")
    if chosen is OnFailure.OPEN:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["error"]) == (400, "Not checked in time.")
    await moot.close()


async def test_changes_of_the_room_are_followed(ada: Person, ben: Person, moot: RunningPolicyServer) -> None:
    """We notice what administrators set, being kicked, and being invited back."""
    room = await protect(ada, moot, invite=[moot.server.account, ben.id])
    await moot.until(room, lambda known: (known.content("m.room.policy") or {}).get("via") == moot.name)
    await ada.put_state(room, "m.room.server_acl", {"allow": ["*"], "deny": ["evil.example"]})
    await moot.until(room, lambda known: known.content("m.room.server_acl") is not None)
    await ada.put_state(room, "m.room.policy", {})
    await moot.until(room, lambda known: known.content("m.room.policy") == {})
    await ada.do("POST", f"/rooms/{room}/kick", {"user_id": moot.server.account})
    await moot.until(room, lambda known: known.standing is Standing.LEFT)
    await ada.do("POST", f"/rooms/{room}/invite", {"user_id": moot.server.account})
    known = await moot.joined(room)
    assert known.content("m.room.server_acl") == {"allow": ["*"], "deny": ["evil.example"]}


async def test_a_join_that_was_owed_is_done_after_a_restart(ada: Person, moot: RunningPolicyServer) -> None:
    """A room that we had accepted but not yet joined is joined after a restart."""
    room = await ada.create_room(invite=[moot.server.account])
    known = await moot.joined(room)
    await ada.do("POST", f"/rooms/{room}/kick", {"user_id": moot.server.account})
    await moot.until(room, lambda known: known.standing is Standing.LEFT)
    await moot.server.close()
    await ada.do("POST", f"/rooms/{room}/invite", {"user_id": moot.server.account})
    await moot.server._membership.close()
    moot.rooms.rooms[room] = replace(known, standing=Standing.JOINING, facts={})
    await moot.restart()
    await moot.joined(room)


async def test_we_can_leave(ada: Person, moot: RunningPolicyServer) -> None:
    """Leaving is a real membership event, and protection ends with it."""
    room = await protect(ada, moot)
    await moot.server.leave(room)
    member = await ada.state(room, "m.room.member", moot.server.account)
    assert member is not None
    assert member["membership"] == "leave"
    assert (await ada.send(room, "spam")).status_code == 200


async def test_joining_through_a_trusted_server(
    ada: Person, synapse: Homeserver, moot: RunningPolicyServer
) -> None:
    """A public room is joined without an invitation, through a server that the operator names."""
    room = await ada.create_room(preset="public_chat")
    joined = await moot.server.join(room, ("localhost:1", synapse.name))
    assert joined.standing is Standing.JOINED
    assert joined.servers[0] == synapse.name
    with pytest.raises(NotJoinedError):
        await moot.server.join(await ada.create_room(), (synapse.name,))


async def test_the_policy_account_has_a_name(ada: Person, moot: RunningPolicyServer) -> None:
    """A member's client that looks the policy account up sees its name, in the room too."""
    profile = await ada.do("GET", f"/profile/{moot.server.account}")
    assert profile["displayname"] == "Folkmoot"
    room = await protect(ada, moot)
    member = await ada.state(room, "m.room.member", moot.server.account)
    assert member is not None
    assert member["displayname"] == "Folkmoot"
