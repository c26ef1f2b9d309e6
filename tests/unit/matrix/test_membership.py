"""Invitations, and what other servers may make us believe of a room."""

from pathlib import Path
from typing import Any

import pytest
from signedjson.key import decode_verify_key_bytes
from signedjson.sign import verify_signed_json
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.synapse_rust.events import redact_event_dict
from unpaddedbase64 import decode_base64

from folkmoot.gateways.matrix import event_ids, power, room_versions
from folkmoot.gateways.matrix.patience import Patience
from folkmoot.gateways.matrix.ports import Fact, Room, Standing
from folkmoot.gateways.matrix.remembered import StoredRooms
from folkmoot.remember.store import Store
from tests.support.origin import ROOM, Origin, ask
from tests.unit.matrix.desk import NAME, Desk

ACCOUNT = f"@moot:{NAME}"
NEW = "!new:origin.example"
V11 = room_versions.RoomVersion(id="11", number=11)


def invitation(origin: Origin, membership: str = "invite", **changes: Any) -> dict[str, Any]:
    """Return an invitation of the policy account to a room that it does not know."""
    fields = {"state_key": ACCOUNT, "room_id": NEW, **changes}
    return origin.event({"membership": membership}, "m.room.member", **fields)


async def invite(
    desk: Desk, event: dict[str, Any], *, version: Any = "11", event_id: str = ""
) -> tuple[int, Any]:
    """Send an invitation as a server does."""
    known = room_versions.find(desk.origin.version)
    assert known is not None
    found = event_id or event_ids.event_id(event, known)
    uri = f"/_matrix/federation/v2/invite/{NEW}/{found}"
    return await desk.call("PUT", uri, {"room_version": version, "event": event, "invite_room_state": []})


async def test_an_invitation_is_accepted_and_signed(desk: Desk) -> None:
    """An invitation comes back with our federation key's signature, and the join owed is remembered."""
    event = invitation(desk.origin)
    status, body = await invite(desk, event)
    assert status == 200
    signed = redact_event_dict(KNOWN_ROOM_VERSIONS["11"], body["event"])
    key = desk.keys.federation
    verify_signed_json(signed, NAME, decode_verify_key_bytes(key.id, decode_base64(key.public)))
    assert body["event"]["signatures"][desk.origin.name] == event["signatures"][desk.origin.name]
    known = desk.rooms.rooms[NEW]
    assert (known.standing, known.version, known.servers) == (Standing.JOINING, "11", (desk.origin.name,))
    assert known.inviter == "@ada:origin.example"


async def test_a_join_that_was_owed_goes_on_after_a_restart(desk: Desk) -> None:
    """After a restart the join of an accepted invitation is tried again."""
    await invite(desk, invitation(desk.origin))
    await desk.server.close()
    desk.server = desk.make()
    await desk.server.start()
    assert list(desk.server._membership._joining) == [NEW]


@pytest.mark.parametrize(
    ("changes", "status", "errcode"),
    [
        ({"state_key": "@other:moot.example"}, 404, "M_NOT_FOUND"),
        ({"membership": "join"}, 400, "M_BAD_JSON"),
        ({"type": "m.room.message"}, 400, "M_BAD_JSON"),
        ({"room_id": "!else:origin.example"}, 400, "M_BAD_JSON"),
        ({"sender": "@ada:else.example"}, 403, "M_FORBIDDEN"),
    ],
)
async def test_what_is_no_invitation_of_ours_is_refused(
    desk: Desk, changes: dict[str, Any], status: int, errcode: str
) -> None:
    """An invitation of someone else, to another room, or from another server's member is refused."""
    answer = await invite(desk, invitation(desk.origin, **changes))
    assert (answer[0], answer[1]["errcode"]) == (status, errcode)
    assert NEW not in desk.rooms.rooms


