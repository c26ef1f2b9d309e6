"""The port to a chat system's hands, one room at a time; practice is another pair of hands behind it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

Receipt = dict[str, str]
"""What is needed to take an act in one room back, and how it was done."""

Keep = Callable[[Receipt], Awaitable[None]]
"""Writes down what was there before an act; the act may only begin once this has returned."""

HOW = "how"
"""The name in a receipt under which it says how an act was done."""
JUDGING = "policy-server"
"""How: messages of the member are stopped before delivery, since the room gives us no power over theirs."""

BANNED = "banned"
"""How: nobody was asked back, because they are banned."""


class CantError(Exception):
    """An act can't be done here; the message is a sentence for administrators that says why."""


class LaterError(Exception):
    """An act can't be done now; trying again later may help."""

    def __init__(self, trouble: str, *, away: bool = False) -> None:
        """Keep what went wrong, and whether the chat system was away altogether."""
        super().__init__(trouble)
        self.away = away


class Platform(Protocol):
    """What can be done in one room of a chat system; doing it twice has no further effect.

    `before` is what `keep` was given when the same act was begun earlier, or what the act that is to be taken
    back left; every call raises CantError or LaterError when it fails.
    """

    async def spare(self, rooms: Sequence[str], person: str) -> None:
        """Raise CantError if the person is an administrator of one of the rooms, or a bot."""

    async def remove(self, room: str, message: str, *, reason: str, once: str) -> Receipt:
        """Take a message away; `once` names the act."""

    async def mute(self, room: str, person: str, *, before: Receipt, keep: Keep) -> Receipt:
        """Let a member read and no longer write."""

    async def unmute(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Give a member back what `mute` took, unless somebody else changed it since."""

    async def kick(self, room: str, person: str, *, reason: str, before: Receipt, keep: Keep) -> Receipt:
        """Put a member out; they may come back."""

    async def invite(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Ask somebody back whom `kick` put out."""

    async def ban(self, room: str, person: str, *, reason: str, before: Receipt, keep: Keep) -> Receipt:
        """Put a member out and keep them out."""

    async def unban(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Let somebody come back whom `ban` keeps out, and ask them back if they were there."""

    async def lock_down(self, room: str, *, before: Receipt, keep: Keep) -> Receipt:
        """Let nobody new in, except by invitation of those who run the room."""

    async def reopen(self, room: str, *, before: Receipt) -> Receipt:
        """Open the door as far as it was open before `lock_down`, unless somebody else changed it since."""


class Practice:
    """Hands that only write receipts: everything is as it would be, and nothing happens."""

    async def spare(self, rooms: Sequence[str], person: str) -> None:
        """Spare nobody: nothing happens to anybody."""
        del rooms, person

    async def _nothing(self, *where: str, **how: object) -> Receipt:
        """Do nothing, and say so."""
        del where, how
        return {"practice": "yes"}

    remove = mute = unmute = kick = invite = ban = unban = lock_down = reopen = _nothing


class Handless:
    """No hands: there is no bot, so that only judging can hold a member back."""

    async def spare(self, rooms: Sequence[str], person: str) -> None:
        """Spare nobody: nothing can be done to anybody."""
        del rooms, person

    async def _judging(self, *where: str, **how: object) -> Receipt:
        """Rely on judging: it stops the messages of those who are muted or banned, while they are."""
        del where, how
        return {HOW: JUDGING}

    async def _no(self, *where: str, **how: object) -> Receipt:
        """Say that there is nobody to do it."""
        del where, how
        raise CantError("Folkmoot has no bot in this chat: do this in the chat's own settings.")

    mute = unmute = ban = unban = _judging
    remove = kick = invite = lock_down = reopen = _no
