"""What is remembered of the last messages so that floods and copies are seen: times, places and
fingerprints, no text.

Everything is bounded: so much for each sender in a room, so much for each text, and so much in all. What
was not touched for longest goes first. Finding anything takes the same time however much is remembered.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from folkmoot.intake.pieces import Pieces
from folkmoot.text.prints import numbers
from folkmoot.vocabulary import Message, Trace

EACH: Final = 64
"""How many times or traces are kept for one sender in one room, and for one text."""

SENDERS: Final = 50_000
TEXTS: Final = 100_000
NUMBERS: Final = 400_000
"""How many senders in rooms, texts, and numbers of sketches are remembered in all."""

SHARED: Final = 5 / 8
"""Which share of their sketches two texts have in common to be near copies."""

RECENT_TEXTS: Final = 2
"""How many texts are remembered for one number of a sketch."""


class Past(NamedTuple):
    """One earlier message, as it is stored: no text."""

    at: float
    group: str
    room: str
    sender: str
    fingerprint: int
    sketch: bytes


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

    def among(self, keys: list[int]) -> list[Held | None]:
        """Return the entries of several keys at once."""
        new, old = self._new.get, self._old.get
        return [new(key) or old(key) for key in keys]

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
    return count - -int(-count * SHARED // 1) + 1


_PREFIX: Final = [0, *(_prefix(count) for count in range(1, 65))]


class Memory:
    """Recall of earlier messages for one process; rooms of one group belong to one process."""

    def __init__(self, *, senders: int = SENDERS, texts: int = TEXTS, numbers: int = NUMBERS) -> None:
        self._recent: Bounded[list[float]] = Bounded(senders)
        self._traces: Bounded[list[Trace]] = Bounded(texts)
        self.pieces = Pieces()
        """Short messages that may be parts of one."""
        self._index: Bounded[tuple[Text, ...]] = Bounded(numbers)

    def recall(
        self, message: Message, fingerprint: int, sketch: bytes, now: float
    ) -> tuple[tuple[float, ...], tuple[Trace, ...]]:
        """When this sender wrote here before, and where this text or nearly this text was before; newest
        last."""
        if message.sender is None or message.room is None:
            return (), ()
        recent = self._recent.get(hash((message.group, message.room, message.sender)))
        traces = self._find(hash(message.group), fingerprint, sketch) if fingerprint else None
        return _until(now, recent), () if traces is None else _traces_until(now, traces)

    def note(self, message: Message, fingerprint: int, sketch: bytes, now: float) -> None:
        """Remember a message, after it was judged."""
        if message.sender is not None and message.room is not None:
            self._note(Past(now, message.group, message.room, message.sender, fingerprint, sketch))

    def visit(
        self, message: Message, fingerprint: int, sketch: bytes, now: float
    ) -> tuple[tuple[float, ...], tuple[Trace, ...]]:
        """Recall what was before a message, and remember the message, at once."""
        sender, room, group = message.sender, message.room, message.group
        if sender is None or room is None:
            return (), ()
        recent = self._note_sender(hash((group, room, sender)), now)
        before = () if len(recent) == 1 else _before(now, recent)
        if not fingerprint:
            return before, ()
        traces = self._note_text(hash(group), fingerprint, sketch, Trace(now, sender, room))
        return before, () if len(traces) == 1 else _traces_until(now, traces[:-1])

    def restore(self, rows: Iterable[Past | tuple[float, str, str, str, int, bytes]]) -> None:
        """Remember what was stored before a restart, oldest first."""
        for row in rows:
            self._note(Past(*row))

    def sizes(self) -> tuple[int, int, int]:
        """How many senders, texts and numbers of sketches are remembered."""
        return len(self._recent), len(self._traces), len(self._index)

    def _note(self, past: Past) -> None:
        self._note_sender(hash((past.group, past.room, past.sender)), past.at)
        if past.fingerprint:
            trace = Trace(past.at, past.sender, past.room)
            self._note_text(hash(past.group), past.fingerprint, past.sketch, trace)

    def _note_sender(self, key: int, at: float) -> list[float]:
        recent = self._recent.get(key)
        if recent is None:
            recent = [at]
        elif recent[-1] <= at:
            recent.append(at)
        else:  # the clock was set back
            insort(recent, at)
        if len(recent) > EACH + 1:
            del recent[0]
        self._recent.put(key, recent)
        return recent

    def _note_text(self, group: int, fingerprint: int, sketch: bytes, trace: Trace) -> list[Trace]:
        key = fingerprint ^ group
        traces = self._traces.get(key)
        if traces is None:
            traces = self._enter(group, numbers(sketch))
        traces.append(trace)
        if len(traces) > EACH + 1:
            del traces[0]
        self._traces.put(key, traces)
        return traces

    def _enter(self, group: int, mine: tuple[int, ...]) -> list[Trace]:
        """Let a new text be found by the smallest numbers of its sketch; returns the traces it joins."""
        keys = [number ^ group for number in mine[: _PREFIX[len(mine)]]]
        known = self._index.among(keys)
        traces = _nearest(mine, known)
        if traces is None:
            traces = []
        alone = ((frozenset(mine), traces),)
        put = self._index.put
        for key, texts in zip(keys, known, strict=True):
            put(key, alone if texts is None else texts[1 - RECENT_TEXTS :] + alone)
        return traces

    def _find(self, group: int, fingerprint: int, sketch: bytes) -> list[Trace] | None:
        """The traces of a text, or of one that it is nearly the same as."""
        traces = self._traces.get(fingerprint ^ group)
        if traces is None:
            mine = numbers(sketch)
            traces = _nearest(
                mine, self._index.among([number ^ group for number in mine[: _PREFIX[len(mine)]]])
            )
        return traces


def _nearest(mine: tuple[int, ...], known: list[tuple[Text, ...] | None]) -> list[Trace] | None:
    """The traces of the text that shares most with these numbers, if it shares enough."""
    best, most, size = None, 0, len(mine)
    for texts in known:
        if texts is not None:
            for theirs, traces in texts:
                count = len(theirs.intersection(mine))
                if count > most and count >= SHARED * size and count >= SHARED * len(theirs):
                    best, most = traces, count
    return best


def _until(now: float, recent: list[float] | None) -> tuple[float, ...]:
    """The times up to now, at most `EACH`."""
    if recent is None:
        return ()
    return tuple(recent[-EACH:] if recent[-1] <= now else recent[: bisect_right(recent, now)][-EACH:])


def _before(now: float, recent: list[float]) -> tuple[float, ...]:
    """The times before the one noted just now."""
    return tuple(recent[:-1]) if recent[-1] == now else _until(now, recent)[:-1]


def _traces_until(now: float, traces: list[Trace]) -> tuple[Trace, ...]:
    return tuple([trace for trace in traces if trace.at <= now][-EACH:])