async def test_other_refused_invitations(desk: Desk) -> None:
    """An unknown version, another event id, changed content and a member who is not served are refused."""
    event = invitation(desk.origin)
    assert (await invite(desk, event, version="99"))[1]["errcode"] == "M_INCOMPATIBLE_ROOM_VERSION"
    assert (await invite(desk, event, version=None))[0] == 400
    assert (await invite(desk, event, event_id="$else"))[0] == 400
    assert (await invite(desk, {**event, "content": {"membership": "invite", "reason": "x"}}))[0] == 400
    assert (await invite(desk, {**event, "signatures": {}}))[0] == 400
    assert (await desk.call("PUT", f"/_matrix/federation/v2/invite/{NEW}/$x", {"event": 1}))[0] == 400
    desk.rooms.refused.add("@ada:origin.example")
    assert (await invite(desk, event))[0] == 403
    assert NEW not in desk.rooms.rooms


async def test_an_invitation_of_the_first_kind_is_accepted() -> None:
    """The older address takes the bare event of a room of version 1, and answers in its own way."""
    desk = Desk(Origin(version="1"))
    event = invitation(desk.origin, event_id="$abc:origin.example", prev_events=[], auth_events=[])
    uri = f"/_matrix/federation/v1/invite/{NEW}/$abc:origin.example"
    header = desk.origin.header("PUT", uri, NAME, event)
    status, body = await ask(desk.server.app, "PUT", uri, event, header)
    assert (status, body[0]) == (200, 200)  # type: ignore[index]
    assert NAME in body[1]["event"]["signatures"]  # type: ignore[index]
    await desk.close()


async def tell(desk: Desk, *events: dict[str, Any], origin: Origin | None = None) -> Room:
    """Send events in a transaction, and return what is known of the room then."""
    body = {
        "origin": desk.origin.name,
        "origin_server_ts": 1,
        "pdus": list(events),
        "edus": [{"edu_type": "x"}],
    }
    uri = "/_matrix/federation/v1/send/1"
    header = (origin or desk.origin).header("PUT", uri, NAME, body)
    assert await ask(desk.server.app, "PUT", uri, body, header) == (200, {"pdus": {}})
    return desk.rooms.rooms[ROOM]


