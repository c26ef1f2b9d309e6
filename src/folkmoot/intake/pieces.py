"""Messages that one sender split over several: the last few short ones are read together.

What is kept is short and stays in this process for a minute (dropped with the next message, whoever
sends it); it is never stored, logged or told. What is found only by reading messages together is a doubtful
sign: it opens a case at most, and marks the last message only.
"""

from collections import OrderedDict
from math import inf
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from folkmoot.decide.judge import Judge
from folkmoot.decide.signals import UNSURE
from folkmoot.text.fold import Folded, fold
from folkmoot.text.looks import Look, glance
from folkmoot.vocabulary import Context, Message, Outcome, Signal, Span, Verdict

WITHIN: Final = 60.0
"""For how many seconds a piece is kept."""
PIECE: Final = 100
"""How many characters a piece has at most; who writes more at once is read at once."""
EACH: Final = 5
"""How many pieces of one sender in one room are kept."""
SENDERS: Final = 4_000
"""How many senders' pieces are kept."""

_ACROSS: Final = int(Look.SPACED | Look.DECOR)
"""The tricks that a space between two messages does not end."""
_LINK: Final = int(Look.LINK)
_SIGNS: Final = frozenset("0123456789@$`")
"""What prices, amounts and contacts have, after `LETTERS`."""
_READABLE: Final = ("words", "together")
_SENTENCE: Final = "{} Part of it stands in the messages just before."


class Piece(Struct, frozen=True):
    """A short message, as it was folded; nearly none is read again, so that nothing is prepared for it."""

    at: float
    folded: Folded

    @property
    def plain(self) -> bytes:
        """How it is read as it stands."""
        return self.folded.readings[0][1:-1]

    @property
    def undone(self) -> bytes:
        """The same with its tricks undone."""
        return self.folded.readings[-1][1:-1]

    @property
    def signs(self) -> bool:
        """Whether a price, a link or the like may stand in it."""
        return bool(self.folded.looks & _LINK) or not _SIGNS.isdisjoint(self.folded.lettered)


class Pieces:
    """The last short messages of senders, for as long as they may be parts of one."""

    def __init__(self, senders: int = SENDERS) -> None:
        self._most = senders
        # No plain dictionary: one that is emptied from its beginning takes ever longer to begin.
        self._held: OrderedDict[int, tuple[Piece, ...]] = OrderedDict()
        """The senders who wrote lately, the one who was silent for longest first."""
        self._due = inf
        """When the first of them may have been silent for a minute."""

    def __len__(self) -> int:
        """Of how many senders pieces are kept."""
        return len(self._held)

    def judge(self, judge: Judge, message: Message, context: Context, folded: Folded) -> Verdict:
        """The verdict on a message, read alone and then together with the sender's pieces before it."""
        verdict, now, held = judge.judge(message, context, folded), context.now, self._held
        if not self._due - 2 * WITHIN <= now <= self._due:
            self._forget(now)
        if message.sender is None or message.room is None or not message.text:
            return verdict
        key = hash((message.group, message.room, message.sender))
        before = held.pop(key, ())
        if len(message.text) > PIECE or verdict.outcome is not Outcome.ALLOW:
            return verdict
        piece = Piece(now, folded)
        recent = before and tuple([one for one in before if 0 <= now - one.at <= WITHIN][1 - EACH :])
        held[key] = (*recent, piece)
        self._due = min(self._due, now + WITHIN)
        if len(held) > self._most:
            held.popitem(last=False)
        if recent and _worth_it(judge, recent, piece):
            return _together(judge, message, context, verdict, [one.plain.decode() for one in recent])
        return verdict

    def take_back(self, message: Message, now: float) -> None:
        """Forget a message that was noted at this time: it had been judged before."""
        key = hash((message.group, message.room, message.sender))
        kept = tuple(one for one in self._held.get(key, ()) if one.at != now)
        if kept:
            self._held[key] = kept
        else:
            self._held.pop(key, None)

    def _forget(self, now: float) -> None:
        """Drop who was silent for a minute."""
        held, self._due = self._held, inf
        while held:
            oldest = next(iter(held))
            at = held[oldest][-1].at
            if abs(now - at) <= WITHIN:
                self._due = at + WITHIN
                return
            del held[oldest]


def _worth_it(judge: Judge, before: tuple[Piece, ...], last: Piece) -> bool:
    """Whether pieces may say more together than each by itself: a phrase or a trick may lie across them."""
    plain = b" ".join([one.plain for one in before])
    undone = b" ".join([one.undone for one in before])
    signs = last.signs or before[-1].signs
    if judge.joins(b" %b %b " % (plain, last.plain), len(plain) + 1, signs=signs):
        return True
    if (plain, last.plain) != (undone, last.undone) and judge.joins(
        b" %b %b " % (undone, last.undone), len(undone) + 1, signs=signs
    ):
        return True
    looks = glance(b"%b %b" % (plain, last.folded.lettered.encode("utf-8", "replace"))) & _ACROSS
    for one in (*before, last):
        looks &= ~one.folded.looks
    return looks != 0


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
