"""Members report: by a reply, by a reaction, by a link; nothing is lost, and nobody is exposed."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix.bot.members.asked import link_in, report_in
from folkmoot.remember import cases, choices, log, reports, rooms
from folkmoot.remember.deciding import Report, Source
from folkmoot.review.consequences import Pick
from folkmoot.vocabulary import Category
from tests.unit.bot.conftest import ADA, BO, BOT
from tests.unit.bot.members.conftest import CY, DI, Village

_SAID = "Buy my pills, quick"


def _reports(village: Village) -> list[Report]:
    found = village.store.read_now(lambda c: cases.open_about(c, village.group, BO))
    return [] if found is None else village.store.read_now(lambda c: reports.of_case(c, found.id))


def _visible(village: Village, event: str) -> bool:
    timeline = village.server.rooms[village.room].timeline
    return bool(next(one for one in timeline if one.id == event).content)


async def test_a_reply_reports_and_disappears(village: Village) -> None:
    """The report is kept with its category and words, the reply is removed, the reporter is told."""
    message = village.server.say(village.room, BO, _SAID)
    reply = village.server.say(village.room, CY, "report drugs he sells them", reply_to=message)
    await village.told(CY, "Your report about a message in Garden was received")
    (kept,) = _reports(village)
    assert (kept.reporter, kept.person, kept.message) == (CY, BO, message)
    assert (kept.category, kept.source) == (Category.DRUGS, Source.REPLY)
    assert village.words(kept.case) == [_SAID, "drugs he sells them"]
    await village.scene.until(lambda: not _visible(village, reply))
    assert _visible(village, message)


async def test_a_reaction_reports_and_disappears(village: Village) -> None:
    """The group's report reaction is enough, with or without the mark that some phones add."""
    message = village.server.say(village.room, BO, _SAID)
    tap = village.server.react(village.room, CY, message, "🚩\N{VARIATION SELECTOR-16}")
    await village.told(CY, "was received")
    assert _reports(village)[0].source is Source.REACTION
    await village.scene.until(lambda: not _visible(village, tap))


async def test_a_group_may_choose_another_reaction(village: Village) -> None:
    """Then the default one is a reaction like any other."""
    now = village.scene.clock()
    village.store.write_now(lambda c: choices.put(c, village.group, "report_reaction", "🚨", by=ADA, at=now))
    message = village.server.say(village.room, BO, _SAID)
    plain = village.server.react(village.room, CY, message, "🚩")
    village.server.react(village.room, DI, message, "🚨")
    await village.told(DI, "was received")
    assert [one.reporter for one in _reports(village)] == [DI]
    assert _visible(village, plain)


@pytest.mark.parametrize(
    "form",
    [
        "https://matrix.to/#/{room}/{event}?via=twin",
        "https://matrix.to/#/%21{rest}/%24{number}?via=twin",
        "matrix:roomid/{rest}/e/{number}?via=twin",
        "https://matrix.to/#/%23garden%3Atwin/{event}",
    ],
)
async def test_a_link_in_a_direct_chat_reports_unseen(village: Village, form: str) -> None:
    """Every form of link that clients make is understood, and the room sees nothing at all."""
    alias = {"alias": "#garden:twin"}
    village.server.put(village.room, ADA, "m.room.canonical_alias", alias, "")
    message = village.server.say(village.room, BO, _SAID)
    parts = {"room": village.room, "event": message, "rest": village.room[1:], "number": message[1:]}
    direct = village.scene.direct_with(CY)
    await village.scene.until(lambda: bool(village.scene.texts(direct)))
    before = len(village.server.rooms[village.room].timeline)
    village.server.say(direct, CY, f"report {form.format(**parts)} hate this is vile")
    await village.told(CY, "was received")
    (kept,) = _reports(village)
    assert kept.category is Category.HATE
    assert village.words(kept.case)[1] == "hate this is vile"
    assert len(village.server.rooms[village.room].timeline) == before


