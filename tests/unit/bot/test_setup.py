"""From an invitation to a protected room."""

from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.remember import groups, rooms
from folkmoot.remember.records import Protection
from tests.unit.bot.conftest import ADA, BO, BOT, POLICY, Scene


async def test_an_invited_bot_offers_the_four_starters_by_number(scene: Scene) -> None:
    """The question names every starter policy, each with a number and a sentence."""
    room = scene.invite_to_room()
    await scene.until(lambda: bool(scene.texts(room)))
    asked = scene.texts(room)[0]
    for number, name in enumerate(starters.names(), 1):
        assert f"{number}. {starters.load(name).name}: " in asked


async def test_a_choice_protects_the_room(scene: Scene) -> None:
    """After the choice the room names the policy server with its key, and its account is a member."""
    room = await scene.protected_room()
    state = scene.server.rooms[room].state
    assert state["m.room.policy", ""].content == {
        "via": POLICY.server_name,
        "public_keys": {"ed25519": POLICY.public_key},
    }
    assert state[MEMBER, POLICY.user_id].content["membership"] == "join"
    assert scene.group(room).practice
    assert "in practice" in " ".join(scene.texts(room))
    assert scene.newest_policy(room) == starters.text("neighbours")


async def test_the_room_is_welcomed_once(scene: Scene) -> None:
    """That protection is on is said in the room one time only."""
    room = await scene.protected_room()
    await scene.bot.watchdog.look_everywhere()
    await scene.bot.courier.settled()
    assert sum("Protection is ON" in text for text in scene.texts(room)) == 1


async def test_a_choice_may_be_given_by_name_as_a_reply_or_as_a_reaction(scene: Scene) -> None:
    """A name, a reply and a tap on the number all choose."""
    for answer in ("name", "reply", "reaction"):
        room = scene.invite_to_room(name=answer)
        await scene.until(lambda room=room: bool(scene.texts(room)))  # type: ignore[misc]
        question = next(one.id for one in scene.server.rooms[room].timeline if one.sender == BOT and one.body)
        if answer == "name":
            scene.server.say(room, ADA, "Support Group")
        elif answer == "reply":
            scene.server.say(room, ADA, "2.", reply_to=question)
        else:
            scene.server.react(room, ADA, question, "2️⃣")
        await scene.until_state(room, Protection.ON)
        assert scene.newest_policy(room) == starters.text("support")


async def test_a_plain_member_cannot_choose(scene: Scene) -> None:
    """Neither a number, nor a reply, nor a reaction, nor a command of a member decides anything."""
    room = scene.invite_to_room()
    await scene.until(lambda: bool(scene.texts(room)))
    question = next(one.id for one in scene.server.rooms[room].timeline if one.sender == BOT and one.body)
    scene.server.say(room, BO, "1")
    scene.server.react(room, BO, question, "1️⃣")
    assert "Only an administrator" in await scene.answer(room, BO, "1", reply_to=question)
    assert "Only an administrator" in await scene.answer(room, BO, "!moot 1")
    assert scene.room(room) is None


async def test_somebody_who_left_with_power_cannot_choose(scene: Scene) -> None:
    """Power without membership decides nothing."""
    room = scene.invite_to_room(users={"@gone:twin": 100})
    await scene.until(lambda: bool(scene.texts(room)))
    question = next(one.id for one in scene.server.rooms[room].timeline if one.sender == BOT and one.body)
    scene.server.react(room, "@gone:twin", question, "1️⃣")
    assert "Only an administrator" in await scene.answer(room, BO, "!moot 1")
    assert scene.room(room) is None


async def test_missing_power_is_explained_and_noticed_when_it_comes(scene: Scene) -> None:
    """Without power the bot says which level it needs, once, and goes on when it has it."""
    room = scene.server.create_room(ADA, name="Garden")
    scene.server.member(room, ADA, BOT, "invite")
    await scene.until(lambda: bool(scene.texts(room)))
    assert f"give {BOT} power level 50" in scene.texts(room)[0]
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 10}}, "")
    await scene.until(lambda: len(scene.texts(room)) == 2)
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 50}}, "")
    await scene.until(lambda: "Which policy" in scene.texts(room)[-1])


async def test_a_second_room_can_join_the_first_group(scene: Scene) -> None:
    """To somebody who administers a group already, the same group is offered and shared."""
    first = await scene.protected_room(name="Garden")
    second = scene.invite_to_room(name="Kitchen")
    await scene.until(lambda: bool(scene.texts(second)))
    assert "5. The same as “Garden”" in scene.texts(second)[0]
    scene.server.say(second, ADA, "5")
    await scene.until_state(second, Protection.ON)
    assert scene.group(second).id == scene.group(first).id


async def test_nobody_joins_a_group_that_they_do_not_administer(scene: Scene) -> None:
    """Another administrator of the new room cannot choose the inviter's group."""
    await scene.protected_room(name="Garden")
    second = scene.invite_to_room(name="Kitchen", users={"@cy:twin": 100})
    scene.server.member(second, "@cy:twin", "@cy:twin", "join")
    await scene.until(lambda: bool(scene.texts(second)))
    assert "no administrator of that group" in await scene.answer(second, "@cy:twin", "!moot 5")
    assert scene.room(second) is None


