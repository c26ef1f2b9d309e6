"""What can be asked of the bot, by whom, and what comes of it."""

from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot import commands
from folkmoot.gateways.matrix.bot.command import Who
from folkmoot.gateways.matrix.bot.commands import COMMANDS
from folkmoot.remember import log, policies, tokens
from folkmoot.remember.records import Encrypted, Protection
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import OnFailure, Outcome
from tests.unit.bot.conftest import ADA, BO, BOT, Scene

_ADMINISTRATORS = [
    f"{one.name} {rest}".strip()
    for one in COMMANDS
    if one.who is Who.ADMINISTRATOR
    for rest in {
        "on-failure": ("open", "closed"),
        "encrypted": ("sign", "refuse"),
        "protect": ("on", "off"),
        "policy": ("", "support"),
        "start": ("", "yes"),
    }.get(one.name, ("",))
]


async def test_help_names_every_command(scene: Scene) -> None:
    """No command is hidden from a member."""
    room = await scene.protected_room()
    text = await scene.answer(room, BO, "!moot help")
    about_cases = await scene.answer(room, BO, "!moot help cases")
    for command in COMMANDS:
        shown = about_cases if command.topic else text
        assert f"!moot {command.usage}: {command.sentence}" in shown


async def test_the_bot_is_addressed_by_prefix_id_or_name(scene: Scene) -> None:
    """However it is called, it answers."""
    room = await scene.protected_room()
    for said in ("!moot status", "@folkmoot:twin: status", "Folkmoot, status", "!MOOT  Status!"):
        assert "the rules are in practice" in await scene.answer(room, BO, said)


