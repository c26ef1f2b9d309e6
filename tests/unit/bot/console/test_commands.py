"""Commands of administrators: read leniently, asked about before anything final, and for nobody else."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.command import Who
from folkmoot.gateways.matrix.bot.console.choose_command import MEANINGS
from folkmoot.gateways.matrix.bot.console.listing import OF_CASES
from folkmoot.gateways.matrix.bot.wire import Event
from folkmoot.remember import breakers, choices, groups, log, outbox, preferences
from folkmoot.remember.choices import Choices
from folkmoot.remember.deciding import DecisionKind
from folkmoot.vocabulary import ActionKind
from tests.unit.bot.conftest import ADA, BO, BOT, Scene
from tests.unit.bot.console.conftest import CY, DI, Hall


async def _sure(hall: Hall, room: str = "") -> Event:
    """Wait until the bot asked whether somebody is sure."""
    asked = await hall.said("Are you sure?", room)
    await hall.scene.until(lambda: len(hall.taps(asked.id, room)) == 2)
    return asked


async def test_cases_lists_what_waits_the_most_urgent_first(hall: Hall) -> None:
    """With number, urgency, who and when it is due."""
    assert "No case waits" in await hall.asks("cases")
    case = hall.reported()
    await hall.shown(case)
    text = await hall.asks("!moot cases")
    assert "1 case waits in “Garden”" in text
    assert f"{case.id[:4]} · When you can · {BO} · 1 report · due " in text


async def test_case_shows_it_again_with_every_letter(hall: Hall) -> None:
    """The message moves to the end of the room; what each choice would write is told before it is made."""
    case = hall.reported()
    first = await hall.shown(case)
    hall.server.say(hall.hall, ADA, f"case {case.id[:4]}")
    letters = (await hall.said("What would be written, if you tapped:")).body
    assert "✅ nothing to the member." in letters
    assert f"🗑️ to {BO}:\nYour message was removed." in letters
    assert "You can read Garden, but not write there until" in letters
    await hall.says(first, "It is shown again below.")
    second = hall.cards()[-1].id
    assert second != first
    await hall.tap(second, "🗑️")
    await hall.says(second, "message removed")
    assert hall.again(case).state == "closed"
    assert len(hall.decisions()) == 1


async def test_a_preview_changes_nothing(hall: Hall) -> None:
    """The case stays open, and nothing is in the log or on its way."""
    case = hall.reported()
    await hall.shown(case)
    before = hall.store.read_now(lambda c: log.entries(c, hall.group))[0].seq
    hall.server.say(hall.hall, ADA, f"case {case.id[:4]}")
    await hall.said("What would be written")
    assert hall.again(case).state == "open"
    assert not hall.decisions()
    assert hall.store.read_now(lambda c: log.entries(c, hall.group))[0].seq == before


async def test_a_case_by_its_number_with_a_reason(hall: Hall) -> None:
    """What stands after “because” is what the member reads."""
    case = hall.reported()
    event = await hall.shown(case)
    await hall.asks(f"remove {case.id[:4]} because this is no market")
    (made,) = hall.decisions()
    assert made.reason == "this is no market"
    assert "this is no market" in await hall.says(event, "message removed")


async def test_several_things_at_once(hall: Hall) -> None:
    """Each by its name, with one reason; one that makes no sense is said to make none."""
    case = hall.reported()
    await hall.shown(case)
    assert "Decide what?" in await hall.asks(f"decide {case.id[:4]} because hm")
    assert "pick a mute or a ban" in await hall.asks(f"decide {case.id[:4]} mute ban 2h because hm")
    text = await hall.asks(f"decide {case.id[:4]} remove, warn and mute 2h because of all that")
    assert "message removed" in text
    assert "warned" in text
    assert "muted for 2 hours" in text
    assert hall.decisions()[0].reason == "of all that"


async def test_a_reply_to_a_case_needs_no_number(hall: Hall) -> None:
    """In the administrators' room neither the number nor the prefix."""
    event = await hall.shown(hall.reported())
    await hall.asks("mute 2h because enough is enough", reply_to=event)
    (one,) = hall.standing()
    assert one.until is not None
    assert round(one.until - one.since) == 7200


