"""Members are written to about decisions, reports and appeals: once, in their language."""

import asyncio
import itertools
from typing import Any

import pytest

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.gateways.matrix.bot.messages import ABOUT
from folkmoot.remember import groups, outbox, preferences, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.preferences import Preference
from folkmoot.review import appealing, undoing
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import Part
from folkmoot.vocabulary import ActionKind
from tests.unit.bot.conftest import ADA, BO, BOT
from tests.unit.bot.members.conftest import CY, DI, Village

_HOUR = 3600.0


async def test_a_decision_is_told_with_its_reasons_and_a_link(village: Village) -> None:
    """What was done, until when, why, how it began, how to appeal, and where: each in the letter."""
    village.report(CY, "$m1", "sell me your sister")
    made = village.decide(Pick.MUTE, lasts=2 * _HOUR, reason="That is no way to speak.")
    text = await village.told(BO, "but not write there until")
    for part in (
        "That is no way to speak.",
        "It began with a report by somebody in the group.",
        "A person decided, not a machine.",
        "you can appeal: answer this message",
        f"https://console.twin/receipt/{made.id}.",
    ):
        assert part in text
    assert CY not in text
    assert ADA not in text


async def test_a_letter_names_what_a_reply_to_it_is_about(village: Village) -> None:
    """The event carries the decision's id, and not the member's text."""
    village.report(CY, "$m1", "sell me your sister")
    made = village.decide(Pick.WARN)
    await village.told(BO, "This is a warning.")
    sent = [
        one
        for room in village.server.rooms.values()
        for one in room.timeline
        if one.sender == BOT and ABOUT in one.content
    ]
    assert [one.content[ABOUT] for one in sent] == [[made.id]]
    assert "sell me your sister" not in str(sent)


async def test_letters_are_in_the_members_language(village: Village) -> None:
    """The member's own language first, then the group's."""
    now, wish = village.scene.clock(), Preference(language="de")
    village.store.write_now(lambda c: preferences.put(c, village.group, BO, wish, at=now))
    village.report(CY, "$m1", "nonsense")
    village.decide(Pick.WARN)
    await village.told(BO, "Das ist eine Verwarnung.")
    kept = village.scene.judge(village.room, BO)
    text = await village.told(BO, kept.id)
    assert "angehalten" in text or "zurückgehalten" in text or "gestoppt" in text


async def test_both_sides_of_a_report_are_told_and_the_reporter_stays_unnamed(village: Village) -> None:
    """The reporter hears that it came in and what came of it; nothing that the other gets names them."""
    village.report(CY, "$m1", "nonsense")
    await village.told(CY, "Your report about a message in Garden was received")
    village.decide(Pick.MUTE, lasts=_HOUR)
    await village.told(CY, "acted on it on")
    await village.told(BO, "but not write there until")
    assert not any(CY in text or "@cy" in text for text in village.scene.told(BO))


async def test_a_report_without_an_outcome_can_be_appealed_against(village: Village) -> None:
    """The reporter of what was left alone gets a link of their own, and a message to reply to."""
    village.report(CY, "$m1", "nonsense")
    village.report(DI, "$m1", "nonsense")
    made = village.decide(Pick.NOTHING)
    one = await village.told(CY, "not to act on it")
    two = await village.told(DI, "not to act on it")
    links = {part for text in (one, two) for part in text.split() if "/receipt/" in part}
    assert len(links) == 2
    assert all(f"/receipt/{made.id}." in link for link in links)


async def test_unfounded_reports_bring_a_warning_and_then_a_limit(village: Village) -> None:
    """Three bring a warning, three more a limit with its end; each is told once."""
    numbers = itertools.count()
    for _ in range(6):
        village.report(CY, f"$m{next(numbers)}", "nonsense")
        village.decide(Pick.UNFOUNDED)
    await village.told(CY, "turned out to be unfounded")
    await village.told(CY, "are not accepted until")
    await asyncio.sleep(0.2)
    assert sum("turned out to be unfounded" in text for text in village.scene.told(CY)) == 1


async def test_an_undo_is_told(village: Village) -> None:
    """Who was muted hears that it was taken back, and why."""
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.MUTE, lasts=_HOUR)
    await village.told(BO, "but not write there")
    by = village.actor(ADA, Part.ADMINISTRATOR)
    village.store.write_now(
        lambda c: undoing.undo(
            c, village.store.seals, made.id, by=by, at=village.scene.clock(), reason="It was a mix-up."
        )
    )
    text = await village.told(BO, "took back a decision about you")
    assert "You can write in Garden again." in text
    assert "It was a mix-up." in text


