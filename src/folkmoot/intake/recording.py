"""What was judged is written in commits, one under way at a time; what comes meanwhile goes together in the
next."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from folkmoot.act import plan
from folkmoot.explain.reasons import reason_of
from folkmoot.intake import following
from folkmoot.intake.ruling import Ruling
from folkmoot.intake.standing import Standing
from folkmoot.remember import verdicts
from folkmoot.remember.records import Judged
from folkmoot.remember.seal import Seals
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, Outcome, Verdict

_LARGEST_COMMIT = 4_096
_DAY = 24 * 3600.0
_DOOR = threading.Lock()
"""Between the loop, which may still change what is written, and the thread that takes it."""


class Pending(Struct, eq=False):
    """One message that was judged and is not recorded yet, with those who wait for the answer."""

    message: Message
    verdict: Verdict
    standing: Standing
    ask: verdicts.Ask
    """What is written."""
    began: float
    number: int = 0
    """In which order it is recorded."""
    ruling: Ruling | None = None
    trouble: BaseException | None = None
    told: "list[Callable[[Pending], None]] | None" = None
    """Who is told once there is an answer."""

    def wait(self) -> "asyncio.Future[None]":
        """Return what is done once there is an answer; who gives up takes nothing from the others."""
        waiter = asyncio.get_running_loop().create_future()
        self.then(lambda _: None if waiter.done() else waiter.set_result(None))
        return waiter

    def then(self, told: "Callable[[Pending], None]") -> None:
        """Have somebody told once there is an answer, or trouble; it must not raise."""
        if self.ruling is not None or self.trouble is not None:
            told(self)
        elif self.told is None:
            self.told = [told]
        else:
            self.told.append(told)

    def result(self) -> Ruling:
        """Return the answer that is there."""
        if self.ruling is None:
            raise self.trouble or RuntimeError("not recorded yet")
        return self.ruling

    def settle(self, ruling: Ruling | None, trouble: BaseException | None) -> None:
        """Give everybody who waits the answer, or the trouble that there was."""
        self.ruling, self.trouble = ruling, trouble
        for told in self.told or ():
            told(self)


Settle = Callable[[list[Pending], list[verdicts.Answer]], None]
Fail = Callable[[list[Pending], BaseException], None]


class Recording:
    """Writes answers durably, in the order in which they are put."""

    def __init__(self, store: Store, settle: Settle, fail: Fail) -> None:
        """Write to `store`; `settle` hears of each commit once it is durable, `fail` of each that is not."""
        self._store = store
        self._settle = settle
        self._fail = fail
        self._waiting: list[Pending] = []
        self._committing: asyncio.Future[list[verdicts.Answer]] | None = None
        self._put = 0
        self._taken = 0
        """The number of the last one that is being written, or was."""
        self._soon = False

    def put(self, pending: Pending) -> None:
        """Have an answer written with the next commit."""
        self._put += 1
        pending.number = self._put
        self._waiting.append(pending)
        if self._committing is None and not self._soon:
            # Whoever asks in the same turn of the loop shares the commit.
            self._soon = True
            asyncio.get_running_loop().call_soon(self._flush)

    def overtake(self, pending: Pending, verdict: Verdict, ask: verdicts.Ask) -> bool:
        """Have another verdict written instead: the answer was given already. False if it is too late."""
        with _DOOR:
            if self._taken >= pending.number:
                return False
            pending.verdict, pending.ask = verdict, ask
            return True

    async def finish(self) -> None:
        """Wait until everything that was put is written."""
        while self._waiting or self._committing is not None:
            if self._committing is None:
                await asyncio.sleep(0)
            else:
                await asyncio.wait({self._committing})

    def _take(self, batch: list[Pending]) -> list[verdicts.Ask]:
        """Return what is written, from now on for good; called by the thread that writes."""
        with _DOOR:
            self._taken = batch[-1].number
            return [pending.ask for pending in batch]

    def _flush(self) -> None:
        self._soon = False
        if self._committing is not None or not self._waiting:
            return
        batch, self._waiting = self._waiting[:_LARGEST_COMMIT], self._waiting[_LARGEST_COMMIT:]
        try:
            self._committing = self._store.hand_in(
                lambda c: following.record(c, self._take(batch), self._store.seals)
            )
        except Exception as trouble:
            self._fail(batch, trouble)
        else:
            self._committing.add_done_callback(partial(self._written, batch))

    def _written(self, batch: list[Pending], commit: "asyncio.Future[list[verdicts.Answer]]") -> None:
        self._committing = None
        self._flush()
        trouble = asyncio.CancelledError() if commit.cancelled() else commit.exception()
        if trouble is None:
            self._settle(batch, commit.result())
        else:
            self._fail(batch, trouble)


def to_record(
    was: Judged, verdict: Verdict, standing: Standing, message: Message, seals: Seals
) -> verdicts.Ask:
    """What to write about a message: a verdict only where it says more than *allow*."""
    version = standing.group.policy_version
    if verdict.outcome is Outcome.ALLOW and not verdict.shadow_rules:
        return verdicts.Ask(was, None, version)
    reason = reason_of(standing.policy, verdict.rules)
    chosen = standing.choices
    stops = plan.until_case(reason.category if reason else None, chosen.ladder)
    return verdicts.Ask(
        was,
        verdict,
        version,
        case_after=stops if was.sender else 0,
        case_since=was.at - (chosen.step_days * _DAY if chosen.ladder else plan.WINDOW),
        text=message.text,
        mark=seals.mark(message.group, was.sender, message.text) if was.done is Outcome.STOP else "",
    )