async def test_a_stranger_with_a_link_cannot_report(village: Village) -> None:
    """Only members can, and a stranger is not told whether there is such a message."""
    message = village.server.say(village.room, BO, _SAID)
    direct = village.scene.direct_with("@stranger:twin")
    await village.scene.until(lambda: bool(village.scene.texts(direct)))
    for event in (message, "$nowhere"):
        answer = await village.scene.answer(
            direct, "@stranger:twin", f"report https://matrix.to/#/{village.room}/{event}"
        )
        assert answer == "Only members of the group can report a message in it."
    assert not _reports(village)


async def test_the_newest_version_of_an_edited_message_is_kept(village: Village) -> None:
    """Who edits an innocent message into something else can't hide that, nor take it back later."""
    message = village.server.say(village.room, BO, "Good morning")
    for text in (_SAID, "Good evening"):
        relation = {"rel_type": "m.replace", "event_id": message}
        new = {"msgtype": "m.text", "body": text}
        village.server.put(
            village.room, BO, "m.room.message",
            {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation},
        )  # fmt: skip
        if text == _SAID:
            village.server.react(village.room, CY, message, "🚩")
            await village.told(CY, "was received")
    assert village.words(village.case().id) == [_SAID]


async def test_a_reported_picture_can_be_given_back(village: Village) -> None:
    """Its address is sealed beside its words, and its author gets it back as a picture."""
    picture = {
        "msgtype": "m.image", "body": "cat.png", "url": "mxc://twin/abc", "info": {"mimetype": "image/png"},
    }  # fmt: skip
    message = village.server.put(village.room, BO, "m.room.message", picture)
    village.server.react(village.room, CY, message, "🚩")
    await village.told(CY, "was received")
    made = village.decide(Pick.REMOVE)
    village.letter("restored", action=village.action(made))
    await village.told(BO, "you can send it again")

    def given() -> list[Any]:
        events = [one for room in village.server.rooms.values() for one in room.timeline]
        return [
            one.content for one in events if one.sender == BOT and one.content.get("msgtype") == "m.image"
        ]

    await village.scene.until(lambda: bool(given()))
    assert given()[0]["url"] == "mxc://twin/abc"


async def test_the_same_message_is_reported_once_by_each(village: Village) -> None:
    """Two taps of one member are one report; two members are two."""
    message = village.server.say(village.room, BO, _SAID)
    for person in (CY, CY, DI):
        village.server.react(village.room, person, message, "🚩")
    await village.told(DI, "was received")
    assert sorted(one.reporter for one in _reports(village)) == [CY, DI]
    assert len(village.scene.told(CY)) == 1


@pytest.mark.parametrize("of", ["own", "bot's", "gone"])
async def test_what_cannot_be_reported_is_said_privately(village: Village, of: str) -> None:
    """One's own message, the bot's, one that nobody can see: each with a sentence, to the reporter alone."""
    said = {
        "own": ("This message is your own.", village.server.say(village.room, CY, "hello")),
        "bot's": ("This message is mine.", village.server.say(village.room, BOT, "hello")),
        "gone": ("I can't see that message", "$nowhere"),
    }
    sentence, message = said[of]
    reply = village.server.say(village.room, CY, "report", reply_to=message)
    await village.told(CY, sentence)
    assert not _visible(village, reply)


async def test_without_the_power_to_remove_the_report_counts_all_the_same(village: Village) -> None:
    """The reply stays visible then; nothing is lost."""
    levels = dict(village.server.rooms[village.room].state["m.room.power_levels", ""].content)
    village.server.put(village.room, ADA, "m.room.power_levels", {**levels, "redact": 100}, "")
    message = village.server.say(village.room, BO, _SAID)
    reply = village.server.say(village.room, CY, "report", reply_to=message)
    await village.told(CY, "was received")
    assert _visible(village, reply)