async def test_set_up_goes_on_after_a_restart(scene: Scene) -> None:
    """A question that was open when the bot stopped is answered after it started again."""
    room = scene.invite_to_room()
    await scene.until(lambda: bool(scene.texts(room)))
    await scene.kill()
    scene.server.say(room, ADA, "3")
    await scene.restart()
    await scene.until_state(room, Protection.ON)
    assert scene.newest_policy(room) == starters.text("open-source")


async def test_a_room_of_version_12_is_set_up_by_its_creator(scene: Scene) -> None:
    """Creators of newer rooms are in no power levels, and are administrators all the same."""
    room = scene.server.create_room(ADA, name="New", version="12", users={BOT: 50})
    scene.server.member(room, ADA, BOT, "invite")
    await scene.until(lambda: bool(scene.texts(room)))
    scene.server.say(room, ADA, "1")
    await scene.until_state(room, Protection.ON)
    group = scene.group(room)
    assert scene.store.read_now(lambda c: rooms.administrators_of(c, group.id)) == {ADA: 2**31 - 1}


async def test_the_setup_command_asks_again_in_a_room_without_a_group(scene: Scene) -> None:
    """A bot that is in a room for no known reason can be asked to begin."""
    room = scene.server.create_room(ADA, name="Attic", users={BOT: 50})
    scene.server.member(room, ADA, BOT, "join")
    assert "no policy yet" in await scene.answer(room, ADA, "!moot rules")
    scene.server.say(room, ADA, "!moot setup")
    await scene.until(lambda: "Which policy" in scene.texts(room)[-1])


async def test_a_space_is_declined_with_the_reason(scene: Scene) -> None:
    """Nobody writes in a space; its inviter is told to invite the bot to the rooms."""
    room = scene.server.create_room(ADA, name="Space", users={BOT: 50})
    content = {"room_version": "11", "type": "m.space"}
    scene.server.put(room, ADA, "m.room.create", content, "")
    scene.server.member(room, ADA, BOT, "invite")
    await scene.until(lambda: any("each of its rooms" in text for text in scene.told(ADA)))
    await scene.until(lambda: scene.server.rooms[room].membership(BOT) == "leave")
    assert not scene.texts(room)


async def test_invitations_without_end_are_declined(scene: Scene) -> None:
    """More than ten invitations an hour from one person lead nowhere."""
    made = [scene.invite_to_room(name=f"Room {number}") for number in range(12)]
    await scene.until(lambda: scene.server.rooms[made[-1]].membership(BOT) == "leave")
    joined = [room for room in made if scene.server.rooms[room].membership(BOT) == "join"]
    assert len(joined) == 10


async def test_what_was_said_before_the_first_start_is_not_answered(scene: Scene) -> None:
    """A bot that is started for the first time answers nothing old."""
    await scene.stop()
    room = scene.server.create_room(ADA, name="Old", users={BOT: 50})
    scene.server.member(room, ADA, BOT, "join")
    scene.server.say(room, ADA, "!moot help")
    scene.store.write_now(lambda c: c.exec_driver_sql("DELETE FROM gateway_state"))
    await scene.restart()
    scene.server.say(room, ADA, "!moot status")
    await scene.until(lambda: bool(scene.texts(room)))
    assert "no policy yet" in scene.texts(room)[0]
    assert not scene.store.read_now(groups.every)


async def test_an_encrypted_room_is_set_up_by_a_tap_and_told_the_truth(scene: Scene) -> None:
    """The question says what can't be judged or read there, and a reaction answers it."""
    room = scene.server.create_room(ADA, name="Safe", users={BOT: 50})
    scene.server.put(room, ADA, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, "")
    scene.server.member(room, ADA, BOT, "invite")
    await scene.until(lambda: bool(scene.texts(room)))
    assert "I can't read what is written here" in scene.texts(room)[0]
    question = next(one.id for one in scene.server.rooms[room].timeline if one.sender == BOT and one.body)
    scene.server.react(room, ADA, question, "1️⃣")
    await scene.until(lambda: "can't be read before delivery" in scene.texts(room)[-1])


async def test_who_is_not_of_a_named_homeserver_is_only_heard_directly(scene: Scene) -> None:
    """Where the operator names homeservers, the bot enters no room for others, but answers everybody."""
    scene.homeservers = ("club.example",)
    await scene.stop()
    await scene.restart()
    room, direct = scene.invite_to_room(), scene.direct_with(BO)
    await scene.until(lambda: scene.server.rooms[room].membership(BOT) == "leave")
    await scene.until(lambda: scene.server.rooms[direct].membership(BOT) == "join")
    assert not scene.texts(room)
    scene.homeservers = ("club.example", ADA.partition(":")[2])
    await scene.stop()
    await scene.restart()
    again = scene.invite_to_room(name="Yard")
    await scene.until(lambda: bool(scene.texts(again)))
