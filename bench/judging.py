"""How many messages one core judges: the pure judge, and the whole pipeline with durable evidence."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvloop
from msgspec import Struct, structs

from bench.texts import messages, phrases
from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.policy import Policy, dump
from folkmoot.detect.triggers import Words
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Context, Message

CALLERS = 64
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
    """Wall-clock time of one message, microseconds."""


def with_phrases(policy: Policy, count: int) -> Policy:
    """Return the policy with `count` more phrases in its first rule."""
    first = policy.rules[0]
    more = Words(any=tuple(phrases(count)))
    rules = (structs.replace(first, when=(*first.when, more)), *policy.rules[1:])
    return structs.replace(policy, rules=rules)


def run(count: int = 20_000) -> list[Row]:
    """Measure each policy in turn, several times over, and return the medians."""
    texts = messages(count)
    policies: dict[str, Policy] = {name: starters.load(name) for name in starters.names()}
    policies["neighbours + 10,000 phrases"] = with_phrases(starters.load("neighbours"), 10_000)
    judges = {name: compile_policy(policy) for name, policy in policies.items()}
    jobs: dict[str, Callable[[], Row]] = {
        f"judge: {name}": partial(_judge, f"judge: {name}", judge, texts) for name, judge in judges.items()
    }
    for name in ("neighbours", "neighbours + 10,000 phrases"):
        title = f"pipeline, durable, {CALLERS} callers: {name}"
        jobs[title] = partial(_pipeline, title, policies[name], texts)
    rounds: dict[str, list[Row]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            rounds[name].append(job())
    return [_median(rows) for rows in rounds.values()]


def _judge(what: str, judge: Judge, texts: list[str]) -> Row:
    context = Context(now=1_800_000_000.0, messages_before=10)
    asked = [Message(id=str(n), text=text, sender="@a", room="!r") for n, text in enumerate(texts)]
    took: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    for message in asked:
        at = time.perf_counter()
        judge.judge(message, context)
        took.append(time.perf_counter() - at)
    return _row(what, took, time.perf_counter() - began, time.process_time() - cpu)


def _pipeline(what: str, policy: Policy, texts: list[str]) -> Row:
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        return uvloop.run(_through(what, policy, texts, Path(folder)))


async def _through(what: str, policy: Policy, texts: list[str], folder: Path) -> Row:
    store = Store(f"sqlite:///{folder / 'bench.db'}")
    group = await store.write(lambda c: groups.create(c, "Bench", dump(policy), by="bench", at=0.0))
    await store.write(lambda c: groups.start(c, group.id, by="bench", at=0.0))
    pipeline = Pipeline(store, Feed(), Receipts(b"b" * 32, "http://127.0.0.1"))
    await pipeline.start()
    rest = iter(enumerate(texts))
    took: list[float] = []

    async def caller() -> None:
        for number, text in rest:
            message = Message(
                id=f"${number}",
                text=text,
                sender=f"@{number % 1999}",
                room=f"!{number % 97}",
                group=group.id,
            )
            at = time.perf_counter()
            await pipeline.judge(message)
            took.append(time.perf_counter() - at)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    row = _row(what, took, time.perf_counter() - began, time.process_time() - cpu)
    await pipeline.close()
    store.close()
    return row


def _row(what: str, took: list[float], wall: float, cpu: float) -> Row:
    ordered = sorted(took)
    return Row(
        what=what,
        per_second=len(took) / wall,
        microseconds=cpu / len(took) * 1e6,
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
