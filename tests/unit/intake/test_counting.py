"""What is counted over several messages counts each once, and goes on counting after a restart."""

from pathlib import Path

import pytest

from folkmoot.remember import groups
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, Outcome
from tests.unit.intake.test_pipeline import Clock, running

POLICY = """
id = "test"
name = "A policy for tests"

[[rules]]
id = "slowly"
sentence = "At most three messages in ten seconds."
category = "spam"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "floods"
count = 4
within = "10 seconds"
[[rules.when]]
kind = "mentions"
count = 5
within = "10 minutes"
[[rules.when]]
kind = "copies"
count = 3
"""
LONG = "Everybody on my street uses the new app now, it is so good, get it today and tell your friends"


@pytest.fixture
def clock() -> Clock:
    """A clock that the test moves."""
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the database is."""
    return f"sqlite:///{tmp_path / 'folkmoot.db'}"


@pytest.fixture
async def group(url: str, clock: Clock) -> str:
    """A group whose rules count."""
    store = Store(url)
    made = await store.write(lambda c: groups.create(c, "Tests", POLICY, by="@admin:x", at=clock.now))
    await store.write(lambda c: groups.start(c, made.id, by="@admin:x", at=clock.now))
    store.close()
    return made.id


def said(group: str, number: int, text: str, *calls: str, room: str = "!r:x") -> Message:
    """A message of one sender."""
    return Message(id=f"${number}", text=text, sender="@m:x", room=room, group=group, mentions=calls)


async def test_calls_in_several_messages_are_counted_across_rooms_and_a_restart(
    url: str, clock: Clock, group: str
) -> None:
    """Who calls two people in each of three messages called six, whatever room each went to."""
    async with running(url, clock) as pipeline:
        for number, calls in enumerate((("@a", "@b"), ("@a", "@b"), ("@c", "@d"))):
            clock.now += 20
            ruling = await pipeline.judge(said(group, number, f"look {number}", *calls, room=f"!{number}"))
            assert ruling.done is Outcome.ALLOW
    clock.now += 60
    async with running(url, clock) as pipeline:
        assert (await pipeline.judge(said(group, 8, "nobody called"))).done is Outcome.ALLOW
        ruling = await pipeline.judge(said(group, 9, "look here", "@e"))
        assert ruling.rule == "slowly"
        assert ruling.verdict.signals[0].sentence == (
            "This member called 5 different members within 10 minutes."
        )
        clock.now += 600
        assert (await pipeline.judge(said(group, 10, "look again", "@f", "@g"))).done is Outcome.ALLOW


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_message_that_is_asked_about_again_counts_once(
    url: str, clock: Clock, group: str, restarted: bool
) -> None:
    """Who asks about the same message ten times makes no flood, no copies and no calls of it."""
    asked = said(group, 1, LONG, "@a", "@b")
    async with running(url, clock) as pipeline:
        await pipeline.judge(asked)
        for _ in range(0 if restarted else 10):
            clock.now += 0.5
            assert (await pipeline.judge(asked)).done is Outcome.ALLOW
        known = pipeline._acquaintance.known(group, "@m:x")
        assert known == 1
    async with running(url, clock) as pipeline:
        for _ in range(10 if restarted else 0):
            clock.now += 0.5
            assert (await pipeline.judge(asked)).done is Outcome.ALLOW
        assert pipeline._acquaintance.known(group, "@m:x") == 1
        other = said(group, 2, LONG, "@c", "@d")
        assert (await pipeline.judge(other)).done is Outcome.ALLOW
