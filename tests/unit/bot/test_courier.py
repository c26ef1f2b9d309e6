"""Letters reach people: once, after a crash too, and not by the dozen."""

import asyncio
from typing import Any

import pytest

from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.notes import Plan
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.remember import outbox
from folkmoot.vocabulary import Outcome
from tests.unit.bot.conftest import ADA, BO, RULE, Scene


def _open(scene: Scene) -> int:
    kinds = ("reason", "case", "protection", "console", "protection.to", "welcome")
    far = scene.clock() + 1e9
    return len(scene.store.read_now(lambda c: outbox.due(c, now=far, kinds=kinds, most=500)))


async def test_a_flood_of_stops_becomes_two_messages(scene: Scene) -> None:
    """The first stop is told at once; the others of the window come together, counted by rule."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 1)
    for _ in range(13):
        scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 2)
    await scene.until(lambda: _open(scene) == 0)
    assert "And 12 more, for the same reason." in scene.told(BO)[1]
    assert len(scene.told(BO)) == 2


async def test_two_people_do_not_wait_for_each_other(scene: Scene) -> None:
    """The window is each person's own."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    scene.judge(room, "@cy:twin")
    await scene.until(lambda: len(scene.told(BO)) == 1 and len(scene.told("@cy:twin")) == 1)


@pytest.mark.parametrize("instant", ["before the send", "after the send"])
async def test_a_kill_around_the_send_changes_nothing_for_the_reader(scene: Scene, instant: str) -> None:
    """Killed between the plan and the send, or between the send and its note, one message arrives."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 1)  # the direct chat exists now
    await asyncio.sleep(scene.window)
    reached, real = asyncio.Event(), scene.wire.send

    async def send(*place: Any, once: str) -> str:
        if once.startswith("letter-") and instant == "after the send":
            await real(*place, once=once)
        if once.startswith("letter-"):
            reached.set()
            await asyncio.sleep(3600)
        return await real(*place, once=once)

    scene.wire.send = send  # type: ignore[method-assign,assignment]
    for _ in range(3):
        scene.judge(room, BO)
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.send = real  # type: ignore[method-assign]
    assert BO in scene.store.read_now(lambda c: notes.every(c, Plan))
    scene.judge(room, BO)  # comes while we are dead, and must not be swallowed
    told_before = len(scene.told(BO))
    await scene.restart()
    await scene.until(lambda: _open(scene) == 0)
    counted = sum(text.count("Your message was stopped") + _more(text) for text in scene.told(BO))
    assert counted == 5
    assert len(scene.told(BO)) >= told_before
    assert not scene.store.read_now(lambda c: notes.every(c, Plan))


async def test_letters_wait_for_an_away_homeserver_without_being_given_up(scene: Scene) -> None:
    """An outage counts as no attempt, however long it lasts."""
    room = await scene.protected_room()
    scene.server.away = True
    scene.judge(room, BO)
    for _ in range(20):
        await asyncio.sleep(0.03)
        scene.clock.ahead += 10
    assert not scene.told(BO)
    assert not scene.store.read_now(outbox.given_up)
    scene.server.away = False
    scene.clock.ahead += 10
    await scene.until(lambda: len(scene.told(BO)) == 1)


async def test_a_letter_that_is_always_refused_is_given_up_and_holds_up_nobody(scene: Scene) -> None:
    """After twelve refusals an operator has to look; others are told meanwhile."""
    room = await scene.protected_room()
    real = scene.wire.create_room

    async def create_room() -> str:
        if not scene.told("@cy:twin"):
            raise RefusedError(403, "M_FORBIDDEN", "no rooms for you")
        return await real()

    scene.wire.create_room = create_room  # type: ignore[method-assign]
    scene.judge(room, BO)
    for _ in range(40):
        await asyncio.sleep(0.05)
        scene.clock.ahead += 3700
        if scene.store.read_now(outbox.given_up):
            break
    assert len(scene.store.read_now(outbox.given_up)) == 1
    scene.wire.create_room = real  # type: ignore[method-assign]
    scene.judge(room, "@cy:twin")
    await scene.until(lambda: len(scene.told("@cy:twin")) == 1)


async def test_waiting_in_vain_counts_as_an_attempt(scene: Scene) -> None:
    """A person's server that never answers is not asked every few seconds for ever."""
    room = await scene.protected_room()

    async def create_room() -> str:
        raise OutOfReachError("no answer in time", waited=True)

    scene.wire.create_room = create_room  # type: ignore[method-assign]
    scene.judge(room, BO)
    await asyncio.sleep(0.3)
    kinds = ("reason",)
    (letter,) = scene.store.read_now(lambda c: outbox.due(c, now=scene.clock() + 1e6, kinds=kinds))
    assert letter.attempts == 1


async def test_a_new_case_reaches_every_administrator_once(scene: Scene) -> None:
    """Administrators hear of a case, with person and rule; the member does not."""
    room = await scene.protected_room(users={"@cy:twin": 50})
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    await scene.bot.watchdog.look(room)
    scene.judge(room, BO, done=Outcome.CASE, outcome=Outcome.CASE)
    scene.judge(room, BO, done=Outcome.CASE, outcome=Outcome.CASE)
    for administrator in (ADA, "@cy:twin"):
        await scene.until(lambda who=administrator: len(scene.told(who)) == 1)  # type: ignore[misc]
        assert f"{BO} · “Garden”" in scene.told(administrator)[0]
        assert RULE.sentence in scene.told(administrator)[0]
    await scene.until(lambda: _open(scene) == 0)
    assert len(scene.told(ADA)) == 1
    assert not scene.told(BO)


async def test_a_clock_that_was_set_back_holds_no_letter_up(scene: Scene) -> None:
    """After an hour backwards the next letter comes within two windows."""
    room = await scene.protected_room()
    scene.clock.ahead = 3600
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 1)
    scene.clock.ahead = 0
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 2, within=5)


async def test_a_letter_about_somebody_elses_room_is_told_to_nobody(scene: Scene) -> None:
    """Through the API a group can name any person: the bot writes only about the group's own rooms."""
    room = await scene.protected_room()
    group, now = scene.group(room).id, scene.clock()
    kept = scene.judge(room, "someone on another chat")
    body = {"person": "@victim:twin", "room": "!elsewhere:twin", "verdict": kept.id}
    scene.store.write_now(lambda c: outbox.put(c, group, "reason", body, at=now))
    await scene.until(lambda: _open(scene) == 0)
    assert not scene.told("@victim:twin")
    assert not scene.told("someone on another chat")


async def test_somebody_who_left_the_direct_chat_is_invited_to_it_again(scene: Scene) -> None:
    """The second letter goes to the same chat, with an invitation."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 1)
    direct = next(
        one.id for one in scene.server.rooms.values() if one.membership(BO) == "invite" and one.id != room
    )
    scene.server.member(direct, BO, BO, "leave")
    scene.clock.ahead += 60
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 2)
    assert scene.server.rooms[direct].membership(BO) == "invite"


def _more(text: str) -> int:
    found = [line for line in text.splitlines() if line.startswith("And ") and "same reason" in line]
    return int(found[0].split()[1]) if found else 0
