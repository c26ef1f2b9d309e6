"""Messages of today: judged by what they say and what came before, and remembered for those that follow."""

from folkmoot.intake import calls
from folkmoot.intake.acquaintance import Acquaintance
from folkmoot.intake.memory import Memory
from folkmoot.intake.standing import Standing
from folkmoot.remember.records import Judged
from folkmoot.remember.seal import Seals
from folkmoot.text.fold import Folded
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Context, Message, Verdict


class Today:
    """What judging remembers of the last messages and their senders."""

    def __init__(self, memory: Memory, acquaintance: Acquaintance, seals: Seals) -> None:
        self._memory = memory
        self._acquaintance = acquaintance
        self._seals = seals

    def judge(
        self, standing: Standing, message: Message, given: Context, folded: Folded
    ) -> tuple[Verdict, Judged]:
        """The verdict on a message, and what is written about it; `given` is what the gateway knows."""
        now, memory = given.now, self._memory
        number, sketch = prints(folded)
        context = self._context(message, given, number, sketch)
        verdict = memory.pieces.judge(standing.judge, message, context, folded)
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

    def _context(self, message: Message, given: Context, number: int, sketch: bytes) -> Context:
        recent, copies = self._memory.visit(message, number, sketch, given.now)
        before = self._acquaintance.visit(message.group, message.sender or "")
        return Context(
            now=given.now,
            role=given.role,
            joined_at=given.joined_at,
            messages_before=max(before, given.messages_before or 0),
            pictures=given.pictures,
            recent=recent,
            copies=copies,
            calls=self._memory.call(message, given.now) if message.mentions else (),
        )

    def take_back(self, message: Message, was: Judged) -> None:
        """Forget that a message came just now: it had been judged before, and counts once."""
        self._memory.take_back(message, was)
        self._acquaintance.take_back(was)
