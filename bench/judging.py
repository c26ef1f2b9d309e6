"""How many messages one core judges: the pure judge, and the whole pipeline with durable evidence."""

import asyncio
import statistics
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import uvloop
from msgspec import Struct

from bench.running import message, pipeline_with, with_phrases
from bench.texts import messages
from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.policy import Policy
from folkmoot.detect import model_encoder, models
from folkmoot.intake.pipeline import Ask
from folkmoot.vocabulary import Context

CALLERS = 64
BATCH = 500
ROUNDS = 5


class Row(Struct, frozen=True, kw_only=True):
    """One line of the table: medians over the rounds."""

    what: str
    per_second: float
    """Messages a second of wall-clock time."""
    microseconds: float
    """Processor time for each message."""
    p50: float
    p99: float
    """Wall-clock time of one message (of one call), microseconds."""


def run(count: int = 20_000, rounds: int = ROUNDS) -> list[Row]:
    """Measure each policy in turn, several times over, and return the medians."""
    texts = messages(count)
    policies: dict[str, Policy] = {name: starters.load(name) for name in starters.names()}
    for number in (1_000, 100_000):
        policies[f"neighbours + {number:,} phrases"] = with_phrases(starters.load("neighbours"), number)
    judges = {name: compile_policy(policy) for name, policy in policies.items()}
    jobs: dict[str, Callable[[], Row]] = {
        f"judge: {name}": partial(_judge, f"judge: {name}", judge, texts) for name, judge in judges.items()
    }
    if model_encoder.installed():
        what = "judge: neighbours + second opinion"
        jobs[what] = partial(_asking, what, judges["neighbours"], texts)
    for name in ("neighbours", "neighbours + 100,000 phrases"):
        for title, through in ((f"single, {CALLERS} callers", _singles), (f"batches of {BATCH}", _batches)):
            what = f"pipeline, durable, {title}: {name}"
            jobs[what] = partial(_pipeline, what, policies[name], texts, through)
    found: dict[str, list[Row]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            found[name].append(job())
    return [_median(rows) for rows in found.values()]


def _judge(what: str, judge: Judge, texts: list[str]) -> Row:
    context = Context(now=1_800_000_000.0, messages_before=10)
    asked = [message("", number, text) for number, text in enumerate(texts)]
    took: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    for one in asked:
        at = time.perf_counter()
        judge.judge(one, context)
        took.append(time.perf_counter() - at)
    return _row(what, took, len(took), time.perf_counter() - began, time.process_time() - cpu)


def _asking(what: str, judge: Judge, texts: list[str]) -> Row:
    """The same with the encoder, which is no part of a plain installation."""
    models.begin(second_opinions=True)
    try:
        models.load().prepare()
        return _judge(what, judge, texts)
    finally:
        models.begin(second_opinions=False)


Through = Callable[[str, Policy, list[str]], Coroutine[Any, Any, Row]]


def _pipeline(what: str, policy: Policy, texts: list[str], through: Through) -> Row:
    return uvloop.run(through(what, policy, texts))


async def _singles(what: str, policy: Policy, texts: list[str]) -> Row:
    async with pipeline_with(policy) as (pipeline, group):
        rest = iter([message(group, number, text) for number, text in enumerate(texts)])
        took: list[float] = []

        async def caller() -> None:
            for one in rest:
                at = time.perf_counter()
                await pipeline.judge(one)
                took.append(time.perf_counter() - at)

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return _row(what, took, len(texts), time.perf_counter() - began, time.process_time() - cpu)


async def _batches(what: str, policy: Policy, texts: list[str]) -> Row:
    async with pipeline_with(policy) as (pipeline, group):
        asks = [Ask(message=message(group, number, text)) for number, text in enumerate(texts)]
        rest = iter([asks[first : first + BATCH] for first in range(0, len(asks), BATCH)])
        took: list[float] = []

        async def caller() -> None:
            for some in rest:
                at = time.perf_counter()
                await pipeline.judge_in_order(group, some)
                took.append(time.perf_counter() - at)

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(caller(), caller())  # one is judged while the other is written
        return _row(what, took, len(texts), time.perf_counter() - began, time.process_time() - cpu)


def _row(what: str, took: list[float], count: int, wall: float, cpu: float) -> Row:
    ordered = sorted(took)
    return Row(
        what=what,
        per_second=count / wall,
        microseconds=cpu / count * 1e6,
        p50=ordered[len(ordered) // 2] * 1e6,
        p99=ordered[len(ordered) * 99 // 100] * 1e6,
    )


def _median(rows: list[Row]) -> Row:
    def middle(name: str) -> float:
        return float(statistics.median(getattr(row, name) for row in rows))

    return Row(
        what=rows[0].what,
        per_second=middle("per_second"),
        microseconds=middle("microseconds"),
        p50=middle("p50"),
        p99=middle("p99"),
    )