async def test_changes_by_administrators_are_believed(desk: Desk) -> None:
    """Protection, access list, power and replacement of a room follow its administrators."""
    for kind, content in (
        ("m.room.policy", {"via": NAME}),
        ("m.room.server_acl", {"allow": ["*"]}),
        ("m.room.tombstone", {"replacement_room": "!x"}),
        ("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}),
        ("m.room.power_levels", {"users": {"@ada:origin.example": 100, "@ben:origin.example": 50}}),
    ):
        room = await tell(desk, desk.origin.event(content, kind, state_key=""))
        assert room.facts[kind] == Fact(content, 12, "@ada:origin.example")
    room = await tell(
        desk, desk.origin.event({}, "m.room.policy", state_key="", sender="@ben:origin.example", depth=13)
    )
    assert room.content("m.room.policy") == {}


async def test_what_is_not_believed(desk: Desk) -> None:
    """Members without power, other servers, old news and changed words change nothing that we know."""
    before = desk.rooms.rooms[ROOM]
    deny = {"deny": ["*"]}
    mallory = Origin("mallory.example")
    desk.key_cache.sets[mallory.name] = mallory.key_set()
    good = desk.origin.event(deny, "m.room.server_acl", state_key="")
    for event in (
        desk.origin.event(deny, "m.room.server_acl", state_key="", sender="@cy:origin.example"),
        mallory.event(deny, "m.room.server_acl", state_key=""),
        mallory.event(deny, "m.room.server_acl", state_key="", sender="@ada:origin.example"),
        desk.origin.event(deny, "m.room.server_acl", state_key="", room_id="!else:origin.example"),
        desk.origin.event({"users": {}}, "m.room.power_levels", state_key="", depth=2),
        desk.origin.event(deny, "m.room.server_acl", state_key="x"),
        {**good, "content": {"deny": ["**"]}, "signatures": {}},
        desk.origin.event("hello"),
        {"type": "m.room.server_acl", "state_key": "", "room_id": ROOM},
        {"type": "m.room.server_acl", "state_key": "", "room_id": 7},
        {},
    ):
        assert await tell(desk, event) is before


@pytest.mark.parametrize("membership", ["leave", "ban"])
async def test_being_removed_is_noticed(desk: Desk, membership: str) -> None:
    """A kick or a ban of the policy account by someone with the power is noticed, and no other."""
    powerless = desk.origin.event(
        {"membership": membership}, "m.room.member", state_key=ACCOUNT, sender="@cy:origin.example"
    )
    assert (await tell(desk, powerless)).standing is Standing.JOINED
    other = desk.origin.event({"membership": membership}, "m.room.member", state_key="@ben:origin.example")
    assert (await tell(desk, other)).standing is Standing.JOINED
    removed = desk.origin.event({"membership": membership}, "m.room.member", state_key=ACCOUNT)
    assert (await tell(desk, removed)).standing is Standing.LEFT


async def test_a_transaction_is_bounded(desk: Desk) -> None:
    """A transaction of more than fifty events, or of something else, is refused."""
    uri = "/_matrix/federation/v1/send/1"
    transactions: list[Any] = [[{}] * 51, {}, None]
    for wrong in transactions:
        status, body = await desk.call("PUT", uri, {"pdus": wrong})
        assert (status, body["errcode"]) == (400, "M_BAD_JSON")


async def test_our_own_bot_is_believed(desk: Desk) -> None:
    """What our own bot sees of a room replaces what servers told us."""
    await desk.server.learn(ROOM, "m.room.server_acl", {"allow": ["*"]}, "@ada:origin.example")
    await desk.server.learn(ROOM, "m.room.topic", {"topic": "x"})
    await desk.server.learn("!unknown", "m.room.server_acl", {})
    room = desk.rooms.rooms[ROOM]
    assert room.content("m.room.server_acl") == {"allow": ["*"]}
    assert room.content("m.room.topic") is None


@pytest.mark.parametrize(
    ("version", "levels", "person", "expected"),
    [
        ("11", None, "@ada:origin.example", 100),
        ("11", None, "@ben:origin.example", 0),
        ("11", {"users": {"@ada:origin.example": 50}}, "@ada:origin.example", 50),
        ("11", {"users_default": 7}, "@ada:origin.example", 7),
        ("9", {"users": {"@ada:origin.example": "60"}}, "@ada:origin.example", 60),
        ("11", {"users": {"@ada:origin.example": 1.5}}, "@ada:origin.example", 0),
        ("11", {"users": []}, "@ada:origin.example", 0),
        ("12", {"users": {}}, "@ada:origin.example", power.CREATOR_POWER),
    ],
)
def test_power(version: str, levels: Any, person: str, expected: int) -> None:
    """Power comes from the power levels or, without them and since version 12, from having made the room."""
    facts = {} if levels is None else {"m.room.power_levels": Fact(levels)}
    room = Room(
        id=ROOM, version=version, standing=Standing.JOINED, creators=("@ada:origin.example",), facts=facts
    )
    assert power.of(room, person) == expected


async def test_a_server_cannot_invite_without_end(desk: Desk) -> None:
    """A server that invites too often is refused, and nothing more is remembered of its rooms."""
    desk.server._membership._patience = Patience(2, 3600)
    for number in range(4):
        event = invitation(desk.origin, room_id=f"!{number}:origin.example")
        uri = f"/_matrix/federation/v2/invite/!{number}:origin.example/{event_ids.event_id(event, V11)}"
        status, _ = await desk.call("PUT", uri, {"room_version": "11", "event": event})
        assert status == (200 if number < 2 else 403)
    assert len(desk.rooms.rooms) == 3


def test_patience_returns() -> None:
    """What was too often is allowed again when the time is over, and each server counts for itself."""
    now = 0.0
    patience = Patience(2, 10, lambda: now)
    assert [patience.allows("a") for _ in range(3)] == [True, True, False]
    assert patience.allows("b")
    now = 10.0
    assert patience.allows("a")


async def test_only_members_of_named_homeservers_and_the_bot_may_invite(tmp_path: Path) -> None:
    """Where the operator names homeservers, other people's invitations are refused."""
    store = Store(f"sqlite:///{tmp_path / 'rooms.db'}")
    try:
        rooms = StoredRooms(store, homeservers=["club.example"], bots=["@bot:other.example"])
        assert await rooms.admits(NEW, "@ada:club.example")
        assert await rooms.admits(NEW, "@bot:other.example")
        assert not await rooms.admits(NEW, "@ada:other.example")
        assert await StoredRooms(store).admits(NEW, "@ada:other.example")
    finally:
        store.close()
