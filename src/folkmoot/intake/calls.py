"""Whom senders called lately: numbers that stand for people, a bounded count of them."""

from struct import Struct
from typing import Final

from folkmoot.intake.recalling import Bounded
from folkmoot.text.prints import person
from folkmoot.vocabulary import Call, Message

EACH: Final = 256
"""How many calls are kept for one sender in a group."""
SENDERS: Final = 10_000
"""Of how many senders calls are kept: few messages call anybody."""
MOST: Final = 64
"""How many calls of one message are kept: who calls more at once is seen at once."""

_NUMBER: Final = Struct("<q")


def pack(message: Message) -> bytes | None:
    """Whom a message calls, as it is stored; None where it is nobody."""
    if not message.mentions:
        return None
    return b"".join(_NUMBER.pack(person(name)) for name in dict.fromkeys(message.mentions[:MOST]))


class Calls:
    """The calls of senders' last messages."""

    def __init__(self, senders: int = SENDERS) -> None:
        """Begin with none, for at most so many senders."""
        self._held: Bounded[tuple[Call, ...]] = Bounded(senders)

    def __len__(self) -> int:
        """Of how many senders calls are kept."""
        return len(self._held)

    def recall(self, group: str, sender: str | None, now: float) -> tuple[Call, ...]:
        """Whom a sender called before, newest last."""
        kept = self._held.get(hash((group, sender))) or ()
        return tuple(call for call in kept if call.at <= now)

    def note(self, group: str, sender: str | None, called: bytes | None, now: float) -> None:
        """Remember whom a message called, as `pack` gave it."""
        if called and sender is not None:
            key = hash((group, sender))
            new = [Call(now, number) for (number,) in _NUMBER.iter_unpack(called)]
            self._held.put(key, (*(self._held.get(key) or ()), *new)[-EACH:])

    def take_back(self, group: str, sender: str | None, now: float) -> None:
        """Forget what was noted at this time: the message had been judged before."""
        key = hash((group, sender))
        if kept := self._held.get(key):
            self._held.put(key, tuple(call for call in kept if call.at != now))
