"""What is remembered of the last messages so that floods and copies are seen: times, places and
fingerprints, no text.

Everything is bounded: so much for each sender in a room, so much for each text, and so much in all. What
was not touched for longest goes first. Finding anything takes the same time however much is remembered.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from folkmoot.intake.calls import Calls, pack
from folkmoot.intake.pieces import Pieces
from folkmoot.intake.recalling import EACH, NOTE, RECALL, TAKE_BACK, Recalled
from folkmoot.remember.records import Judged
from folkmoot.vocabulary import Call, Message, Trace

if TYPE_CHECKING:
    from folkmoot.intake.recalling import Recall
else:
    try:
        from folkmoot.intake._recall import Recall
    except ImportError:  # built without a C compiler
        from folkmoot.intake.recalling import Recall

__all__ = ["EACH", "Memory", "Past"]

SENDERS: Final = 50_000
TEXTS: Final = 100_000
NUMBERS: Final = 400_000
"""How many senders in rooms, texts, and numbers of sketches are remembered in all."""

_NOTHING: Final[Recalled] = ((), ())


class Past(NamedTuple):
    """One earlier message, as it is stored: no text."""

    at: float
    group: str
    room: str
    sender: str
    fingerprint: int
    sketch: bytes
    called: bytes = b""


class Memory:
    """Recall of earlier messages for one process; rooms of one group belong to one process."""

    def __init__(self, *, senders: int = SENDERS, texts: int = TEXTS, numbers: int = NUMBERS) -> None:
        self._ask = (kept := Recall(senders, texts, numbers, Trace)).ask
        self.sizes = kept.sizes
        """How many senders, texts and numbers of sketches are remembered."""
        self.pieces = Pieces()
        """Short messages that may be parts of one."""
        self.calls = Calls()
        """Whom senders called."""

    def recall(self, message: Message, fingerprint: int, sketch: bytes, now: float) -> Recalled:
        """When this sender wrote here before, and where this text or nearly this text was before; newest
        last."""
        sender, room = message.sender, message.room
        if sender is None or room is None:
            return _NOTHING
        return self._ask(RECALL, message.group, room, sender, fingerprint, sketch, now) or _NOTHING

    def note(self, message: Message, fingerprint: int, sketch: bytes, now: float) -> None:
        """Remember a message, after it was judged."""
        sender, room = message.sender, message.room
        if sender is not None and room is not None:
            self._ask(NOTE, message.group, room, sender, fingerprint, sketch, now)

    def visit(self, message: Message, fingerprint: int, sketch: bytes, now: float) -> Recalled:
        """Recall what was before a message, and remember the message, at once."""
        sender, room = message.sender, message.room
        if sender is None or room is None:
            return _NOTHING
        return self._ask(RECALL | NOTE, message.group, room, sender, fingerprint, sketch, now) or _NOTHING

    def call(self, message: Message, now: float) -> tuple[Call, ...]:
        """Recall whom a message's sender called before, and remember whom it calls; nothing if nobody."""
        called = pack(message)
        if called is None:
            return ()
        before = self.calls.recall(message.group, message.sender, now)
        self.calls.note(message.group, message.sender, called, now)
        return before

    def take_back(self, message: Message, was: Judged) -> None:
        """Forget that a message came just now: it had been judged before, and counts once."""
        sender, room, now = message.sender, message.room, was.at
        if sender is not None and room is not None:
            self._ask(TAKE_BACK, was.group, room, sender, was.fingerprint or 0, was.sketch or b"", now)
            self.pieces.take_back(message, now)
            self.calls.take_back(was.group, sender, now)

    def restore(self, rows: Iterable[Past | tuple[float, str, str, str, int, bytes, bytes]]) -> None:
        """Remember what was stored before a restart, oldest first."""
        ask = self._ask
        for at, group, room, sender, fingerprint, sketch, called in rows:
            ask(NOTE, group, room, sender, fingerprint, sketch, at)
            if called:
                self.calls.note(group, sender, called, at)
