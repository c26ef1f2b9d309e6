"""The policies to begin with: four, of at most six rules each, as TOML that a group can go on from."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from folkmoot.decide.judge import phrases_of
from folkmoot.decide.policy import Policy, dump

NAMES: Final = ("neighbours", "support", "open-source", "public-room")


class UnknownStarterError(LookupError):
    """There is no starter policy of that name; there are neighbours, support, open-source and public-room."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no starter policy “{name}”. There are: {', '.join(NAMES)}.")


def names() -> tuple[str, ...]:
    """The starters' ids."""
    return NAMES


@cache
def load(name: str) -> Policy:
    """A starter policy by its id, with the lists of phrases that it names."""
    if name not in NAMES:
        raise UnknownStarterError(name)
    bare = msgspec.convert(_read(name), Policy)
    lists = _lists()
    used = {
        phrase[1:]
        for rule in bare.rules
        for phrases in phrases_of(rule)
        for phrase in phrases
        if phrase[0] == "@"
    }
    return msgspec.structs.replace(bare, lists={name: lists[name] for name in lists if name in used})


def text(name: str) -> str:
    """A starter as TOML, complete with its lists."""
    return dump(load(name))


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    every = _read("lists") | _read("people") | _read("offers")
    return {name: tuple(phrases) for name, phrases in every.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
