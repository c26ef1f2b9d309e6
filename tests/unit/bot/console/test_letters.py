"""What else administrators are told: raids, reminders, what failed, rules that are gone; what is erased."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from folkmoot.act import raids
from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot.console.moments import ahead, length, spoken
from folkmoot.gateways.matrix.bot.console.orders import plain_key
from folkmoot.gateways.matrix.bot.console.reading import Request, request
from folkmoot.gateways.matrix.bot.console.rich import content, quoted
from folkmoot.remember import actions, cases, log, outbox, preferences
from folkmoot.remember.preferences import Preference
from folkmoot.review import deciding
from folkmoot.review.choosing import choose
from folkmoot.review.consequences import Choice, Pick
from folkmoot.vocabulary import Span
from tests.unit.bot.conftest import ADA, BO, Scene
from tests.unit.bot.console.conftest import CY, DI, Hall, made


async def test_a_raid_is_one_message_and_one_decision(hall: Hall) -> None:
    """It's fine, lock the rooms down, or ban all of them, which is asked about first."""
    people, now = [f"@raider{number}:twin" for number in range(9)], hall.scene.clock()
    raid = hall.store.write_now(lambda c: raids.join_wave(c, hall.group, people, at=now))
    assert raid is not None
    event = await hall.shown(raid)
    text = hall.now(event)
    assert text.startswith("Urgent")
    assert "9 members who came together" in text
    for line in ("✅ it's fine", "🔒 lock the rooms down", "🚫 ban all 9 members"):
        assert line in text
    await hall.tap(event, "🚫")
    asked = await hall.said("Are you sure?")
    await hall.scene.until(lambda: len(hall.taps(asked.id)) == 2)
    assert "(and 8 more the same) gets this letter:" in asked.body
    await hall.tap(asked.id, "✅")
    await hall.says(asked.id, "9 members banned without an end")
    await hall.says(event, "9 members banned without an end")
    await hall.asks(f"undo {raid.id[:4]}")
    assert not hall.standing(people[0])


async def test_in_quiet_hours_nobody_is_written_to_alone(scene: Scene) -> None:
    """The case waits for the one who sleeps, and comes at once to the other."""
    hall = await made(scene)
    now = scene.clock()
    hall.store.write_now(lambda c: choose(c, "administrators_room", "", by=hall.actor(ADA), at=now))
    minute = (lambda at: at.hour * 60 + at.minute)(datetime.datetime.fromtimestamp(now, datetime.UTC))
    wish = Preference(quiet_from=(minute - 60) % 1440, quiet_to=(minute + 60) % 1440)
    hall.store.write_now(lambda c: preferences.put(c, hall.group, ADA, wish, at=now))
    hall.reported()
    await scene.until(lambda: any("Case " in text for text in scene.told(CY)))
    assert not any("Case " in text for text in scene.told(ADA))
    scene.clock.ahead += 3700
    await scene.until(lambda: any("Case " in text for text in scene.told(ADA)))


async def test_a_reminder_comes_to_each_person_once(hall: Hall) -> None:
    """It says which case, and how long it waits."""
    case = hall.reported()
    await hall.shown(case)
    now = hall.scene.clock()
    for person in (ADA, CY):
        body = {"case": case.id, "person": person}
        hall.store.write_now(lambda c, body=body: outbox.put(c, hall.group, "reminder", body, at=now))  # type: ignore[misc]
    for person in (ADA, CY):
        await hall.scene.until(
            lambda who=person: any(
                f"Still waiting: case {case.id[:4]}" in text for text in hall.scene.told(who)
            )  # type: ignore[misc]
        )
    await hall.settled()
    assert len([text for text in hall.scene.told(ADA) if "Still waiting" in text]) == 1


async def test_a_reminder_of_what_is_decided_is_not_sent(hall: Hall) -> None:
    """Nobody is called for nothing."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.tap(event, "✅")
    await hall.says(event, "it may stay")
    body, now = {"case": case.id, "person": CY}, hall.scene.clock()
    hall.store.write_now(lambda c: outbox.put(c, hall.group, "reminder", body, at=now))
    await hall.settled()
    assert not any("Still waiting" in text for text in hall.scene.told(CY))


async def test_what_could_not_be_done_is_told_with_the_reason(hall: Hall) -> None:
    """In the administrators' room, with the case it belongs to."""
    await hall.asks(f"mute {BO} 2h because flooding")
    (made_,) = hall.decisions()
    (action,) = hall.actions(made_)
    now = hall.scene.clock()

    def fail(connection: Connection) -> None:
        actions.failed(connection, action, "I need power 50.", at=now)
        body = {"action": action.id, "trouble": "I need power 50."}
        outbox.put(connection, hall.group, "action-failed", body, at=now)

    hall.store.write_now(fail)
    told = await hall.said("It could not be done: mute")
    assert "I need power 50." in told.body
    assert f"case {(made_.case or '')[:4]}" in told.body


