"""Asking why, and objecting."""

from folkmoot.gateways.matrix.bot.messages import VERDICTS
from folkmoot.remember import log
from folkmoot.vocabulary import Outcome
from tests.unit.bot.conftest import ADA, BO, BOT, RULE, Scene


async def test_the_author_is_told_why_without_asking(scene: Scene) -> None:
    """A stopped message leads to a statement of reasons: rule, link and how to object."""
    room = await scene.protected_room()
    kept = scene.judge(room, BO)
    await scene.until(lambda: bool(scene.told(BO)))
    text = scene.told(BO)[0]
    assert "Your message was stopped before anyone saw it." in text
    assert RULE.sentence in text
    assert "in Garden" in text
    assert f"https://console.twin/receipt/{kept.id}." in text
    assert "you can appeal: answer this message" in text


async def test_why_tells_the_author_privately(scene: Scene) -> None:
    """Asked in the room, the answer comes in the direct chat."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    await scene.until(lambda: len(scene.told(BO)) == 1)
    assert await scene.answer(room, BO, "!moot why") == "I have answered you in our direct chat."
    assert RULE.sentence in scene.told(BO)[-1]
    assert not any(RULE.sentence in text for text in scene.texts(room))


async def test_why_in_practice_says_what_would_have_happened(scene: Scene) -> None:
    """In practice nothing is said to have been stopped that was delivered."""
    room = await scene.protected_room()
    scene.judge(room, BO, done=Outcome.ALLOW)
    await scene.answer(room, BO, "!moot why")
    assert "was delivered, because the group was in practice" in scene.told(BO)[-1]
    assert "was stopped" not in scene.told(BO)[-1]


async def test_a_member_cannot_ask_about_another_members_message(scene: Scene) -> None:
    """A verdict's id in the wrong hands opens nothing, and is not confirmed to exist."""
    room = await scene.protected_room()
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    kept = scene.judge(room, BO)
    await scene.answer(room, "@cy:twin", f"!moot why {kept.id}")
    assert scene.told("@cy:twin")[-1] == "I know of no message of yours that a rule touched."
    await scene.answer(room, "@cy:twin", f"!moot why {'0' * 32}")
    assert scene.told("@cy:twin")[-1] == "I know of no message of yours that a rule touched."


async def test_an_administrator_can_ask_about_any_verdict_of_the_group(scene: Scene) -> None:
    """By its id, with the author named."""
    room = await scene.protected_room()
    kept = scene.judge(room, BO)
    await scene.answer(room, ADA, f"!moot why {kept.id}")
    assert f"About a message of {BO}" in scene.told(ADA)[-1]


async def test_an_administrator_of_another_group_cannot(scene: Scene) -> None:
    """Groups do not see into each other."""
    room = await scene.protected_room()
    other = scene.server.create_room("@cy:twin", name="Other", users={BOT: 50})
    scene.server.member(other, "@cy:twin", BOT, "invite")
    await scene.until(lambda: bool(scene.texts(other)))
    await scene.answer(other, "@cy:twin", "!moot 1")
    kept = scene.judge(room, BO)
    await scene.answer(other, "@cy:twin", f"!moot why {kept.id}")
    assert scene.told("@cy:twin")[-1] == "I know of no message of yours that a rule touched."


async def test_a_forged_message_names_no_verdict(scene: Scene) -> None:
    """Only what the bot itself wrote is believed when somebody replies to it."""
    room = await scene.protected_room()
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    kept = scene.judge(room, BO)
    content = {"msgtype": "m.text", "body": "look", VERDICTS: [kept.id]}
    forged = scene.server.put(room, "@cy:twin", "m.room.message", content)
    await scene.answer(room, "@cy:twin", "!moot why", reply_to=forged)
    assert "I know of no message" in scene.told("@cy:twin")[-1]


async def test_a_reply_to_the_reasons_reaches_every_administrator(scene: Scene) -> None:
    """The words of an objection are passed on, and are kept nowhere by us."""
    room = await scene.protected_room(users={"@cy:twin": 50})
    scene.server.member(room, "@cy:twin", "@cy:twin", "join")
    await scene.bot.watchdog.look(room)
    scene.judge(room, BO)
    await scene.until(lambda: bool(scene.told(BO)))
    direct, letter = next(
        (one.room, one.id) for one in scene.server.news(BOT, 0).events if VERDICTS in one.content
    )
    text = await scene.answer(direct, BO, "But it was my garden list!", reply_to=letter)
    assert text == "I have passed your words on to 2 administrators of the group."
    for administrator in (ADA, "@cy:twin"):
        assert "In their words: “But it was my garden list!”" in scene.told(administrator)[-1]
    group = scene.group(room).id
    entries = scene.store.read_now(lambda c: log.entries(c, group))
    assert any(one.kind == "objection" and one.by == BO for one in entries)
    assert "garden list" not in str(entries)


async def test_objections_are_limited(scene: Scene) -> None:
    """A fourth objection within the hour is not passed on."""
    room = await scene.protected_room()
    scene.judge(room, BO)
    await scene.until(lambda: bool(scene.told(BO)))
    for number in range(4):
        await scene.answer(room, BO, f"!moot object reason {number}")
    assert "three times within an hour" in scene.told(BO)[-1]
    assert sum("objects to the stop" in text for text in scene.told(ADA)) == 3


async def test_nobody_objects_to_what_was_not_stopped(scene: Scene) -> None:
    """Without a stopped message of one's own there is nothing to pass on."""
    room = await scene.protected_room()
    await scene.answer(room, BO, "!moot object hello")
    assert "no stopped message of yours" in scene.told(BO)[-1]
    assert not any("objects" in text for text in scene.told(ADA))
