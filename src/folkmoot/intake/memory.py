"""What is remembered of the last messages so that floods and copies are seen: times, places and
fingerprints, no text.

Everything is bounded: so much for each sender in a room, so much for each text, and so much in all. What
was not touched for longest goes first. Finding anything takes the same time however much is remembered.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from folkmoot.vocabulary import Message, Trace

EACH: Final = 64
"""How many times or traces are kept for one sender in one room, and for one text."""

SENDERS: Final = 50_000
TEXTS: Final = 100_000
NUMBERS: Final = 400_000
"""How many senders in rooms, texts, and numbers of sketches are remembered in all."""

SHARED: Final = 5 / 8
"""Which share of their sketches two texts have in common to be near copies."""

RECENT_FAMILIES: Final = 8
"""How many kinds of text are remembered for one number of a sketch."""


class Past(NamedTuple):
    """One earlier message, as it is stored: no text."""

    at: float
    group: str
    room: str
    sender: str
    fingerprint: int
    sketch: bytes


Key = TypeVar("Key")
Held = TypeVar("Held")


class Bounded(OrderedDict[Key, Held], Generic[Key, Held]):
    """A dictionary of at most so many entries; the one not touched for longest goes first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def put(self, key: Key, held: Held) -> None:
        """Store an entry as the one touched last."""
        self[key] = held
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


def _numbers(sketch: bytes) -> list[bytes]:
    return [sketch[at : at + 8] for at in range(0, len(sketch) - 7, 8)]


class Memory:
    """Recall of earlier messages for one process; rooms of one group belong to one process."""

    def __init__(self, *, senders: int = SENDERS, texts: int = TEXTS, numbers: int = NUMBERS) -> None:
        self._recent: Bounded[tuple[str, str, str], deque[float]] = Bounded(senders)
        self._family: Bounded[tuple[str, int], int] = Bounded(texts)
        self._traces: Bounded[tuple[str, int], deque[Trace]] = Bounded(texts)
        self._index: Bounded[tuple[str, bytes], tuple[int, ...]] = Bounded(numbers)

    def recall(
        self, message: Message, fingerprint: int, sketch: bytes, now: float
    ) -> tuple[tuple[float, ...], tuple[Trace, ...]]:
        """When this sender wrote here before, and where this text or nearly this text was before; newest
        last."""
        if message.sender is None or message.room is None:
            return (), ()
        recent = self._recent.get((message.group, message.room, message.sender), ())
        traces: Iterable[Trace] = ()
        if fingerprint:
            traces = self._traces.get((message.group, self._find(message.group, fingerprint, sketch)), ())
        return tuple(at for at in recent if at <= now), tuple(trace for trace in traces if trace.at <= now)

    def note(self, message: Message, fingerprint: int, sketch: bytes, now: float) -> None:
        """Remember a message, after it was judged."""
        if message.sender is not None and message.room is not None:
            self._note(Past(now, message.group, message.room, message.sender, fingerprint, sketch))

    def restore(self, rows: Iterable[Past | tuple[float, str, str, str, int, bytes]]) -> None:
        """Remember what was stored before a restart, oldest first."""
        for row in rows:
            self._note(Past(*row))

    def sizes(self) -> tuple[int, int, int, int]:
        """How many senders, fingerprints, texts and numbers of sketches are remembered."""
        return len(self._recent), len(self._family), len(self._traces), len(self._index)

    def _note(self, past: Past) -> None:
        key = past.group, past.room, past.sender
        recent = self._recent.get(key)
        if recent is None:
            recent = deque(maxlen=EACH)
        recent.append(past.at)
        self._recent.put(key, recent)
        if past.fingerprint:
            self._note_text(past)

    def _note_text(self, past: Past) -> None:
        group = past.group
        family = self._find(group, past.fingerprint, past.sketch)
        self._family.put((group, past.fingerprint), family)
        traces = self._traces.get((group, family))
        if traces is None:
            traces = deque(maxlen=EACH)
        traces.append(Trace(past.at, past.sender, past.room))
        self._traces.put((group, family), traces)
        for number in _numbers(past.sketch):
            known = self._index.get((group, number), ())
            if family not in known:
                known = (*known[1 - RECENT_FAMILIES :], family)
            self._index.put((group, number), known)

    def _find(self, group: str, fingerprint: int, sketch: bytes) -> int:
        """The family of copies a text belongs to: its own, unless it is nearly one that is known."""
        family = self._family.get((group, fingerprint))
        if family is not None:
            return family
        numbers = _numbers(sketch)
        shared = Counter(kin for number in numbers for kin in self._index.get((group, number), ()))
        if shared:
            nearest, count = shared.most_common(1)[0]
            if count >= SHARED * len(numbers):
                return nearest
        return fingerprint
