"""A homeserver that joins late asks about the unsigned past of a room: what is old counts for nothing new."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from folkmoot.gateways.matrix.remembered import PipelineJudging
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import cases, groups, outbox, rooms
from folkmoot.remember.store import Store
from tests.support.origin import ROOM, Origin
from tests.unit.matrix.desk import Desk, is_signed

_RULE = """
[[rules]]
id = "{name}"
sentence = "No."
category = "spam"
outcome = "{outcome}"
made_by = "a test"
made_at = 2026-11-22T09:00:00Z
when = [{when}]
"""
_POLICY = 'id = "past"\nname = "Past"\n' + "".join(
    _RULE.format(name=name, outcome=outcome, when=when)
    for name, outcome, when in (
        ("pills", "stop", '{ kind = "words", any = ["cheap pills"] }'),
        ("cars", "case", '{ kind = "words", any = ["my old car"] }'),
        ("slowly", "stop", '{ kind = "floods", count = 3, within = "10 minutes" }'),
        ("copies", "stop", '{ kind = "copies", count = 2, within = "1 hour" }'),
        ("calls", "stop", '{ kind = "mentions", room = true }'),
    )
)
_LONG = "Every Saturday the bicycle workshop is open to all who bring their own tools along, number "
HOUR = 3600.0


class Street:
    """A room whose protection began an hour ago, judged by the product."""

    def __init__(self, store: Store) -> None:
        """Nobody has written yet."""
        self.store = store
        self.pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, "https://moot.example"))
        self.desk = Desk(Origin())
        self.desk.judging = PipelineJudging(self.pipeline, self.desk.rooms)  # type: ignore[assignment,arg-type]
        self.desk.server = self.desk.make()

    async def signed(self, text: str, ago: float, **content: Any) -> bool:
        """Whether a message of a plain member, sent so many seconds ago, is signed now."""
        event = self.desk.origin.event(
            {"msgtype": "m.text", "body": text, **content},
            sender=f"@ben:{self.desk.origin.name}",
            origin_server_ts=int((time.time() - ago) * 1000),
        )
        return is_signed(self.desk, event, await self.desk.sign(event))


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """A room whose protection began an hour ago."""
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    made = Street(store)
    began = time.time() - HOUR
    group = (await store.write(lambda c: groups.create(c, "Street", _POLICY, by="@ada:x", at=began))).id
    await store.write(lambda c: rooms.add(c, group, ROOM, "Street", by="@ada:x", at=began))
    await store.write(lambda c: groups.start(c, group, by="@ada:x", at=began))
    await made.pipeline.start()
    yield made
    await made.desk.close()
    await made.pipeline.close()
    store.close()


async def test_the_past_is_no_flood_and_no_copy(street: Street) -> None:
    """A hundred old messages asked about at once are signed, the same text and calls to all among them."""
    for number in range(12):
        assert await street.signed(f"good morning {number}", ago=90 * HOUR - number)
    for number in range(4):
        assert await street.signed(_LONG + "one", ago=80 * HOUR - number)
    assert await street.signed("hello all", ago=70 * HOUR, **{"m.mentions": {"room": True}})
    assert await street.signed("a message of today is no flood after that", ago=1)


async def test_what_was_said_long_ago_opens_no_case_and_is_held_against_nobody(street: Street) -> None:
    """By its content an old message is refused as a new one is; nobody is written to, nothing is opened."""
    assert await street.signed("i sold my old car", ago=50 * HOUR)
    for number in range(4):
        assert not await street.signed(f"cheap pills {number}", ago=50 * HOUR)
    group = (await street.store.read(groups.every))[0].id
    assert await street.store.read(lambda c: cases.still_open(c, group)) == []
    letters = await street.store.read(lambda c: outbox.due(c, now=time.time(), kinds=("reason", "case")))
    assert {(letter.kind, letter.body["person"]) for letter in letters} == {("reason", "")}


@pytest.mark.parametrize("ago", [300.0, 0.5 * HOUR])
async def test_who_only_says_that_a_message_is_old_gains_nothing(street: Street, ago: float) -> None:
    """Late, or said to be older than it can be unsigned: since the room is protected all counts."""
    answers = [await street.signed(f"good morning {number}", ago=ago) for number in range(4)]
    assert answers == [True, True, False, False]
    assert not await street.signed("hello all", ago=ago, **{"m.mentions": {"room": True}})
