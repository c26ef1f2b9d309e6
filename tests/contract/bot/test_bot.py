"""The bot through a real Synapse, with the real policy server and the real judging."""

import asyncio
import signal
import sys
from typing import Any
from urllib.parse import quote

import pytest

from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.decide import starters
from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.notes import Plan
from folkmoot.remember import outbox, rooms
from folkmoot.remember.records import Protection
from folkmoot.wiring import Folkmoot
from tests.contract.bot.conftest import Town
from tests.support.synapse import Person

pytestmark = [pytest.mark.synapse, pytest.mark.xdist_group("synapse"), pytest.mark.timeout(240)]

_SPAM = "WIN A PRIZE NOW at the garden gate"


async def test_from_the_invitation_to_a_refusal_with_its_reason(town: Town, ada: Person, bo: Person) -> None:
    """Invite, give power, choose, practise, start: then a flood is refused and its author told why."""
    room = await town.protected_room(ada, bo)
    assert await ada.state(room, "m.room.policy") == {
        "via": town.settings.policy_server.server_name,
        "public_keys": {"ed25519": town.folkmoot.policy_server.public_key},  # type: ignore[union-attr]
    }
    statuses = [(await bo.send(room, _SPAM)).status_code for _ in range(4)]
    assert statuses == [200] * 4, "in practice nothing is stopped"
    await ada.send(room, "!moot start")
    question = await town.heard(ada, room, "If you end practice")
    assert "would have been" in question
    await bo.send(room, "!moot start yes")
    await town.heard(bo, room, "Only an administrator")
    assert town.practising(room)
    await ada.send(room, "!moot yes")
    await town.heard(ada, room, "Practice is over")
    refused = await bo.send(room, _SPAM)
    assert refused.status_code == 400, refused.text
    assert "org.folkmoot.link" in refused.json(), refused.text
    letter = await town.told(bo, "Your message was stopped before anyone saw it.")
    assert "/receipt/" in letter
    assert _SPAM not in letter
    delivered = await bo.send(room, "Does anybody have spare tomatoes?")
    assert delivered.status_code == 200


async def test_a_member_reads_every_rule(town: Town, ada: Person, bo: Person) -> None:
    """The answer to `rules` holds every sentence of the policy."""
    room = await town.protected_room(ada, bo)
    await bo.send(room, "!moot rules")
    text = await town.heard(bo, room, "These are all the rules there are.")
    for rule in starters.load("neighbours").rules:
        assert rule.sentence in text


async def test_a_choice_by_reaction(town: Town, ada: Person) -> None:
    """A tap on the number below the question chooses."""
    room = await ada.create_room(name="Taps", invite=[town.bot_id])
    await town.heard(ada, room, "power level 50")
    await town.give_power(ada, room, town.bot_id, 50)
    await town.heard(ada, room, "Which policy")
    page = await ada.do("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=50")
    asked = [one for one in page["chunk"] if "Which policy" in one["content"].get("body", "")]
    relation = {"rel_type": "m.annotation", "event_id": asked[0]["event_id"], "key": "2️⃣"}
    assert (await ada.send(room, {"m.relates_to": relation}, "m.reaction")).status_code == 200
    await town.heard(ada, room, "The policy is “Support group”")
    await town.until_state(room, Protection.ON)


async def test_a_kicked_policy_user_is_told_of_and_invited_again(town: Town, ada: Person) -> None:
    """Off is told with the reason, the account is invited again, and on is told too."""
    room = await town.protected_room(ada)
    await ada.do("POST", f"/rooms/{quote(room)}/kick", {"user_id": town.policy_id})
    assert "did that" in await town.told(ada, "Protection is OFF in “Garden”")
    await town.told(ada, "Protection is ON again in “Garden”")
    member = await ada.state(room, "m.room.member", town.policy_id)
    assert member is not None
    assert member["membership"] == "join"


async def test_protection_off_and_on_by_command_and_by_hand(town: Town, ada: Person) -> None:
    """The command empties m.room.policy; a hand that empties it is told of, and not fought."""
    room = await town.protected_room(ada)
    await ada.send(room, "!moot protect off")
    await town.heard(ada, room, "protection OFF")
    assert await ada.state(room, "m.room.policy") == {}
    await ada.send(room, "!moot protect on")
    await town.until_state(room, Protection.ON)
    assert (await ada.put_state(room, "m.room.policy", {})).status_code == 200
    await town.told(ada, "no longer names a policy server")
    assert await ada.state(room, "m.room.policy") == {}


async def test_an_unreachable_policy_server_is_noticed_and_its_room_can_be_freed(
    town: Town, ada: Person
) -> None:
    """With the policy server gone, its room is silent: the administrator hears why, and frees it directly."""
    room = await town.protected_room(ada)
    listener = town.folkmoot._listeners[-1]
    await listener.close()
    await town.told(ada, "does not answer over HTTPS")
    assert (await ada.send(room, "hello?")).status_code == 500
    direct = (await town.directs(ada))[0]
    await ada.send(direct, "protect off")
    await town.heard(ada, direct, "protection OFF")
    assert (await ada.send(room, "hello again")).status_code == 200


