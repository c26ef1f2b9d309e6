"""Cases in the administrators' room: shown, decided by a tap, edited in place, taken back."""

import asyncio
from typing import Any

import pytest

from folkmoot.remember import log
from folkmoot.remember.deciding import DecisionKind
from folkmoot.review import choosing
from folkmoot.vocabulary import ActionKind, Category
from tests.unit.bot.conftest import ADA, BO, BOT, RULE, Scene
from tests.unit.bot.console.conftest import CY, DI, Hall, made


async def test_a_case_is_one_message_with_what_can_be_tapped(hall: Hall) -> None:
    """Urgency, due time, who, where, the words, reports, the past, and each reaction with its consequence."""
    event = await hall.shown(hall.reported())
    text = hall.now(event)
    assert text.startswith("When you can · please decide by ")
    assert f"{BO} · “Garden”" in text
    assert "“buy my watch”" in text
    assert "Reported by 1 member." in text
    assert DI not in text
    assert "Nothing was decided about them before." in text
    for line in ("✅ leave it, and thank", f"🗑️ remove it and tell {BO} why", f"mute {BO} for 1 hour"):
        assert line in text
    await hall.scene.until(lambda: len(hall.taps(event)) == 3)
    assert len(hall.cards()) == 1


async def test_what_matched_is_marked_and_why_is_the_rules_own_sentence(hall: Hall) -> None:
    """A stopped message offers to let it through next time, and there is nothing to remove."""
    hall.stopped()
    event = await hall.shown(hall.case())
    text = hall.now(event)
    assert "“send »money« to my uncle”" in text
    assert f"Why: {RULE.sentence}" in text
    assert "Found: It has a word that the rule names." in text
    assert hall.taps(event) == {"✅", "📨", "🔇"}
    await hall.tap(event, "📨")
    await hall.says(event, "may send the same once more")


async def test_severe_words_are_behind_a_spoiler_and_in_no_notification(hall: Hall) -> None:
    """The plain text, which notifications show, doesn't have them; the HTML hides them."""
    event = await hall.shown(hall.reported(text="I will hurt you", category=Category.VIOLENCE))
    (card,) = hall.cards()
    assert "hurt you" not in card.body
    assert "data-mx-spoiler" in card.content["formatted_body"]
    assert "I will hurt you" in card.content["formatted_body"]
    assert hall.now(event).startswith("Urgent")


async def test_markup_in_words_and_names_stays_words(hall: Hall) -> None:
    """What a member writes can't become HTML."""
    await hall.shown(hall.reported(text="<img src=x onerror=1> <b>hi</b>"))
    (card,) = hall.cards()
    assert "<img" not in card.content["formatted_body"]
    assert "&lt;img" in card.content["formatted_body"]
    assert card.content["m.mentions"] == {}


async def test_one_tap_decides_and_the_message_says_who_and_what_the_member_is_told(hall: Hall) -> None:
    """Removed: the case is closed, its message edited in place, and undo is what can be tapped."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.tap(event, "🗑️")
    text = await hall.says(event, "decided: message removed")
    assert text.startswith(f"{ADA} decided")
    assert f"{BO} is told: “Your message was removed." in text
    assert hall.again(case).state == "closed"
    await hall.scene.until(lambda: hall.taps(event) == {"↩️"})
    (made,) = hall.decisions()
    assert [one.kind for one in hall.actions(made)] == [ActionKind.REMOVE]
    assert len(hall.cards()) == 1


async def test_a_reaction_without_its_variation_selector_counts_too(hall: Hall) -> None:
    """Some clients send 🗑 and not 🗑️."""
    event = await hall.shown(hall.reported())
    await hall.tap(event, "🗑")
    await hall.says(event, "decided: message removed")


async def test_undo_by_a_tap_opens_the_case_again(hall: Hall) -> None:
    """Everything is taken back, the case waits again, and says what was before."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.tap(event, "🔇")
    await hall.says(event, "muted for 1 hour")
    assert hall.standing()
    await hall.scene.until(lambda: hall.taps(event) == {"↩️"})
    await hall.tap(event, "↩️")
    text = await hall.says(event, "When you can")
    assert f"{ADA} took that back" in text
    assert not hall.standing()
    await hall.scene.until(lambda: len(hall.taps(event)) == 3)
    await hall.tap(event, "✅", by=CY)
    await hall.says(event, f"{CY} decided: it may stay")
    assert [one.kind for one in hall.decisions()] == [
        DecisionKind.DECISION, DecisionKind.UNDO, DecisionKind.DECISION,
    ]  # fmt: skip


