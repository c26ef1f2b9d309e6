"""The bot speaks the member's language in a chat of two, and the group's where all read."""

from tests.unit.bot.conftest import ADA, BO, Scene


async def test_help_and_rules_are_in_the_language_that_a_member_chose(scene: Scene) -> None:
    """After `language de` the direct chat is German; the room stays in the group's language."""
    room = await scene.protected_room()
    direct = scene.direct_with(BO)
    await scene.until(lambda: any("Hello!" in text for text in scene.texts(direct)))
    await scene.answer(direct, BO, "language de")
    assert "Was Sie mich fragen können:" in await scene.answer(direct, BO, "help")
    rules = await scene.answer(direct, BO, "rules")
    assert "Das sind alle Regeln, die es gibt." in rules
    assert "Kein Betrug" in rules
    assert "What you can ask of me:" in await scene.answer(room, ADA, "!moot help")
