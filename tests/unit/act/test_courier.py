"""The courier of actions: in order, once, again until it is done, and never what was taken back."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import func, select

from folkmoot.act.outcomes import MOST_ATTEMPTS
from folkmoot.act.platform import Handless
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.observe import ACTIONS_WAITING
from folkmoot.remember import actions, choices, groups, rooms
from folkmoot.remember.actions import Wanted
from folkmoot.remember.tables import outbox
from folkmoot.vocabulary import ActionKind
from tests.unit.act.conftest import ADA, BO, CY, LEVELS, MEMBER, Town, mute, wanted


def waiting(town: Town) -> int:
    """Return how many letters of actions nobody has carried."""
    query = select(func.count()).where(outbox.c.kind == actions.LETTER, outbox.c.done_at.is_(None))
    return int(town.store.read_now(lambda c: c.execute(query).scalar_one()))


async def test_actions_of_a_decision_are_done_in_their_order(town: Town) -> None:
    """Removed first, then banned: as the decision says."""
    room = town.rooms[0]
    event = town.server.say(room, BO, "buy now")
    town.decide(wanted(ActionKind.REMOVE, room=room, message=event), wanted(ActionKind.BAN, room=room))
    await town.carry()
    seen = [one.kind for one in town.server.rooms[room].timeline if one.sender.startswith("@folkmoot")]
    assert seen[-2:] == ["m.room.redaction", MEMBER]
    assert town.logged("action.done") == 2
    assert waiting(town) == 0


async def test_what_can_not_be_done_yet_holds_up_what_comes_after_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first action fails, the second one of that decision waits; those of others do not."""
    room, real = town.rooms[0], town.wire.redact

    async def redact(room: str, event: str, *, reason: str, once: str) -> None:
        raise RefusedError(500, "M_UNKNOWN", "Internal server error")

    monkeypatch.setattr(town.wire, "redact", redact)
    event = town.server.say(room, BO, "buy now")
    first = town.decide(
        wanted(ActionKind.REMOVE, room=room, message=event), wanted(ActionKind.BAN, room=room)
    )
    other = town.decide(mute(CY))
    await town.carry()
    assert town.states(first) == ["wanted", "wanted"]
    assert town.states(other) == ["done"]
    monkeypatch.setattr(town.wire, "redact", real)
    await town.carry(10)
    await town.carry(10)
    assert town.states(first) == ["done", "done"]


async def test_an_outage_loses_nothing_however_long(town: Town) -> None:
    """While the homeserver is away, an action waits; it is done once it is back, once."""
    town.server.away = True
    decision = town.decide(mute(hours=1000))
    for _ in range(40):
        await town.carry(3600)
    assert town.states(decision) == ["wanted"]
    assert ACTIONS_WAITING._value.get() == 1
    town.server.away = False
    await town.carry(10)
    assert town.states(decision) == ["done"]
    assert [town.changes(room, LEVELS) for room in town.rooms] == [1, 1]
    await town.carry(10_000)
    assert [town.changes(room, LEVELS) for room in town.rooms] == [1, 1]


async def test_what_fails_again_and_again_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some attempts, each later than the one before, administrators hear of it, once."""
    attempts = 0

    async def ban(room: str, person: str, *, reason: str) -> None:
        nonlocal attempts
        attempts += 1
        raise RefusedError(500, "M_UNKNOWN", "Internal server error")

    monkeypatch.setattr(town.wire, "ban", ban)
    decision = town.decide(wanted(ActionKind.BAN, room=town.rooms[0]))
    for _ in range(MOST_ATTEMPTS + 5):
        await town.carry(600)
    assert attempts == MOST_ATTEMPTS
    (action,) = town.actions(decision)
    assert action.state.value == "failed"
    assert action.trouble.startswith("It did not work 8 times")
    assert [letter.body["action"] for letter in town.letters("action-failed")] == [action.id]
    assert town.logged("action.failed") == 1


async def test_what_takes_something_back_is_never_given_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An end that fails for a day is told once and done in the end: nobody stays banned by our fault."""
    decision, real = town.decide(wanted(ActionKind.BAN, room=town.rooms[0])), town.wire.unban
    await town.carry()

    async def unban(room: str, person: str) -> None:
        raise RefusedError(502, "M_UNKNOWN", "Bad gateway")

    monkeypatch.setattr(town.wire, "unban", unban)
    town.undo(decision)
    for _ in range(30):
        await town.carry(3600)
    assert len(town.letters("action-failed")) == 1
    monkeypatch.setattr(town.wire, "unban", real)
    await town.carry(3600)
    assert town.membership(town.rooms[0], BO) == "invite"


