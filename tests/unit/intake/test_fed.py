"""Lists of hosts that an operator feeds are used by the next message, without a restart."""

from functools import partial
from pathlib import Path

from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups, host_lists
from folkmoot.remember.host_lists import ListedHost
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, Outcome

POLICY = """
id = "fed"
name = "Fed"
[[rules]]
id = "bad-hosts"
sentence = "No links to sites that steal."
category = "scam"
outcome = "stop"
made_by = "a test"
made_at = 2026-11-22T09:00:00Z
when = [{ kind = "links", host_lists = ["phishing"] }]
"""


async def test_what_is_fed_counts_from_the_next_look_on(tmp_path: Path) -> None:
    """A host counts once it is fed, for the groups it is fed for, until it ends or is taken off."""
    now = [1_800_000_000.0]
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    ours, theirs = (
        store.write_now(lambda c: groups.create(c, "Street", POLICY, by="x", at=1.0)).id for _ in range(2)
    )
    for group in (ours, theirs):
        store.write_now(partial(groups.start, group=group, by="x", at=1.0))
    pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, "http://localhost"), lambda: now[0])
    await pipeline.start()
    count = 0

    async def done(group: str, host: str) -> Outcome:
        nonlocal count
        count += 1
        await pipeline.standings.refresh()
        asked = Message(id=f"${count}", text=f"see https://{host}/x", sender="@m:x", room="!r", group=group)
        return (await pipeline.judge(asked)).done

    def put(group: str | None, *hosts: ListedHost) -> None:
        store.write_now(lambda c: host_lists.put(c, group, "phishing", hosts, by="x", at=now[0]))

    stop, allow = Outcome.STOP, Outcome.ALLOW
    assert await done(ours, "bad.example.org") is allow
    put(None, ListedHost(host="bad.example.org", until=now[0] + 60))
    put(ours, ListedHost(host="local.example.org"))
    assert [await done(one, "bad.example.org") for one in (ours, theirs)] == [stop, stop]
    assert [await done(one, "a.local.example.org") for one in (ours, theirs)] == [stop, allow]
    now[0] += 61
    assert [await done(one, "bad.example.org") for one in (ours, theirs)] == [allow, allow]
    store.write_now(
        lambda c: host_lists.remove(c, ours, "phishing", ["local.example.org"], by="x", at=now[0])
    )
    assert await done(ours, "local.example.org") is allow
    assert store.write_now(lambda c: host_lists.sweep(c, now=now[0])) == 1
    await pipeline.close()
    store.close()
