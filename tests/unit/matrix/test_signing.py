"""What the policy server signs, what it refuses, and that it always answers the same."""

import asyncio
import json
from typing import Any

import pytest

from folkmoot.gateways.matrix.ports import Answer, Terms
from folkmoot.vocabulary import OnFailure
from tests.support.origin import Origin, ask
from tests.unit.matrix.desk import NAME, Desk, is_signed


@pytest.mark.parametrize("version", [str(number) for number in range(3, 13)])
async def test_a_good_message_is_signed_in_every_room_version(version: str) -> None:
    """The signature of an allowed message covers the event as its room version redacts it."""
    desk = Desk(Origin(version=version))
    event = desk.origin.event("hello")
    assert is_signed(desk, event, await desk.sign(event))
    assert [message.text for message in desk.judged] == ["hello"]
    await desk.close()


async def test_power_levels_of_version_10_are_signed_by_its_own_redaction() -> None:
    """In version 10 the signature of power levels does not cover `invite`; only version 11 keeps it."""
    desk = Desk(Origin(version="10"))
    event = desk.origin.event({"users": {}, "invite": 50}, "m.room.power_levels", state_key="")
    assert is_signed(desk, event, await desk.sign(event))
    await desk.close()


async def test_a_refusal_says_why(desk: Desk) -> None:
    """A refused message gets M_FORBIDDEN with the first line of the reasons, and our prefixed fields."""
    status, body = await desk.sign(desk.origin.event("buy spam"))
    assert status == 400
    assert body == {
        "errcode": "M_FORBIDDEN",
        "error": "Stopped: advertising is not wanted here.",
        "org.folkmoot.outcome": "stopped",
        "org.folkmoot.rule": "no-adverts",
        "org.folkmoot.link": "https://moot.example/r/1",
    }


async def test_the_same_event_keeps_its_answer_after_a_restart(desk: Desk) -> None:
    """An event that was refused once is refused after a restart too, without being judged again."""
    event = desk.origin.event("spam")
    first = await desk.sign(event)
    desk.server = desk.make()
    desk.judging = desk.server._signer._judging = _never()
    assert await desk.sign(event) == first


def _never() -> Any:
    class Never:
        async def terms(self, room: str) -> Terms:
            return Terms()

        async def judge(self, message: object) -> None:
            raise AssertionError("judged again")

    return Never()


async def test_many_ask_and_one_judges(desk: Desk) -> None:
    """Twenty servers that ask about one event at once get one judgement."""
    desk.delay = 0.05
    event = desk.origin.event("hello")
    answers = await asyncio.gather(*(desk.sign(event) for _ in range(20)))
    assert {status for status, _ in answers} == {200}
    assert len({json.dumps(body) for _, body in answers}) == 1
    assert len(desk.judged) == 1


async def test_an_asker_who_hangs_up_takes_nothing_from_the_others(desk: Desk) -> None:
    """When the first of two askers goes away, the other still gets the answer."""
    desk.delay = 0.1
    event = desk.origin.event("hello")
    first = asyncio.create_task(desk.sign(event))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(desk.sign(event))
    await asyncio.sleep(0.02)
    first.cancel()
    assert is_signed(desk, event, await second)
    assert len(desk.judged) == 1


@pytest.mark.parametrize("trouble", ["deadline", "fault"])
@pytest.mark.parametrize("chosen", list(OnFailure))
async def test_a_fault_of_ours_is_answered_as_the_group_chose(
    desk: Desk, trouble: str, chosen: OnFailure
) -> None:
    """When judging fails or takes too long, *open* signs and *closed* refuses, saying so."""
    desk.judging.terms_for_all = Terms(on_failure=chosen, closed_sentence="Not checked: please try again.")
    desk.delay = 5.0 if trouble == "deadline" else 0.0
    desk.fault = RuntimeError("secret words") if trouble == "fault" else None
    event = desk.origin.event("hello")
    status, body = await desk.sign(event)
    if chosen is OnFailure.OPEN:
        assert is_signed(desk, event, (status, body))
    else:
        assert (status, body["errcode"], body["error"]) == (
            400,
            "M_FORBIDDEN",
            "Not checked: please try again.",
        )
    kept = next(iter(desk.answers.answers.values()))
    assert kept.failure == trouble
    desk.delay, desk.fault = 0.0, None
    assert await desk.sign(event) == (status, body)


async def test_a_failing_memory_does_not_stop_anyone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When answers can be neither found nor kept, an open group's message passes, and keeps passing."""

    async def broken(*_: object) -> Answer:
        raise OSError("disk")

    monkeypatch.setattr(desk.answers, "find", broken)
    monkeypatch.setattr(desk.answers, "keep", broken)
    event = desk.origin.event("hello")
    first = await desk.sign(event)
    assert is_signed(desk, event, first)
    monkeypatch.undo()
    assert await desk.sign(event) == first


async def test_rooms_that_cannot_be_read_are_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the rooms cannot be read, what was known of a room serves."""
    assert (await desk.sign(desk.origin.event("hello")))[0] == 200

    async def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(desk.rooms, "find", broken)
    event = desk.origin.event("hello again")
    assert is_signed(desk, event, await desk.sign(event))


@pytest.mark.parametrize(
    ("kind", "content", "key"),
    [
        ("m.room.policy", {}, ""),
        ("m.room.member", {"membership": "join", "displayname": "spam"}, "@ada:origin.example"),
        ("m.room.name", {"name": "spam"}, ""),
        ("m.room.redaction", {"redacts": "$x", "reason": "spam"}, None),
    ],
)
async def test_state_and_redactions_always_pass(
    desk: Desk, kind: str, content: dict[str, Any], key: str
) -> None:
    """Membership, room settings and redactions are signed without being judged, m.room.policy above all."""
    event = desk.origin.event(content, kind, state_key=key)
    assert is_signed(desk, event, await desk.sign(event))
    assert not desk.judged


async def test_a_message_dressed_as_state_is_judged(desk: Desk) -> None:
    """An m.room.message with a state key is judged like any other."""
    event = desk.origin.event({"msgtype": "m.text", "body": "spam"}, state_key="x")
    assert (await desk.sign(event))[0] == 400


@pytest.mark.parametrize("signs", [True, False])
async def test_encrypted_messages_pass_unless_the_group_says_otherwise(desk: Desk, signs: bool) -> None:
    """An encrypted event is signed as unreadable, or refused with a sentence if the group chose so."""
    desk.judging.terms_for_all = Terms(sign_encrypted=signs, encrypted_sentence="No encrypted messages here.")
    event = desk.origin.event({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted")
    status, body = await desk.sign(event)
    if signs:
        assert is_signed(desk, event, (status, body))
        assert [(message.encrypted, message.text) for message in desk.judged] == [(True, "")]
    else:
        assert (status, body["error"]) == (400, "No encrypted messages here.")


async def test_the_older_address_answers_too(desk: Desk) -> None:
    """Synapse's address from before the specification gives the same answer."""
    event = desk.origin.event("hello")
    old = "/_matrix/policy/unstable/org.matrix.msc4284/sign"
    header = desk.origin.header("POST", old, NAME, event)
    assert is_signed(desk, event, await ask(desk.server.app, "POST", old, event, header))