async def test_the_end_of_a_mute_is_told(village: Village) -> None:
    """The clock's letter says that writing is possible again."""
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.MUTE, lasts=_HOUR)
    await village.told(BO, "but not write there")
    (stood,) = village.store.read_now(lambda c: sanctions.of_decision(c, made.id))
    village.letter("sanction-ended", sanction=stood.id, person=BO, group=village.group)
    await village.told(BO, "You can write in Garden again: the time for which you could only read is over.")


async def test_a_removed_text_is_given_back_to_its_author_alone(village: Village) -> None:
    """The text comes in a message of its own, to the author, with the offer to send it again."""
    village.report(CY, "$m1", "Who has seen my red bicycle?")
    made = village.decide(Pick.REMOVE)
    village.letter("restored", action=village.action(made))
    await village.told(BO, "you can send it again")
    await village.scene.until(lambda: village.scene.told(BO)[-1] == "Who has seen my red bicycle?")
    assert not any("bicycle" in text for person in (ADA, CY) for text in village.scene.told(person))


async def test_an_answer_to_an_appeal_says_what_is_undone(village: Village) -> None:
    """The member hears that the appeal came in, and later the answer with its reasons."""
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.MUTE, lasts=_HOUR)
    found = village.appeal(made.id, BO, "That was my brother.")
    text = await village.told(BO, "Your appeal in Garden was received")
    assert "one administrator only" in text
    village.scene.clock.ahead += 25 * _HOUR
    by, now = village.actor(ADA, Part.ADMINISTRATOR), village.scene.clock()
    village.store.write_now(
        lambda c: appealing.answer(
            c, village.store.seals, found.id, found.version,
            by=by, granted=True, words="I believe you.", at=now,
        )
    )  # fmt: skip
    answer = await village.told(BO, "it was granted")
    assert "I believe you." in answer
    assert "You can write in Garden again." in answer


async def test_in_practice_nobody_is_told_of_a_decision(village: Village) -> None:
    """Nothing happened, so there is nothing to tell."""
    village.store.write_now(lambda c: groups.practise(c, village.group, by=ADA, at=village.scene.clock()))
    village.report(CY, "$m1", "nonsense")
    village.decide(Pick.WARN)
    await village.told(CY, "acted on it")
    await asyncio.sleep(0.2)
    assert not village.scene.told(BO)


@pytest.mark.parametrize("instant", ["before the send", "after the send"])
async def test_a_kill_around_the_send_changes_nothing(village: Village, instant: str) -> None:
    """Killed before or after a letter is sent, it is there once after the restart."""
    scene = village.scene
    reached, real = asyncio.Event(), scene.wire.send

    async def send(*place: Any, once: str) -> str:
        if once.startswith("letter-"):
            if instant == "after the send":
                await real(*place, once=once)
            reached.set()
            await asyncio.sleep(3600)
        return await real(*place, once=once)

    scene.wire.send = send  # type: ignore[method-assign,assignment]
    village.report(CY, "$m1", "nonsense")
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.send = real  # type: ignore[method-assign]
    await scene.restart()
    await village.told(CY, "was received on")
    kinds = ("report-received",)
    await scene.until(
        lambda: not village.store.read_now(lambda c: outbox.due(c, now=scene.clock() + 1e6, kinds=kinds))
    )
    assert sum("was received on" in text for text in scene.told(CY)) == 1


async def test_who_was_one_of_several_is_told_what_is_undone_for_them(village: Village) -> None:
    """Of a decision about several, one granted appeal undoes what was done to one; an undo undoes all."""
    now, seals, admin = village.scene.clock(), village.store.seals, village.actor(ADA, Part.ADMINISTRATOR)
    warned = tuple(Wanted(kind=ActionKind.WARN, person=one) for one in (BO, CY))
    draft = Draft(group=village.group, by=ADA, wanted=warned)
    made = village.store.write_now(lambda c: deciding.put(c, draft, at=now))
    first, _ = village.appeal(made.id, BO, "Not me."), village.appeal(made.id, CY, "Nor me.")
    village.store.write_now(
        lambda c: appealing.settle(c, seals, first, granted=True, words="Right.", by=DI, at=now)
    )
    own = await village.told(BO, "it was granted")
    assert "it was granted, and what was done to you is undone." in own
    village.store.write_now(lambda c: undoing.undo(c, seals, made.id, by=admin, at=now))
    assert "it was granted, and the decision is undone." in await village.told(CY, "it was granted")
