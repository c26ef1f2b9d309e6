"""The whole way of a message, on one screen: admit, recall, judge, record, tell."""

import asyncio
import time
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path

from folkmoot import observe
from folkmoot.explain.reasons import UNREADABLE
from folkmoot.intake import past
from folkmoot.intake.acquaintance import Acquaintance
from folkmoot.intake.asking import AT_A_STRETCH, Asking
from folkmoot.intake.feed import Feed
from folkmoot.intake.memory import Memory
from folkmoot.intake.receipts import Receipts
from folkmoot.intake.recording import Pending, Recording, to_record
from folkmoot.intake.refreshing import refresh_for_ever
from folkmoot.intake.ruling import Ask, Ruling, UnknownGroupError, as_judged, as_kept, ruling
from folkmoot.intake.standing import Standing, Standings
from folkmoot.intake.today import Today
from folkmoot.remember import judged, verdicts
from folkmoot.remember.keeping import new_id
from folkmoot.remember.records import Judged, VerdictRecord
from folkmoot.remember.store import Store
from folkmoot.text.fold import fold
from folkmoot.text.hosts import domain
from folkmoot.vocabulary import Message, OnFailure, Outcome, Picture, Role, Verdict

__all__ = ["Ask", "Pipeline", "Ruling", "UnknownGroupError"]

_REMEMBERED_SECONDS = 24 * 3600.0


