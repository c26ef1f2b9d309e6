"""Watching over protection: what is noticed, what is told, what is mended and what is left alone."""

from folkmoot.gateways.matrix.bot import assess
from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.observe import PROTECTED_ROOMS
from folkmoot.remember import log, rooms
from folkmoot.remember.records import Protection, Room
from tests.unit.bot.conftest import ADA, BO, BOT, POLICY, Scene


def _off(scene: Scene, *, person: str = ADA) -> list[str]:
    return [text for text in scene.told(person) if "Protection is OFF" in text]


async def test_a_kicked_policy_user_is_told_of_invited_again_and_told_of(scene: Scene) -> None:
    """After a kick administrators hear that it is off; after the new invitation, that it is back."""
    room = await scene.protected_room()
    scene.server.member(room, ADA, POLICY.user_id, "leave")
    await scene.until(lambda: bool(_off(scene)))
    assert f"{POLICY.user_id} was removed from the room ({ADA} did that)" in _off(scene)[0]
    await scene.until(lambda: any("Protection is ON again in “Garden”" in text for text in scene.told(ADA)))
    assert scene.server.rooms[room].membership(POLICY.user_id) == "join"
    assert not scene.told(BO)


async def test_a_second_kick_is_not_fought(scene: Scene) -> None:
    """Whoever kicks it twice means it: protection stays off until an administrator asks for it."""
    room = await scene.protected_room()
    scene.server.member(room, ADA, POLICY.user_id, "leave")
    await scene.until(lambda: scene.server.rooms[room].membership(POLICY.user_id) == "join")
    await scene.until_state(room, Protection.ON)
    scene.server.member(room, ADA, POLICY.user_id, "leave")
    await scene.until(lambda: any("I invited it once already" in text for text in scene.told(ADA)))
    await scene.bot.watchdog.look_everywhere()
    assert scene.server.rooms[room].membership(POLICY.user_id) == "leave"
    await scene.answer(room, ADA, "!moot protect on")
    await scene.until_state(room, Protection.ON)


async def test_a_banned_policy_user_is_not_invited(scene: Scene) -> None:
    """A ban is told with its remedy and left alone."""
    room = await scene.protected_room()
    scene.server.member(room, ADA, POLICY.user_id, "ban")
    await scene.until(lambda: any("is banned" in text and "Lift the ban" in text for text in scene.told(ADA)))
    assert scene.server.rooms[room].membership(POLICY.user_id) == "ban"


async def test_an_emptied_policy_event_is_told_and_left_alone(scene: Scene) -> None:
    """An administrator who empties m.room.policy by hand switched protection off on purpose."""
    room = await scene.protected_room()
    scene.server.put(room, ADA, "m.room.policy", {}, "")
    await scene.until(lambda: bool(_off(scene)))
    assert f"no longer names a policy server ({ADA} did that)" in _off(scene)[0]
    assert "!moot protect on" in _off(scene)[0]
    await scene.bot.watchdog.look_everywhere()
    assert scene.server.rooms[room].state["m.room.policy", ""].content == {}


async def test_another_policy_server_or_a_wrong_key_is_noticed(scene: Scene) -> None:
    """The room must name our server with our key; anything else is off."""
    room = await scene.protected_room()
    for content, words in (
        ({"via": "other.twin", "public_keys": {"ed25519": POLICY.public_key}}, "another policy server"),
        ({"via": POLICY.server_name, "public_keys": {"ed25519": "bm9wZQ"}}, "a key that the policy server"),
        ({"via": POLICY.server_name}, "a key that the policy server"),
        ({"via": 7, "public_keys": []}, "no longer names a policy server"),
    ):
        scene.server.put(room, ADA, "m.room.policy", content, "")
        await scene.until(lambda words=words: words in _seen(scene, room).protection_reason)  # type: ignore[misc]


async def test_protect_on_puts_our_policy_server_back(scene: Scene) -> None:
    """What another server's name or key took over, an administrator takes back with one command."""
    room = await scene.protected_room()
    other = {"via": "other.twin", "public_keys": {"ed25519": "bm9wZQ"}}
    scene.server.put(room, ADA, "m.room.policy", other, "")
    await scene.until_state(room, Protection.OFF)
    await scene.answer(room, ADA, "!moot protect on")
    await scene.until_state(room, Protection.ON)
    assert scene.server.rooms[room].state["m.room.policy", ""].content["via"] == POLICY.server_name


async def test_an_outage_is_told_once_and_its_end_too(scene: Scene) -> None:
    """While the policy server can't be reached, administrators know it, and what to do."""
    room = await scene.protected_room()
    scene.trouble = "policy.twin does not answer over HTTPS."
    await scene.until(lambda: bool(_off(scene)))
    assert "does not answer over HTTPS" in _off(scene)[0]
    assert "protect off" in _off(scene)[0]
    await scene.bot.watchdog.look_everywhere()
    scene.trouble = ""
    await scene.until(lambda: any("ON again" in text for text in scene.told(ADA)))
    assert len(_off(scene)) == 1
    assert scene.server.rooms[room].state["m.room.policy", ""].content["via"] == POLICY.server_name


async def test_a_long_outage_does_not_silence_an_open_group(scene: Scene) -> None:
    """After a minute without the policy server an open group may write, and protection returns by itself."""
    room = await scene.protected_room()
    before, assess.LIFT_AFTER = assess.LIFT_AFTER, 0.3
    try:
        scene.trouble = "policy.twin does not answer over HTTPS."
        await scene.until(lambda: scene.server.rooms[room].state["m.room.policy", ""].content == {})
        await scene.bot.watchdog.look_everywhere()
        assert scene.server.rooms[room].state["m.room.policy", ""].content == {}
        scene.trouble = ""
        await scene.until_state(room, Protection.ON)
        assert scene.server.rooms[room].state["m.room.policy", ""].content["via"] == POLICY.server_name
    finally:
        assess.LIFT_AFTER = before


