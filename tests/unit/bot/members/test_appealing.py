"""Members appeal in the chat: by replying, by command; other eyes look, or a panel votes."""

import asyncio
from typing import Any

import pytest

from folkmoot.gateways.matrix.bot.messages import ABOUT, VERDICTS
from folkmoot.remember import appeals, choices, groups, links, log, preferences
from folkmoot.remember.deciding import Appeal, AppealState, Decision, Eyes
from folkmoot.review import appealing
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import Part
from tests.unit.bot.conftest import ADA, BO, BOT
from tests.unit.bot.members.conftest import CY, DI, Village

_HOUR = 3600.0


def _letter(village: Village, person: str, words: str) -> tuple[str, str]:
    """Where and in which event the bot told a person something."""
    for room in village.server.rooms.values():
        for one in room.timeline:
            if one.sender == BOT and words in one.body and room.membership(person):
                return room.id, one.id
    raise AssertionError(words)


async def _muted(village: Village) -> tuple[Decision, str, str]:
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.MUTE, lasts=_HOUR)
    await village.told(BO, "but not write there until")
    return made, *_letter(village, BO, "but not write there until")


def _appeal(village: Village, made: Decision) -> Appeal:
    found = village.appeal_against(made.id)
    assert found is not None
    return found


async def test_a_reply_to_the_letter_is_an_appeal(village: Village) -> None:
    """Whatever its first word is; it is kept sealed, noted in the log, and confirmed."""
    made, room, letter = await _muted(village)
    village.server.say(room, BO, "Why was I muted?\n\nIt was my brother.", reply_to=letter)
    await village.told(BO, "Your appeal in Garden was received")
    found = _appeal(village, made)
    assert (found.person, found.state) == (BO, AppealState.OPEN)
    assert village.words(found.id) == ["Why was I muted?\n\nIt was my brother."]
    entries = village.store.read_now(lambda c: log.entries(c, village.group))
    assert "appeal.received" in {one.kind for one in entries}
    assert not any("brother" in str(one) for one in entries)


@pytest.mark.parametrize("word", ["appeal", "object", "!moot appeal"])
async def test_the_command_appeals_against_the_newest_decision(village: Village, word: str) -> None:
    """In a direct chat or in the room, with the old word too."""
    made, direct, _ = await _muted(village)
    room = village.room if word.startswith("!") else direct
    village.server.say(room, BO, f"{word} it was my brother")
    await village.told(BO, "Your appeal in Garden was received")
    assert village.words(_appeal(village, made).id) == ["it was my brother"]


async def test_somebody_who_was_banned_appeals_in_the_direct_chat(village: Village) -> None:
    """No room of the group is needed for it."""
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.BAN)
    await village.told(BO, "You are banned from")
    village.server.member(village.room, ADA, BO, "ban")
    room, _ = _letter(village, BO, "You are banned from")
    village.server.say(room, BO, "appeal I want to come back")
    await village.told(BO, "was received")
    assert _appeal(village, made).person == BO


async def test_a_stopped_message_can_be_appealed_against(village: Village) -> None:
    """A reply to a statement of reasons is a real appeal, against the verdict."""
    kept = village.scene.judge(village.room, BO)
    await village.told(BO, kept.id)
    room, letter = _letter(village, BO, kept.id)
    village.server.say(room, BO, "This was no spam.", reply_to=letter)
    await village.told(BO, "Your appeal in Garden was received")
    found = village.appeal_against(kept.id)
    assert found is not None
    assert found.about_verdict


async def test_a_reporter_appeals_against_nothing_being_done(village: Village) -> None:
    """By a reply to the letter that said so."""
    village.report(CY, "$m1", "nonsense")
    made = village.decide(Pick.NOTHING)
    await village.told(CY, "not to act on it")
    room, letter = _letter(village, CY, "not to act on it")
    village.server.say(room, CY, "He did it again.", reply_to=letter)
    await village.told(CY, "Your appeal in Garden was received")
    assert village.appeal_against(made.id, CY) is not None


