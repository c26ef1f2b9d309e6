"""What `Memory` keeps, in Python: `recall.c` gives the same answers sooner, where it was built."""

from bisect import bisect_right, insort
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from folkmoot.text.prints import numbers
from folkmoot.vocabulary import Trace

EACH: Final = 64
"""How many times or traces are kept for one sender in one room, and for one text."""

SHARED: Final = 5 / 8
"""Which share of their sketches two texts have in common to be near copies."""

RECENT_TEXTS: Final = 2
"""How many texts are remembered for one number of a sketch."""

RECALL: Final = 1
NOTE: Final = 2
TAKE_BACK: Final = 4

Recalled = tuple[tuple[float, ...], tuple[Trace, ...]]
"""When a sender wrote before, and where a text was before; newest last."""

Held = TypeVar("Held")


class Bounded(Generic[Held]):
    """A dictionary of at most so many entries, in two halves.

    When one half is full, what was not touched since it began is forgotten. That keeps the last touched as
    an order of all would, for a quarter of the cost.
    """

    __slots__ = ("_half", "_new", "_old")

    def __init__(self, most: int) -> None:
        self._half = max(1, most // 2)
        self._new: dict[int, Held] = {}
        self._old: dict[int, Held] = {}

    def get(self, key: int) -> Held | None:
        """Return an entry; None if there is none (any more)."""
        found = self._new.get(key)
        return self._old.get(key) if found is None else found

    def put(self, key: int, held: Held) -> bool:
        """Store an entry as one touched now; returns whether others were forgotten for it."""
        new = self._new
        new[key] = held
        if len(new) < self._half:
            return False
        forgotten = bool(self._old)
        self._old, self._new = new, {}
        return forgotten

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._new.keys() | self._old.keys())


Text = tuple[frozenset[int], list[Trace]]
"""The numbers of a text that was seen, and its traces; near copies share one list of traces."""


def _prefix(count: int) -> int:
    """How many of a sketch's smallest numbers two texts must compare to miss no near copy.

    Of two ordered sketches that share so many numbers, the beginnings, but for one number less than must be
    shared, have one in common.
    """
    return count - -int(-count * SHARED // 1) + 1 if count else 0


class Recall:
    """Times of senders and traces of texts; each dictionary holds so many."""

    def __init__(
        self, senders: int, texts: int, numbers: int, make: Callable[[float, str, str], Trace]
    ) -> None:
        self._recent: Bounded[list[float]] = Bounded(senders)
        self._traces: Bounded[list[Trace]] = Bounded(texts)
        self._index: Bounded[tuple[Text, ...]] = Bounded(numbers)
        self._make = make

    def ask(
        self, how: int, group: str, room: str, sender: str, fingerprint: int, sketch: bytes, now: float
    ) -> Recalled | None:
        """Recall what was before a message (1), note the message (2), both (3), or take back what was noted
        at this time (4); None where nothing is recalled."""
        found = self._recall(group, room, sender, fingerprint, sketch, now) if how & RECALL else None
        if how & NOTE:
            self._note_sender(hash((group, room, sender)), now)
            if fingerprint:
                self._note_text(hash(group), fingerprint, sketch, self._make(now, sender, room))
        if how & TAKE_BACK:
            recent = self._recent.get(hash((group, room, sender))) or []
            if (place := bisect_right(recent, now) - 1) >= 0 and recent[place] == now:
                del recent[place]
            traces = self._traces.get(fingerprint ^ hash(group)) or []
            places = [number for number, trace in enumerate(traces) if trace.at == now]
            if fingerprint and places:
                del traces[places[-1]]
        return found

    def sizes(self) -> tuple[int, int, int]:
        """How many senders, texts and numbers of sketches are remembered."""
        return len(self._recent), len(self._traces), len(self._index)

    def _recall(
        self, group: str, room: str, sender: str, fingerprint: int, sketch: bytes, now: float
    ) -> Recalled:
        recent = self._recent.get(hash((group, room, sender))) or []
        traces = self._find(hash(group), fingerprint, sketch) if fingerprint else None
        times = recent[: bisect_right(recent, now)][-EACH:]
        return tuple(times), tuple([trace for trace in traces or () if trace.at <= now][-EACH:])

    def _note_sender(self, key: int, at: float) -> None:
        recent = self._recent.get(key) or []
        insort(recent, at)
        if len(recent) > EACH + 1:
            del recent[0]
        self._recent.put(key, recent)

    def _note_text(self, group: int, fingerprint: int, sketch: bytes, trace: Trace) -> None:
        key = fingerprint ^ group
        traces = self._traces.get(key)
        if traces is None:
            traces = self._enter(group, numbers(sketch))
        traces.append(trace)
        if len(traces) > EACH + 1:
            del traces[0]
        self._traces.put(key, traces)

    def _enter(self, group: int, mine: tuple[int, ...]) -> list[Trace]:
        """Let a new text be found by the smallest numbers of its sketch; returns the traces it joins."""
        keys = [number ^ group for number in mine[: _prefix(len(mine))]]
        known = [self._index.get(key) for key in keys]
        traces = _nearest(mine, known)
        if traces is None:
            traces = []
        alone = ((frozenset(mine), traces),)
        for key, texts in zip(keys, known, strict=True):
            self._index.put(key, alone if texts is None else texts[1 - RECENT_TEXTS :] + alone)
        return traces

    def _find(self, group: int, fingerprint: int, sketch: bytes) -> list[Trace] | None:
        """The traces of a text, or of one that it is nearly the same as."""
        traces = self._traces.get(fingerprint ^ group)
        if traces is None:
            mine = numbers(sketch)
            known = [self._index.get(number ^ group) for number in mine[: _prefix(len(mine))]]
            traces = _nearest(mine, known)
        return traces


def _nearest(mine: tuple[int, ...], known: list[tuple[Text, ...] | None]) -> list[Trace] | None:
    """The traces of the text that shares most with these numbers, if it shares enough."""
    best, most, size = None, 0, len(mine)
    for texts in known:
        for theirs, traces in texts or ():
            count = len(theirs.intersection(mine))
            if count > most and count >= SHARED * size and count >= SHARED * len(theirs):
                best, most = traces, count
    return best
