"""What people and the ladder decided holds over what the rules say, through the real pipeline."""

from functools import partial

import pytest

from folkmoot.act import deciding, raids
from folkmoot.act.deciding import Draft, MachineLimitError
from folkmoot.intake.pipeline import Pipeline
from folkmoot.remember import cases, choices, decisions, groups, outbox, policies, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import DecidedBy, Decision
from folkmoot.review import queue
from folkmoot.vocabulary import ActionKind, Outcome, Urgency
from tests.unit.intake.test_pipeline import POLICY, Clock, clock, group, message, running, url

__all__ = ["clock", "group", "url"]

HOUR = 3600.0
COPIES = (
    POLICY
    + """
[[rules]]
id = "campaign"
sentence = "The same text is not posted by many."
category = "spam"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "copies"
count = 2
within = "10 minutes"
senders = "different"
"""
)


async def _decide(
    pipeline: Pipeline, group: str, wanted: Wanted, *, at: float, by: DecidedBy = DecidedBy.PERSON
) -> Decision:
    draft = Draft(group=group, by="@admin:x", person=wanted.person, wanted=(wanted,), decided_by=by)
    made = await pipeline.store.write(lambda c: deciding.put(c, draft, at=at))
    await pipeline.standings.refresh()
    return made


async def test_a_muted_member_is_stopped_until_the_mute_is_over(url: str, clock: Clock, group: str) -> None:
    """Nothing of a muted member passes, the reason says until when, and then everything does."""
    async with running(url, clock) as pipeline:
        mute = Wanted(kind=ActionKind.MUTE, person="@m:x", until=clock.now + HOUR)
        made = await _decide(pipeline, group, mute, at=clock.now)
        ruling = await pipeline.judge(message(group, 1, "hello"))
        assert ruling.done is Outcome.STOP
        assert ruling.statement is not None
        assert "You can't write in Tests until 15 January 2027, 09:00 UTC" in ruling.statement.rule
        assert ruling.record is not None
        assert (ruling.record.finding.sanction, ruling.record.finding.rules) == (made.id, ())
        assert (await pipeline.judge(message(group, 2, "hello", "@other:x"))).done is Outcome.ALLOW
        assert (await pipeline.judge(message(group, 3, "hello again"))).done is Outcome.STOP
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("reason",)))
        assert len(letters) == 1
        assert await pipeline.store.read(lambda c: cases.still_open(c, group)) == []
        clock.now += HOUR
        assert (await pipeline.judge(message(group, 4, "hello"))).done is Outcome.ALLOW


async def test_a_mute_survives_a_restart(url: str, clock: Clock, group: str) -> None:
    """Who was muted before the program stopped is muted after it started."""
    async with running(url, clock) as pipeline:
        mute = Wanted(kind=ActionKind.MUTE, person="@m:x", until=clock.now + HOUR)
        await _decide(pipeline, group, mute, at=clock.now)
    async with running(url, clock) as pipeline:
        assert (await pipeline.judge(message(group, 1, "hello"))).done is Outcome.STOP


async def test_a_text_let_through_passes_for_its_author_alone_and_for_a_day(
    url: str, clock: Clock, group: str
) -> None:
    """*Allow next time* is for one author, one text and 24 hours."""
    async with running(url, clock) as pipeline:
        stopped = await pipeline.judge(message(group, 1, "cheap pills"))
        assert stopped.record is not None
        assert stopped.record.mark
        allow = Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person="@m:x", receipt={"mark": stopped.record.mark})
        await _decide(pipeline, group, allow, at=clock.now)
        again = [
            (await pipeline.judge(message(group, number, text, sender))).done
            for number, text, sender in (
                (2, "cheap pills", "@m:x"),
                (3, "cheap pills", "@other:x"),
                (4, "cheap pills!", "@m:x"),
            )
        ]
        assert again == [Outcome.ALLOW, Outcome.STOP, Outcome.STOP]
        clock.now += 24 * HOUR
        assert (await pipeline.judge(message(group, 5, "cheap pills"))).done is Outcome.STOP


