"""The live stream as bytes: what it sends, to whom, and when it ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from sqlalchemy import Connection

from folkmoot.remember import groups, rooms, tokens, verdicts
from folkmoot.remember.records import Protection, VerdictRecord
from folkmoot.web.pages import live
from tests.console.people import demote
from tests.console.serving import Served
from tests.support import seed
from tests.support.seed import CELLAR, STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")

Events = AsyncIterator[str]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the status more often than in real life."""
    monkeypatch.setattr(live, "_BEAT", 0.1)
    monkeypatch.setattr(live, "_GATHER", 0.02)


@asynccontextmanager
async def listening(
    client: httpx2.AsyncClient,
    served: Served,
    *,
    after: int | None = None,
    last: str | None = None,
    session: str | None = None,
    shown: str = "",
) -> AsyncIterator[Events]:
    """Listen to the first group as an administrator; comments are left out."""
    newest = served.store.read_now(lambda c: verdicts.latest(c, served.seeded.group, most=1))[0].seq
    where = f"{served.url}/groups/{served.seeded.group}/live?after={newest if after is None else after}"
    where += f"&shown={shown}"
    headers = {"cookie": f"folkmoot={session or served.session()}"}
    if last is not None:
        headers["last-event-id"] = last
    async with client.stream("GET", where, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield events(answer)


async def events(answer: httpx2.Response) -> Events:
    """The stream's events, one by one."""
    event: list[str] = []
    async for line in answer.aiter_lines():
        if line and not line.startswith(":"):
            event.append(line)
        elif not line and event:
            yield "\n".join(event)
            event = []


def happen(served: Served, number: int, **more: str) -> VerdictRecord:
    """Let one verdict happen, the way judging tells of it."""
    record = served.store.write_now(
        lambda c: seed.say(c, served.seeded.group, number, at=served.clock(), **more)  # type: ignore[arg-type]
    )
    served.feed.publish(record)
    return record


async def soon(coming: Events) -> str:
    """The next event, waited for no longer than a few seconds."""
    return await asyncio.wait_for(anext(coming), 10)


async def ends(coming: Events) -> bool:
    """Whether the stream ends within a few seconds without another event."""
    try:
        await asyncio.wait_for(anext(coming), 10)
    except StopAsyncIteration:
        return True
    return False


async def test_a_verdict_is_sent_as_it_happens(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A new verdict arrives as a ready row with its number, so that nothing is lost when the line drops."""
    async with listening(client, fresh) as coming:
        record = happen(fresh, 900, sender="@late:example.org")
        event = await soon(coming)
    assert f"id: {record.seq}" in event
    assert f'id="verdict-{record.seq}"' in event
    assert "@late:example.org" in event
    assert "The same text was sent 4 times within 10 minutes." in event


async def test_many_at_once_come_together_and_none_is_lost(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Verdicts that happen in a burst arrive in few events, each exactly once."""
    async with listening(client, fresh) as coming:
        expected = {happen(fresh, number).seq for number in range(900, 940)}
        seen: list[int] = []
        while len(seen) < len(expected):
            seen += [int(one) for one in re.findall(r'id="verdict-(\d+)"', await soon(coming))]
    assert sorted(seen) == sorted(expected)


async def test_a_page_that_comes_back_gets_what_it_missed(fresh: Served, client: httpx2.AsyncClient) -> None:
    """With `Last-Event-ID` the stream begins where the page stopped, whatever its address says."""
    first, second = happen(fresh, 900), happen(fresh, 901)
    async with listening(client, fresh, after=0, last=str(first.seq)) as coming:
        event = await soon(coming)
    assert re.findall(r'id="verdict-(\d+)"', event) == [str(second.seq)]


async def test_a_long_absence_says_that_there_was_more(fresh: Served, client: httpx2.AsyncClient) -> None:
    """When more happened than one event holds, the newest are sent, and a line says to reload."""
    async with listening(client, fresh, after=1) as coming:
        event = await soon(coming)
    assert event.count('id="verdict-') == 50
    assert "More happened in between: reload to see everything." in event


@pytest.mark.parametrize("odd", ["x", "-1", "1e5", "9" * 40])
async def test_an_odd_place_to_begin_is_ignored(odd: str, served: Served, client: httpx2.AsyncClient) -> None:
    """What is no number of an event is not taken for one."""
    async with listening(client, served, last=odd):
        pass


async def test_a_change_of_status_is_sent_without_a_verdict(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """When a room's protection or practice changes, the status part of the page is sent anew."""

    def change(connection: Connection) -> None:
        rooms.set_protection(connection, CELLAR, Protection.ON, "", at=fresh.clock())
        groups.practise(connection, fresh.seeded.group, by=STEWARD, at=fresh.clock())

    async with listening(client, fresh) as coming:
        await asyncio.sleep(0.3)
        fresh.store.write_now(change)
        event = await soon(coming)
    assert '<hx-partial hx-target="#status"' in event
    assert "In practice" in event
    assert "Not protected" not in event


async def test_another_groups_verdicts_are_not_sent(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A stream carries its own group only."""
    async with listening(client, fresh) as coming:
        other = fresh.store.write_now(
            lambda c: seed.say(c, fresh.seeded.other, 900, at=fresh.clock(), sender="@other:example.org")
        )
        fresh.feed.publish(other)
        happen(fresh, 901)
        assert "@other:example.org" not in await soon(coming)


async def test_the_stream_ends_for_who_is_demoted(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Who loses the power hears nothing more, not even what happened at that moment."""
    async with listening(client, fresh) as coming:
        await asyncio.sleep(0.3)
        demote(fresh)
        happen(fresh, 900)
        assert await ends(coming)


async def test_the_stream_ends_for_who_signs_out(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Ending the session, here or elsewhere, ends its streams."""
    session = fresh.session()
    async with listening(client, fresh, session=session) as coming:
        await asyncio.sleep(0.3)
        fresh.store.write_now(lambda c: tokens.end(c, session, by=STEWARD, at=fresh.clock()))
        happen(fresh, 900)
        assert await ends(coming)


async def test_the_stream_ends_when_the_session_expires(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A page that stays open for days does not outlive its session."""
    async with listening(client, fresh) as coming:
        await asyncio.sleep(0.3)
        fresh.clock.ahead = 901.0
        assert await ends(coming)


async def test_one_person_holds_few_streams(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The ninth open page is told to come later, and closing one makes room again."""
    where = f"{fresh.url}/groups/{fresh.seeded.group}/live"
    headers = {"cookie": f"folkmoot={fresh.session()}"}
    held = [client.stream("GET", where, headers=headers) for _ in range(8)]
    coming = [(await one.__aenter__()).aiter_bytes() for one in held]
    for chunks in coming:
        assert await anext(chunks)
    refused = await client.get(where, headers=headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert "Close some of them" in refused.text
    for one in held:
        await one.__aexit__(None, None, None)
    for _ in range(100):
        async with client.stream("GET", where, headers=headers) as again:
            if again.status_code == 200:
                return
        await asyncio.sleep(0.05)
    pytest.fail("Closing the streams did not make room.")


async def test_a_stream_leaves_no_listener_behind(fresh: Served, client: httpx2.AsyncClient) -> None:
    """When the page is closed, nobody collects verdicts for it any more."""
    async with listening(client, fresh):
        await asyncio.sleep(0.2)
        assert len(fresh.feed._listeners) == 1
    for _ in range(100):
        if not fresh.feed._listeners:
            return
        await asyncio.sleep(0.05)
    pytest.fail("The listener stayed.")


async def test_what_changed_before_the_stream_began_is_sent_at_once(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """A status that the page does not show yet is the first thing that it hears."""
    async with listening(client, fresh, shown="another") as coming:
        assert 'hx-target="#status"' in await soon(coming)
