"""Appeals come to other eyes alone, with a dialogue, and are answered after a second tap."""

from msgspec.structs import replace

from folkmoot.remember import appeals, groups, outbox
from folkmoot.remember.deciding import Appeal, AppealState, DecisionKind
from folkmoot.review import appealing, choosing
from folkmoot.review.permissions import Part
from tests.unit.bot.conftest import ADA, BO, BOT, Scene
from tests.unit.bot.console.conftest import CY, DI, Hall


async def _appealed(hall: Hall, *, by: str = ADA) -> Appeal:
    """Let an administrator mute BO, and BO appeal."""
    await hall.asks(f"mute {BO} 2h because flooding", by=by)
    (made,) = hall.decisions()
    now, member = hall.scene.clock(), hall.actor(BO, Part.MEMBER)
    return hall.store.write_now(
        lambda c: appealing.appeal(
            c, hall.store.seals, made.id, by=member, words="It was my brother.", at=now
        )
    )


async def _direct(hall: Hall, person: str, words: str) -> tuple[str, str]:
    """Wait for a message in the bot's chat with a person; returns room and event, the person being there."""
    scene = hall.scene
    await scene.until(lambda: any(words in text for text in scene.told(person)))
    for room in scene.server.rooms.values():
        for one in room.timeline:
            members = {key for (kind, key) in room.state if kind == "m.room.member"}
            if one.sender == BOT and words in one.body and members == {BOT, person}:
                scene.server.member(room.id, person, person, "join")
                return room.id, one.id
    raise AssertionError(words)


async def _sure(hall: Hall, room: str) -> str:
    asked = await hall.said("Are you sure?", room)
    await hall.scene.until(lambda: len(hall.taps(asked.id, room)) == 2)
    return asked.id


def _now(hall: Hall, appeal: Appeal) -> Appeal:
    found = hall.store.read_now(lambda c: appeals.get(c, appeal.id))
    assert found is not None
    return found


async def test_only_other_eyes_get_the_appeal(hall: Hall) -> None:
    """In a direct chat with what was decided, why, and the member's words; who decided is not asked."""
    found = await _appealed(hall)
    await _direct(hall, CY, f"Appeal {found.id[:4]} · {BO} · “Garden”")
    text = next(text for text in hall.scene.told(CY) if "Appeal " in text)
    assert f"{ADA} decided: {BO} muted for 2 hours" in text
    assert "The reason then: flooding" in text
    assert "“It was my brother.”" in text
    assert f"grant {found.id[:4]} because …" in text
    assert not any("An appeal" in text for text in [*hall.scene.told(ADA), *hall.scene.texts(hall.hall)])
    direct = hall.scene.direct_with(ADA)
    await hall.scene.until(lambda: bool(hall.scene.texts(direct)))
    assert "No appeal waits for you." in await hall.asks("appeals", room=direct)
    shown = await hall.asks(f"grant {found.id[:4]} because I say so", room=direct)
    assert "Another person than the one who decided" in shown
    assert _now(hall, found).state is AppealState.OPEN


async def test_granted_everything_is_undone(hall: Hall) -> None:
    """With reasons, after a second tap that shows them; the member is told."""
    found = await _appealed(hall)
    room, _ = await _direct(hall, CY, "Appeal ")
    assert "Say why, for the member to read" in await hall.asks(f"grant {found.id[:4]}", CY, room)
    hall.server.say(room, CY, f"grant {found.id[:4]} because it was your brother")
    asked = await _sure(hall, room)
    assert "it was your brother" in hall.now(asked, room)
    assert hall.standing()
    await hall.tap(asked, "✅", CY, room)
    await hall.says(asked, "Granted: everything", room)
    assert _now(hall, found).state is AppealState.GRANTED
    assert not hall.standing()
    assert hall.decisions()[0].kind is DecisionKind.APPEAL
    kinds = ("appeal-answer",)
    far = hall.scene.clock() + 1e6
    told = hall.store.read_now(lambda c: outbox.due(c, now=far, kinds=kinds))
    assert told or any("granted" in text for text in hall.scene.told(BO))
    await hall.scene.until(lambda: bool(hall.cards()))
    card = hall.cards()[0].id
    await hall.says(card, f"{CY} granted the appeal: all of it is undone.")


