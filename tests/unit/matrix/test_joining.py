"""Joining through servers that may lie: played over real TLS, with events made by Synapse's own code."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.gateways.matrix import event_ids, own_keys, room_versions
from folkmoot.gateways.matrix.joining import Joiner, NotJoinedError
from folkmoot.gateways.matrix.memory import MemoryKeys
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.ports import Fact, Room, Standing
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from tests.support.origin import ROOM, Origin
from tests.support.other_server import OtherServer

ACCOUNT = "@moot:moot.example"
Change = Callable[[dict[str, Any]], object]


class Host:
    """A server that lets us into a room, and tells of it what a test wants."""

    def __init__(self, authority: Authority, *, version: str = "11") -> None:
        self.origin = Origin(version=version)
        self.web = OtherServer(authority.issue("host", "localhost"), self._respond)
        self.template: Any = {
            "prev_events": ["$p"],
            "auth_events": ["$a"],
            "depth": 9,
            "content": {"evil": 1},
        }
        self.version: Any = version
        self.room = ROOM
        self.state: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}
        self._authority = authority

    async def _respond(self, path: str, _: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if "/key/v2/server" in path:
            return 200, {}, json.dumps(self.origin.key_document()).encode()
        if "/make_" in path:
            return 200, {}, json.dumps({"room_version": self.version, "event": self.template}).encode()
        return 200, {}, json.dumps({"state": self.state, "auth_chain": [], **self.answer}).encode()

    async def __aenter__(self) -> "Host":
        await self.web.__aenter__()
        self.origin.name = f"localhost:{self.web.port}"
        key = own_keys.generate().federation
        self.client = Federation(
            "moot.example", key, allow_networks=("127.0.0.1/32",), authority=self._authority.certificate
        )
        self.keys = RemoteKeys(self.client, MemoryKeys())
        self.joiner = Joiner(ACCOUNT, "Folkmoot", key, self.client, self.keys)
        self.state = [self.create(), self.power()]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.keys.close()
        await self.client.close()
        await self.web.__aexit__()

    def create(self, **changes: Any) -> dict[str, Any]:
        """Return the room's create event."""
        content = {"room_version": changes.pop("room_version", self.origin.version)}
        return self.origin.event(content, "m.room.create", **{"state_key": "", "depth": 1, **changes})

    def power(self, **changes: Any) -> dict[str, Any]:
        """Return the room's power levels."""
        levels = {"users": {f"@ada:{self.origin.name}": 100}}
        return self.origin.event(levels, "m.room.power_levels", **{"state_key": "", "depth": 3, **changes})

    async def join(self, room: str = ROOM) -> Room:
        """Join the room."""
        return await self.joiner.join(room, self.origin.name, "@ada:a.example")


@pytest.fixture
async def host(authority: Authority) -> AsyncIterator[Host]:
    """A server that lets us into a room of version 11."""
    async with Host(authority) as made:
        yield made


async def test_what_is_kept_of_a_room(host: Host) -> None:
    """Of a room its version, creators, servers and a few facts are kept."""
    host.answer = {"servers_in_room": [host.origin.name, "b.example", 7]}
    host.state.append(host.origin.event({"name": "x"}, "m.room.name", state_key=""))
    room = await host.join()
    assert room == Room(
        id=ROOM,
        version="11",
        standing=Standing.JOINED,
        servers=(host.origin.name, "b.example"),
        inviter="@ada:a.example",
        joined_depth=9,
        creators=(f"@ada:{host.origin.name}",),
        facts={
            "m.room.power_levels": Fact(
                {"users": {f"@ada:{host.origin.name}": 100}}, 3, f"@ada:{host.origin.name}"
            )
        },
    )