class Pipeline:
    """Judges each message once, durably, and tells who listens."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        receipts: Receipts,
        clock: Callable[[], float] = time.time,
        *,
        folder: Path | None = None,
    ) -> None:
        """Judge for all groups in `store`; call `start` first. `folder` keeps long policies ready."""
        self.store = store
        self.feed = feed
        self.receipts = receipts
        self.standings = Standings(store, folder, clock)
        self._clock = clock
        self._memory = Memory()
        self._acquaintance = Acquaintance(store, clock)
        self._today = Today(self._memory, self._acquaintance, store.seals)
        self._under_way: dict[tuple[str, str], Pending] = {}
        self._recording = Recording(store, self._recorded, self._failed)
        self._asking = Asking(self._begin_all)
        self._refreshing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read groups and policies, and recall what floods and copies depend on."""
        domain("example.org")  # reads a long list the first time: better now than in the first message
        await self.standings.refresh()
        await self._acquaintance.start()
        oldest, cover = self._clock() - _REMEMBERED_SECONDS, self.store.seals.cover
        self._memory.restore(await self.store.read(lambda c: judged.since(c, oldest, cover=cover)))
        self._refreshing = asyncio.create_task(
            refresh_for_ever(self.standings.refresh, self._acquaintance.count)
        )

    async def close(self) -> None:
        """Stop; what is under way is finished first."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        self._asking.finish()
        await self._recording.finish()

    async def judge(
        self,
        message: Message,
        *,
        role: Role = Role.MEMBER,
        joined_at: float | None = None,
        messages_before: int | None = None,
        pictures: tuple[Picture, ...] = (),
    ) -> Ruling:
        """Judge a message and record the answer before giving it; the same message gets the same answer.

        Those who ask about it meanwhile wait for one judgement. `messages_before`, `pictures`: what the
        gateway knows; we may have seen more. UnknownGroupError if there is no such group.
        """
        if self._acquaintance.must_ask(message.group, message.sender or ""):
            await self._acquaintance.meet(message.group, (message.sender or "",))
        ask = Ask(
            message=message,
            role=role,
            joined_at=joined_at,
            messages_before=messages_before,
            pictures=pictures,
        )
        given = await self._asking.put(ask)
        return given if given.record is None else await as_judged(message, given, self.standings)

    def begin(self, ask: Ask) -> Pending | None:
        """Judge a message now, to be told with `then`; None where its sender is not known: `judge` asks."""
        one = ask.message
        return None if self._acquaintance.must_ask(one.group, one.sender or "") else self._begin(ask)

    async def worded(self, pending: Pending) -> Ruling:
        """Wait for the durable answer, in the words of the policy that judged."""
        await pending.wait()
        given = pending.result()
        return given if given.record is None else await as_judged(pending.message, given, self.standings)

    async def judge_in_order(self, group: str, asks: Sequence[Ask]) -> list[Ruling]:
        """Judge messages of one group one after the other, in shared commits: the fastest way to judge."""
        await self._acquaintance.meet(group, (ask.message.sender or "" for ask in asks))
        begun: list[Pending] = []
        for first in range(0, len(asks), AT_A_STRETCH):
            if first:
                await asyncio.sleep(0)  # others have their turn; the first may be written meanwhile
            begun += self._begin_all(group, asks[first : first + AT_A_STRETCH])
        if begun:
            # They are written in order, so that with the last all are.
            await max(begun, key=attrgetter("number")).wait()
        given = [(one.message, one.result()) for one in begun]
        return [one if one.record is None else await as_judged(m, one, self.standings) for m, one in given]

    def _begin(self, ask: Ask) -> Pending:
        """Judge a message and hand in the answer; what is judged just now is not judged again."""
        message = ask.message
        if (pending := self._under_way.get((message.group, message.id))) is not None:
            return pending
        began, now, seals = time.perf_counter(), self._clock(), self.store.seals
        standing, folded = self._standing(message.group), fold(message.text)
        if past.is_past(message, standing, now):
            before = self._acquaintance.known(message.group, message.sender or "") or 0
            verdict, was = past.judge(standing, ask, folded, now, before, seals)
        else:
            verdict, was = self._today.judge(standing, ask, folded, now)
        return self._hand_in(
            message, verdict, standing, to_record(was, verdict, standing, message, seals), began
        )

    def _begin_all(self, group: str, asks: Sequence[Ask]) -> list[Pending]:
        """Judge messages of a group, in order, and hand in the answers."""
        began, now, seals = time.perf_counter(), self._clock(), self.store.seals
        standing, fresh = self._standing(group), dict[str, Ask]()
        for ask in asks:
            one = ask.message
            if (group, one.id) not in self._under_way and not past.is_past(one, standing, now):
                fresh.setdefault(one.id, ask)
        given = self._today.judge_all(standing, [*fresh.values()], self._clock)
        for ask, (verdict, was) in zip(fresh.values(), given, strict=True):
            to_write = to_record(was, verdict, standing, ask.message, seals)
            self._hand_in(ask.message, verdict, standing, to_write, began)
        return [self._begin(ask) for ask in asks]

    def _hand_in(
        self, message: Message, verdict: Verdict, standing: Standing, ask: verdicts.Ask, began: float
    ) -> Pending:
        pending = Pending(message, verdict, standing, ask, began)
        self._under_way[message.group, message.id] = pending
        self._recording.put(pending)
        return pending

    def _failed(self, batch: list[Pending], trouble: BaseException) -> None:
        for pending in batch:
            del self._under_way[pending.message.group, pending.message.id]
            pending.settle(None, trouble)

    def _recorded(self, batch: list[Pending], answers: list[verdicts.Answer]) -> None:
        """Say what is to be done about messages, once that is durable."""
        now = time.perf_counter()
        for pending, answer in zip(batch, answers, strict=True):
            message = pending.message
            del self._under_way[message.group, message.id]
            try:
                given = self._given(pending, answer)
            except Exception as fault:
                pending.settle(None, fault)
            else:
                observe.JUDGED.count(given.done)
                pending.settle(given, None)
        observe.JUDGING_SECONDS.observe_all([now - pending.began for pending in batch])

    def _given(self, pending: Pending, answer: verdicts.Answer) -> Ruling:
        """Tell who listens about one message, and word what is to be done about it."""
        message, standing = pending.message, pending.standing
        if answer.kept is not None:
            self.feed.publish(answer.kept)
        if answer.again:
            self._today.take_back(message, pending.ask.was)
            return self._again(message, answer)
        was, link = answer.judged, self._link(answer.kept)
        return ruling(message, pending.verdict, was.done, standing, was.at, link, answer.kept)

    async def failed(self, message: Message, why: str) -> Ruling:
        """Answer for a message that could not be judged in time, as its group chose: open or closed."""
        observe.FAILURES.labels(why).inc()
        closed = self._standing(message.group).on_failure is OnFailure.CLOSED
        return self._without_judging(message, Outcome.STOP if closed else Outcome.ALLOW, why)

    async def unreadable(self, message: Message) -> Ruling:
        """Answer for an encrypted message where those are refused."""
        return self._without_judging(message, Outcome.STOP, UNREADABLE)

    def _without_judging(self, message: Message, done: Outcome, why: str) -> Ruling:
        """Give an answer at once; it stands, whatever a late judgement says."""
        standing, now = self._standing(message.group), self._clock()
        verdict = Verdict(message=message.id, outcome=done, policy=standing.policy.label, failure=why)
        stopped = done is Outcome.STOP
        kept, room, sender = new_id() if stopped else None, message.room or "", message.sender or ""
        was = Judged(
            message=message.id, group=message.group, room=room, sender=sender, at=now, done=done, verdict=kept
        )
        ask = verdicts.Ask(was, verdict if stopped else None, standing.group.policy_version)
        self._write_instead(message, verdict, standing, ask)
        link = self.receipts.link(was.verdict) if was.verdict else None
        return ruling(message, verdict, done, standing, now, link)

    def _write_instead(
        self, message: Message, verdict: Verdict, standing: Standing, ask: verdicts.Ask
    ) -> None:
        name = message.group, message.id
        pending = self._under_way.get(name)
        if pending is None:
            self._hand_in(message, verdict, standing, ask, time.perf_counter())
        elif not self._recording.overtake(pending, verdict, ask):
            # Its commit is under way at this moment: put right behind it what was really done.
            group, done = message.group, ask.was.done
            self.store.hand_in(lambda c: verdicts.overrule(c, group, message.id, done))

    def _again(self, message: Message, answer: verdicts.Answer) -> Ruling:
        """Give the answer that a message got when it was judged before."""
        was, kept = answer.judged, answer.before
        standing = self._standing(message.group)
        plain = Verdict(message=message.id, outcome=was.done, policy=standing.policy.label)
        verdict = plain if kept is None else as_kept(kept, standing.policy.id)
        return ruling(message, verdict, was.done, standing, was.at, self._link(kept), kept)

    def _link(self, kept: VerdictRecord | None) -> str | None:
        return None if kept is None else self.receipts.link(kept.id)

    def _standing(self, group: str) -> Standing:
        if (standing := self.standings.get(group)) is None:
            raise UnknownGroupError(group)
        return standing
