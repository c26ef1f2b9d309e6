"""Members report and appeal through a real Synapse: in the room, in their app, by a link after a ban."""

import asyncio
import signal
import sys
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.gateways.matrix.bot.wire import News, OutOfReachError
from folkmoot.remember import appeals, cases, groups, reports, rooms
from folkmoot.remember.deciding import Decision, Report, Source
from folkmoot.review import appealing, deciding
from folkmoot.review.consequences import Choice, Pick
from folkmoot.review.permissions import Actor, Part
from folkmoot.wiring import Folkmoot
from tests.contract.bot.conftest import Town
from tests.support.synapse import Person, new_person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse"), pytest.mark.timeout(240)]

_SAID = "You had better not come on Saturday, I mean it."


async def _group(town: Town, room: str, by: Person) -> str:
    """End practice in the room's group."""
    store = town.folkmoot.store
    known = await store.read(lambda c: rooms.get(c, room))
    assert known is not None
    await store.write(lambda c: groups.start(c, known.group, by=by.id, at=1.0))
    await town.folkmoot.pipeline.standings.refresh()
    return known.group


async def _say(person: Person, room: str, content: dict[str, Any] | str, kind: str = "m.room.message") -> str:
    answer = await person.send(room, content, kind)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["event_id"])


def _reply(text: str, to: str) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": text, "m.relates_to": {"m.in_reply_to": {"event_id": to}}}


def _reports(town: Town, group: str, about: Person) -> list[Report]:
    store = town.folkmoot.store
    found = store.read_now(lambda c: cases.open_about(c, group, about.id))
    return [] if found is None else store.read_now(lambda c: reports.of_case(c, found.id))


async def _gone(town: Town, person: Person, room: str, event: str) -> None:
    async def find() -> str | None:
        return None if (await person.event(room, event))["content"] else event

    await town.until(find, within=20, what="the redaction")


def _decide(town: Town, group: str, about: Person, by: Person, *picks: Pick) -> Decision:
    store, now = town.folkmoot.store, town.bot._here.clock()
    case = store.read_now(lambda c: cases.open_about(c, group, about.id))
    assert case is not None
    actor, choice = Actor(person=by.id, part=Part.ADMINISTRATOR, group=group), Choice(picks=picks)
    return store.write_now(
        lambda c: deciding.decide(
            c, store.seals, case.id, case.version, choice, by=actor, at=now, reason="This was a threat."
        )
    )


async def test_a_report_by_reply_by_reaction_and_by_the_app(
    town: Town, synapse: Homeserver, ada: Person, bo: Person
) -> None:
    """Each way leads to a report and a confirmation, and what was done in the room is removed."""
    ways = {Source.REPLY: new_person(synapse), Source.REACTION: new_person(synapse)}
    by_app = new_person(synapse)
    room = await town.protected_room(ada, bo, *ways.values(), by_app)
    group = await _group(town, room, ada)
    message = await _say(bo, room, _SAID)
    reply = await _say(ways[Source.REPLY], room, _reply("report violence he threatens us", message))
    relation = {"rel_type": "m.annotation", "event_id": message, "key": "🚩"}
    tap = await _say(ways[Source.REACTION], room, {"m.relates_to": relation}, "m.reaction")
    path = f"/rooms/{quote(room)}/report/{quote(message, safe='')}"
    await by_app.do("POST", path, {"reason": "violence look at this"})
    for person in (*ways.values(), by_app):
        await town.told(person, "Your report about a message in Garden was received")
    kept = {one.source: one.reporter for one in _reports(town, group, bo)}
    assert kept == {source: person.id for source, person in ways.items()} | {Source.CLIENT: by_app.id}
    await _gone(town, bo, room, reply)
    await _gone(town, bo, room, tap)
    case = town.folkmoot.store.read_now(lambda c: cases.open_about(c, group, bo.id))
    assert case is not None
    seals = town.folkmoot.store.seals
    said = town.folkmoot.store.read_now(lambda c: seals.words(c, case.id))
    assert said[0].text == _SAID
    for person in (*ways.values(), by_app):
        await person.close()


async def test_a_report_that_the_news_left_out_counts(
    town: Town, synapse: Homeserver, ada: Person, bo: Person
) -> None:
    """While the bot was cut off, a reaction and then more than Synapse hands over at once: it is found."""
    cy = new_person(synapse)
    room = await town.protected_room(ada, bo, cy)
    group = await _group(town, room, ada)
    message = await _say(bo, room, _SAID)
    wire = town.bot._here.wire
    real = wire.news

    async def news(*_: Any, **__: Any) -> News:
        raise OutOfReachError("cut off")

    wire.news = news  # type: ignore[method-assign]
    await _say(ada, room, "a moment")  # ends the long wait that is under way
    await asyncio.sleep(1)
    relation = {"rel_type": "m.annotation", "event_id": message, "key": "🚩"}
    tap = await _say(cy, room, {"m.relates_to": relation}, "m.reaction")
    for number in range(120):
        await _say(ada, room, f"hello {number}")
    wire.news = real  # type: ignore[method-assign]
    await town.told(cy, "was received")
    await _gone(town, bo, room, tap)
    assert [one.reporter for one in _reports(town, group, bo)] == [cy.id]
    await cy.close()