async def test_the_log_and_the_letters_do_not_name_the_reporter(village: Village) -> None:
    """Members may read the log; it says that there was a report, and not whose."""
    message = village.server.say(village.room, BO, _SAID)
    village.server.react(village.room, CY, message, "🚩")
    await village.told(CY, "was received")
    entries = village.store.read_now(lambda c: log.entries(c, village.group))
    assert "report.received" in {one.kind for one in entries}
    assert not any(CY in str(one) for one in entries)
    others = [text for person in (ADA, BO, DI) for text in village.scene.told(person)]
    assert not any(CY in text for text in others)


async def test_in_a_room_without_a_group_nothing_is_reported(village: Village) -> None:
    """There is nobody to tell, and nothing is removed."""
    room = village.server.create_room(ADA, users={BOT: 50})
    village.server.member(room, ADA, BOT, "invite")
    await village.scene.until(lambda: bool(village.scene.texts(room)))
    message = village.server.say(room, ADA, _SAID)
    village.server.say(room, CY, "report", reply_to=message)
    await asyncio.sleep(0.2)
    assert village.store.read_now(lambda c: rooms.get(c, room)) is None
    assert not village.scene.told(CY)


@pytest.mark.parametrize("instant", ["before the commit", "after the commit"])
async def test_a_kill_around_the_commit_loses_nothing_and_doubles_nothing(
    village: Village, instant: str
) -> None:
    """Killed before or after a report is durable, there is one report and one confirmation."""
    scene = village.scene
    reached, real = asyncio.Event(), scene.wire.redact
    fetch = scene.wire.event

    async def hang(*_: Any, **__: Any) -> None:
        reached.set()
        await asyncio.sleep(3600)

    if instant == "after the commit":
        scene.wire.redact = hang  # type: ignore[method-assign]
    else:
        scene.wire.event = hang  # type: ignore[method-assign]
    message = village.server.say(village.room, BO, _SAID)
    reply = village.server.say(village.room, CY, "report", reply_to=message)
    await asyncio.wait_for(reached.wait(), 5)
    await scene.kill()
    scene.wire.redact, scene.wire.event = real, fetch  # type: ignore[method-assign]
    await scene.restart()
    await village.told(CY, "was received")
    await scene.until(lambda: not _visible(village, reply))
    await asyncio.sleep(0.2)
    assert len(_reports(village)) == 1
    assert len(scene.told(CY)) == 1


@pytest.mark.parametrize(
    ("said", "is_report"),
    [
        ("report", True),
        ("Report!", True),
        ("report: he threatens me", True),
        ("report spam", True),
        ("report this please", True),
        ("melden", True),
        ("举报", True),
        ("> <@bo:twin> Buy my pills\n\nreport scam", True),
        ("The report is due", False),
        ("Report is due on Friday", False),
        ("reporting for duty", False),
        ("", False),
    ],
)
def test_which_replies_are_reports(said: str, is_report: bool) -> None:
    """The word comes first, and what follows is no sentence about a report."""
    assert (report_in(said) is not None) is is_report


@given(st.text(max_size=300))
def test_no_text_upsets_the_reading_of_reports_and_links(said: str) -> None:
    """Whatever strangers write is read without an error."""
    report_in(said)
    link_in(said.split())


async def test_a_report_before_a_gap_in_the_news_counts(village: Village) -> None:
    """In a room where more happens than the homeserver hands over at once, nothing is left out."""
    message = village.server.say(village.room, BO, _SAID)
    await asyncio.sleep(0.1)
    village.server.most_news = 2
    village.server.away = True
    await asyncio.sleep(0.1)
    tap = village.server.react(village.room, CY, message, "🚩")
    for number in range(20):
        village.server.say(village.room, DI, f"hello {number}")
    village.server.away = False
    await village.told(CY, "was received")
    await village.scene.until(lambda: not _visible(village, tap))