async def test_a_reaction_that_is_taken_away_changes_nothing(hall: Hall) -> None:
    """Undo is explicit: to redact one's reaction is not to take the decision back."""
    event = await hall.shown(hall.reported())
    tap = await hall.tap(event, "🔇")
    await hall.says(event, "muted for 1 hour")
    hall.server.put(hall.hall, ADA, "m.room.redaction", {"redacts": tap})
    await asyncio.sleep(0.2)
    assert hall.standing()


async def test_another_reaction_means_nothing(hall: Hall) -> None:
    """A thumb is no decision."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.tap(event, "👍")
    await asyncio.sleep(0.2)
    assert hall.again(case).state == "open"


async def test_who_is_no_administrator_decides_nothing_and_is_told_once(hall: Hall) -> None:
    """A guest in the administrators' room may tap as often as they like."""
    case = hall.reported()
    event = await hall.shown(case)
    hall.server.member(hall.hall, DI, DI, "join")
    await hall.tap(event, "🗑️", by=DI)
    await hall.said("Only administrators of “Garden” decide this")
    await hall.tap(event, "🔇", by=DI)
    await asyncio.sleep(0.2)
    told = [text for text in hall.scene.texts(hall.hall) if "Only administrators" in text]
    assert len(told) == 1
    assert hall.again(case).state == "open"


async def test_two_administrators_at_once(hall: Hall) -> None:
    """The second is told who decided what was to be decided; it is decided once."""
    event = await hall.shown(hall.reported())
    await hall.tap(event, "🗑️", by=ADA)
    await hall.tap(event, "✅", by=CY)
    told = await hall.said(f"{ADA} decided this case already")
    assert told.replies_to == event
    assert len(hall.decisions()) == 1


async def test_a_case_that_grew_meanwhile_is_looked_at_again(hall: Hall, scene: Scene) -> None:
    """What came in after the message was read is not decided unseen."""
    scene.bot._console.carrier._gap = 3600.0
    case = hall.reported()
    event = await hall.shown(case)
    hall.reported(text="and my car")
    await hall.tap(event, "🗑️")
    await hall.said("Something was added to the case")
    assert hall.again(case).state == "open"


async def test_reports_and_verdicts_that_come_in_change_the_message(hall: Hall) -> None:
    """One case, one message: it is edited, and nobody is called again."""
    case = hall.reported()
    event = await hall.shown(case)
    hall.reported(by=CY, text="and my car")
    text = await hall.says(event, "Reported by 2 members.")
    assert "“and my car”" in text
    assert len(hall.cards()) == 1


async def test_a_case_about_an_administrator_is_for_the_others_alone(hall: Hall) -> None:
    """It is not shown in a room in which its person reads."""
    hall.reported(about=CY)
    await hall.scene.until(lambda: any("Case " in text for text in hall.scene.told(ADA)))
    assert not hall.cards()
    assert not any("Case " in text for text in hall.scene.told(CY))
    assert "mute" not in next(text for text in hall.scene.told(ADA) if "Case " in text)


@pytest.mark.parametrize("instant", ["before the edit", "after the edit"])
async def test_killed_around_the_edit_it_is_edited_once(hall: Hall, scene: Scene, instant: str) -> None:
    """Decided, then killed: after the restart the message says so, by one edit."""
    event = await hall.shown(hall.reported())
    reached, real = asyncio.Event(), scene.wire.send

    async def send(room: str, kind: str, content: Any, *, once: str) -> str:
        is_edit = kind == "m.room.message" and "m.new_content" in content
        if is_edit and instant == "after the edit":
            await real(room, kind, content, once=once)
        if is_edit:
            reached.set()
            await asyncio.sleep(3600)
        return await real(room, kind, content, once=once)

    scene.wire.send = send  # type: ignore[method-assign]
    await hall.tap(event, "🗑️")
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.send = real  # type: ignore[method-assign]
    await scene.restart()
    await hall.says(event, f"{ADA} decided: message removed")
    await hall.settled()
    assert len(hall.edits(event)) == 1
    assert len(hall.decisions()) == 1
    assert not any("already" in text for text in scene.texts(hall.hall))