async def test_what_was_taken_back_in_time_is_never_done(town: Town) -> None:
    """Undone before the courier came: neither the action nor its inverse touches anything."""
    decision = town.decide(mute(), wanted(ActionKind.BAN))
    undone = town.undo(decision)
    await town.carry()
    assert town.states(decision) == ["dropped", "dropped"]
    assert town.states(undone) == ["done", "done"]
    assert [town.changes(room, LEVELS) + town.changes(room, MEMBER, BO) for room in town.rooms] == [0, 0]
    assert waiting(town) == 0


async def test_what_was_dropped_while_under_way_is_taken_back(town: Town) -> None:
    """Dropped when the hands had already begun: what they did is given back."""
    decision, real = town.decide(wanted(ActionKind.BAN, room=town.rooms[0])), town.wire.ban

    async def ban(room: str, person: str, *, reason: str) -> None:
        await real(room, person, reason=reason)
        (action,) = town.actions(decision)
        assert await town.store.write(lambda c: actions.drop(c, action.id))

    town.wire.ban = ban  # type: ignore[method-assign]
    await town.carry()
    assert town.membership(town.rooms[0], BO) == "invite"
    assert town.changes(town.rooms[0], MEMBER, BO) == 3, "banned, unbanned, asked back"
    assert town.states(decision) == ["dropped"]
    assert (town.logged("action.done"), town.logged("action.taken-back")) == (0, 1)
    assert waiting(town) == 0


async def test_what_was_begun_and_undone_during_an_outage_is_given_back(town: Town) -> None:
    """The ban took effect, the answer was lost, and it was undone meanwhile: the undo finds what to give."""
    room, real = town.rooms[0], town.wire.ban

    async def ban(room: str, person: str, *, reason: str) -> None:
        await real(room, person, reason=reason)
        town.server.away = True
        await real(room, person, reason=reason)

    town.wire.ban = ban  # type: ignore[method-assign]
    decision = town.decide(wanted(ActionKind.BAN, room=room))
    await town.carry()
    assert town.membership(room, BO) == "ban"
    undone = town.undo(decision)
    town.server.away = False
    await town.carry(10)
    assert (town.states(decision), town.states(undone)) == (["dropped"], ["done"])
    assert town.membership(room, BO) == "invite"
    assert waiting(town) == 0


async def test_held_actions_wait_for_the_second_person(town: Town) -> None:
    """Nothing is done until a second person agrees."""
    decision = town.decide(wanted(ActionKind.BAN), held=True)
    await town.carry()
    assert town.membership(town.rooms[0], BO) == "join"
    town.store.write_now(lambda c: actions.release(c, decision.id, at=town.now))
    await town.carry()
    assert town.membership(town.rooms[0], BO) == "ban"


async def test_a_warning_takes_no_hands(town: Town) -> None:
    """What is only said is done at once, also while the homeserver is away."""
    town.server.away = True
    decision = town.decide(wanted(ActionKind.WARN), Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person=BO))
    await town.carry()
    assert town.states(decision) == ["done", "done"]


async def test_an_undone_removal_gives_the_text_back_by_letter(town: Town) -> None:
    """The author gets a letter for each removed message, and none for one that never was removed."""
    room = town.rooms[0]
    events = [town.server.say(room, BO, text) for text in ("one", "two")]
    first = town.decide(wanted(ActionKind.REMOVE, room=room, message=events[0]))
    await town.carry()
    second = town.decide(wanted(ActionKind.REMOVE, room=room, message=events[1]))
    undone = town.undo(first)
    town.undo(second)
    await town.carry()
    (action,) = town.actions(undone)
    assert [letter.body for letter in town.letters("restored")] == [{"action": action.id}]


