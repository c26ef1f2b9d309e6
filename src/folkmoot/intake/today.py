"""Messages of today: judged by what they say and what came before, and remembered for those that follow."""

from collections.abc import Callable, Sequence

from folkmoot.intake import calls
from folkmoot.intake.acquaintance import Acquaintance
from folkmoot.intake.memory import Memory
from folkmoot.intake.ruling import Ask
from folkmoot.intake.standing import Standing
from folkmoot.remember.records import Judged
from folkmoot.remember.seal import Seals
from folkmoot.text.fold import Folded, fold
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Context, Message, Verdict

Judgement = tuple[Verdict, Judged]
"""A verdict, and what is written about it."""


class Today:
    """What judging remembers of the last messages and their senders."""

    def __init__(self, memory: Memory, acquaintance: Acquaintance, seals: Seals) -> None:
        self._memory = memory
        self._acquaintance = acquaintance
        self._seals = seals

    def judge(self, standing: Standing, ask: Ask, folded: Folded, now: float) -> Judgement:
        """The verdict on a message, and what is written about it."""
        mark = prints(folded)
        context = self._context(ask, *mark, now)
        verdict = self._memory.pieces.judge(standing.judge, ask.message, context, folded)
        return self._judgement(standing, ask.message, verdict, *mark, now)

    def judge_all(
        self, standing: Standing, asks: Sequence[Ask], clock: Callable[[], float]
    ) -> list[Judgement]:
        """The verdicts on messages that came one after the other, and what is written about them.

        Each step is taken for all of them before the next: what a step needs then stays near the processor,
        and costs a fraction of what it costs after all the others.
        """
        folds = [fold(ask.message.text) for ask in asks]
        marks = [prints(folded) for folded in folds]
        contexts = [self._context(ask, *mark, clock()) for ask, mark in zip(asks, marks, strict=True)]
        judge, rules = self._memory.pieces.judge, standing.judge
        verdicts = [
            judge(rules, ask.message, context, folded)
            for ask, context, folded in zip(asks, contexts, folds, strict=True)
        ]
        return [
            self._judgement(standing, ask.message, verdict, *mark, context.now)
            for ask, verdict, mark, context in zip(asks, verdicts, marks, contexts, strict=True)
        ]

    def _context(self, ask: Ask, number: int, sketch: bytes, now: float) -> Context:
        message = ask.message
        recent, copies = self._memory.visit(message, number, sketch, now)
        before = self._acquaintance.visit(message.group, message.sender or "")
        return Context(
            now=now,
            role=ask.role,
            joined_at=ask.joined_at,
            messages_before=max(before, ask.messages_before or 0),
            pictures=ask.pictures,
            recent=recent,
            copies=copies,
            calls=self._memory.call(message, now) if message.mentions else (),
        )

    def _judgement(
        self, standing: Standing, message: Message, verdict: Verdict, number: int, sketch: bytes, now: float
    ) -> Judgement:
        if standing.limits:
            verdict = standing.limits.over(verdict, message, self._seals, now)
        return verdict, Judged(
            message=message.id,
            group=message.group,
            room=message.room or "",
            sender=message.sender or "",
            at=now,
            done=standing.hands.do(verdict.outcome),
            fingerprint=number or None,
            sketch=sketch or None,
            called=calls.pack(message) if message.mentions else None,
        )

    def take_back(self, message: Message, was: Judged) -> None:
        """Forget that a message came just now: it had been judged before, and counts once."""
        self._memory.take_back(message, was)
        self._acquaintance.take_back(was)