async def test_a_mute_on_ones_own_initiative_opens_and_decides_a_case(hall: Hall) -> None:
    """Nobody reported it: the case, the decision and the mute are there at once, and shown with an undo."""
    text = await hall.asks(f"mute {BO} 2h because flooding")
    assert f"{ADA} decided: {BO} muted for 2 hours" in text
    (made,) = hall.decisions()
    assert made.reason == "flooding"
    await hall.scene.until(lambda: len(hall.cards()) == 1)
    event = hall.cards()[0].id
    await hall.scene.until(lambda: hall.taps(event) == {"↩️"})
    await hall.tap(event, "↩️", by=CY)
    await hall.says(event, f"{CY} took that back")
    assert not hall.standing()


async def test_a_command_that_is_heard_twice_is_done_once(hall: Hall, scene: Scene) -> None:
    """Killed before we noted how far we had read, the same message mutes nobody a second time."""
    event = hall.server.say(hall.hall, ADA, f"mute {BO} 2h because flooding")
    await hall.said("muted for 2 hours")
    heard = next(one for one in hall.server.rooms[hall.hall].timeline if one.id == event)
    await scene.bot._conversation.heard(heard)
    assert len(hall.decisions()) == 1
    assert len(hall.standing()) == 1


async def test_a_name_in_place_of_an_id(hall: Hall) -> None:
    """The first part of the id is enough; a display name too; what is unclear is asked."""
    await hall.asks("mute @bo 30m because flooding")
    assert [one.person for one in hall.standing()] == [BO]
    hall.server.put(hall.room, DI, "m.room.member", {"membership": "join", "displayname": "Di Lee"}, DI)
    assert f"{DI} muted" in await hall.asks("!moot mute Di Lee 1h because of that")
    assert "I know nobody called" in await hall.asks("!moot mute @zoe 1h because of that")
    hall.server.member(hall.room, "@bo:other", "@bo:other", "join")
    asked = await hall.asks("mute @bo 1h because of that")
    assert "Whom do you mean?" in asked
    assert "@bo:other" in asked


async def test_a_pill_says_who_is_meant(hall: Hall) -> None:
    """Clients write the display name as text, and the id in the formatted text."""
    content = {
        "msgtype": "m.text",
        "body": "mute Bo the Builder 3d because flooding",
        "format": "org.matrix.custom.html",
        "formatted_body": f'mute <a href="https://matrix.to/#/{BO}">Bo the Builder</a> 3d because flooding',
    }
    hall.server.put(hall.hall, ADA, "m.room.message", content)
    await hall.said(f"{BO} muted for 3 days")


async def test_a_reply_to_a_members_message_says_whom_and_what(hall: Hall) -> None:
    """In a room of the group: the message is what the decision is about, and its words are kept sealed."""
    message = hall.server.say(hall.room, BO, "buy my watch")
    await hall.asks("!moot remove because this is no market", room=hall.room, reply_to=message)
    (made,) = hall.decisions()
    (action,) = hall.actions(made)
    assert (action.kind, action.message) == (ActionKind.REMOVE, message)
    words = hall.store.read_now(lambda c: hall.store.seals.about(c, hall.group, message))
    assert words is not None
    assert words.text == "buy my watch"


async def test_a_ban_without_an_end_asks_first_and_shows_the_letter(hall: Hall) -> None:
    """One tap more, by the same person; the letter is there to read before it."""
    hall.server.say(hall.hall, ADA, f"ban {BO} because scams")
    asked = await _sure(hall)
    assert "You are banned from Garden; this has no end date." in asked.body
    assert not hall.decisions()
    await hall.tap(asked.id, "✅", by=CY)
    await hall.said(f"Only {ADA} was asked this")
    assert not hall.decisions()
    await hall.tap(asked.id, "✅")
    await hall.says(asked.id, f"{BO} banned without an end")
    assert [one.kind.value for one in hall.standing()] == ["ban"]


async def test_no_leaves_it_as_it_is(hall: Hall) -> None:
    """And the question says so."""
    hall.server.say(hall.hall, ADA, f"ban {BO} because scams")
    asked = await _sure(hall)
    await hall.tap(asked.id, "❌")
    await hall.says(asked.id, "left it as it is")
    assert not hall.standing()