async def test_refused_the_decision_stands(hall: Hall) -> None:
    """By replying to the appeal; answered once."""
    found = await _appealed(hall)
    room, letter = await _direct(hall, CY, "Appeal ")
    hall.server.say(room, CY, "refuse because we saw you write it", reply_to=letter)
    asked = await _sure(hall, room)
    await hall.tap(asked, "✅", CY, room)
    await hall.says(asked, "Not granted", room)
    assert hall.standing()
    assert _now(hall, found).state is AppealState.REFUSED
    shown = await hall.asks("grant because I changed my mind", CY, room, reply_to=letter)
    assert "answered already" in shown


async def test_a_dialogue_by_replies(hall: Hall) -> None:
    """A reply that is no command goes to the member; what the member answers comes once."""
    found = await _appealed(hall)
    room, letter = await _direct(hall, CY, "Appeal ")
    said = await hall.asks("Remove yourself from blame: which brother?", CY, room, reply_to=letter)
    assert "passed that on to the member" in said
    words = hall.store.read_now(lambda c: hall.store.seals.words(c, found.id))
    assert [one.author for one in words] == [BO, CY]
    now, member = hall.scene.clock(), hall.actor(BO, Part.MEMBER)
    hall.store.write_now(
        lambda c: appealing.write(c, hall.store.seals, found.id, by=member, words="The small one.", at=now)
    )
    await _direct(hall, CY, "The small one.")
    await hall.settled()
    assert sum("The small one." in text for text in hall.scene.told(CY)) == 1
    hall.server.say(room, CY, f"appeal {found.id[:4]}")
    await hall.said("Remove yourself from blame: which brother?", room)


async def test_the_only_administrator_looks_again_after_the_pause(scene: Scene) -> None:
    """Not before; and then it is theirs."""
    room = await scene.protected_room()
    now, group = scene.clock(), scene.group(room).id
    scene.store.write_now(lambda c: groups.start(c, group, by=ADA, at=now))
    direct = scene.direct_with(ADA)
    await scene.until(lambda: bool(scene.texts(direct)))
    hall = Hall(scene, room, direct)
    found = await _appealed(hall)
    assert found.not_before > scene.clock()
    text = await hall.asks(f"grant {found.id[:4]} because yes")
    assert "after the group's pause" in text
    scene.clock.ahead += 25 * 3600
    await hall.said("There is no other administrator, so you look at it once more yourself.")
    hall.server.say(direct, ADA, f"grant {found.id[:4]} because I was wrong")
    asked = await _sure(hall, direct)
    await hall.tap(asked, "✅")
    await hall.says(asked, "Granted")


async def test_a_partner_groups_administrator_answers(scene: Scene) -> None:
    """Where both groups agreed; nobody else may."""
    garden, orchard = await scene.protected_room(), await scene.protected_room(name="Orchard", users={CY: 50})
    scene.server.member(orchard, CY, CY, "join")
    await scene.bot.watchdog.look(orchard)
    one, other, now = scene.group(garden).id, scene.group(orchard).id, scene.clock()
    scene.store.write_now(lambda c: groups.start(c, one, by=ADA, at=now))
    direct = scene.direct_with(ADA)
    await scene.until(lambda: bool(scene.texts(direct)))
    hall = Hall(scene, garden, direct)
    partner = hall.actor(CY)
    scene.store.write_now(lambda c: choosing.agree(c, other, by=hall.actor(ADA), at=now))
    scene.store.write_now(lambda c: choosing.agree(c, one, by=replace(partner, group=other), at=now))
    assert "muted" in await hall.asks(f"mute {BO} 2h because flooding in 1")
    (made,) = hall.decisions()
    found = scene.store.write_now(
        lambda c: appealing.appeal(
            c, scene.store.seals, made.id, by=hall.actor(BO, Part.MEMBER), words="No.", at=now
        )
    )
    room, _ = await _direct(hall, CY, "Your group agreed to answer this group's appeals.")
    hall.server.say(room, CY, f"grant {found.id[:4]} because two hours are long")
    asked = await _sure(hall, room)
    await hall.tap(asked, "✅", CY, room)
    await hall.says(asked, "Granted", room)
    assert not hall.standing()


async def test_a_member_can_not_answer_an_appeal(hall: Hall) -> None:
    """Neither with its number nor by a guess."""
    found = await _appealed(hall)
    direct = hall.scene.direct_with(DI)
    await hall.scene.until(lambda: bool(hall.scene.texts(direct)))
    await hall.asks(f"grant {found.id[:4]} because we are friends", DI, direct)
    assert _now(hall, found).state is AppealState.OPEN
    assert not any("Are you sure" in text for text in hall.scene.texts(direct))
