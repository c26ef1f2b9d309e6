"""Messages judged together are judged as if they had come one by one."""

import asyncio
from pathlib import Path

import pytest

from folkmoot.intake.pipeline import Ask, UnknownGroupError
from folkmoot.remember import groups
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Outcome
from tests.unit.intake.test_pipeline import POLICY, Clock, message, running

TEXTS = ("hello all", "cheap pills", "my old car", "good day", "cheap pills", "hello again")


def _group(url: str) -> str:
    store = Store(url)
    group = store.write_now(lambda c: groups.create(c, "Street", POLICY, by="x", at=1.0)).id
    store.write_now(lambda c: groups.start(c, group, by="x", at=1.0))
    store.close()
    return group


async def _done(url: str, how: str) -> list[Outcome]:
    """What is done about three hundred messages of a hundred senders, some of whom write too much."""
    group = _group(url)
    asked = [
        message(group, n % 280, TEXTS[n % len(TEXTS)], sender=f"@{n % 100 if n % 3 else 0}:x")
        for n in range(300)
    ]
    async with running(url, Clock()) as pipeline:
        if how == "together":
            given = await pipeline.judge_in_order(group, [Ask(message=one) for one in asked])
        elif how == "at once":
            given = await asyncio.gather(*(pipeline.judge(one) for one in asked))
        else:
            given = [await pipeline.judge(one) for one in asked]
        return [one.done for one in given]


async def test_together_or_one_by_one_the_same_is_done(tmp_path: Path) -> None:
    """A list, callers at once and callers one after the other get the same answers, floods included."""
    ways = ("together", "at once", "one by one")
    given = [await _done(f"sqlite:///{tmp_path / way}.db", way) for way in ways]
    assert given[0] == given[1] == given[2]
    assert {Outcome.ALLOW, Outcome.CASE, Outcome.STOP} == {*given[0]}


async def test_the_trouble_of_one_is_not_the_others(tmp_path: Path) -> None:
    """Who asks about a group that is not there is told so; others who ask at once are answered."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    group = _group(url)
    async with running(url, Clock()) as pipeline:
        asked = [pipeline.judge(message(one, n, "hello")) for n, one in enumerate((group, "none", group))]
        first, second, third = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(second, UnknownGroupError)
    assert not isinstance(first, BaseException)
    assert not isinstance(third, BaseException)
    assert (first.done, third.done) == (Outcome.ALLOW, Outcome.ALLOW)


async def test_what_was_asked_about_is_answered_when_it_ends(tmp_path: Path) -> None:
    """Nobody who asked is left waiting by the end."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    group = _group(url)
    async with running(url, Clock()) as pipeline:
        asked = [asyncio.ensure_future(pipeline.judge(message(group, n, "hello"))) for n in range(300)]
        await asyncio.sleep(0)
    assert len(await asyncio.wait_for(asyncio.gather(*asked), 5)) == 300


@pytest.mark.parametrize("how", ["together", "at once"])
async def test_who_gives_up_takes_nothing_from_others(tmp_path: Path, how: str) -> None:
    """A caller that is cancelled leaves the answer to the one who asked about the same message."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    group = _group(url)
    async with running(url, Clock()) as pipeline:
        first = asyncio.ensure_future(pipeline.judge(message(group, 1, "cheap pills")))
        await asyncio.sleep(0)
        again = message(group, 1, "cheap pills")

        async def second() -> Outcome:
            if how == "together":
                return (await pipeline.judge_in_order(group, [Ask(message=again)]))[0].done
            return (await pipeline.judge(again)).done

        other = asyncio.ensure_future(second())
        await asyncio.sleep(0)
        first.cancel()
        assert await other is Outcome.STOP
