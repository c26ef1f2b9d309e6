"""The pipeline over a real SQLite file: one judgement a message, durable, the same after a restart."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Ask, Pipeline, UnknownGroupError
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import cases, groups, outbox, policies, verdicts
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, OnFailure, Outcome, Role

POLICY = """
id = "test"
name = "A policy for tests"

[[rules]]
id = "no-pills"
sentence = "Nobody sells pills here."
category = "drugs"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "words"
any = ["cheap pills"]

[[rules]]
id = "ask-first"
sentence = "Ask before you sell a car here."
category = "off-topic"
outcome = "case"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "words"
any = ["my old car"]

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
"""


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def running(url: str, clock: Callable[[], float]) -> AsyncIterator[Pipeline]:
    store = Store(url)
    pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, "http://localhost"), clock)
    await pipeline.start()
    try:
        yield pipeline
    finally:
        await pipeline.close()
        store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'folkmoot.db'}"


@pytest.fixture
async def group(url: str, clock: Clock) -> str:
    store = Store(url)
    made = await store.write(lambda c: groups.create(c, "Tests", POLICY, by="@admin:x", at=clock.now))
    await store.write(lambda c: groups.start(c, made.id, by="@admin:x", at=clock.now))
    store.close()
    return made.id


def message(group: str, number: int, text: str, sender: str = "@m:x") -> Message:
    return Message(id=f"${number}", text=text, sender=sender, room="!r:x", group=group)


async def test_a_stopped_message_is_kept_without_its_text_and_the_sender_is_to_be_told(
    url: str, clock: Clock, group: str
) -> None:
    """A stop leaves a verdict, a letter to the sender and news for listeners, but no text anywhere."""
    async with running(url, clock) as pipeline, pipeline.feed.subscribe(group) as news:
        ruling = await pipeline.judge(message(group, 1, "Buy cheap pills at my-secret-shop"))
        assert ruling.done is Outcome.STOP
        assert ruling.rule == "no-pills"
        assert ruling.statement is not None
        assert "Nobody sells pills here." in ruling.statement.first_line()
        assert ruling.record == await asyncio.wait_for(anext(news), 1)
        assert pipeline.receipts.verdict((ruling.link or "").rsplit("/", 1)[1]) == ruling.record.id
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason",)))
        assert [letter.body["person"] for letter in letters] == ["@m:x"]
    for file in Path(url.removeprefix("sqlite:///")).parent.iterdir():
        assert b"my-secret-shop" not in file.read_bytes()


async def test_everybody_who_asks_about_one_message_gets_one_judgement(
    url: str, clock: Clock, group: str
) -> None:
    """Concurrent askers share a judgement, and only one verdict is kept."""
    async with running(url, clock) as pipeline:
        asked = message(group, 1, "cheap pills")
        rulings = await asyncio.gather(*(pipeline.judge(asked) for _ in range(20)))
        assert {ruling.done for ruling in rulings} == {Outcome.STOP}
        assert len({ruling.link for ruling in rulings}) == 1
        assert len(await pipeline.store.read(lambda c: verdicts.latest(c, group))) == 1


async def test_the_same_message_gets_the_same_answer_after_a_restart_under_another_policy(
    url: str, clock: Clock, group: str
) -> None:
    """An answer once given stands, with its rule and its link, whatever the policy says now."""
    async with running(url, clock) as pipeline:
        before = await pipeline.judge(message(group, 1, "cheap pills"))
        harmless = POLICY.replace("cheap pills", "something else")
        await pipeline.store.write(
            lambda c: policies.add(c, group, harmless, by="@admin:x", at=clock.now, note="", version=2)
        )
    async with running(url, clock) as pipeline:
        after = await pipeline.judge(message(group, 1, "cheap pills"))
        assert (after.done, after.rule, after.link) == (before.done, before.rule, before.link)
        assert after.verdict.policy == "test@1"
        fresh = await pipeline.judge(message(group, 2, "cheap pills"))
        assert fresh.done is Outcome.ALLOW


async def test_a_flood_is_seen_across_a_restart(url: str, clock: Clock, group: str) -> None:
    """What was sent before a restart counts after it."""
    async with running(url, clock) as pipeline:
        for number in range(3):
            ruling = await pipeline.judge(message(group, number, f"hello {number}"))
            assert ruling.done is Outcome.ALLOW
    clock.now += 2
    async with running(url, clock) as pipeline:
        assert (await pipeline.judge(message(group, 9, "hello again"))).rule == "slowly"
        clock.now += 60
        assert (await pipeline.judge(message(group, 10, "later"))).done is Outcome.ALLOW


async def test_in_practice_everything_is_written_down_and_nothing_is_done(
    url: str, clock: Clock, group: str
) -> None:
    """Practice delivers every message, keeps the verdict, and tells nobody."""
    async with running(url, clock) as pipeline:
        await pipeline.store.write(lambda c: groups.practise(c, group, by="@admin:x", at=clock.now))
        await pipeline.standings.refresh()
        ruling = await pipeline.judge(message(group, 1, "cheap pills"))
        assert (ruling.done, ruling.verdict.outcome) == (Outcome.ALLOW, Outcome.STOP)
        assert ruling.record is not None
        assert ruling.statement is None
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason", "case")))
        assert letters == []


async def test_one_member_has_one_open_case_and_administrators_are_told_once(
    url: str, clock: Clock, group: str
) -> None:
    """Several findings about one person come together in one case."""
    async with running(url, clock) as pipeline:
        for number in range(3):
            ruling = await pipeline.judge(message(group, number, "I sell my old car"))
            assert ruling.done is Outcome.CASE
            clock.now += 60
        (case,) = await pipeline.store.read(lambda c: cases.still_open(c, group))
        assert case.verdict_count == 3
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("case",)))
        assert len(letters) == 1


async def test_who_keeps_on_being_stopped_is_brought_before_a_person_once(
    url: str, clock: Clock, group: str
) -> None:
    """A second stopped message within a week opens a case with both; later ones join it."""
    async with running(url, clock) as pipeline:

        async def open_cases() -> list[int]:
            found = await pipeline.store.read(lambda c: cases.still_open(c, group))
            return [case.verdict_count for case in found]

        await pipeline.judge(message(group, 0, "cheap pills"))
        clock.now += 8 * 24 * 3600
        await pipeline.judge(message(group, 1, "cheap pills, again"))
        assert await open_cases() == []
        for number, count in ((2, 2), (3, 3)):
            clock.now += 24 * 3600
            await pipeline.judge(message(group, number, "cheap pills, once more"))
            assert await open_cases() == [count]
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("case",)))
        assert len(letters) == 1


async def test_messages_without_a_sender_are_not_one_persons(url: str, clock: Clock, group: str) -> None:
    """Where nobody named the sender, each message for a person has a case of its own."""
    async with running(url, clock) as pipeline:
        for number, text in enumerate(("my old car", "my old car, please", "cheap pills", "cheap pills!")):
            await pipeline.judge(Message(id=f"${number}", text=text, group=group))
        found = await pipeline.store.read(lambda c: cases.still_open(c, group))
        assert [case.verdict_count for case in found] == [1, 1]


async def test_administrators_are_exempt(url: str, clock: Clock, group: str) -> None:
    """Nobody is locked out of their own room."""
    async with running(url, clock) as pipeline:
        ruling = await pipeline.judge(message(group, 1, "cheap pills"), role=Role.ADMINISTRATOR)
        assert ruling.done is Outcome.ALLOW


@pytest.mark.parametrize(
    ("setting", "done"), [(OnFailure.OPEN, Outcome.ALLOW), (OnFailure.CLOSED, Outcome.STOP)]
)
async def test_what_cannot_be_judged_is_answered_as_the_group_chose(
    url: str, clock: Clock, group: str, setting: OnFailure, done: Outcome
) -> None:
    """A fault of ours silences a room only if that group chose so, and the member is told so."""
    async with running(url, clock) as pipeline:
        await pipeline.store.write(
            lambda c: groups.set_on_failure(c, group, setting, by="@admin:x", at=clock.now)
        )
        await pipeline.standings.refresh()
        ruling = await pipeline.failed(message(group, 1, "hello"), "late")
        assert ruling.done is done
        assert ruling.verdict.failure == "late"
        if done is Outcome.STOP:
            assert ruling.statement is not None
            assert "fault of ours" in ruling.statement.text()


async def test_an_answer_that_was_given_stands_against_a_late_judgement(
    url: str, clock: Clock, group: str
) -> None:
    """The store is held up, the message delivered; then the late verdict tells nobody of a stop."""
    async with running(url, clock) as pipeline:
        asked = message(group, 1, "cheap pills")
        held = threading.Event()
        pipeline.store.hand_in(lambda c: held.wait(5))
        late = asyncio.create_task(pipeline.judge(asked))
        await asyncio.sleep(0.05)
        given = await pipeline.failed(asked, "late")
        held.set()
        assert given.done is Outcome.ALLOW
        assert (await late).done is Outcome.ALLOW
        assert (await pipeline.judge(asked)).done is Outcome.ALLOW
        assert await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason",))) == []


async def test_a_commit_that_comes_through_late_is_overruled(url: str, clock: Clock, group: str) -> None:
    """What was being written when the answer was given is put right in the next commit."""
    async with running(url, clock) as pipeline:
        asked = message(group, 1, "cheap pills")
        ruling = await pipeline.judge(asked)
        assert ruling.record is not None
        await pipeline.store.write(lambda c: verdicts.overrule(c, group, asked.id, Outcome.ALLOW))
        assert (await pipeline.judge(asked)).done is Outcome.ALLOW
        assert await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason",))) == []


async def test_who_is_stopped_by_a_fault_of_ours_has_a_receipt_and_no_case(
    url: str, clock: Clock, group: str
) -> None:
    """Closed on failure stops with a link that works, a letter, and nothing held against the sender."""
    async with running(url, clock) as pipeline:
        await pipeline.store.write(
            lambda c: groups.set_on_failure(c, group, OnFailure.CLOSED, by="@admin:x", at=clock.now)
        )
        await pipeline.standings.refresh()
        for number in range(3):
            ruling = await pipeline.failed(message(group, number, "hello"), "deadline")
        unread = await pipeline.unreadable(message(group, 9, ""))
        assert "encrypted" in (unread.statement.text() if unread.statement else "")
        await pipeline._recording.finish()  # the answer does not wait for its record
        token = (ruling.link or "").rsplit("/", 1)[1]
        verdict = pipeline.receipts.verdict(token)
        assert verdict is not None
        kept = await pipeline.store.read(lambda c: verdicts.get(c, verdict))
        assert kept is not None
        assert kept.finding.failure == "deadline"
        assert await pipeline.store.read(lambda c: cases.still_open(c, group)) == []
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason",)))
        assert len(letters) == 4


async def test_a_group_that_is_not_set_up_is_an_error(url: str, clock: Clock) -> None:
    """Nothing is judged for a group that nobody made."""
    async with running(url, clock) as pipeline:
        with pytest.raises(UnknownGroupError):
            await pipeline.judge(message("nobody", 1, "hello"))


async def test_a_repeated_refusal_is_worded_by_the_rule_that_judged_it(
    url: str, clock: Clock, group: str
) -> None:
    """Whoever asks again after the policy has changed reads the rule as it was then, not today's."""
    asked = message(group, 1, "cheap pills")
    async with running(url, clock) as pipeline:
        first = await pipeline.judge(asked)
        changed = POLICY.replace("Nobody sells pills here.", "Pills are for doctors.").replace(
            'id = "no-pills"', 'id = "doctors"'
        )
        await pipeline.store.write(
            lambda c: policies.add(c, group, changed, by="@admin:x", at=clock.now, note="", version=2)
        )
        await pipeline.standings.refresh()
        assert (await pipeline.judge(message(group, 2, "cheap pills!"))).rule == "doctors"
        for again in (
            await pipeline.judge(asked),
            (await pipeline.judge_in_order(group, [Ask(message=asked)]))[0],
        ):
            assert (again.rule, again.link) == ("no-pills", first.link)
            assert again.statement is not None
            assert first.statement is not None
            assert again.statement.text() == first.statement.text()
            assert "Nobody sells pills here." in again.statement.text()
