"""Conditions in CEL, the Common Expression Language: made ready, asked, and refused in words.

The runtime is Google's in C++. It bounds how deep a condition is nested (32) and how often it goes round
(10,000); we bound its length and what it may do besides, so that no message can make one slow. Conditions
never see the text of a message.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from folkmoot.decide.known import KNOWN, UNKNOWN, about, asked
from folkmoot.detect.triggers import Find

if TYPE_CHECKING:
    from folkmoot.decide.finds import Finds

LONGEST: Final = 500
"""How many characters a condition has at most."""
MOST_ROUNDS: Final = 4
"""How often a condition may go through a list."""

_UNBOUND: Final = "UNKNOWN: No value with name"


class ExpertsMissingError(ImportError):
    """Conditions need the package cel-expr-python: pip install 'folkmoot[experts]'."""

    def __init__(self) -> None:
        super().__init__("Conditions need the package cel-expr-python: pip install 'folkmoot[experts]'")


class ConditionError(ValueError):
    """A condition could not be worked out for a message; its rule does not count for it."""


class Outside(NamedTuple):
    """A condition as the runtime refused it: the place in it, and the runtime's own words."""

    start: int
    words: str


@cache
def _environment() -> Any:
    """Google's runtime, told what can be asked for; `ExpertsMissingError` where it is not installed."""
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise ExpertsMissingError from error
    kinds = {
        "int": cel.Type.INT,
        "bool": cel.Type.BOOL,
        "string": cel.Type.STRING,
        "timestamp": cel.Type.TIMESTAMP,
        "list<int>": cel.Type.List(cel.Type.INT),
        "list<string>": cel.Type.List(cel.Type.STRING),
    }
    return cel.NewEnv(variables={name: kinds[known.kind] for name, known in KNOWN.items()})


def available() -> bool:
    """Whether this installation can work conditions out."""
    try:
        _environment()
    except ExpertsMissingError:
        return False
    return True


def compiled(condition: str) -> Any:
    """A condition made ready by the runtime; `RuntimeError` with its words where it refuses."""
    return _environment().compile(condition)


def result(ready: Any, values: dict[str, Any]) -> bool | None:
    """What a condition comes to; None where it needs a value that is not known.

    `ConditionError` where it cannot be worked out.
    """
    try:
        value = ready.eval(data=values)
    except RuntimeError as error:
        raise ConditionError(str(error)) from error
    if value.type().name() == "BOOL":
        return bool(value.value())
    words = str(value.value())
    if words.startswith(_UNBOUND):
        return None
    raise ConditionError(words)


def met(ready: Any, names: tuple[str, ...], sentence: str, finds: "Finds") -> Find | None:
    """Ask a condition about a message; `ConditionError` where it cannot be worked out."""
    values = {name: value for name in names if (value := KNOWN[name].get(finds)) is not UNKNOWN}
    if not result(ready, values):
        return None
    return Find(name="condition", strength=1.0, sentence=sentence)


class Asked(NamedTuple):
    """A condition made ready to be asked."""

    ready: Any
    names: tuple[str, ...]
    sentence: str

    def met(self, finds: "Finds") -> Find | None:
        """Ask it about a message; `ConditionError` where it cannot be worked out."""
        return met(self.ready, self.names, self.sentence, finds)


def asking(condition: str) -> Asked:
    """Make a condition ready to be asked."""
    sentence = f"It meets the rule's condition about {about(condition)}."
    return Asked(compiled(condition), asked(condition), sentence)


_WHERE: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")


def outside(condition: str, words: str) -> Outside:
    """Where the runtime refused a condition."""
    match = _WHERE.search(words)
    if not match:
        return Outside(0, words)
    lines = condition.split("\n")
    before = sum(len(line) + 1 for line in lines[: int(match[1]) - 1])
    return Outside(min(before + int(match[2]) - 1, len(condition)), match[3].partition(" [")[0])