@pytest.mark.parametrize("instant", ["before the send", "after the send"])
async def test_killed_around_the_first_send_there_is_one_message(
    hall: Hall, scene: Scene, instant: str
) -> None:
    """A case that grows while we are dead is still one message, and shows what is true."""
    reached, real = asyncio.Event(), scene.wire.send

    async def send(room: str, kind: str, content: Any, *, once: str) -> str:
        is_card = "Case " in content.get("body", "")
        if is_card and instant == "after the send":
            await real(room, kind, content, once=once)
        if is_card:
            reached.set()
            await asyncio.sleep(3600)
        return await real(room, kind, content, once=once)

    scene.wire.send = send  # type: ignore[method-assign]
    case = hall.reported()
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.send = real  # type: ignore[method-assign]
    hall.reported(by=CY, text="and my car")
    await scene.restart()
    event = await hall.shown(case)
    await hall.says(event, "Reported by 2 members.")
    await hall.settled()
    assert len(hall.cards()) == 1


async def test_without_a_room_each_administrator_is_told_alone(scene: Scene) -> None:
    """Two direct chats, two messages; a tap in one of them changes both."""
    hall = await made(scene)
    now = scene.clock()
    hall.store.write_now(lambda c: choosing.choose(c, "administrators_room", "", by=hall.actor(ADA), at=now))
    hall.reported()
    for person in (ADA, CY):
        await scene.until(lambda who=person: any("Case " in text for text in scene.told(who)))  # type: ignore[misc]
    ours = [room for room in scene.server.rooms.values() if hall.cards(room.id)]
    assert len(ours) == 2
    mine = next(room for room in ours if room.membership(ADA) in ("join", "invite"))
    scene.server.member(mine.id, ADA, ADA, "join")
    card = hall.cards(mine.id)[0]
    await hall.tap(card.id, "✅", room=mine.id)
    for room in ours:
        await hall.says(hall.cards(room.id)[0].id, "it may stay", room.id)


async def test_in_practice_the_message_says_that_nothing_is_done(scene: Scene) -> None:
    """Neither sanction nor letter, and the decision says so."""
    hall = await made(scene, practice=True)
    event = await hall.shown(hall.reported())
    assert "In practice" in hall.now(event)
    await hall.tap(event, "🔇")
    await hall.says(event, "nothing was really done")
    assert not hall.standing()


async def test_every_decision_by_a_tap_is_in_the_log(hall: Hall) -> None:
    """With the name of who tapped."""
    event = await hall.shown(hall.reported())
    await hall.tap(event, "✅", by=CY)
    await hall.says(event, "it may stay")
    kinds = {one.kind: one.by for one in hall.store.read_now(lambda c: log.entries(c, hall.group))}
    assert kinds["decision.decision"] == CY


async def test_where_the_room_does_not_let_us_speak_each_is_told_alone(hall: Hall, scene: Scene) -> None:
    """Put out of the administrators' room, the bot writes to each of them."""
    hall.server.member(hall.hall, ADA, BOT, "leave")
    hall.reported()
    for person in (ADA, CY):
        await scene.until(lambda who=person: any("Case " in text for text in scene.told(who)))  # type: ignore[misc]


async def test_a_tap_before_a_flood_of_talk_is_not_missed(hall: Hall, scene: Scene) -> None:
    """The homeserver hands over only the last few events of a lively room; the rest is read afterwards."""
    case = hall.reported()
    event = await hall.shown(case)
    scene.server.most_news = 2
    scene.server.away = True
    await asyncio.sleep(0.1)
    await hall.tap(event, "🗑️")
    for number in range(6):
        hall.server.say(hall.hall, CY, f"talk {number}")
    scene.server.away = False
    await hall.says(event, "decided: message removed")