async def test_a_late_yes_has_to_be_asked_for_again(hall: Hall, scene: Scene) -> None:
    """After a quarter of an hour nobody remembers what they were asked."""
    hall.server.say(hall.hall, ADA, f"ban {BO} because scams")
    asked = await _sure(hall)
    scene.clock.ahead += 1000
    await hall.tap(asked.id, "✅")
    await hall.said("That was long ago.")
    assert not hall.standing()


async def test_a_ban_with_an_end_needs_no_second_tap(hall: Hall) -> None:
    """It ends by itself, and can be taken back."""
    assert "banned for 1 week" in await hall.asks(f"ban {BO} 7d because scams")
    assert "took that back" in await hall.asks("unban @bo")
    assert not hall.standing()


async def test_lock_down_and_reopen(hall: Hall) -> None:
    """Asked first; taken back with one word."""
    assert "not locked down" in await hall.asks("reopen")
    hall.server.say(hall.hall, ADA, "!moot lockdown because of a raid")
    asked = await _sure(hall)
    await hall.tap(asked.id, "✅")
    await hall.says(asked.id, "rooms locked down")
    hall.server.say(hall.hall, CY, "reopen")
    await hall.said(f"{CY} took that back")


async def test_what_cannot_be_given_back_needs_two(hall: Hall) -> None:
    """Where we have no copy of the words, a second administrator agrees, and it is done then."""
    case = hall.reported(text="")
    event = await hall.shown(case)
    await hall.tap(event, "🗑️")
    text = await hall.says(event, "a second administrator has to agree")
    assert "☑️ agree" in text
    asked = await hall.said("A second administrator has to agree (case")
    await hall.tap(asked.id, "☑️", by=ADA)
    await hall.said("You decided this yourself")
    (made,) = hall.decisions()
    assert hall.actions(made)[0].state.value == "held"
    await hall.asks(f"confirm {case.id[:4]}", by=CY)
    assert hall.actions(made)[0].state.value == "wanted"


async def test_undo_without_a_number_takes_ones_own_latest_back(hall: Hall) -> None:
    """And says what it was."""
    await hall.asks(f"mute {BO} 2h because flooding")
    assert "You decided nothing lately" in await hall.asks("undo", by=CY)
    assert "took that back" in await hall.asks("undo")
    assert hall.decisions()[0].kind is DecisionKind.UNDO
    assert "You decided nothing lately" in await hall.asks("undo")


async def test_claim_keeps_others_away_for_a_time(hall: Hall) -> None:
    """The message says who is at it; the other is told; released, it is free."""
    case = hall.reported()
    event = await hall.shown(case)
    assert "is yours for two hours" in await hall.asks(f"claim {case.id[:4]}")
    await hall.says(event, f"{ADA} is looking at it.")
    assert f"{ADA} is looking at this case" in await hall.asks(f"leave {case.id[:4]}", by=CY)
    assert "is free again" in await hall.asks(f"release {case.id[:4]}")
    assert "decided: it may stay" in await hall.asks(f"leave {case.id[:4]}", by=CY)


TYPOS = {
    "!moot casees": "cases",
    "!moot mutte @bo 1h": "mute",
    "!moot unmut @bo": "unmute",
    "!moot lockdwn": "lockdown",
    "!moot qiuet": "quiet",
    "!moot chosoe": "choose",
}


async def test_typos_are_forgiven_with_a_question(hall: Hall) -> None:
    """Nothing is done on a guess; the word that was probably meant is named."""
    for typed, meant in TYPOS.items():
        assert f"Did you mean “{meant}”?" in await hall.asks(typed)
    assert not hall.standing()


