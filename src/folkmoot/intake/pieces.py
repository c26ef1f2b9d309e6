"""Messages that one sender split over several: the last few short ones are read together.

What is kept is short and stays in this process for a minute (dropped with the next message, whoever
sends it); it is never stored, logged or told. What is found only by reading messages together is a doubtful
sign: it opens a case at most, and marks the last message only.
"""

from typing import Final

from msgspec.structs import replace

from folkmoot.decide.judge import Judge
from folkmoot.decide.signals import UNSURE
from folkmoot.text.fold import Folded, fold
from folkmoot.vocabulary import Context, Message, Outcome, Signal, Span, Verdict

WITHIN: Final = 60.0
"""For how many seconds a piece is kept."""
PIECE: Final = 100
"""How many characters a piece has at most; who writes more at once is read at once."""
EACH: Final = 5
"""How many pieces of one sender in one room are kept."""
SENDERS: Final = 4_000
"""How many senders' pieces are kept."""

_READABLE: Final = ("words", "together")
_SENTENCE: Final = "{} Part of it stands in the messages just before."

Piece = tuple[float, str]


class Pieces:
    """The last short messages of senders, for as long as they may be parts of one."""

    def __init__(self, senders: int = SENDERS) -> None:
        self._most = senders
        self._held: dict[int, list[Piece]] = {}
        """The senders who wrote lately, the one who was silent for longest first."""

    def __len__(self) -> int:
        """Of how many senders pieces are kept."""
        return len(self._held)

    def judge(self, judge: Judge, message: Message, context: Context, folded: Folded) -> Verdict:
        """The verdict on a message, read alone and then together with the sender's pieces before it."""
        verdict = judge.judge(message, context, folded)
        self._forget(context.now)
        if message.sender is None or message.room is None or not message.text:
            return verdict
        key = hash((message.group, message.room, message.sender))
        before = self._held.pop(key, [])
        if len(message.text) > PIECE or verdict.outcome is not Outcome.ALLOW:
            return verdict
        recent = [one for one in before if 0 <= context.now - one[0] <= WITHIN][1 - EACH :]
        self._held[key] = [*recent, (context.now, folded.folded.strip())]
        return (
            _together(judge, message, context, verdict, [text for _, text in recent]) if recent else verdict
        )

    def _forget(self, now: float) -> None:
        """Drop who was silent for a minute, and who was silent for longest where too many write."""
        held = self._held
        while held:
            oldest = next(iter(held))
            if len(held) <= self._most and abs(now - held[oldest][-1][0]) <= WITHIN:
                return
            del held[oldest]


def _together(judge: Judge, message: Message, context: Context, alone: Verdict, before: list[str]) -> Verdict:
    """The verdict on a message after those before it."""
    start = sum(map(len, before)) + len(before)
    joined = replace(message, text=" ".join([*before, message.text]))
    known = replace(context, recent=(), copies=())
    found = judge.judge(joined, known, fold(joined.text))
    signals = tuple(part for signal in found.signals if (part := _last(signal, start)))
    rules = {signal.rule for signal in signals}
    kept = tuple(rule for rule in found.rules if rule in rules)
    if not kept:
        return alone
    return replace(found, outcome=Outcome.CASE, rules=kept, signals=signals)


def _last(signal: Signal, start: int) -> Signal | None:
    """What a finding has to do with the last message; None where that is nothing, or everything."""
    spans = tuple(
        Span(max(0, span.start - start), span.end - start) for span in signal.spans if span.end > start
    )
    if signal.name not in _READABLE or not spans or all(span.start >= start for span in signal.spans):
        return None
    sentence = _SENTENCE.format(signal.sentence)
    return replace(signal, spans=spans, sentence=sentence, strength=min(signal.strength, UNSURE))
