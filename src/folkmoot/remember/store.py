"""The database: many small writes share one durable commit, and reads never wait for them."""

import asyncio
import contextlib
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from folkmoot.remember.migrations import migrate
from folkmoot.remember.seal import Seals

_LARGEST_BATCH = 512
_READERS = 4
_WRITES = "folkmoot_writes"

T = TypeVar("T")


class _Job(NamedTuple):
    work: Callable[[Connection], Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    """The event loop that waits for the future; None where a thread does."""


class _Outcome(NamedTuple):
    job: _Job
    result: Any
    trouble: Exception | None


class StoreClosedError(Exception):
    """The database is closed; nothing can be written any more."""


class Store:
    """Group commit over SQLAlchemy Core: `write` answers once its commit is on disk.

    Each write runs in a savepoint of its own, so that one that fails takes no other with it.
    """

    def __init__(self, url: str, seals: Seals | None = None) -> None:
        """Open the database at `url` (such as `sqlite:////var/lib/folkmoot/folkmoot.db`) and migrate it.

        `seals` has the keys of sealed text; without them, such text can be read as long as this object lives.
        """
        self.url = url
        self.seals = seals if seals is not None else Seals()
        self.engine = _engine(url)
        migrate(self.engine)
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._held: Connection | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-read")
        self._closed = False
        self._door = threading.Lock()
        self._writer = threading.Thread(target=self._write_for_ever, name="store-write", daemon=True)
        self._writer.start()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the next commit; returns its result once that commit is durable."""
        result: T = await self._put_from_loop(work)
        return result

    def hand_in(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """The same as `write`, as a future, for code on an event loop that goes on meanwhile."""
        return self._put_from_loop(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection of its own; it must not write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same as `write`, for code without an event loop (commands, tests)."""
        future: Future[T] = Future()
        self._put(_Job(work, future, None))
        return future.result()

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same as `read`, for code without an event loop."""
        with self.engine.connect() as connection:
            return work(connection)

    def close(self) -> None:
        """Finish what was handed in, then close; a later write raises StoreClosedError."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        self.engine.dispose()
        self.seals.close()

    def _put_from_loop(self, work: Callable[[Connection], Any]) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._put(_Job(work, future, loop))
        return future

    def _put(self, job: _Job) -> None:
        with self._door:  # or a job could land behind the last one, and never be answered
            if self._closed:
                raise StoreClosedError
            self._jobs.put(job)

    def _write_for_ever(self) -> None:
        try:
            self._write_until_closed()
        finally:
            self._let_go()

    def _write_until_closed(self) -> None:
        going_on = True
        while going_on:
            job = self._jobs.get()
            if job is None:
                return
            batch = [job]
            while len(batch) < _LARGEST_BATCH and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    going_on = False
                    break
                batch.append(job)
            self._commit(batch)

    def _let_go(self) -> None:
        """Give up the writer's connection; the next commit opens another."""
        held, self._held = self._held, None
        if held is not None:
            with contextlib.suppress(SQLAlchemyError):
                held.close()

    def _commit(self, batch: list[_Job]) -> None:
        batch = [job for job in batch if not job.future.cancelled()]
        outcomes: list[_Outcome] = []
        try:
            connection = self._held = self._held or self._writing.connect()
            with connection.begin():
                if len(batch) == 1:  # nothing else to protect: the transaction itself is the savepoint
                    outcomes.append(_Outcome(batch[0], batch[0].work(connection), None))
                else:
                    for job in batch:
                        _in_savepoint(connection, job, outcomes)
        except Exception as trouble:
            # The commit itself failed (disk full, connection lost): nobody may believe it was written.
            self._let_go()
            known = {id(outcome.job): outcome.trouble for outcome in outcomes if outcome.trouble}
            outcomes = [_Outcome(job, None, known.get(id(job), trouble)) for job in batch]
        _answer(outcomes)


def _answer(outcomes: list[_Outcome]) -> None:
    """Wake those who wait: threads at once, event loops with one call for all their futures."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
    for outcome in outcomes:
        if outcome.job.loop is None:
            _settle([outcome])
        else:
            by_loop.setdefault(outcome.job.loop, []).append(outcome)
    for loop, theirs in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(outcomes: list[_Outcome]) -> None:
    for job, result, trouble in outcomes:
        if job.future.done():
            continue
        if trouble is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(trouble)


def _in_savepoint(connection: Connection, job: _Job, outcomes: list[_Outcome]) -> None:
    savepoint = connection.begin_nested()
    try:
        result = job.work(connection)
        savepoint.commit()
    except Exception as trouble:
        outcomes.append(_Outcome(job, None, trouble))
        # When the disk is full, SQLite ends the whole transaction: then this raises.
        savepoint.rollback()
    else:
        outcomes.append(_Outcome(job, result, None))


def _make_closed(path: str | None) -> None:
    """Make the file that is not there yet closed to others; SQLite gives its companions the same mode."""
    if path and path != ":memory:" and not path.startswith("file:"):
        # A folder that is not there, or not ours, is told by opening the database.
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    _make_closed(make_url(url).database)
    # Errors name no values: they would carry names of people into the log.
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 10}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself, or savepoints are lost.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Who will write waits here for other processes; in the middle of a transaction it would fail.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