WRONG = {
    "mute @bo because flooding": "For how long?",
    "mute @bo 0m because flooding": "For how long?",
    "mute @bo 100w because flooding": "It can last from one minute to one year.",
    "case": "Which case?",
    "case zebra": "“zebra” is no case.",
    "case ffff": "There is no case ffff",
    "warn": "Whom do you mean?",
    "kick @cy because no": "Administrators can't be muted, kicked or banned here.",
    "confirm ffff": "There is no case ffff",
    "hold ffff": "Until which day?",
    "choose ladder now": "I can't read “now”.",
    "choose laddder 0 1h": "Did you mean ladder?",
    "choose panel_size 99": "panel_size can't be 99",
    "quiet 25:00-07:00": "A day has 24 hours",
    "quiet tonight": "I read hours such as",
    "quiet 22:00-07:00 Mars/Olympus": "I know no time zone",
    "partner with nobody": "There is no group nobody here.",
    "undo ffff": "There is no case ffff",
    "unmute @bo": "is not muted by any decision",
}


async def test_what_is_wrong_is_said_with_the_remedy(hall: Hall, scene: Scene) -> None:
    """Every error names what to write instead, and nothing is decided."""
    for number, (said, answer) in enumerate(WRONG.items()):
        if number == 12:
            scene.clock.ahead += 61  # nobody may ask more than 20 things a minute
        assert answer in await hall.asks(f"!moot {said}")
    assert not hall.decisions()


async def test_no_command_is_for_members(hall: Hall, scene: Scene) -> None:
    """A member is told for whom it is, whatever they write; a former administrator is one."""
    case = hall.reported()
    for number, command in enumerate(one for one in OF_CASES if one.who is Who.ADMINISTRATOR):
        if number % 15 == 0:
            scene.clock.ahead += 61  # nobody may ask more than 20 things a minute
        text = await hall.asks(f"!moot {command.name} {case.id[:4]} 1h because", by=DI, room=hall.room)
        assert text.startswith("Only an administrator can decide that"), command.name
    hall.server.put(hall.room, ADA, "m.room.power_levels", {"users": {ADA: 100, BOT: 50}}, "")
    assert "Only an administrator" in await hall.asks("!moot mute @bo 1h because", by=CY)
    assert not hall.decisions()


async def test_members_are_not_told_what_waits(hall: Hall) -> None:
    """Asked in a room of members, a case is shown to nobody there."""
    case = hall.reported()
    await hall.shown(case)
    text = await hall.asks(f"!moot case {case.id[:4]}", room=hall.room)
    assert text == "I have answered you in our direct chat."
    assert not hall.cards(hall.room)


async def test_a_case_about_an_administrator_is_shown_in_the_direct_chat(hall: Hall) -> None:
    """Whoever asks for it in the room in which its person reads gets it alone; its person never does."""
    case = hall.reported(about=CY)
    await hall.scene.until(lambda: any("Case " in text for text in hall.scene.told(ADA)))
    assert await hall.asks(f"case {case.id[:4]}") == "I have answered you in our direct chat."
    assert "This case is about you" in await hall.asks(f"case {case.id[:4]}", by=CY)
    assert "This case is about you" in await hall.asks(f"leave {case.id[:4]}", by=CY)
    assert not hall.cards()


async def test_quiet_hours_are_ones_own(hall: Hall, scene: Scene) -> None:
    """In them, nobody is written to alone; they end by themselves."""
    assert "between 22:00 and 07:00 (Europe/Berlin)" in await hall.asks("quiet 22:00-07:00 Europe/Berlin")
    wish = hall.store.read_now(lambda c: preferences.get(c, hall.group, ADA))
    assert (wish.quiet_from, wish.quiet_to, wish.zone) == (1320, 420, "Europe/Berlin")
    assert "between 23:30 and 06:00 (Europe/Berlin)" in await hall.asks("!moot quiet 23:30-6")
    assert hall.store.read_now(lambda c: preferences.get(c, hall.group, CY)).quiet_from is None
    assert "at any hour" in await hall.asks("quiet off")


async def test_every_choice_has_a_meaning_and_can_be_made(hall: Hall) -> None:
    """What a group can choose is listed in words, and chosen in them."""
    assert set(MEANINGS) == set(Choices.__struct_fields__) - {"administrators_room"}
    text = await hall.asks("choose")
    for name, meaning in MEANINGS.items():
        assert f"{name}: " in text
        assert meaning in text
    assert "ladder: 0 1 hour 1 day" in await hall.asks("choose ladder 0 1h 24h")
    assert hall.store.read_now(lambda c: choices.get(c, hall.group)).ladder == (0.0, 1.0, 24.0)
    assert "ladder: none" in await hall.asks("choose ladder none")
    assert "urgent_hours: 2 hours" in await hall.asks("choose urgent_hours 2h")
    assert "panel_size: 3" in await hall.asks("choose panel-size 3")