async def test_a_draft_is_not_trusted(host: Host) -> None:
    """Of another server's draft of our membership only its place in the history is signed."""
    host.template = {
        **host.template,
        "sender": "@victim:moot.example",
        "state_key": "@victim:moot.example",
        "room_id": "!other:x",
        "type": "m.room.message",
        "content": {"body": "words in our mouth", "join_authorised_via_users_server": "@a:b"},
    }
    made = host.joiner._event(ROOM, "join", host.template, _version("11"))
    assert (made["type"], made["sender"], made["state_key"], made["room_id"]) == (
        "m.room.member",
        ACCOUNT,
        ACCOUNT,
        ROOM,
    )
    assert made["content"] == {
        "membership": "join",
        "displayname": "Folkmoot",
        "join_authorised_via_users_server": "@a:b",
    }


def _version(name: str) -> Any:
    found = room_versions.find(name)
    assert found is not None
    return found


@pytest.mark.parametrize("template", [None, [], {}, {"prev_events": "x"}])
async def test_a_malformed_draft_is_refused(host: Host, template: Any) -> None:
    """A draft that is none is refused."""
    host.template = template
    with pytest.raises(NotJoinedError):
        await host.join()


@pytest.mark.parametrize("version", ["99", None, 11])
async def test_an_unknown_room_version_is_refused(host: Host, version: Any) -> None:
    """A room of a version that we do not know is not joined."""
    host.version = version
    with pytest.raises(NotJoinedError):
        await host.join()


async def test_a_room_is_not_taken_for_another(host: Host) -> None:
    """A create event of another room or version, or changed, or missing, is not accepted."""
    changed = {**host.create(), "signatures": {}}
    wrong: list[list[Any]] = [
        [],
        [host.create(room_id="!other:origin.example")],
        [host.create(room_version="10")],
        [{**host.create(), "content": {"room_version": "11", "more": 1}, "hashes": {"sha256": "AAAA"}}],
        [{"type": "m.room.create", "state_key": ""}],
        [7, None, {"state_key": ""}],
    ]
    for state in wrong:
        host.state = state
        with pytest.raises(NotJoinedError):
            await host.join()
    # Old rooms outlive keys: a create event whose key nobody has any more is taken on the host's word.
    host.state = [changed]
    assert (await host.join()).creators == (f"@ada:{host.origin.name}",)


async def test_facts_need_their_senders_signature(host: Host) -> None:
    """A fact that its sender's living server did not sign, or signed otherwise, is left out."""
    forged = host.power()
    forged["content"] = {"users": {"@mallory:x.example": 100}}
    other_room = host.power(room_id="!other:origin.example")
    for wrong in ({**host.power(), "signatures": {}}, other_room):
        host.state = [host.create(), wrong]
        assert (await host.join()).facts == {}
    # Where the hash does not match, the event counts as redacted, and then the signature decides.
    host.state = [host.create(), forged]
    assert (await host.join()).facts == {}


async def test_a_room_of_version_12_proves_itself(authority: Authority) -> None:
    """A room of version 12 is known by the hash of its create event, whoever tells of it."""
    async with Host(authority, version="12") as host:
        create = host.create(room_id=None)
        room = "!" + event_ids.event_id(create, _version("12"))[1:]
        host.state = [create]
        found = await host.join(room)
        assert found.creators == (f"@ada:{host.origin.name}",)
        create["content"]["additional_creators"] = ["@mallory:x.example"]
        with pytest.raises(NotJoinedError):
            await host.join(room)


async def test_leaving_asks_every_server(host: Host) -> None:
    """Leaving is tried through each server of the room until one helps."""
    room = await host.join()
    gone = "localhost:1"
    await host.joiner.leave(
        Room(id=ROOM, version="11", standing=room.standing, servers=(gone, host.origin.name))
    )
    assert [path.split("/")[4] for path, _ in host.web.asked if "leave" in path] == [
        "make_leave",
        "send_leave",
    ]
    for servers in ((), (gone,)):
        with pytest.raises(NotJoinedError):
            await host.joiner.leave(Room(id=ROOM, version="11", standing=room.standing, servers=servers))