async def test_a_rule_that_is_gone_offers_to_take_its_decisions_back(hall: Hall) -> None:
    """Another policy without that rule: one tap takes all of it back."""
    rule = starters.load("neighbours").rules[2]
    hall.stopped(rule=rule)
    event = await hall.shown(hall.case())
    await hall.tap(event, "🔇")
    await hall.says(event, "muted for 1 hour")
    assert hall.decisions()[0].rule == rule.id
    await hall.asks("!moot policy support")
    asked = await hall.said(f"The rule “{rule.id}” is gone")
    assert "1 decision that rested on it" in asked.body
    await hall.scene.until(lambda: bool(hall.taps(asked.id)))
    await hall.tap(asked.id, "↩️", by=DI)
    await hall.said("Only administrators of “Garden” decide this")
    assert hall.standing()
    await hall.tap(asked.id, "↩️", by=CY)
    await hall.said("Taken back: 1 decision")
    assert not hall.standing()


async def test_words_whose_time_is_over_go_from_the_chat_too(hall: Hall, scene: Scene) -> None:
    """The message about the case, and every edit of it, is redacted once its words are erased."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.tap(event, "✅")
    await hall.says(event, "it may stay")
    await hall.settled()
    await scene.bot._console.sweep()
    assert hall.cards(), "its time is not over yet"
    hall.store.write_now(lambda c: hall.store.seals.destroy(c, case.id))
    await scene.bot._console.sweep()
    texts = [one for one in hall.server.rooms[hall.hall].timeline if "buy my watch" in str(one.content)]
    assert not texts
    assert not hall.edits(event)
    await scene.bot._console.sweep()


async def test_a_flood_of_cases_does_not_flood_the_room(hall: Hall, scene: Scene) -> None:
    """Ten messages a minute; the others come when the minute is over."""
    for number in range(12):
        hall.reported(about=f"@troll{number}:twin")
    await scene.until(lambda: len(hall.cards()) == 10)
    scene.clock.ahead += 61
    await scene.until(lambda: len(hall.cards()) == 12)
    assert len(hall.store.read_now(lambda c: cases.still_open(c, hall.group))) == 12


async def test_a_decision_elsewhere_changes_the_message(hall: Hall) -> None:
    """Whoever decides on a page or over the API: the room sees it."""
    case = hall.reported()
    event = await hall.shown(case)
    choice, now = Choice(picks=(Pick.NOTHING,)), hall.scene.clock()
    hall.store.write_now(
        lambda c: deciding.decide(
            c, hall.store.seals, case.id, case.version, choice, by=hall.actor(CY), at=now
        )
    )
    await hall.says(event, f"{CY} decided: it may stay")
    assert hall.store.read_now(lambda c: log.entries(c, hall.group))[0].by == CY


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("30m", 1800), ("2h", 7200), ("3d", 259200), ("1w", 604800), ("2hours", 7200), ("90min", 5400),
     ("0h", None), ("h", None), ("2x", None), ("-1h", None), ("99999h", None), ("２h", 7200)],
)  # fmt: skip
def test_lengths_of_time(word: str, seconds: float | None) -> None:
    """As people write them, and nothing else."""
    assert length(word) == seconds


def test_times_in_words() -> None:
    """Two units at most; what is past is said to be."""
    assert spoken(3600 * 26) == "1 day and 2 hours"
    assert spoken(20) == "less than a minute"
    assert ahead(0.0, 7200.0).endswith("(2 hours ago)")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3f2a because spam", Request(ref="3f2a", reason="spam", first="3f2a")),
        ("@x:twin 2h flooding", Request(people=("@x:twin",), lasts=7200, reason="flooding", first="@x:twin")),
        ("Cy Lee 2 hours because no", Request(name="Cy Lee", lasts=7200, reason="no", first="Cy")),
        ("case 3f2a", Request(ref="3f2a", first="case")),
        ("", Request()),
    ],
)
def test_what_follows_a_command_is_read_leniently(text: str, read: Request) -> None:
    """Number, name, time and reason, in the order in which people write them."""
    assert request(text.split(), {}, account="@bot:twin") == read


def test_marks_stay_where_they_are_in_long_and_overlapping_words() -> None:
    """The part around the first mark is shown; marks never nest, and nothing is marked twice."""
    text = "x" * 1000 + " bad word " + "y" * 1000
    shown = quoted(text, [Span(1001, 1004), Span(1003, 1009), Span(5000, 6000)], hidden=False)
    assert "»bad«» word«" in shown.plain
    assert len(shown.plain) < 450
    assert content([shown])["formatted_body"].count("<strong>") == 2
    assert plain_key("🗑️") == "🗑"


@given(said=st.text(max_size=400), formatted=st.text(alphabet='<>/amx-reply@:# "=', max_size=400))
def test_whatever_is_written_after_a_command_is_read_without_an_error(said: str, formatted: str) -> None:
    """Names, numbers and reasons are text, however odd they are."""
    read = request(said.split(), {"formatted_body": formatted, "m.mentions": said}, account="@bot:twin")
    assert read.lasts is None or read.lasts > 0
    assert len(read.reason) <= len(said)


@given(said=st.text(max_size=900), spans=st.lists(st.tuples(st.integers(-5, 950), st.integers(-5, 950))))
def test_words_that_are_shown_are_never_markup_and_never_long(
    said: str, spans: list[tuple[int, int]]
) -> None:
    """Every sign that HTML knows is escaped, and whatever a detector marked, the marks are in order."""
    shown = quoted(said, [Span(start, end) for start, end in spans], hidden=False)
    inside = shown.html.removeprefix("<blockquote>").removesuffix("</blockquote>")
    assert "<" not in inside.replace("<strong>", "").replace("</strong>", "")
    assert inside.count("<strong>") == inside.count("</strong>")
    assert len(shown.plain) < 1_300