async def test_practice_touches_nothing_and_neither_does_its_undo(town: Town) -> None:
    """In practice receipts are written and nothing else, also when the group has started since."""
    town.store.write_now(lambda c: groups.practise(c, town.group, by=ADA, at=town.now))
    room = town.rooms[0]
    event = town.server.say(room, BO, "one")
    town.server.away = True
    decision = town.decide(
        mute(), wanted(ActionKind.BAN), wanted(ActionKind.REMOVE, room=room, message=event)
    )
    await town.carry()
    assert town.states(decision) == ["done"] * 3
    assert all("practice" in str(one.receipt) for one in town.actions(decision))
    town.store.write_now(lambda c: groups.start(c, town.group, by=ADA, at=town.now))
    undone = town.undo(decision)
    await town.carry()
    assert town.states(undone) == ["done"] * 3
    assert town.letters("restored") == []


async def test_what_was_done_is_undone_also_once_the_group_practises_again(town: Town) -> None:
    """Whoever was banned while it counted is let back in, whatever the group does now."""
    decision = town.decide(wanted(ActionKind.BAN))
    await town.carry()
    town.store.write_now(lambda c: groups.practise(c, town.group, by=ADA, at=town.now))
    town.undo(decision)
    await town.carry()
    assert [town.membership(room, BO) for room in town.rooms] == ["invite", "invite"]


async def test_without_a_bot_judging_holds_sanctions_and_the_rest_is_told(town: Town) -> None:
    """An installation without hands says so, and what to do."""
    town.hands = Handless()  # type: ignore[assignment]
    town.courier = town.new_courier()
    decision = town.decide(mute(), wanted(ActionKind.BAN), wanted(ActionKind.KICK))
    await town.carry()
    assert town.states(decision) == ["done", "done", "failed"]
    assert "no bot" in town.actions(decision)[2].trouble


async def test_a_group_of_another_chat_has_its_sanctions_held_by_judging(town: Town) -> None:
    """A group that only asks over the API has no room: mutes and bans hold, a removal says where to do it."""
    for room in town.rooms:
        town.store.write_now(partial(rooms.remove, room=room, by=ADA, at=town.now))
    message = {"room": "lobby", "message": "m1"}
    decision = town.decide(
        mute("bo"), wanted(ActionKind.BAN, "bo"), wanted(ActionKind.REMOVE, "bo", **message)
    )
    await town.carry()
    assert town.states(decision) == ["done", "done", "failed"]
    assert "not in Matrix" in town.actions(decision)[2].trouble
    undone = town.undo(decision)
    await town.carry()
    assert set(town.states(undone)) == {"done"}


async def test_a_group_that_is_slow_holds_up_no_other(town: Town) -> None:
    """While one group's homeserver does not answer, another group's action is done."""
    other = Town(town.store, town.server)
    stuck = asyncio.Event()

    async def ban(room: str, person: str, *, reason: str) -> None:
        await stuck.wait()

    town.wire.ban = ban  # type: ignore[method-assign]
    slow = town.decide(wanted(ActionKind.BAN, room=town.rooms[0]))
    decision = other.decide(Wanted(kind=ActionKind.WARN, person=CY))
    await town.courier.look()
    await town.until(lambda: other.states(decision) == ["done"])
    assert town.states(slow) == ["wanted"]
    stuck.set()
    await town.courier.settled()


async def test_it_wakes_when_something_was_decided(town: Town) -> None:
    """Woken, it carries at once; it need not wait for its next look."""
    courier = town.courier
    courier._every = 60.0
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.05)
    decision = town.decide(Wanted(kind=ActionKind.WARN, person=BO))
    courier.wake()
    await town.until(lambda: town.states(decision) == ["done"], within=5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_many_actions_at_once_are_all_done_in_batches(town: Town) -> None:
    """More than one batch is carried without waiting for anything."""
    town.store.write_now(lambda c: choices.put(c, town.group, "most_actions", 1000, by=ADA, at=town.now))
    decision = town.decide(*(wanted(ActionKind.WARN, f"@p{number}:twin") for number in range(120)))
    running = asyncio.create_task(town.courier.run())
    await town.until(lambda: set(town.states(decision)) == {"done"})
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert town.logged("action.done") == 120
