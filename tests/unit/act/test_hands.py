"""The hands on Matrix: what each act and its inverse change in a room, and what they never touch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.act.platform import CantError
from folkmoot.gateways.matrix.bot.hands_state import merged
from folkmoot.remember.actions import Wanted
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import ADA, BO, BOT, CY, LEVELS, MEMBER, POLICY, RULES, Town, mute, wanted


async def test_a_removed_message_has_no_content_and_is_removed_once(town: Town) -> None:
    """Redaction takes the content away, under a name of the action's own."""
    event = town.server.say(town.rooms[0], BO, "buy now")
    decision = town.decide(wanted(ActionKind.REMOVE, room=town.rooms[0], message=event))
    await town.carry()
    found = await town.wire.event(town.rooms[0], event)
    assert found is not None
    assert found.content == {}
    assert town.states(decision) == ["done"]
    assert town.changes(town.rooms[0], "m.room.redaction", None) == 1


async def test_a_mute_holds_in_every_room_and_its_end_leaves_no_trace(town: Town) -> None:
    """A member without a level of their own has none again afterwards; a given one comes back exactly."""
    first, second = town.rooms
    town.give(second, BO, 10)
    before = [town.levels(room) for room in town.rooms]
    decision = town.decide(mute())
    await town.carry()
    assert [town.power(room, BO) for room in town.rooms] == [-1, -1]
    town.undo(decision)
    await town.carry()
    assert [town.levels(room) for room in (first, second)] == before


async def test_a_mute_goes_below_whatever_writing_takes(town: Town) -> None:
    """Where some kind of event may be sent with less power, the mute is below that too."""
    room = town.rooms[0]
    open_to_all = {"users_default": 10, "events_default": 10, "events": {"m.reaction": 5}}
    town.server.put(room, ADA, LEVELS, {**town.levels(room), **open_to_all}, "")
    town.decide(mute())
    await town.carry()
    assert town.power(room, BO) == 4


async def test_what_others_change_during_a_mute_stays(town: Town) -> None:
    """The end of a mute changes the muted member's level and nothing else."""
    decision = town.decide(mute())
    await town.carry()
    town.give(town.rooms[0], CY, 50)
    town.give(town.rooms[1], BO, 25)
    town.undo(decision)
    await town.carry()
    assert town.power(town.rooms[0], CY) == 50
    assert town.power(town.rooms[0], BO) is None
    assert town.power(town.rooms[1], BO) == 25, "an administrator gave them another level meanwhile"


@pytest.mark.parametrize("moments", [1, 2])
async def test_a_change_at_the_same_moment_is_not_lost(
    town: Town, monkeypatch: pytest.MonkeyPatch, moments: int
) -> None:
    """An administrator who changes power levels between our look and our change keeps that change."""
    room, real, left = town.rooms[0], town.wire.put_state, [CY, "@di:twin"][:moments]

    async def put_state(where: str, kind: str, content: Any, key: str = "") -> str:
        if where == room and kind == LEVELS and left:
            town.give(room, left.pop(0), 25)
        return await real(where, kind, content, key)

    monkeypatch.setattr(town.wire, "put_state", put_state)
    town.decide(mute())
    await town.carry()
    assert town.power(room, BO) == -1
    assert [town.power(room, one) for one in [CY, "@di:twin"][:moments]] == [25] * moments


async def test_without_power_judging_holds_a_mute(town: Town) -> None:
    """Where the bot may not change levels, a protected room is muted by stopping messages."""
    room = town.add_room("Pond", power=0)
    town.protect(room)
    decision = town.decide(mute(room=room))
    await town.carry()
    (action,) = town.actions(decision)
    assert action.receipt == {f"{room} how": "policy-server"}
    assert town.power(room, BO) is None
    town.undo(decision)
    await town.carry()
    assert town.changes(room, LEVELS) == 0


async def test_without_power_and_without_protection_a_mute_can_not_be(town: Town) -> None:
    """Nothing would stop the member: that is told, with what would help."""
    room = town.add_room("Pond", power=0)
    decision = town.decide(mute(room=room))
    await town.carry()
    (action,) = town.actions(decision)
    assert action.state.value == "failed"
    assert "switch protection on" in action.trouble
    (letter,) = town.letters("action-failed")
    assert letter.body == {"action": action.id, "trouble": action.trouble}


async def test_two_mutes_at_a_time_end_when_the_last_ends(town: Town) -> None:
    """The end of one leaves the other; the end of both gives back what was there before either."""
    town.give(town.rooms[0], BO, 10)
    first, second = town.decide(mute()), town.decide(mute(hours=2))
    await town.carry()
    town.undo(first)
    await town.carry()
    assert town.power(town.rooms[0], BO) == -1
    town.undo(second)
    await town.carry()
    assert town.power(town.rooms[0], BO) == 10
    assert town.power(town.rooms[1], BO) is None


async def test_a_kick_and_the_invitation_back(town: Town) -> None:
    """The member is out of every room, and asked back into those they were in."""
    town.server.member(town.rooms[1], BO, BO, "leave")
    decision = town.decide(wanted(ActionKind.KICK))
    await town.carry()
    assert town.membership(town.rooms[0], BO) == "leave"
    assert town.changes(town.rooms[1], MEMBER, BO) == 0
    town.undo(decision)
    await town.carry()
    assert [town.membership(room, BO) for room in town.rooms] == ["invite", "leave"]


