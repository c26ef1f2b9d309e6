"""Why a condition is refused: where in it, what is wrong, and what to write instead."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from folkmoot.decide import cel
from folkmoot.decide.known import KNOWN, asked
from folkmoot.decide.shape import nearest
from folkmoot.detect.pattern_errors import Refusal

_TOKEN: Final = re.compile(
    r"[rR]?\"(?:\\.|[^\"\\])*\"|[rR]?'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d+|&&|\|\||[=!<>]="
    r"|//[^\n]*|\S",
    re.DOTALL,
)
_CALLED: Final = "size, contains, startsWith, endsWith, all, exists, exists_one, filter, map"
_ROUNDS: Final = frozenset({"all", "exists", "exists_one", "map", "filter"})


def trouble(condition: str) -> Refusal | None:
    """Why a condition cannot be used; None where it can."""
    if not cel.available():
        remedy = "Ask the operator to run: pip install 'folkmoot[experts]'. Or use triggers of other kinds."
        problem = "This installation cannot work out conditions: the package cel-expr-python is missing."
        return Refusal(0, len(condition), problem, remedy)
    if len(condition) > cel.LONGEST:
        problem = f"The condition has {len(condition)} characters."
        return Refusal(cel.LONGEST, 1, problem, f"Write at most {cel.LONGEST}, or make two triggers of it.")
    return next(_bounds(condition), None) or _refused(condition) or _untimely(condition)


def _bounds(condition: str) -> Iterator[Refusal]:
    """What would let a message make a condition slow."""
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(condition)]
    rounds, depth, inside = 0, 0, list[int]()
    for number, (start, word) in enumerate(tokens):
        called = number + 1 < len(tokens) and tokens[number + 1][1] == "("
        if word == "matches" and called:
            remedy = "Use a trigger of the kind “pattern”; here there are startsWith, endsWith and contains."
            yield Refusal(start, len(word), "Patterns are not looked for in a condition.", remedy)
        if word in _ROUNDS and called and number and tokens[number - 1][1] == ".":
            rounds += 1
            if inside:
                remedy = "Go through one list at a time."
                yield Refusal(start, len(word), "It goes through a list for each entry of a list.", remedy)
            if rounds > cel.MOST_ROUNDS:
                remedy = f"Do so at most {cel.MOST_ROUNDS} times, or make two triggers of it."
                yield Refusal(start, len(word), "It goes through lists too often.", remedy)
            inside.append(depth)
        if word in "([{":
            depth += 1
        elif word in ")]}":
            depth -= 1
            if inside and depth <= inside[-1]:
                inside.pop()


def _refused(condition: str) -> Refusal | None:
    """What the runtime has against a condition, in words."""
    try:
        ready = cel.compiled(condition)
    except (RuntimeError, UnicodeEncodeError) as error:
        return _explained(condition, cel.outside(condition, str(error)))
    kind = ready.return_type().name()
    if kind == "BOOL":
        return None if asked(condition) else _constant(condition)
    remedy = "Compare it with something, such as: links > 2"
    return Refusal(0, len(condition), f"This gives {_kind(kind.lower())}, not true or false.", remedy)


def _constant(condition: str) -> Refusal:
    remedy = f"Ask for something. There is: {', '.join(KNOWN)}."
    return Refusal(0, max(1, len(condition)), "The condition asks nothing about the message.", remedy)


def _explained(condition: str, found: cel.Outside) -> Refusal:
    start, words = found
    if "recursion" in words:
        return Refusal(0, 1, "The condition is nested too deep.", "Write it flatter, with at most 32 levels.")
    width = _width(condition, start)
    if match := re.match(r"undeclared reference to '([^']*)'", words):
        start, called = _named(condition, start, match[1])
        if called:
            remedy = (
                "There is: size, in, contains, startsWith, endsWith, all, exists, exists_one, filter, map."
            )
            return Refusal(start, len(match[1]), f"There is nothing called “{match[1]}” to be done.", remedy)
        if unknown := _called_on(condition, start):
            return unknown
        return Refusal(start, len(match[1]), f"There is no “{match[1]}”.", _nearest(match[1]))
    if match := re.match(r"found no matching overload for '([^']*)' applied to '(.*)'", words):
        return Refusal(start, width, _unfit(match[1], match[2]), "Compare and join values of one kind.")
    if "cannot be the operand of a select" in words:
        return Refusal(start, width, "This has no parts.", "Remove the point and what follows it.")
    return _syntax(condition, start, width)


def _syntax(condition: str, start: int, width: int) -> Refusal:
    """Something that is no CEL at all."""
    if not condition.strip():
        return Refusal(0, 1, "The condition is empty.", "Write one, such as: links > 2")
    rest = condition[start:]
    if rest.startswith(("and ", "or ", "not ")):
        sign = {"and": "&&", "or": "||", "not": "!"}[rest.split()[0]]
        return Refusal(start, len(rest.split()[0]), f"“{rest.split()[0]}” is no CEL.", f"Write {sign}")
    if rest.startswith("=") and not rest.startswith("=="):
        return Refusal(start, 1, "One “=” compares nothing.", "Write ==")
    if rest[:1] in "'\"" and rest:
        return Refusal(start, 1, "The text has no end.", "End it with the quotation mark it began with.")
    if not rest.strip():
        return Refusal(start, 1, "The condition ends too early.", "Write what is missing, such as a ).")
    if rest[0] in ")]}":
        return Refusal(start, 1, f"Nothing was begun before “{rest[0]}”.", "Remove it, or begin it before.")
    if rest[0].isdigit():
        return Refusal(start, width, "This number is too large.", "Write a smaller one.")
    remedy = "See docs/admins/policies.md for what there is; a sign that joins two values may be missing."
    return Refusal(start, width, "From here on it cannot be read.", remedy)


def _nearest(name: str) -> str:
    found = nearest(name, [*KNOWN])
    if name in ("text", "message"):
        return "Look into the text with triggers of the kinds “words” and “pattern”. " + found
    return found


def _called_on(condition: str, start: int) -> Refusal | None:
    """What a list or a text is asked to do that it cannot, where only its first value seemed unknown."""
    match = re.search(r"\.\s*(\w+)\s*\(\s*$", condition[:start])
    if match is None or match[1] in _CALLED.split(", "):
        return None
    remedy = nearest(match[1], _CALLED.split(", "))
    return Refusal(match.start(1), len(match[1]), f"There is nothing called “{match[1]}” to be done.", remedy)


_TIMED: Final = re.compile(r"""\b(timestamp|duration)\(\s*(['"])([^'"\\]*)\2\s*\)""")
_LENGTH: Final = re.compile(r"-?(?:\d+(?:\.\d+)?(?:h|m|s|ms|us|ns))+")


def _untimely(condition: str) -> Refusal | None:
    """A moment or a length of time that cannot be read; the runtime says so only when a message comes."""
    for match in _TIMED.finditer(condition):
        start, written = match.start(3), match[3]
        if match[1] == "duration" and not _LENGTH.fullmatch(written):
            remedy = "Write it like this: 90s, 10m, 1h30m."
            return Refusal(start, max(1, len(written)), f"“{written}” is no length of time.", remedy)
        if match[1] == "timestamp" and not _is_moment(written):
            remedy = "Write it with its zone, like this: 2026-11-22T09:00:00Z."
            return Refusal(start, max(1, len(written)), f"“{written}” is no moment.", remedy)
    return None


def _is_moment(written: str) -> bool:
    try:
        return "T" in written and datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        return False


def _named(condition: str, start: int, name: str) -> tuple[int, bool]:
    """Where a name stands that the runtime does not know, and whether it is called."""
    if condition[start : start + 1] == "(":
        return max(0, condition.rfind(name, 0, start)), True
    return start, False


def _width(condition: str, start: int) -> int:
    match = _TOKEN.match(condition, start)
    return len(match[0]) if match else 1


_KINDS: Final = {
    "int": "a whole number",
    "double": "a number with a fraction",
    "string": "text",
    "bool": "true or false",
    "google.protobuf.timestamp": "a time",
    "google.protobuf.duration": "a length of time",
    "null": "nothing",
}


def _kind(name: str) -> str:
    return "a list" if name.startswith("list") else _KINDS.get(name.strip().lower(), "something else")


def _unfit(sign: str, kinds: str) -> str:
    """Which values something cannot be done with, in words."""
    name = sign.strip("_").replace("_", " ").replace("@", "").strip() or sign
    written = [_kind(kind) for kind in re.split(r", (?![^(<]*[)>])", kinds.replace(".(", ", ").strip("(), "))]
    return f"“{name}” cannot be used with {' and '.join(written)}."
