"""The pocket console through a real Synapse: a case by a report, decided by a tap, done, taken back."""

import asyncio
import signal
import sys
from typing import Any
from urllib.parse import quote

import pytest

from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.remember import cases, decisions, groups, rooms, sanctions
from folkmoot.wiring import Folkmoot
from tests.contract.bot.conftest import Town
from tests.support.synapse import Person, new_person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse"), pytest.mark.timeout(240)]


class Hall:
    """A protected room that has started, and the administrators' room."""

    def __init__(self, town: Town, ada: Person, room: str, hall: str) -> None:
        """Keep what tests ask about."""
        self.town, self.ada, self.room, self.hall = town, ada, room, hall
        known = town.folkmoot.store.read_now(lambda c: rooms.get(c, room))
        assert known is not None
        self.group = known.group

    async def events(self, room: str) -> list[dict[str, Any]]:
        """Return what a client of ADA's sees in a room, oldest first."""
        page = await self.ada.do("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=100")
        return [*reversed(page["chunk"])]

    async def card(self, words: str) -> str:
        """Wait for a message in the administrators' room, with our reactions on it, and return its event."""

        async def find() -> str | None:
            found = await self.events(self.hall)
            cards = [one["event_id"] for one in found if words in one["content"].get("body", "")]
            tapped = [_target(one) for one in found if one["type"] == "m.reaction"]
            return next((one for one in cards if one in tapped), None)

        return await self.town.until(find, within=30, what=words)

    async def tap(self, event: str, key: str) -> None:
        """React as ADA."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        assert (await self.ada.send(self.hall, {"m.relates_to": relation}, "m.reaction")).status_code == 200

    async def says(self, event: str, words: str) -> str:
        """Wait until a message, as edits left it, says something."""

        async def find() -> str | None:
            said = await self.ada.event(self.hall, event)
            new = said["unsigned"].get("m.relations", {}).get("m.replace", {}).get("content", {})
            text = new.get("m.new_content", said["content"]).get("body", "")
            return str(text) if words in text else None

        return await self.town.until(find, within=30, what=words)

    async def edits(self, event: str) -> int:
        """Return how many edits of a message there are."""
        path = f"/rooms/{quote(self.hall)}/relations/{quote(event, safe='')}/m.replace"
        answer = await self.ada._client.get(f"../v1{path}")
        return len(answer.json()["chunk"])


def _target(event: dict[str, Any]) -> str:
    return str(event["content"].get("m.relates_to", {}).get("event_id", ""))


async def _hall(town: Town, ada: Person, *others: Person) -> Hall:
    room = await town.protected_room(ada, *others)
    known = town.folkmoot.store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    hall = await ada.create_room(name="Administrators", invite=[town.bot_id])
    await town.heard(ada, hall, "power level")
    await ada.send(hall, "folkmoot here")
    await town.heard(ada, hall, "are shown here from now on")
    await town.folkmoot.store.write(lambda c: groups.start(c, known.group, by=ada.id, at=1.0))
    await town.folkmoot.pipeline.standings.refresh()
    return Hall(town, ada, room, hall)


@pytest.fixture
async def cy(synapse: Homeserver) -> Any:
    """Another plain member."""
    person = new_person(synapse)
    yield person
    await person.close()


async def test_a_case_by_a_report_is_decided_by_a_tap_and_undone(
    town: Town, ada: Person, bo: Person, cy: Person
) -> None:
    """The reported message is redacted by the tap; taken back, its author gets the text again."""
    hall = await _hall(town, ada, bo, cy)
    message = (await bo.send(hall.room, "buy my watch")).json()["event_id"]
    reply = {"m.in_reply_to": {"event_id": message}}
    await cy.send(hall.room, {"msgtype": "m.text", "body": "report", "m.relates_to": reply})
    card = await hall.card("“buy my watch”")
    await hall.tap(card, "🗑️")
    text = await hall.says(card, "decided: message removed")
    assert f"{bo.id} is told: “Your message was removed." in text

    async def redacted() -> str | None:
        return "yes" if not (await cy.event(hall.room, message))["content"] else None

    await town.until(redacted, within=30, what="the message is redacted")
    await town.told(bo, "Your message was removed.")
    await hall.tap(await hall.card("“buy my watch”"), "↩️")
    await hall.says(card, f"{ada.id} took that back")
    await town.told(bo, "buy my watch")
    assert (await bo.send(hall.room, "buy my watch")).status_code == 200


async def test_a_mute_by_a_command_holds_at_once_and_is_lifted(town: Town, ada: Person, bo: Person) -> None:
    """The member's next message is refused with the reason; unmuted, the one after that is delivered."""
    hall = await _hall(town, ada, bo)
    await ada.send(hall.hall, f"mute {bo.id} 2h because of flooding")
    await town.heard(ada, hall.hall, "muted for 2 hours")
    refused = await bo.send(hall.room, "hello?")
    assert refused.status_code in (400, 403), refused.text
    await ada.send(hall.hall, f"unmute {bo.id}")
    await town.heard(ada, hall.hall, "took that back")

    async def delivered() -> str | None:
        return "yes" if (await bo.send(hall.room, "hello again")).status_code == 200 else None

    await town.until(delivered, within=30, what="the member can write again")
    assert not town.folkmoot.store.read_now(lambda c: sanctions.standing(c, hall.group))


async def test_killed_between_decision_and_edit_the_message_is_edited_once(
    town: Town, ada: Person, bo: Person, cy: Person
) -> None:
    """Killed by -9 after the decision's commit: one decision, one edit, nothing said twice."""
    hall = await _hall(town, ada, bo, cy)
    message = (await bo.send(hall.room, "buy my watch")).json()["event_id"]
    reply = {"m.in_reply_to": {"event_id": message}}
    await cy.send(hall.room, {"msgtype": "m.text", "body": "report", "m.relates_to": reply})
    card = await hall.card("“buy my watch”")
    await town.folkmoot.close()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.bot.killed_at_an_edit", str(town.file),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    while b"ready" not in await child.stdout.readline():
        assert child.returncode is None
    await hall.tap(card, "✅")
    assert await asyncio.wait_for(child.wait(), 30) == -signal.SIGKILL
    town.folkmoot = Folkmoot(town.settings)
    await town.start()
    await hall.says(card, f"{ada.id} decided: it may stay")
    await asyncio.sleep(2)
    assert await hall.edits(card) == 1
    (case,) = town.folkmoot.store.read_now(lambda c: cases.begins(c, hall.group, ""))
    assert len(town.folkmoot.store.read_now(lambda c: decisions.of_case(c, case.id))) == 1
    assert not any("already" in text for text in await ada.texts(hall.hall))