async def test_partners_agree_on_both_sides(hall: Hall) -> None:
    """One side alone changes nothing."""
    now = hall.scene.clock()
    source = hall.scene.newest_policy(hall.room)
    other = hall.store.write_now(lambda c: groups.create(c, "Orchard", source, by=ADA, at=now)).id
    assert hall.group in await hall.asks("partner")
    assert "The other group has to agree too" in await hall.asks(f"!moot partner with {other}")
    assert "There is no partner group." in await hall.asks("partner")
    assert "Ended." in await hall.asks(f"!moot partner end {other}")


async def test_a_hold_lengthens_what_is_kept(hall: Hall) -> None:
    """A closed case, a day, a reason; it stands in the log with a name."""
    case = hall.reported()
    await hall.shown(case)
    assert "This case is open" in await hall.asks(f"hold {case.id[:4]} until 2027-09-30 because police")
    await hall.asks(f"leave {case.id[:4]}")
    assert "the reason stands in the log" in await hall.asks(f"hold {case.id[:4]} until 2027-09-30")
    text = await hall.asks(f"hold {case.id[:4]} until 2027-09-30 because a court asked")
    assert "are kept until 30 September 2027" in text
    entry = hall.store.read_now(lambda c: log.entries(c, hall.group))[0]
    assert (entry.kind, entry.by, entry.body["reason"]) == ("case.held", ADA, "a court asked")


async def test_the_breaker_goes_on_by_one_tap(hall: Hall) -> None:
    """The message states what waits; whoever taps is in the log, and the message says who."""
    now = hall.scene.clock()

    def trip(connection: Connection) -> None:
        made = breakers.trip(connection, hall.group, at=now, why="test")
        outbox.put(connection, hall.group, "breaker", {"breaker": str(made.id)}, at=now)

    hall.store.write_now(trip)
    asked = await hall.said("Urgent: too much at once")
    await hall.scene.until(lambda: bool(hall.taps(asked.id)))
    await hall.tap(asked.id, "▶️")
    await hall.says(asked.id, f"{ADA} let it go on")
    assert hall.store.read_now(lambda c: breakers.tripped(c, hall.group)) is None
    assert "Nothing waits:" in await hall.asks("!moot confirm all")


async def test_plain_talk_in_the_administrators_room_is_not_for_us(hall: Hall) -> None:
    """Only what is written as a command is one there."""
    before = len(hall.scene.texts(hall.hall))
    for text in ("remove him please", "case closed, I think", "ban or no ban?", "mute is an option", "hm"):
        hall.server.say(hall.hall, ADA, text)
    await hall.asks("cases")
    assert len(hall.scene.texts(hall.hall)) == before + 1


async def test_here_only_where_members_do_not_read(scene: Scene) -> None:
    """Not in a room of members, not in a public one, not by a member; who else sees cases is said."""
    room = await scene.protected_room(users={CY: 50})
    assert "Members write in this room." in await scene.answer(room, ADA, "!moot here")
    open_room = scene.server.create_room(ADA, name="Open")
    scene.server.put(open_room, ADA, "m.room.join_rules", {"join_rule": "public"}, "")
    scene.server.member(open_room, ADA, BOT, "invite")
    await scene.until(lambda: bool(scene.texts(open_room)))
    assert "Anybody can enter" in await scene.answer(open_room, ADA, "!moot here")
    mixed = scene.server.create_room(ADA, name="Mixed")
    scene.server.member(mixed, BO, BO, "join")
    scene.server.member(mixed, ADA, BOT, "invite")
    await scene.until(lambda: bool(scene.texts(mixed)))
    assert "Only an administrator of a group" in await scene.answer(mixed, BO, "administrators here")
    text = await scene.answer(mixed, ADA, "administrators here")
    assert "are shown here from now on" in text
    assert f"1 person here is no administrator of the group, and will see every case: {BO}." in text
