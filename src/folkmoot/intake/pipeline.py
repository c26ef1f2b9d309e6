"""The whole way of a message, on one screen: admit, recall, judge, record, tell."""

import asyncio
import time
from collections.abc import Callable, Sequence

from folkmoot import observe
from folkmoot.act import plan
from folkmoot.explain.reasons import statement
from folkmoot.intake.acquaintance import Acquaintance
from folkmoot.intake.feed import Feed
from folkmoot.intake.memory import Memory
from folkmoot.intake.receipts import Receipts
from folkmoot.intake.ruling import Ask, Ruling, UnknownGroupError, reason_of
from folkmoot.intake.standing import Standing, Standings
from folkmoot.remember import verdicts
from folkmoot.remember.records import Judged, VerdictRecord
from folkmoot.remember.store import Store
from folkmoot.text.fold import fold
from folkmoot.text.prints import fingerprint, sketch
from folkmoot.vocabulary import Context, Message, OnFailure, Outcome, Role, Verdict

__all__ = ["Ask", "Pipeline", "Ruling", "UnknownGroupError", "reason_of"]

_REMEMBERED_SECONDS = 24 * 3600.0
_REFRESH_SECONDS = 1.0


class Pipeline:
    """Judges each message once, durably, and tells who listens."""

    def __init__(
        self, store: Store, feed: Feed, receipts: Receipts, clock: Callable[[], float] = time.time
    ) -> None:
        """Judge for all groups in `store`; call `start` first."""
        self.store = store
        self.feed = feed
        self.receipts = receipts
        self.standings = Standings(store)
        self._clock = clock
        self._memory = Memory()
        self._acquaintance = Acquaintance(store)
        self._under_way: dict[tuple[str, str], asyncio.Task[Ruling]] = {}
        self._refreshing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read groups and policies, and recall what floods and copies depend on."""
        await self.standings.refresh()
        await self._acquaintance.start()
        past = await self.store.read(lambda c: verdicts.since(c, self._clock() - _REMEMBERED_SECONDS))
        self._memory.restore(
            (was.at, was.group, was.room, was.sender, was.fingerprint or 0, was.sketch or b"")
            for was in past
            if was.sender
        )
        self._refreshing = asyncio.create_task(self._refresh_for_ever())

    async def close(self) -> None:
        """Stop; what is under way is finished first."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def judge(
        self,
        message: Message,
        *,
        role: Role = Role.MEMBER,
        joined_at: float | None = None,
        messages_before: int | None = None,
    ) -> Ruling:
        """Judge a message and record the answer before giving it; the same message gets the same answer.

        Those who ask about the same message meanwhile wait for one judgement. `messages_before` is what the
        gateway knows; what we have seen ourselves counts where it is more. UnknownGroupError if the group
        is not set up here.
        """
        key = (message.group, message.id)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._judge(message, role, joined_at, messages_before or 0))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        # A caller that gives up must not take the judgement away from the others.
        return await asyncio.shield(task)

    async def judge_in_order(self, group: str, asks: Sequence[Ask]) -> list[Ruling]:
        """Judge messages of one group one after the other.

        They share a durable commit, so that many cost little more than one.
        """
        await self._acquaintance.meet(group, (ask.message.sender or "" for ask in asks))
        return list(
            await asyncio.gather(
                *(
                    self.judge(
                        ask.message,
                        role=ask.role,
                        joined_at=ask.joined_at,
                        messages_before=ask.messages_before,
                    )
                    for ask in asks
                )
            )
        )

    async def _judge(
        self, message: Message, role: Role, joined_at: float | None, messages_before: int
    ) -> Ruling:
        began = time.perf_counter()
        standing = self._standing(message.group)
        folded = fold(message.text)
        prints = fingerprint(folded), sketch(folded)
        now = self._clock()
        before = await self._acquaintance.messages_before(message.group, message.sender or "")
        recent, copies = self._memory.recall(message, *prints, now)
        context = Context(
            now=now,
            role=role,
            joined_at=joined_at,
            messages_before=max(before, messages_before),
            recent=recent,
            copies=copies,
        )
        verdict = standing.judge.judge(message, context, folded)
        self._memory.note(message, *prints, now)
        self._acquaintance.note(message.group, message.sender or "", before)
        ruling = await self._settle(message, verdict, standing, now, prints)
        observe.JUDGED.labels(ruling.done.value).inc()
        observe.JUDGING_SECONDS.observe(time.perf_counter() - began)
        return ruling

    async def failed(self, message: Message, why: str) -> Ruling:
        """Answer for a message that could not be judged in time, as its group chose: open or closed."""
        standing = self._standing(message.group)
        closed = standing.on_failure is OnFailure.CLOSED
        outcome = Outcome.STOP if closed else Outcome.ALLOW
        verdict = Verdict(message=message.id, outcome=outcome, policy=standing.policy.label, failure=why)
        observe.FAILURES.labels(why).inc()
        return self._ruling(message, verdict, outcome, standing, None, self._clock())

    async def _settle(
        self, message: Message, verdict: Verdict, standing: Standing, now: float, prints: tuple[int, bytes]
    ) -> Ruling:
        done = standing.hands.do(verdict.outcome)
        was = Judged(
            message=message.id,
            group=message.group,
            room=message.room or "",
            sender=message.sender or "",
            at=now,
            done=done,
            fingerprint=prints[0] or None,
            sketch=prints[1] or None,
        )
        worth_keeping = verdict.outcome is not Outcome.ALLOW or verdict.shadow_rules
        version = standing.group.policy_version
        reason = reason_of(standing.policy, verdict.rules)
        ask = verdicts.Ask(
            was,
            verdict if worth_keeping else None,
            version,
            case_after=plan.stops_until_case(reason.category if reason else None),
            case_since=now - plan.WINDOW,
        )
        answer = await self.store.write_together(verdicts.record, ask)
        if answer.kept is not None:
            self.feed.publish(answer.kept)
        elif answer.judged is not was:
            return await self._again(message, answer.judged)
        return self._ruling(message, verdict, answer.judged.done, standing, answer.kept, now)

    async def _again(self, message: Message, was: Judged) -> Ruling:
        """Give the answer that a message got when it was judged before, under the policy of that time."""
        verdict_id = was.verdict or ""
        kept = await self.store.read(lambda c: verdicts.get(c, verdict_id))
        standing = self._standing(message.group)
        if kept is None:
            verdict = Verdict(message=message.id, outcome=was.done, policy=standing.policy.label)
            return self._ruling(message, verdict, was.done, standing, None, was.at)
        verdict = Verdict(
            message=message.id,
            outcome=kept.outcome,
            policy=f"{standing.policy.id}@{kept.policy_version}",
            rules=kept.finding.rules,
            shadow_rules=kept.finding.shadow_rules,
            signals=kept.finding.signals,
            failure=kept.finding.failure,
        )
        return self._ruling(message, verdict, was.done, standing, kept, was.at)

    def _ruling(
        self,
        message: Message,
        verdict: Verdict,
        done: Outcome,
        standing: Standing,
        kept: VerdictRecord | None,
        at: float,
    ) -> Ruling:
        link = None if kept is None else self.receipts.link(kept.id)
        reason = reason_of(standing.policy, verdict.rules)
        words = None
        if done is not Outcome.ALLOW:
            title = standing.group.title
            words = statement(
                done,
                reason,
                verdict.signals,
                at=at,
                group=title,
                room=standing.room_titles.get(message.room or "", title),
                link=link,
                failure=verdict.failure,
            )
        return Ruling(
            done=done,
            verdict=verdict,
            practice=standing.group.practice,
            record=kept,
            statement=words,
            rule=reason.rule if reason else None,
            category=reason.category if reason else None,
            link=link,
        )

    def _standing(self, group: str) -> Standing:
        standing = self.standings.get(group)
        if standing is None:
            raise UnknownGroupError(group)
        return standing

    async def _refresh_for_ever(self) -> None:
        log = observe.logger("pipeline")
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            try:
                await self.standings.refresh()
            except Exception:
                # Judging goes on with what is known; the next look may succeed.
                log.exception("could not refresh the groups")
