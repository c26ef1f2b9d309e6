"""Asking why, and objecting."""

from folkmoot.gateways.matrix.bot.messages import VERDICTS
from folkmoot.remember import appeals
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


async def test_appeals_are_limited(scene: Scene) -> None:
    """Who writes more than a dozen times within the hour is asked to wait; the appeal stands."""
    room = await scene.protected_room()
    kept = scene.judge(room, BO)
    await scene.until(lambda: bool(scene.told(BO)))
    for number in range(13):
        scene.server.say(room, BO, f"!moot object reason {number}")
    await scene.until(lambda: any("very often" in text for text in scene.told(BO)))
    found = scene.store.read_now(lambda c: appeals.against(c, kept.id, BO))
    assert found is not None
    assert len(scene.store.read_now(lambda c: scene.store.seals.words(c, found.id))) == 12


async def test_nobody_appeals_against_what_was_not_stopped(scene: Scene) -> None:
    """Without a stopped message of one's own there is nothing to appeal against."""
    room = await scene.protected_room()
    await scene.answer(room, BO, "!moot object hello")
    assert "no decision about you" in scene.told(BO)[-1]