async def test_status_says_protection_policy_and_counts(scene: Scene) -> None:
    """Status names each room's protection, the policy version, and what was judged."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    scene.judge(room, BO, done=Outcome.ALLOW)
    text = await scene.answer(room, BO, "!moot status")
    assert "“Garden”: protection ON" in text
    assert "Policy: “Neighbours and clubs”, version 1" in text
    assert "2 messages judged, 1 stopped" in text
    assert "In practice, 1 would have been stopped" in text


async def test_rules_shows_every_rule_to_a_member(scene: Scene) -> None:
    """A plain member reads every sentence of the policy in force."""
    room = await scene.protected_room()
    text = await scene.answer(room, BO, "!moot rules")
    for rule in starters.load("neighbours").rules:
        assert rule.sentence in text


async def test_a_mistyped_command_gets_a_proposal(scene: Scene) -> None:
    """A near miss is answered with what was probably meant."""
    room = await scene.protected_room()
    assert "Did you mean “rules”? Then write: !moot rules" in await scene.answer(room, BO, "!moot ruels")
    assert "!moot help" in await scene.answer(room, BO, "!moot xyzzy")


async def test_a_member_cannot_do_what_administrators_do(scene: Scene) -> None:
    """Each command for administrators refuses a member, in the room and directly, and changes nothing."""
    room = await scene.protected_room()
    before = scene.group(room)
    entries = scene.store.read_now(lambda c: log.entries(c, before.id))
    direct = scene.direct_with(BO)
    await scene.until(lambda: bool(scene.texts(direct)))
    for said in _ADMINISTRATORS:
        scene.clock.ahead += 61  # patience is twenty questions a minute
        assert "Only an administrator" in await scene.answer(room, BO, f"!moot {said}"), said
        refused = "in the room that you want" if said == "setup" else "Only an administrator"
        assert refused in await scene.answer(direct, BO, said), said
    assert scene.group(room) == before
    assert scene.store.read_now(lambda c: log.entries(c, before.id)) == entries


def test_every_command_for_administrators_is_tried_by_a_member() -> None:
    """The list of refused commands above leaves none out."""
    tried = {said.partition(" ")[0] for said in _ADMINISTRATORS}
    assert tried == {one.name for one in COMMANDS if one.who is Who.ADMINISTRATOR}


async def test_start_states_the_consequence_and_waits_for_yes(scene: Scene) -> None:
    """Practice ends only after a yes, and the room is told."""
    room = await scene.protected_room()
    scene.judge(room, BO, done=Outcome.ALLOW)
    text = await scene.answer(room, ADA, "!moot start")
    assert "In the last 7 days that would have been 1 message" in text
    assert scene.group(room).practice
    assert "Practice is over" in await scene.answer(room, ADA, "!moot yes")
    assert not scene.group(room).practice
    assert "has started already" in await scene.answer(room, ADA, "!moot start")


async def test_start_shows_what_the_rules_would_touch_that_should_pass(scene: Scene) -> None:
    """Before rules take effect an administrator sees examples of the speech that they would touch."""
    room = await scene.protected_room()
    words = '["police*", "polizei*"]'
    rule = '[[rules]]\nid = "police"\nsentence = "None."\ncategory = "spam"\noutcome = "stop"\n'
    rule += f'made_by = "x"\nmade_at = 2026-11-22T09:00:00Z\nwhen = [{{ kind = "words", any = {words} }}]\n'
    group, source = scene.group(room).id, f'id = "a"\nname = "A"\n{rule}'
    scene.store.write_now(lambda c: policies.add(c, group, source, by="operator", at=1.0, note="", version=2))
    text = await scene.answer(room, ADA, "!moot start")
    assert "police would touch messages that should pass" in text
    assert text.count("(rule “police”: stop)") >= 1
    assert scene.group(room).practice


async def test_start_is_confirmed_by_a_tap_of_an_administrator_only(scene: Scene) -> None:
    """A member's ✅ does nothing; an administrator's ends practice."""
    room = await scene.protected_room()
    await scene.answer(room, ADA, "!moot start")
    question = [one.id for one in scene.server.rooms[room].timeline if one.sender == BOT and one.body][-1]
    scene.server.react(room, BO, question, "✅")
    await scene.answer(room, BO, "!moot help")
    assert scene.group(room).practice
    scene.server.react(room, ADA, question, "✅")
    await scene.until(lambda: not scene.group(room).practice)


async def test_a_yes_to_nothing_starts_nothing(scene: Scene) -> None:
    """A late yes, after a quarter of an hour, does not end practice."""
    room = await scene.protected_room()
    await scene.answer(room, ADA, "!moot start")
    scene.clock.ahead = 1_000
    assert "I don't know “yes”" in await scene.answer(room, ADA, "!moot yes")
    assert scene.group(room).practice


async def test_practice_begins_again_and_all_rooms_are_told(scene: Scene) -> None:
    """What is decided in one room of a group is said in the others."""
    first = await scene.protected_room(name="Garden")
    second = scene.invite_to_room(name="Kitchen")
    await scene.until(lambda: bool(scene.texts(second)))
    scene.server.say(second, ADA, "5")
    await scene.until_state(second, Protection.ON)
    await scene.answer(first, ADA, "!moot start yes")
    await scene.until(lambda: any("Practice is over" in text for text in scene.texts(second)))
    assert "in practice again" in await scene.answer(first, ADA, "!moot practise")
    await scene.until(lambda: any("in practice again" in text for text in scene.texts(second)))


async def test_policy_changes_to_another_starter_as_a_new_version(scene: Scene) -> None:
    """A change is version 2, and the first stays readable."""
    room = await scene.protected_room()
    assert "version 2" in await scene.answer(room, ADA, "!moot policy big public room")
    assert scene.newest_policy(room) == starters.text("public-room")
    assert "in force already" in await scene.answer(room, ADA, "!moot policy public-room")
    assert scene.group(room).policy_version == 2


async def test_policy_without_a_name_asks_which(scene: Scene) -> None:
    """The question is answered by a number in reply."""
    room = await scene.protected_room()
    assert "1. Neighbours" in await scene.answer(room, ADA, "!moot policy")
    assert "Only an administrator" in await scene.answer(room, BO, "!moot 2")
    await scene.answer(room, ADA, "!moot 2")
    assert scene.newest_policy(room) == starters.text("support")


async def test_settings_of_the_group_change_and_are_explained(scene: Scene) -> None:
    """`on-failure` and `encrypted` set what they say."""
    room = await scene.protected_room()
    assert "not delivered" in await scene.answer(room, ADA, "!moot on-failure closed")
    assert scene.group(room).on_failure is OnFailure.CLOSED
    assert "refused" in await scene.answer(room, ADA, "!moot encrypted refuse")
    assert scene.group(room).encrypted is Encrypted.REFUSE
    assert "open or closed" in await scene.answer(room, ADA, "!moot on-failure perhaps")
    assert scene.group(room).on_failure is OnFailure.CLOSED


async def test_protection_is_switched_off_and_on(scene: Scene) -> None:
    """Off empties m.room.policy and stays off; on names the policy server again."""
    room = await scene.protected_room()
    assert "protection OFF" in await scene.answer(room, ADA, "!moot protect off")
    assert scene.server.rooms[room].state["m.room.policy", ""].content == {}
    await scene.bot.watchdog.look_everywhere()
    assert scene.server.rooms[room].state["m.room.policy", ""].content == {}
    await scene.answer(room, ADA, "!moot protect on")
    await scene.until_state(room, Protection.ON)


async def test_protection_is_switched_off_from_a_direct_chat_when_the_room_is_silenced(scene: Scene) -> None:
    """When no message gets through any more, an administrator still can switch protection off."""
    room = await scene.protected_room()
    direct = scene.direct_with(ADA)
    await scene.until(lambda: bool(scene.texts(direct)))
    scene.server.silenced.add(room)
    assert "“Garden”: protection OFF" in await scene.answer(direct, ADA, "protect off")
    assert scene.server.rooms[room].state["m.room.policy", ""].content == {}


async def test_an_answer_that_the_room_refuses_comes_privately(scene: Scene) -> None:
    """In a room that lets nothing through, the asker is answered in a direct chat."""
    room = await scene.protected_room()
    scene.server.silenced.add(room)
    scene.server.say(room, BO, "!moot status")
    await scene.until(lambda: any("protection ON" in text for text in scene.told(BO)))


async def test_the_console_link_goes_to_the_administrator_alone(scene: Scene) -> None:
    """The link appears in the direct chat only, and opens the console once."""
    room = await scene.protected_room()
    assert await scene.answer(room, ADA, "!moot console") == "I have answered you in our direct chat."
    link = next(word for text in scene.told(ADA) for word in text.split() if "/sign-in/" in word)
    assert not any("/sign-in/" in text for text in scene.texts(room))
    secret = link.rpartition("/")[2]
    now = scene.clock()
    token = scene.store.write_now(lambda c: tokens.use_once(c, secret, TokenKind.SIGN_IN, now=now))
    assert token is not None
    assert (token.person, token.group) == (ADA, scene.group(room).id)


async def test_a_direct_chat_that_a_third_person_entered_gets_no_secrets(scene: Scene) -> None:
    """Once somebody else is in it, what is private is said in a fresh chat."""
    room = await scene.protected_room()
    direct = scene.direct_with(ADA)
    await scene.until(lambda: bool(scene.texts(direct)))
    scene.server.member(direct, "@eve:twin", "@eve:twin", "join")
    scene.server.say(direct, ADA, "console")
    await scene.until(lambda: any("/sign-in/" in text for text in scene.told(ADA)))
    assert not any("/sign-in/" in text for text in scene.texts(direct))
    assert not any("/sign-in/" in text for text in scene.texts(room))


async def test_in_a_direct_chat_no_prefix_is_needed(scene: Scene) -> None:
    """A member in a direct chat writes the command alone."""
    await scene.protected_room()
    direct = scene.direct_with(BO)
    await scene.until(lambda: bool(scene.texts(direct)))
    assert "These are all the rules" in await scene.answer(direct, BO, "rules")


async def test_the_rules_name_the_page_with_every_word(scene: Scene) -> None:
    """Whoever asks for the rules learns where each word that they look for can be read."""
    room = await scene.protected_room()
    assert f"/g/{scene.group(room).id}/rules" in await scene.answer(room, BO, "!moot rules")


async def test_somebody_in_several_groups_is_asked_which(scene: Scene) -> None:
    """With two groups a direct command names one of them by number."""
    await scene.protected_room(name="Garden")
    await scene.protected_room(name="Kitchen")
    direct = scene.direct_with(ADA)
    await scene.until(lambda: bool(scene.texts(direct)))
    asked = await scene.answer(direct, ADA, "status")
    assert "1. Garden" in asked
    assert "2. Kitchen" in asked
    assert "“Kitchen”: the rules are" in await scene.answer(direct, ADA, "status in 2")


async def test_a_stranger_learns_nothing(scene: Scene) -> None:
    """Somebody who is in no protected room is told about none."""
    await scene.protected_room()
    direct = scene.direct_with("@eve:twin")
    await scene.until(lambda: bool(scene.texts(direct)))
    for said in ("rules", "status"):
        assert "I found no room of mine that you are in" in await scene.answer(direct, "@eve:twin", said)


async def test_a_demoted_administrator_can_do_nothing_more(scene: Scene) -> None:
    """Power is looked up at the moment of asking."""
    room = await scene.protected_room(users={"@cy:twin": 50})
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 50}}, "")
    assert "Only an administrator" in await scene.answer(room, "@cy:twin", "!moot start yes")
    scene.server.put(room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 50, "@cy:twin": 50}}, "")
    scene.server.member(room, ADA, "@cy:twin", "leave")
    assert not await _administers(scene, room, "@cy:twin")


async def test_too_many_questions_are_not_answered(scene: Scene) -> None:
    """After twenty in a minute the bot is silent towards that person, and answers others."""
    room = await scene.protected_room()
    for _ in range(25):
        scene.server.say(room, BO, "!moot xyzzy")
    scene.server.say(room, ADA, "!moot help")
    await scene.until(lambda: any("What you can ask of me" in text for text in scene.texts(room)))
    assert sum("xyzzy" in text for text in scene.texts(room)) == 20


async def test_what_is_not_meant_for_the_bot_is_not_answered(scene: Scene) -> None:
    """Ordinary talk, notices, edits and other bots' words are left alone."""
    room = await scene.protected_room()
    before = len(scene.texts(room))
    scene.server.say(room, BO, "a moot point, and 2 more")
    scene.server.say(room, BO, "!mooting")
    scene.server.say(room, BO, "2")
    scene.server.put(room, BO, "m.room.message", {"msgtype": "m.notice", "body": "!moot help"})
    edit = {"msgtype": "m.text", "body": "!moot help", "m.relates_to": {"rel_type": "m.replace"}}
    scene.server.put(room, BO, "m.room.message", edit)
    assert "What you can ask" in await scene.answer(room, ADA, "!moot help")
    assert len(scene.texts(room)) == before + 1


async def test_an_encrypted_direct_chat_is_answered_in_a_readable_one(scene: Scene) -> None:
    """Somebody who writes encrypted is told so in a chat without encryption."""
    await scene.protected_room()
    direct = scene.direct_with(BO)
    await scene.until(lambda: bool(scene.texts(direct)))
    scene.server.put(direct, BO, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, "")
    scene.server.put(direct, BO, "m.room.encrypted", {"ciphertext": "…"})
    await scene.until(lambda: any("can't read encrypted" in text for text in scene.told(BO)))
    assert not any("can't read encrypted" in text for text in scene.texts(direct))


def test_no_two_commands_share_a_name() -> None:
    """Every name and every other name leads to one command."""
    names = [name for one in COMMANDS for name in (one.name, *one.also)]
    assert len(names) == len(set(names))
    assert all(commands.find(name) for name in names)


async def _administers(scene: Scene, room: str, person: str) -> bool:
    text = await scene.answer(room, person, "!moot start yes")
    return "Only an administrator" not in text