async def test_who_is_banned_appeals_by_the_link_and_comes_back(
    town: Town, synapse: Homeserver, ada: Person, bo: Person
) -> None:
    """A real ban, the letter's link without an account, another administrator's answer, and no more ban."""
    cy, di = new_person(synapse), new_person(synapse)
    room = await town.protected_room(ada, bo, cy, di)
    await town.give_power(ada, room, cy.id, 50)
    await town.bot.watchdog.look(room)
    group = await _group(town, room, ada)
    message = await _say(bo, room, _SAID)
    await _say(di, room, _reply("report", message))
    await town.told(di, "was received")
    made = _decide(town, group, bo, ada, Pick.BAN)
    letter = await town.told(bo, "You are banned from")
    assert di.id not in letter

    async def membership(wanted: str) -> None:
        async def find() -> str | None:
            member = await ada.state(room, "m.room.member", bo.id) or {}
            return wanted if member.get("membership") == wanted else None

        await town.until(find, within=30, what=wanted)

    await membership("ban")
    token = next(word for word in letter.split() if "/receipt/" in word).rpartition("/")[2]
    page = f"http://127.0.0.1:{town.folkmoot.console_port}/receipt/{token}"
    async with httpx2.AsyncClient(trust_env=False, timeout=20) as stranger:
        text = (await stranger.get(page)).text
        assert "This was a threat." in text
        assert "It began with a report" in text
        assert not any(one.id in text for one in (ada, di))
        sent = await stranger.post(page, data={"words": "It was a line from a play."})
        assert sent.status_code == 303
        assert "It was a line from a play." in (await stranger.get(page)).text
    await town.told(bo, "Your appeal in Garden was received")
    store = town.folkmoot.store
    found = store.read_now(lambda c: appeals.against(c, made.id, bo.id))
    assert found is not None
    by = Actor(person=cy.id, part=Part.ADMINISTRATOR, group=group)
    store.write_now(
        lambda c: appealing.answer(
            c, store.seals, found.id, found.version,
            by=by, granted=True, words="I know that play.", at=town.bot._here.clock(),
        )
    )  # fmt: skip
    assert "I know that play." in await town.told(bo, "it was granted")
    await membership("invite")
    for person in (cy, di):
        await person.close()


async def _killed(town: Town, instant: str) -> asyncio.subprocess.Process:
    await town.folkmoot.close()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.bot.killed_members", str(town.file), instant,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    while b"ready" not in await child.stdout.readline():
        assert child.returncode is None
    return child


async def _reborn(town: Town, child: asyncio.subprocess.Process) -> None:
    assert await asyncio.wait_for(child.wait(), 40) == -signal.SIGKILL
    town.folkmoot = Folkmoot(town.settings)
    await town.start()


async def _count(town: Town, person: Person, words: str) -> int:
    await asyncio.sleep(2)
    told = [text for room in await town.directs(person) for text in await person.texts(room)]
    return sum(words in text for text in told)


@pytest.mark.parametrize("instant", ["report", "letter"])
async def test_a_kill_9_around_a_report_neither_loses_nor_doubles_it(
    town: Town, synapse: Homeserver, ada: Person, bo: Person, instant: str
) -> None:
    """Killed when it is durable, or when its confirmation has arrived: one report, one confirmation."""
    cy = new_person(synapse)
    room = await town.protected_room(ada, bo, cy)
    group = await _group(town, room, ada)
    message = await _say(bo, room, _SAID)
    child = await _killed(town, instant)
    reply = await _say(cy, room, _reply("report", message))
    await _reborn(town, child)
    await town.told(cy, "was received")
    await _gone(town, bo, room, reply)
    assert await _count(town, cy, "was received") == 1
    assert [one.reporter for one in _reports(town, group, bo)] == [cy.id]
    await cy.close()


async def test_a_kill_9_after_an_appeal_takes_it_in_once(
    town: Town, synapse: Homeserver, ada: Person, bo: Person
) -> None:
    """Killed when it is durable and nothing was said: one appeal, its words once, and one confirmation."""
    cy = new_person(synapse)
    room = await town.protected_room(ada, bo, cy)
    group = await _group(town, room, ada)
    message = await _say(bo, room, _SAID)
    await _say(cy, room, _reply("report", message))
    await town.told(cy, "was received")
    made = _decide(town, group, bo, ada, Pick.WARN)
    await town.told(bo, "This is a warning.")
    (direct,) = await town.directs(bo)
    child = await _killed(town, "appeal")
    await _say(bo, direct, "appeal it was a line from a play")
    await _reborn(town, child)
    await town.told(bo, "Your appeal in Garden was received")
    assert await _count(town, bo, "Your appeal in Garden was received") == 1
    store = town.folkmoot.store
    found = store.read_now(lambda c: appeals.against(c, made.id, bo.id))
    assert found is not None
    said = store.read_now(lambda c: store.seals.words(c, found.id))
    assert [one.text for one in said] == ["it was a line from a play"]
    await cy.close()