async def test_a_long_outage_keeps_a_closed_group_closed(scene: Scene) -> None:
    """A group that chose closed stays protected, whatever it costs."""
    room = await scene.protected_room()
    await scene.answer(room, ADA, "!moot on-failure closed")
    before, assess.LIFT_AFTER = assess.LIFT_AFTER, 0.1
    try:
        scene.trouble = "policy.twin does not answer over HTTPS."
        await scene.until_state(room, Protection.OFF)
        for _ in range(3):
            await scene.bot.watchdog.look_everywhere()
        assert scene.server.rooms[room].state["m.room.policy", ""].content["via"] == POLICY.server_name
    finally:
        assess.LIFT_AFTER = before


async def test_an_encrypted_room_is_protected_and_said_to_be_unreadable(scene: Scene) -> None:
    """Protection is on, and the administrators are told plainly what that is worth."""
    room = await scene.protected_room()
    scene.server.put(room, ADA, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, "")
    await scene.until(lambda: any("can't be read before delivery" in text for text in scene.told(ADA)))
    known = scene.room(room)
    assert known is not None
    assert (known.encrypted, known.protection) == (True, Protection.ON)
    assert "can't be read" in await scene.answer(room, BO, "!moot status")


async def test_a_bot_that_was_removed_says_so(scene: Scene) -> None:
    """Nobody watches a room that the bot was thrown out of, and its administrators know."""
    room = await scene.protected_room()
    scene.server.member(room, ADA, BOT, "leave")
    await scene.until(lambda: any("no longer in the room" in text for text in scene.told(ADA)))
    scene.server.member(room, ADA, BOT, "invite")
    await scene.until_state(room, Protection.ON)


async def test_lost_power_is_told_with_the_remedy_once_it_matters(scene: Scene) -> None:
    """Without power the bot says what it needs to mend a protection that was switched off."""
    room = await scene.protected_room()
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100}}, "")
    scene.server.put(room, ADA, "m.room.policy", {}, "")
    await scene.until(lambda: any(f"Give {BOT} power level 50" in text for text in scene.told(ADA)))


async def test_a_replaced_room_is_off(scene: Scene) -> None:
    """A tombstone ends the protection of the old room."""
    room = await scene.protected_room()
    scene.server.put(room, ADA, "m.room.tombstone", {"replacement_room": "!new:twin"}, "")
    await scene.until(lambda: any("replaced by a newer one" in text for text in scene.told(ADA)))


async def test_administrators_and_title_follow_the_room(scene: Scene) -> None:
    """Who administers the group, and what the room is called, is what the room says."""
    room = await scene.protected_room()
    group = scene.group(room).id
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 50, "@cy:twin": 50}}, "")
    scene.server.put(room, ADA, "m.room.name", {"name": "Rose\u202e \n garden"}, "")
    powers = {ADA: 100, "@cy:twin": 50}
    await scene.until(lambda: scene.store.read_now(lambda c: rooms.administrators_of(c, group)) == powers)
    await scene.until(lambda: _seen(scene, room).title == "Rose garden")
    kinds = [one.kind for one in scene.store.read_now(lambda c: log.entries(c, group))]
    assert kinds.count("administrator.added") == 2


async def test_an_away_homeserver_changes_nothing_that_is_known(scene: Scene) -> None:
    """While the homeserver is away nothing is said to be off, and after it the bot goes on."""
    room = await scene.protected_room()
    scene.server.away = True
    await scene.bot.watchdog.look_everywhere()
    assert _seen(scene, room).protection is Protection.ON
    scene.server.away = False
    assert "protection ON" in await scene.answer(room, BO, "!moot status")
    assert not _off(scene)


async def test_an_account_that_never_accepts_is_told(scene: Scene) -> None:
    """An invitation that isn't accepted within two minutes is not protection."""
    scene.server.joins_at_once.clear()
    room = scene.invite_to_room()
    await scene.until(lambda: bool(scene.texts(room)))
    scene.server.say(room, ADA, "1")
    await scene.until(lambda: scene.server.rooms[room].membership(POLICY.user_id) == "invite")
    await scene.until_state(room, Protection.STARTING)
    scene.clock.ahead = 200
    await scene.until(lambda: any("was invited and has not joined" in text for text in scene.told(ADA)))


async def test_a_changed_key_of_our_own_is_mended(scene: Scene) -> None:
    """Where the bot itself named an old key, it names the new one."""
    room = await scene.protected_room()
    old = {"via": POLICY.server_name, "public_keys": {"ed25519": "b2xk"}}
    scene.server.put(room, BOT, "m.room.policy", old, "")
    wanted = {"ed25519": POLICY.public_key}
    await scene.until(
        lambda: scene.server.rooms[room].state["m.room.policy", ""].content["public_keys"] == wanted
    )


async def test_the_number_of_protected_rooms_is_measured(scene: Scene) -> None:
    """The gauge counts rooms whose protection is on."""
    room = await scene.protected_room()
    await scene.until(lambda: _value() == 1)
    scene.server.put(room, ADA, "m.room.policy", {}, "")
    await scene.until(lambda: _value() == 0)
    assert (MEMBER, POLICY.user_id) in scene.server.rooms[room].state


def _value() -> float:
    (metric,) = PROTECTED_ROOMS.collect()
    return metric.samples[0].value


def _seen(scene: Scene, room: str) -> Room:
    known = scene.room(room)
    assert known is not None
    return known