async def test_who_came_back_is_not_kicked_again(town: Town) -> None:
    """A kick that was interrupted after it took effect is not repeated on somebody who has come back."""
    room, real = town.rooms[0], town.wire.kick

    async def kick(where: str, person: str, *, reason: str) -> None:
        await real(where, person, reason=reason)
        town.wire.kick = real  # type: ignore[method-assign]
        town.server.member(where, BO, BO, "join")
        town.server.away = True
        await real(where, person, reason=reason)

    town.wire.kick = kick  # type: ignore[method-assign,assignment]
    decision = town.decide(wanted(ActionKind.KICK, room=room))
    await town.carry()
    assert town.states(decision) == ["wanted"]
    town.server.away = False
    await town.carry(10)
    assert town.states(decision) == ["done"]
    assert town.membership(room, BO) == "join"


async def test_a_ban_and_its_end(town: Town) -> None:
    """A ban keeps out of every room; its end lets back in, and asks back where the member was."""
    town.server.member(town.rooms[1], BO, BO, "leave")
    decision = town.decide(wanted(ActionKind.BAN))
    await town.carry()
    assert [town.membership(room, BO) for room in town.rooms] == ["ban", "ban"]
    town.undo(decision)
    await town.carry()
    assert [town.membership(room, BO) for room in town.rooms] == ["invite", "leave"]


async def test_a_ban_by_somebody_else_is_left(town: Town) -> None:
    """Who was banned by hand before stays banned when our ban ends."""
    town.server.member(town.rooms[0], ADA, BO, "ban")
    decision = town.decide(wanted(ActionKind.BAN))
    await town.carry()
    assert town.changes(town.rooms[0], MEMBER, BO) == 0
    town.undo(decision)
    await town.carry()
    assert [town.membership(room, BO) for room in town.rooms] == ["ban", "invite"]


@pytest.mark.parametrize("version", ["1", "9", "11", "12"])
async def test_a_door_is_shut_and_opened_as_far_as_it_was(town: Town, version: str) -> None:
    """While it is shut nobody joins or is invited by members; afterwards everything is as it was."""
    room = town.add_room("Gate", version=version)
    restricted = {"join_rule": "restricted", "allow": [{"type": "m.room_membership", "room_id": "!x:twin"}]}
    town.server.put(room, ADA, RULES, restricted, "")
    levels = town.levels(room)
    decision = town.decide(Wanted(kind=ActionKind.LOCK_DOWN))
    await town.carry()
    assert [town.rule(one) for one in (*town.rooms, room)] == ["invite"] * 3
    assert town.levels(room)["invite"] == 50
    town.undo(decision)
    await town.carry()
    assert dict(town.server.rooms[room].state[RULES, ""].content) == restricted
    assert town.levels(room) == levels
    assert [town.rule(one) for one in town.rooms] == ["public"] * 2


async def test_a_door_that_somebody_opened_is_left(town: Town) -> None:
    """Reopening changes nothing that an administrator changed while the door was shut."""
    decision = town.decide(Wanted(kind=ActionKind.LOCK_DOWN))
    await town.carry()
    town.server.put(town.rooms[0], ADA, RULES, {"join_rule": "knock"}, "")
    town.undo(decision)
    await town.carry()
    assert [town.rule(room) for room in town.rooms] == ["knock", "public"]


@pytest.mark.parametrize("kind", [ActionKind.MUTE, ActionKind.KICK, ActionKind.BAN])
@pytest.mark.parametrize("person", [ADA, BOT, POLICY.user_id, CY])
async def test_administrators_and_bots_are_never_touched(town: Town, kind: ActionKind, person: str) -> None:
    """Whoever has an administrator's power in one room of the group is spared in all; so are our accounts."""
    town.give(town.rooms[1], CY, 50)
    before = [(town.levels(room), town.membership(room, person)) for room in town.rooms]
    decision = town.decide(wanted(kind, person))
    await town.carry()
    (action,) = town.actions(decision)
    assert action.state.value == "failed"
    assert "can't be sanctioned" in action.trouble or "is an administrator of" in action.trouble
    assert [(town.levels(room), town.membership(room, person)) for room in town.rooms] == before


async def test_the_creator_of_a_new_room_is_spared(town: Town) -> None:
    """In rooms of version 12 the creator stands above all levels, and is in none of them."""
    room = town.add_room("New", version="12")
    with pytest.raises(CantError, match="is an administrator of “New”"):
        await town.hands.spare([room], ADA)


async def test_where_one_room_can_not_the_others_are_done_and_it_is_told(town: Town) -> None:
    """A ban holds where the bot has the power; administrators hear where it does not."""
    room = town.add_room("Pond", power=10)
    decision = town.decide(wanted(ActionKind.BAN))
    await town.carry()
    assert [town.membership(one, BO) for one in (*town.rooms, room)] == ["ban", "ban", "join"]
    assert town.states(decision) == ["done"]
    (letter,) = town.letters("action-failed")
    assert "“Pond” I need power 50 to ban" in letter.body["trouble"]
    town.undo(decision)
    await town.carry()
    assert [town.membership(one, BO) for one in (*town.rooms, room)] == ["invite", "invite", "join"]


_json = st.dictionaries(
    st.sampled_from("abc"),
    st.integers(0, 2) | st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2), max_size=3),
    max_size=3,
)


@given(base=_json, theirs=_json)
def test_merging_without_changes_of_ours_is_theirs(base: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Whoever changed nothing gets exactly what the others made of it."""
    assert merged(base, theirs, base) == theirs


@given(base=_json, ours=_json)
def test_merging_without_changes_of_theirs_is_ours(base: dict[str, Any], ours: dict[str, Any]) -> None:
    """Where nobody else changed anything, ours stands."""
    assert merged(base, base, ours) == ours