async def test_a_kill_between_send_and_note_tells_once(town: Town, ada: Person, bo: Person) -> None:
    """Killed by -9 after the send: the homeserver knows the letter's name, and it is there once."""
    room = await town.protected_room(ada, bo)
    await ada.send(room, "!moot start yes")
    await town.heard(ada, room, "Practice is over")
    await town.folkmoot.close()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.bot.killed", str(town.file), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    while b"ready" not in await child.stdout.readline():
        assert child.returncode is None
    for _ in range(6):
        await bo.send(room, _SPAM)  # the last of these fail: their policy server dies meanwhile
    assert await asyncio.wait_for(child.wait(), 30) == -signal.SIGKILL
    town.folkmoot = Folkmoot(town.settings)
    assert await _plans(town) == [bo.id]
    await town.start()
    await town.told(bo, "Your message was stopped")
    await _nothing_left(town)
    direct = (await town.directs(bo))[0]
    letters = [text for text in await bo.texts(direct) if "Your message was stopped" in text]
    assert letters
    refused = len(await _refused(town, bo))
    assert len(letters) + sum(_more(text) for text in letters) == refused


async def test_the_bot_lives_through_a_restart_of_the_homeserver(
    town: Town, synapse: Homeserver, ada: Person, bo: Person
) -> None:
    """Synapse goes away and comes back; the bot answers again, and protection was never called off."""
    room = await town.protected_room(ada, bo)
    synapse.stop()
    await asyncio.sleep(2)
    synapse.start()
    await bo.send(room, "!moot status")
    await town.heard(bo, room, "“Garden”: protection ON", within=60)
    told = [text for direct in await town.directs(ada) for text in await ada.texts(direct)]
    assert not any("Protection is OFF" in text for text in told)


async def test_in_rooms_of_every_kind_of_power(town: Town, ada: Person) -> None:
    """In a room of version 12 its creator, who is in no power levels, is its administrator."""
    room = await ada.create_room(name="Twelve", room_version="12", invite=[town.bot_id])
    await town.heard(ada, room, "power level")
    levels = await ada.state(room, "m.room.power_levels") or {}
    needed = max(50, int(levels.get("events", {}).get("m.room.policy", levels.get("state_default", 50))))
    await town.give_power(ada, room, town.bot_id, needed)
    await town.heard(ada, room, "Which policy")
    await ada.send(room, "1")
    await town.until_state(room, Protection.ON)
    known = town.folkmoot.store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    listed = town.folkmoot.store.read_now(lambda c: rooms.administrators_of(c, known.group))
    assert list(listed) == [ada.id]


async def test_a_direct_chat_that_a_member_opens(town: Town, ada: Person, bo: Person) -> None:
    """Plain words are commands there, and the console is for administrators only."""
    await town.protected_room(ada, bo)
    direct = await bo.create_room(is_direct=True, preset="trusted_private_chat", invite=[town.bot_id])
    await town.heard(bo, direct, "I am the bot of Folkmoot")
    await bo.send(direct, "console")
    await town.heard(bo, direct, "Only an administrator")
    await bo.send(direct, "rules")
    await town.heard(bo, direct, "These are all the rules")
    await ada.send((await _direct(town, ada)), "console")
    assert "/sign-in/" in await town.told(ada, "/sign-in/")


async def test_an_encrypted_direct_chat_is_answered_readably(town: Town, ada: Person, bo: Person) -> None:
    """The bot says that it can't read there, in a chat without encryption."""
    await town.protected_room(ada, bo)
    encryption = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    direct = await bo.create_room(is_direct=True, invite=[town.bot_id], initial_state=[encryption])
    await town.heard(bo, direct, "I am the bot of Folkmoot")
    await bo.send(direct, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA"}, "m.room.encrypted")
    assert "not encrypted" in await town.told(bo, "I can't read encrypted messages.")


async def _direct(town: Town, person: Person) -> str:
    direct = await person.create_room(is_direct=True, invite=[town.bot_id])
    await town.heard(person, direct, "I am the bot of Folkmoot")
    return direct


async def _plans(town: Town) -> list[str]:
    return [*await town.folkmoot.store.read(lambda c: notes.every(c, Plan))]


async def _nothing_left(town: Town) -> None:
    async def find() -> str | None:
        due = await town.folkmoot.store.read(lambda c: outbox.due(c, now=4e9, kinds=("reason",), most=100))
        return None if due else "done"

    await town.until(find, within=30, what="all letters are delivered")


async def _refused(town: Town, person: Person) -> list[str]:
    def stopped(connection: Any) -> list[str]:
        query = "SELECT id FROM verdicts WHERE sender = ? AND done = 'stop'"
        return [row.id for row in connection.exec_driver_sql(query, (person.id,))]

    return await town.folkmoot.store.read(stopped)


def _more(text: str) -> int:
    found = [line for line in text.splitlines() if line.startswith("And ") and "same reason" in line]
    return int(found[0].split()[1]) if found else 0
