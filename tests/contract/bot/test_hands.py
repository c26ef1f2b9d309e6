"""The hands in rooms of a real Synapse: each act and its inverse, in every room version."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from folkmoot.act import deciding
from folkmoot.act.platform import CantError, Receipt
from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.gateways.matrix.bot.hands import MatrixHands
from folkmoot.gateways.matrix.bot.http_wire import HttpWire
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity, Surroundings
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import actions, groups, rooms
from folkmoot.remember.actions import Wanted
from folkmoot.remember.store import Store
from folkmoot.vocabulary import ActionKind
from tests.contract.bot.conftest import Town
from tests.support.synapse import Person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse")]

LEVELS = "m.room.power_levels"
_VERSIONS = [str(number) for number in range(1, 13)]
_POLICY = PolicyIdentity(user_id="@moot:policy.example", server_name="policy.example", public_key="a2V5")


class Bench:
    """The bot's hands on a real homeserver, and what they kept."""

    def __init__(self, server: Homeserver, store: Store) -> None:
        """Make an account for the bot."""
        account = server.register(f"hands{time.monotonic_ns()}")
        self.id = account.id
        self.wire = HttpWire(server.url, account.id, account.token, device=account.device)
        self.kept: Receipt = {}
        here = Surroundings(
            account=account.id,
            wire=self.wire,
            store=store,
            clock=time.time,
            policy=_POLICY,
            receipts=Receipts(b"r" * 32, "https://console.example"),
            sign_in=_never,
            changed=_nothing,
        )
        self.hands = MatrixHands(here)

    async def keep(self, receipt: Receipt) -> None:
        """Keep what was there before an act."""
        self.kept = receipt

    async def room(self, ada: Person, *others: Person, power: int = 100, **options: Any) -> str:
        """Make a public room of ADA's in which the bot has some power."""
        own = {} if options.get("room_version") == "12" else {ada.id: 100}
        room = await ada.create_room(
            **{
                "preset": "public_chat",
                "room_version": "11",
                "power_level_content_override": {"users": {self.id: power, **own}},
                **options,
            }
        )
        await self.wire._ask("POST", f"rooms/{quote(room)}/join", {})
        for other in others:
            await enter(other, room)
        return room


async def _never(group: str, person: str) -> str:
    raise AssertionError(group + person)


async def _nothing() -> None:
    return


async def enter(person: Person, room: str) -> int:
    """Join a room, and return the homeserver's answer."""
    return (await person.ask("POST", f"/rooms/{quote(room)}/join")).status_code


async def membership(person: Person, room: str, whose: str) -> str:
    """Return where somebody stands, as a member sees it."""
    found = await person.state(room, "m.room.member", whose)
    return str((found or {}).get("membership"))


@pytest.fixture
async def bench(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Bench]:
    """The hands of a fresh bot."""
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    made = Bench(synapse, store)
    yield made
    await made.wire.close()
    store.close()


@pytest.mark.parametrize("version", _VERSIONS)
async def test_every_act_and_its_inverse(bench: Bench, ada: Person, bo: Person, version: str) -> None:
    """In this room version each act takes effect, a second time changes nothing, and all of it is undone."""
    room = await bench.room(ada, bo, room_version=version)
    await _mute(bench, ada, bo, room)
    await _remove(bench, ada, bo, room)
    await _kick(bench, ada, bo, room)
    await _ban(bench, ada, bo, room)
    await _shut(bench, ada, bo, room)
    for person in (ada.id, bench.id):
        with pytest.raises(CantError):
            await bench.hands.spare([room], person)
    await bench.hands.spare([room], bo.id)


async def _mute(bench: Bench, ada: Person, bo: Person, room: str) -> None:
    before = await ada.state(room, LEVELS)
    receipt = await bench.hands.mute(room, bo.id, before={}, keep=bench.keep)
    assert receipt == {**bench.kept, "how": "power-level"}
    assert (await bo.send(room, "hello?")).status_code == 403
    await bench.hands.mute(room, bo.id, before=bench.kept, keep=bench.keep)
    await bench.hands.unmute(room, bo.id, before=receipt)
    assert await ada.state(room, LEVELS) == before
    assert (await bo.send(room, "hello again")).status_code == 200


async def _remove(bench: Bench, ada: Person, bo: Person, room: str) -> None:
    event = (await bo.send(room, "buy now")).json()["event_id"]
    for _ in range(2):
        await bench.wire.redact(room, event, reason="Folkmoot: decision 1", once="action-1")
    assert await bench.hands.remove(room, event, reason="Folkmoot: decision 1", once="action-1") == {
        "how": "gone"
    }
    assert (await ada.event(room, event))["content"] == {}
    page = await ada.do("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=50")
    assert [one["type"] for one in page["chunk"]].count("m.room.redaction") == 1


async def _kick(bench: Bench, ada: Person, bo: Person, room: str) -> None:
    receipt = await bench.hands.kick(room, bo.id, reason="why", before={}, keep=bench.keep)
    assert await membership(ada, room, bo.id) == "leave"
    await bench.hands.kick(room, bo.id, reason="why", before=bench.kept, keep=bench.keep)
    await bench.hands.invite(room, bo.id, before=receipt)
    await bench.hands.invite(room, bo.id, before=receipt)
    assert await membership(ada, room, bo.id) == "invite"
    assert await enter(bo, room) == 200
    await bench.hands.kick(room, bo.id, reason="why", before=bench.kept, keep=bench.keep)
    assert await membership(ada, room, bo.id) == "join", "who came back is not kicked by a repeat"


