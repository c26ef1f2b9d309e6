"""A pipeline over a database of its own, as the benchmarks run it."""

import gc
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import structs

from bench.texts import phrases
from folkmoot.decide.policy import Policy, dump
from folkmoot.detect.triggers import Copies, Floods, Words
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message

COMPILED = Path(__file__).parents[1] / ".cache" / "bench" / "compiled"


def with_phrases(policy: Policy, count: int) -> Policy:
    """Return the policy with `count` more phrases in its first rule."""
    first = policy.rules[0]
    more = Words(any=tuple(phrases(count)))
    rules = (structs.replace(first, when=(*first.when, more)), *policy.rules[1:])
    return structs.replace(policy, rules=rules)


def patient(policy: Policy) -> Policy:
    """Return the policy without floods and copies: a benchmark sends faster than people do."""
    rules = []
    for rule in policy.rules:
        when = tuple(trigger for trigger in rule.when if not isinstance(trigger, Floods | Copies))
        if when:
            rules.append(structs.replace(rule, when=when))
    return structs.replace(policy, rules=tuple(rules))


@asynccontextmanager
async def pipeline_with(policy: Policy) -> AsyncIterator[tuple[Pipeline, str]]:
    """Run a pipeline for one group, whose policy is live; gives it and the group's id."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        group = await store.write(lambda c: groups.create(c, "Bench", dump(policy), by="bench", at=0.0))
        await store.write(lambda c: groups.start(c, group.id, by="bench", at=0.0))
        pipeline = Pipeline(store, Feed(), Receipts(b"b" * 32, "http://127.0.0.1"), folder=COMPILED)
        await pipeline.start()
        settle()
        try:
            yield pipeline, group.id
        finally:
            await pipeline.close()
            store.close()


def settle() -> None:
    """Treat memory as `folkmoot serve` does: what is there now is there to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def message(group: str, number: int, text: str, *, senders: int = 1_999, rooms: int = 97) -> Message:
    """Return one message of a group with so many senders and rooms."""
    return Message(
        id=f"${number}",
        text=text,
        sender=f"@member{number % senders}:example.org",
        room=f"!room{number % rooms}:example.org",
        group=group,
    )