async def test_more_words_are_added_and_the_other_side_is_heard(village: Village) -> None:
    """The dialogue goes on by replies, until the appeal is withdrawn."""
    made, room, letter = await _muted(village)
    village.server.say(room, BO, "It was my brother.", reply_to=letter)
    await village.told(BO, "was received")
    confirmation = _letter(village, BO, "Your appeal in Garden was received")[1]
    village.server.say(room, BO, "And he is sorry.", reply_to=confirmation)
    await village.told(BO, "Your words were added")
    found = _appeal(village, made)
    village.scene.clock.ahead += 25 * _HOUR
    by, now = village.actor(ADA, Part.ADMINISTRATOR), village.scene.clock()
    village.store.write_now(
        lambda c: appealing.write(c, village.store.seals, found.id, by=by, words="Which brother?", at=now)
    )
    await village.told(BO, "Those who look at your appeal in Garden write: “Which brother?”")
    assert (
        await village.scene.answer(room, BO, "withdraw") == "Your appeal is withdrawn. The decision stands."
    )
    assert _appeal(village, made).state is AppealState.WITHDRAWN
    assert await village.scene.answer(room, BO, "withdraw") == "You have no open appeal."


async def test_what_cannot_be_appealed_against_is_said(village: Village) -> None:
    """Nothing decided, no reasons, too late, answered: each with a sentence."""
    direct = village.scene.direct_with(CY)
    await village.scene.until(lambda: bool(village.scene.texts(direct)))
    answer = await village.scene.answer(direct, CY, "appeal it is unfair")
    assert answer == "I know of no decision about you that you could appeal against."
    _, room, _ = await _muted(village)
    assert "Say why" in await village.scene.answer(room, BO, "appeal")
    assert "too long" in await village.scene.answer(room, BO, "appeal " + "so " * 999 + "x" * 2_000)
    village.scene.clock.ahead += 184 * 24 * _HOUR
    assert "six months" in await village.scene.answer(room, BO, "appeal it is unfair")


@pytest.mark.parametrize("key", [VERDICTS, ABOUT])
async def test_a_forged_letter_opens_no_appeal(village: Village, key: str) -> None:
    """Only what the bot wrote is believed, and only whom it touches can appeal."""
    made, *_ = await _muted(village)
    room = village.scene.direct_with(CY)
    await village.scene.until(lambda: bool(village.scene.texts(room)))
    forged = village.server.put(
        room, CY, "m.room.message", {"msgtype": "m.text", "body": "look", key: [made.id]}
    )
    await village.scene.answer(room, CY, "appeal for him", reply_to=forged)
    await village.scene.answer(room, CY, f"appeal {made.id} for him")
    assert [village.appeal_against(made.id, one) for one in (BO, CY)] == [None, None]


async def test_a_kill_after_the_commit_takes_words_in_once(village: Village) -> None:
    """Heard again after a crash, the same message neither appeals twice nor repeats its words."""
    scene = village.scene
    made, room, letter = await _muted(village)
    village.server.say(room, BO, "It was my brother.", reply_to=letter)
    await village.told(BO, "was received")
    reached, real = asyncio.Event(), scene.wire.send

    async def send(*place: Any, once: str) -> str:
        if not once.startswith("letter-"):
            reached.set()
            await asyncio.sleep(3600)
        return await real(*place, once=once)

    scene.wire.send = send  # type: ignore[method-assign,assignment]
    village.server.say(room, BO, "And he is sorry.", reply_to=letter)
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.send = real  # type: ignore[method-assign]
    await scene.restart()
    await village.told(BO, "Your words were added")
    assert village.words(_appeal(village, made).id) == ["It was my brother.", "And he is sorry."]


async def _panel(village: Village) -> Appeal:
    """An appeal that a panel of two looks at."""
    now = village.scene.clock()
    village.store.write_now(lambda c: choices.put(c, village.group, "panel_size", 2, by=ADA, at=now))
    for person in (CY, DI):
        await village.scene.answer(village.room, person, "!moot panel yes")
        await village.told(person, "Thank you. You may be drawn")
    village.report("@eve:twin", "$m1", "nonsense")
    made = village.decide(Pick.MUTE, lasts=_HOUR)
    found = village.appeal(made.id, BO, "It was my brother.")
    assert found.eyes is Eyes.PANEL
    for person in (CY, DI):
        text = await village.told(person, "You were drawn by lot")
        assert "It was my brother." in text
        assert "but not write there until" in text
    return found