async def _ban(bench: Bench, ada: Person, bo: Person, room: str) -> None:
    receipt = await bench.hands.ban(room, bo.id, reason="why", before={}, keep=bench.keep)
    await bench.hands.ban(room, bo.id, reason="why", before=bench.kept, keep=bench.keep)
    assert await enter(bo, room) == 403
    await bench.hands.unban(room, bo.id, before=receipt)
    await bench.hands.unban(room, bo.id, before=receipt)
    assert await membership(ada, room, bo.id) == "invite"
    assert await enter(bo, room) == 200


async def _shut(bench: Bench, ada: Person, bo: Person, room: str) -> None:
    await bo.do("POST", f"/rooms/{quote(room)}/leave")
    before = [await ada.state(room, kind) for kind in (LEVELS, "m.room.join_rules")]
    receipt = await bench.hands.lock_down(room, before={}, keep=bench.keep)
    await bench.hands.lock_down(room, before=bench.kept, keep=bench.keep)
    assert await enter(bo, room) == 403
    assert (await ada.state(room, LEVELS) or {})["invite"] == 50
    await bench.hands.reopen(room, before=receipt)
    assert [await ada.state(room, kind) for kind in (LEVELS, "m.room.join_rules")] == before
    assert await enter(bo, room) == 200


async def test_a_change_at_the_same_moment_is_put_back(
    bench: Bench, ada: Person, bo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Synapse says what our change took the place of: an administrator's, made in between, is kept."""
    room, real = await bench.room(ada, bo), bench.wire.put_state
    other = "@other:localhost"

    async def put_state(*place: Any) -> str:
        monkeypatch.setattr(bench.wire, "put_state", real)
        levels = await ada.state(room, LEVELS) or {}
        levels["users"][other] = 25
        assert (await ada.put_state(room, LEVELS, levels)).status_code == 200
        return await real(*place)

    monkeypatch.setattr(bench.wire, "put_state", put_state)
    await bench.hands.mute(room, bo.id, before={}, keep=bench.keep)
    levels = await ada.state(room, LEVELS) or {}
    assert (levels["users"][other], levels["users"][bo.id]) == (25, -1)


async def test_a_plain_moderator_has_too_little_power_to_mute_by_levels(
    bench: Bench, ada: Person, bo: Person
) -> None:
    """Rooms as Synapse makes them let 100 change levels: with 50, judging has to hold the mute."""
    room = await bench.room(ada, bo, power=50)
    with pytest.raises(CantError, match="lack the power to change power levels"):
        await bench.hands.mute(room, bo.id, before={}, keep=bench.keep)
    await bench.hands.kick(room, bo.id, reason="", before={}, keep=bench.keep)
    assert await membership(ada, room, bo.id) == "leave"
    receipt = await bench.hands.lock_down(room, before={}, keep=bench.keep)
    assert (await ada.state(room, "m.room.join_rules") or {})["join_rule"] == "invite"
    await bench.hands.reopen(room, before=receipt)
    assert (await ada.state(room, "m.room.join_rules") or {})["join_rule"] == "public"


async def test_without_power_it_says_what_is_lacking(bench: Bench, ada: Person, bo: Person) -> None:
    """A bot without power mutes by judging or says that it can't, and names the power that it needs."""
    room = await bench.room(ada, bo, power_level_content_override={}, name="Pond")
    with pytest.raises(CantError, match="switch protection on"):
        await bench.hands.mute(room, bo.id, before={}, keep=bench.keep)
    with pytest.raises(CantError, match="In “Pond” I need power 50 to kick"):
        await bench.hands.kick(room, bo.id, reason="", before={}, keep=bench.keep)
    with pytest.raises(CantError, match="I need power 50, and have 0"):
        await bench.hands.lock_down(room, before={}, keep=bench.keep)
    event = (await bo.send(room, "hello")).json()["event_id"]
    with pytest.raises(CantError, match="power 50 to remove"):
        await bench.hands.remove(room, event, reason="", once="action-1")
    elsewhere = await ada.create_room(name="Elsewhere")
    with pytest.raises(CantError, match="I am not in the room"):
        await bench.hands.ban(elsewhere, bo.id, reason="", before={}, keep=bench.keep)
    assert bench.kept == {}


async def test_a_ban_that_ends_by_itself(town: Town, ada: Person, bo: Person) -> None:
    """In the whole program: decided, done at once, and over when its time is over; nobody has to do it."""
    room = await town.protected_room(ada, bo)
    store = town.folkmoot.store
    known = store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    store.write_now(lambda c: groups.start(c, known.group, by=ada.id, at=time.time()))
    end = time.time() + 4
    ban = Wanted(kind=ActionKind.BAN, person=bo.id, until=end)
    draft = deciding.Draft(group=known.group, by=ada.id, wanted=(ban,))
    made = store.write_now(lambda c: deciding.put(c, draft, at=time.time()))
    town.folkmoot.decided()

    async def banned() -> str | None:
        return "yes" if await membership(ada, room, bo.id) == "ban" else None

    async def asked_back() -> str | None:
        return "yes" if await membership(ada, room, bo.id) == "invite" else None

    await town.until(banned, within=3, what="the ban")
    assert await enter(bo, room) == 403
    await town.until(asked_back, within=15, what="the end of the ban")
    assert time.time() >= end
    assert await enter(bo, room) == 200
    done = store.read_now(lambda c: actions.of_decision(c, made.id))
    assert [one.kind for one in done] == [ActionKind.BAN, ActionKind.UNBAN]
