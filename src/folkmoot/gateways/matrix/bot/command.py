"""What a thing that can be asked of the bot is: its name, who may ask it, and what answers."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from msgspec import Struct

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk


class Who(StrEnum):
    """Who may ask."""

    ANYONE = "anyone"
    MEMBER = "members"
    ADMINISTRATOR = "administrators"


class Command(Struct, frozen=True, kw_only=True):
    """One thing that can be asked of the bot."""

    name: str
    rest: str = ""
    """What may follow the name, as help shows it."""
    also: tuple[str, ...] = ()
    who: Who
    sentence: str
    run: Callable[[Desk, Ask], Awaitable[Answer]]
    in_group: bool = True
    """Whether it is about a group, so that one must be found first."""
    topic: str = ""
    """Under which heading of help it stands; empty: in help itself."""

    @property
    def usage(self) -> str:
        """Return how it is written."""
        return f"{self.name} {self.rest}".strip()
