"""The store: what is acknowledged is there, whatever happens next."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from folkmoot.remember import gateway_state
from folkmoot.remember.store import Store, StoreClosedError
from folkmoot.remember.tables import gateway_state as table
from folkmoot.remember.tables import log, outbox


def _put(connection: Connection, key: str) -> str:
    gateway_state.put(connection, "test", key, "body", at=1.0)
    return key


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def _keys(store: Store) -> set[str]:
    return set(store.read_now(lambda c: gateway_state.every(c, "test")))


@pytest.mark.parametrize("round_", range(3))
def test_nothing_acknowledged_is_lost_by_a_kill(url: str, round_: int) -> None:
    """After kill -9 in mid-load every acknowledged write is there, whole, and the database is sound."""
    Store(url).close()
    script = str(Path(__file__).with_name("writer.py"))
    with subprocess.Popen([sys.executable, script, url], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = [writer.stdout.readline() for _ in range(100)]
        time.sleep(0.1 + 0.17 * round_)
        writer.kill()
        said = b"".join(first) + writer.stdout.read()
    acknowledged = {line.decode() for line in said.split(b"\n")[:-1]}
    assert len(acknowledged) >= 100

    store = Store(url)
    try:
        logged = set(store.read_now(lambda c: c.execute(select(log.c.subject)).scalars().all()))
        letters = store.read_now(lambda c: c.execute(select(outbox.c.body)).scalars().all())
        sound = store.read_now(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one())
    finally:
        store.close()
    assert acknowledged <= logged
    assert {f'{{"name":"{subject}"}}' for subject in logged} == set(letters)
    assert len(letters) == len(logged)
    assert sound == "ok"


def test_sqlite_runs_in_the_durable_mode(store: Store) -> None:
    """The database keeps a write-ahead log, synchronises fully and enforces its references."""
    pragmas = {
        name: store.read_now(partial(_pragma, name=name))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_write_returns_its_result(store: Store) -> None:
    """What the work returns is what the writer gets."""
    assert store.write_now(lambda c: _put(c, "a")) == "a"


async def test_a_write_is_seen_by_the_next_read(store: Store) -> None:
    """Once a write is answered, every read sees it."""
    for key in map(str, range(20)):
        await store.write(partial(_put, key=key))
        assert await store.read(partial(gateway_state.get, gateway="test", key=key)) == "body"


async def test_a_failing_write_takes_no_other_with_it(store: Store) -> None:
    """Of many writes in one commit the bad ones fail, each with its own error, and the good ones stay."""

    def good(key: str) -> "asyncio.Task[str]":
        return asyncio.create_task(store.write(lambda c: _put(c, key)))

    def bad(connection: Connection) -> None:
        _put(connection, "half")
        connection.execute(insert(table).values(gateway="test", key="half", body="again", changed_at=1.0))

    with _Held(store):
        first, wrong, second = good("first"), asyncio.create_task(store.write(bad)), good("second")
        await asyncio.sleep(0.05)
    assert (await first, await second) == ("first", "second")
    with pytest.raises(IntegrityError):
        await wrong
    assert _keys(store) == {"first", "second"}


async def test_many_writes_share_a_commit(store: Store) -> None:
    """Writes that wait while one is committed go together in the next."""
    commits: list[int] = []
    original = store._commit

    def counting(batch: list[Any]) -> None:
        commits.append(len(batch))
        original(batch)

    store._commit = counting  # type: ignore[method-assign]
    with _Held(store):
        tasks = [asyncio.create_task(store.write(partial(_put, key=str(n)))) for n in range(200)]
        await asyncio.sleep(0.05)
    await asyncio.gather(*tasks)
    assert sum(commits) == 201  # with the one that held the door
    assert len(commits) <= 4


async def test_a_cancelled_write_harms_no_other(store: Store) -> None:
    """A caller that gives up before its turn leaves the rest of the commit alone."""
    with _Held(store):
        gone = asyncio.create_task(store.write(lambda c: _put(c, "gone")))
        stays = asyncio.create_task(store.write(lambda c: _put(c, "stays")))
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.sleep(0.05)
    assert await stays == "stays"
    assert _keys(store) == {"stays"}


def test_closing_finishes_what_was_handed_in(url: str) -> None:
    """Writes from many threads while the store closes are either written or refused, none is forgotten."""
    store = Store(url)
    written: list[str] = []
    refused: list[str] = []

    def write(number: int) -> None:
        try:
            written.append(store.write_now(lambda c: _put(c, str(number))))
        except StoreClosedError:
            refused.append(str(number))

    with ThreadPoolExecutor(16) as pool:
        for number in range(300):
            pool.submit(write, number)
            if number == 100:
                threading.Thread(target=store.close).start()
    assert len(written) + len(refused) == 300
    again = Store(url)
    assert _keys(again) == set(written)
    again.close()


async def test_a_closed_store_takes_no_writes(store: Store) -> None:
    """After closing, a write is refused at once; closing twice does no harm."""
    store.close()
    store.close()
    with pytest.raises(StoreClosedError):
        await store.write(lambda c: _put(c, "late"))


def test_the_work_may_not_see_half_of_another(store: Store) -> None:
    """A read while a commit is under way sees the state before it."""
    entered, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        _put(connection, "slow")
        entered.set()
        go_on.wait(5)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(store.write_now, slow)
        assert entered.wait(5)
        before = _keys(store)
        go_on.set()
        writing.result(5)
    assert before == set()
    assert _keys(store) == {"slow"}


async def test_a_full_disk_acknowledges_nothing_of_its_commit(store: Store) -> None:
    """When the database cannot grow, nothing that was not written is acknowledged, and it goes on after."""
    await store.write(lambda c: _put(c, "before"))
    pages = store.read_now(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar_one())

    def full(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        try:
            gateway_state.put(connection, "test", "large", "x" * 200_000, at=1.0)
        finally:
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")

    with _Held(store):
        ahead = asyncio.create_task(store.write(lambda c: _put(c, "ahead")))
        large = asyncio.create_task(store.write(full))
        behind = asyncio.create_task(store.write(lambda c: _put(c, "behind")))
        await asyncio.sleep(0.05)
    with pytest.raises(OperationalError, match="full"):
        await large
    answers = await asyncio.gather(ahead, behind, return_exceptions=True)
    acknowledged = {answer for answer in answers if isinstance(answer, str)}
    assert _keys(store) == {"before"} | acknowledged
    assert await store.write(lambda c: _put(c, "after")) == "after"


class _Held:
    """Keeps the writer busy, so that what is handed in meanwhile lands in one commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._go_on = threading.Event()
        self._pool = ThreadPoolExecutor(1)

    def __enter__(self) -> None:
        entered = threading.Event()

        def wait(_connection: Connection) -> None:
            entered.set()
            self._go_on.wait(5)

        self._pool.submit(self._store.write_now, wait)
        assert entered.wait(5)

    def __exit__(self, *_trouble: object) -> None:
        self._go_on.set()
        self._pool.shutdown(wait=False)


def test_a_new_database_is_closed_to_others(tmp_path: Path) -> None:
    """Whatever the folder's mode and the umask, the file and its companions are the owner's alone."""
    store = Store(f"sqlite:///{tmp_path}/folkmoot.db")
    store.write_now(lambda c: _put(c, "a"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()
    assert modes == dict.fromkeys(("folkmoot.db", "folkmoot.db-wal", "folkmoot.db-shm"), 0o600)
