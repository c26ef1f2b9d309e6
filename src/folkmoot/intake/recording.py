"""What was judged is written in commits, one under way at a time; what comes meanwhile goes together in the
next."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

from folkmoot.act import plan
from folkmoot.intake import following
from folkmoot.intake.ruling import Ruling, reason_of
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


class Pending:
    """One message that was judged and is not recorded yet, with those who wait for the answer."""

    __slots__ = (
        "_ask",
        "_taken",
        "_then",
        "_waiters",
        "began",
        "message",
        "number",
        "ruling",
        "standing",
        "trouble",
        "verdict",
    )

    def __init__(
        self, message: Message, verdict: Verdict, standing: Standing, ask: verdicts.Ask, began: float
    ) -> None:
        self.message = message
        self.verdict = verdict
        self.standing = standing
        self._ask = ask
        self._taken = False
        self.began = began
        self.number = 0
        """In which order it is recorded."""
        self.ruling: Ruling | None = None
        self.trouble: BaseException | None = None
        self._waiters: list[asyncio.Future[None]] | None = None
        self._then: list[Callable[[Pending], None]] | None = None

    @property
    def was(self) -> Judged:
        """That it was judged, as it is written."""
        return self._ask.was

    @staticmethod
    def take(batch: "list[Pending]") -> list[verdicts.Ask]:
        """Return what is written, from now on for good; called by the thread that writes."""
        with _DOOR:
            for pending in batch:
                pending._taken = True
            return [pending._ask for pending in batch]

    def overtake(self, verdict: Verdict, ask: verdicts.Ask) -> bool:
        """Have another verdict written instead: the answer was given already. False if it is too late."""
        with _DOOR:
            if not self._taken:
                self.verdict, self._ask = verdict, ask
            return not self._taken

    async def answer(self) -> Ruling:
        """Wait for the durable answer; who gives up takes nothing from the others."""
        if self.ruling is None and self.trouble is None:
            waiter = asyncio.get_running_loop().create_future()
            if self._waiters is None:
                self._waiters = []
            self._waiters.append(waiter)
            await waiter
        return self.result()

    def then(self, told: "Callable[[Pending], None]") -> None:
        """Have somebody told once there is an answer, or trouble; it must not raise."""
        if self.ruling is not None or self.trouble is not None:
            told(self)
        elif self._then is None:
            self._then = [told]
        else:
            self._then.append(told)

    def result(self) -> Ruling:
        """Return the answer that is there."""
        if self.ruling is None:
            raise self.trouble or RuntimeError("not recorded yet")
        return self.ruling

    def settle(self, ruling: Ruling | None, trouble: BaseException | None) -> None:
        """Give everybody who waits the answer, or the trouble that there was."""
        self.ruling, self.trouble = ruling, trouble
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_result(None)
        for told in self._then or ():
            told(self)


Settle = Callable[[Pending, verdicts.Answer], Ruling]


class Recording:
    """Writes answers durably, in the order in which they are put."""

    def __init__(self, store: Store, settle: Settle, gone: Callable[[Pending], None]) -> None:
        """Write to `store`; `settle` makes the ruling once it is durable, `gone` hears of each at its end."""
        self._store = store
        self._settle = settle
        self._gone = gone
        self._waiting: list[Pending] = []
        self._committing: asyncio.Future[list[verdicts.Answer]] | None = None
        self._put = 0
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

    async def finish(self) -> None:
        """Wait until everything that was put is written."""
        while self._waiting or self._committing is not None:
            if self._committing is None:
                await asyncio.sleep(0)
            else:
                await asyncio.wait({self._committing})

    def _flush(self) -> None:
        self._soon = False
        if self._committing is not None or not self._waiting:
            return
        batch, self._waiting = self._waiting[:_LARGEST_COMMIT], self._waiting[_LARGEST_COMMIT:]
        try:
            self._committing = self._store.hand_in(
                lambda c: following.record(c, Pending.take(batch), self._store.seals)
            )
        except Exception as trouble:
            self._fail(batch, trouble)
        else:
            self._committing.add_done_callback(partial(self._written, batch))

    def _written(self, batch: list[Pending], commit: "asyncio.Future[list[verdicts.Answer]]") -> None:
        self._committing = None
        self._flush()
        trouble = None if commit.cancelled() else commit.exception()
        if commit.cancelled() or trouble is not None:
            self._fail(batch, trouble or asyncio.CancelledError())
            return
        for pending, answer in zip(batch, commit.result(), strict=True):
            self._gone(pending)
            try:
                pending.settle(self._settle(pending, answer), None)
            except Exception as fault:
                pending.settle(None, fault)

    def _fail(self, batch: list[Pending], trouble: BaseException) -> None:
        for pending in batch:
            self._gone(pending)
            pending.settle(None, trouble)


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