async def test_practice_mutes_nobody(url: str, clock: Clock) -> None:
    """In a group that practises a decision is written down, and nothing of it holds."""
    async with running(url, clock) as pipeline:
        made = await pipeline.store.write(
            lambda c: groups.create(c, "New", POLICY, by="@admin:x", at=clock.now)
        )
        await pipeline.standings.refresh()
        mute = Wanted(kind=ActionKind.MUTE, person="@m:x", until=clock.now + HOUR)
        await _decide(pipeline, made.id, mute, at=clock.now)
        assert (await pipeline.judge(message(made.id, 1, "hello"))).done is Outcome.ALLOW
        assert await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("decision",))) == []


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(kind=ActionKind.BAN, person="@m:x"),
        Wanted(kind=ActionKind.KICK, person="@m:x"),
        Wanted(kind=ActionKind.REMOVE, person="@m:x", message="$1"),
        Wanted(kind=ActionKind.MUTE, person="@m:x"),
        Wanted(kind=ActionKind.MUTE, person="@m:x", until=1_800_000_000.0 + 25 * HOUR),
    ],
)
async def test_a_rule_can_not_do_what_takes_a_person(
    url: str, clock: Clock, group: str, wanted: Wanted
) -> None:
    """No rule bans, kicks, removes, or mutes for more than a day: the decision is refused as a whole."""
    async with running(url, clock) as pipeline:
        with pytest.raises(MachineLimitError):
            await _decide(pipeline, group, wanted, at=clock.now, by=DecidedBy.RULE)
        assert await pipeline.store.read(lambda c: decisions.latest(c, group)) == []


async def test_the_ladder_climbs_step_by_step_and_ends_with_a_case(
    url: str, clock: Clock, group: str
) -> None:
    """The reason alone, an hour, a day, then a person; and steps are forgotten in time."""
    async with running(url, clock) as pipeline:
        await pipeline.store.write(
            lambda c: choices.put(c, group, "ladder", [0, 1, 24], by="@admin:x", at=clock.now)
        )
        await pipeline.standings.refresh()
        lasts: list[float | None] = []
        for number in range(4):
            ruling = await pipeline.judge(message(group, number, f"cheap pills {number}"))
            assert ruling.done is Outcome.STOP
            standing = await pipeline.store.read(lambda c: sanctions.standing(c, group))
            lasts.append((standing[-1].until or 0) - clock.now if standing else None)
            for one in standing:
                await pipeline.store.write(partial(sanctions.end, sanction=one, by="folkmoot", at=clock.now))
            await pipeline.standings.refresh()
            clock.now += 60
        assert lasts == [None, HOUR, 24 * HOUR, None]
        (case,) = await pipeline.store.read(lambda c: cases.still_open(c, group))
        assert case.verdict_count == 4
        clock.now += 31 * 24 * HOUR
        await pipeline.judge(message(group, 9, "cheap pills after long"))
        assert await pipeline.store.read(lambda c: sanctions.standing(c, group)) == []


async def test_a_raid_is_one_case(url: str, clock: Clock, group: str) -> None:
    """The same text by many members is one urgent case about all of them, told once."""
    async with running(url, clock) as pipeline:
        await pipeline.store.write(
            lambda c: policies.add(c, group, COPIES, by="@admin:x", at=clock.now, note="", version=2)
        )
        await pipeline.standings.refresh()
        text = "Join our wonderful new investment circle tonight, only five places are left for you"
        for number in range(8):
            await pipeline.judge(message(group, number, text, f"@raider{number}:x"))
            clock.now += 5
        (case,) = await pipeline.store.read(lambda c: cases.still_open(c, group))
        assert case.urgency is Urgency.URGENT
        people = await pipeline.store.read(lambda c: cases.people_of(c, case))
        # The first was delivered before anybody could know, and is one of them all the same.
        assert people == [f"@raider{number}:x" for number in range(8)]
        assert case.verdict_count == 7
        letters = await pipeline.store.read(lambda c: outbox.due(c, now=clock.now, kinds=("case",)))
        assert [letter.body["case"] for letter in letters] == [case.id]
        file = await pipeline.store.read(lambda c: queue.file_of(c, pipeline.store.seals, case))
        # Only that one was delivered; it can be removed, because it can be given back.
        assert file.messages() == [("$0", "!r:x", "@raider0:x")]
        assert file.text_of("$0") == text


async def test_a_wave_of_joins_is_one_case(url: str, clock: Clock, group: str) -> None:
    """Many who come in at once are one case; few are none."""
    async with running(url, clock) as pipeline:
        few = [f"@new{number}:x" for number in range(raids.JOINS - 1)]
        assert await pipeline.store.write(lambda c: raids.join_wave(c, group, few, at=clock.now)) is None
        many = [*few, "@last:x"]
        for _ in range(2):
            await pipeline.store.write(lambda c: raids.join_wave(c, group, many, at=clock.now))
        (case,) = await pipeline.store.read(lambda c: cases.still_open(c, group))
        assert await pipeline.store.read(lambda c: cases.people_of(c, case)) == sorted(many)
