"""The policy server as a real Synapse meets it."""

from typing import Any

import pytest

from tests.support.policy import RunningPolicyServer
from tests.support.synapse import Person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse")]


async def protect(person: Person, moot: RunningPolicyServer, **options: Any) -> str:
    """Make a room, invite the policy account, switch protection on, and return the room."""
    room = await person.create_room(invite=[moot.server.account], **options)
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
