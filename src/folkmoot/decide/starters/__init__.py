"""The policies to begin with: four, of at most six rules each, shipped as the TOML that a group can go on
from."""

from functools import cache
from importlib.resources import files
from typing import Final

from folkmoot.decide.policy import Policy
from folkmoot.decide.policy import load as read

NAMES: Final = ("neighbours", "support", "open-source", "public-room")


def names() -> tuple[str, ...]:
    """The starters' ids."""
    return NAMES


def text(name: str) -> str:
    """A starter as its file has it."""
    if name not in NAMES:
        raise UnknownStarterError(name)
    return (files(__package__) / f"{name}.toml").read_text("utf-8")


@cache
def load(name: str) -> Policy:
    """A starter policy by its id."""
    return read(text(name))


class UnknownStarterError(LookupError):
    """There is no starter policy of that name; the names are neighbours, support, open-source and
    public-room."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no starter policy “{name}”. There are: {', '.join(NAMES)}.")
