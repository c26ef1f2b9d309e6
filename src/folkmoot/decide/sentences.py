"""What was found, in sentences for laypeople: they name the rule's own public phrases, never the message."""

from collections.abc import Iterable
from typing import Final

MOST_NAMED: Final = 4
"""How many phrases a sentence names; a rule that met more has more to say than anybody reads."""

_THINGS: Final = {
    "<price>": "a price",
    "<link>": "a link",
    "<invite>": "an invitation to another chat",
    "<contact>": "a way to get in touch",
    "<amount>": "a weight",
}
_HIDDEN: Final = ", written so as not to be recognised"


def words(phrases: Iterable[str], disguised: bool) -> str:
    """Say that a message uses some of the words that a rule names."""
    named = list(dict.fromkeys(map(shown, phrases)))[:MOST_NAMED]
    return f"It uses words that the rule names{_HIDDEN if disguised else ''}: {_listed(named)}."


def together(things: Iterable[str], disguised: bool) -> str:
    """Say that a message brings together what a rule names only in combination."""
    return f"It brings together {_listed(list(dict.fromkeys(map(shown, things))))}{_HIDDEN * disguised}."


def shown(thing: str) -> str:
    """A phrase of a rule as a reader sees it, in quotation marks; a thing by its name."""
    if thing in _THINGS:
        return _THINGS[thing]
    word = thing.removeprefix("=")
    return f"“{'…' * word.startswith('*')}{word.strip('*')}{'…' * word.endswith('*')}”"


def _listed(named: list[str]) -> str:
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


SAYING: Final = {"words": words, "together": together}
"""How to say what was found, by the name of the signal."""