async def test_a_panel_votes_by_reaction_and_by_words(village: Village) -> None:
    """The majority decides; the member hears the reasons and not who voted how."""
    found = await _panel(village)
    room, letter = _letter(village, CY, "You were drawn by lot")
    village.server.react(room, CY, letter, "✅")
    await village.told(CY, "Your vote is noted.")
    room, _ = _letter(village, DI, "You were drawn by lot")
    village.server.say(room, DI, f"grant {found.id[:6]} because he is always kind")
    await village.told(DI, "Your vote is noted.")
    answer = await village.told(BO, "it was granted")
    assert "he is always kind" in answer
    assert not any(name in answer for name in (CY, DI, "because he"))
    known = village.store.read_now(lambda c: appeals.get(c, found.id))
    assert known is not None
    assert known.state is AppealState.GRANTED


async def test_nobody_votes_who_was_not_drawn(village: Village) -> None:
    """Neither with the number, nor by a reaction; and nobody twice after the answer."""
    found = await _panel(village)
    room = village.scene.direct_with("@eve:twin")
    await village.scene.until(lambda: bool(village.scene.texts(room)))
    village.server.say(room, "@eve:twin", f"refuse {found.id[:6]} because I say so")
    # Among letters that may come meanwhile: she had reported it.
    await village.told("@eve:twin", "You were not drawn")
    for person in (CY, DI):
        village.server.say(_letter(village, person, "You were drawn by lot")[0], person, "refuse")
        await village.told(person, "Your vote is noted.")
    await village.told(BO, "it was not granted")
    assert "You were not drawn" in await village.scene.answer(
        _letter(village, CY, "You were drawn by lot")[0], CY, f"grant {found.id[:6]}"
    )


async def test_who_leaves_the_panel_is_not_drawn(village: Village) -> None:
    """Saying no is as easy as saying yes."""
    await village.scene.answer(village.room, CY, "!moot panel yes")
    await village.scene.answer(village.room, CY, "!moot panel no")
    await village.told(CY, "You will not be drawn any more")
    assert village.store.read_now(lambda c: appeals.panel_of(c, village.group)) == []
    await village.scene.answer(village.room, ADA, "!moot panel yes")
    assert village.store.read_now(lambda c: appeals.panel_of(c, village.group)) == []


async def test_a_member_chooses_a_language(village: Village) -> None:
    """By its code or its name; what is not known is answered with the list."""
    room = village.scene.direct_with(CY)
    await village.scene.until(lambda: bool(village.scene.texts(room)))
    assert "Deutsch (de)" in await village.scene.answer(room, CY, "language")
    assert "Deutsch (de)" in await village.scene.answer(room, CY, "language klingon")
    for said, code in (("de", "de"), ("French", "fr"), ("العربية", "ar"), ("pt-BR", "pt")):
        await village.scene.answer(room, CY, f"language {said}")
        wish = village.store.read_now(lambda c: preferences.get(c, village.group, CY))
        assert wish.language == code


async def test_the_groups_language_is_spoken_where_a_member_chose_none(village: Village) -> None:
    """A group that writes Spanish gets Spanish letters."""
    known = village.store.read_now(lambda c: groups.get(c, village.group))
    assert known.language == "en"
    village.report(CY, "$m1", "nonsense")
    assert "was received" in await village.told(CY, "Your report")


async def test_why_repeats_the_newest_decision(village: Village) -> None:
    """With its link, so that a reply to it is an appeal too."""
    made, room, _ = await _muted(village)
    text = await village.scene.answer(room, BO, "why")
    assert "but not write there until" in text
    assert f"/receipt/{made.id}." in text


async def test_a_link_that_got_into_other_hands_is_closed(village: Village) -> None:
    """By a reply to its letter; appealing by a reply still works."""
    made, room, letter = await _muted(village)
    assert "Which link?" in await village.scene.answer(room, BO, "close link")
    answer = await village.scene.answer(room, BO, "close link", reply_to=letter)
    assert "opens nothing any more" in answer
    assert village.store.read_now(lambda c: links.closed(c, made.id, BO))
    assert not village.store.read_now(lambda c: links.closed(c, made.id, CY))
    village.server.say(room, BO, "It was my brother.", reply_to=letter)
    await village.told(BO, "Your appeal in Garden was received")


async def test_a_juror_is_reminded(village: Village) -> None:
    """Who does not vote in time hears of it once more."""
    found = await _panel(village)
    village.letter("reminder", appeal=found.id, person=CY)
    await village.scene.until(
        lambda: sum("You were drawn by lot" in text for text in village.scene.told(CY)) == 2
    )
