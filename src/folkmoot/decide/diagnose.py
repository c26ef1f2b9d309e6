"""What is wrong with a policy, where, and how to mend it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import msgspec
import msgspec.inspect
from msgspec import Struct

from folkmoot.decide import sense, shape
from folkmoot.decide.inside import inside
from folkmoot.decide.places import Place, Places
from folkmoot.decide.rules import Policy
from folkmoot.decide.shape import Trouble

MOST: Final = 50
"""So many findings are enough to begin mending with."""

LARGEST: Final = 16_000_000


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: its place, its line, and the remedy."""

    line: int
    column: int
    problem: str
    remedy: str
    source: str
    """The line of the policy that is meant."""
    width: int = 1
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """The finding as a person reads it in a terminal."""
        source, column = self.source.expandtabs(1), self.column
        if column > 80:
            source, column = "…" + source[column - 61 :], 62
        caret = " " * (column - 1) + "^" * max(1, min(self.width, 100 - column))
        head = f"{self.severity.capitalize()} in line {self.line}, column {self.column}: {self.problem}"
        return f"{head}\n  {source[:100]}\n  {caret}\n  {self.remedy}"


class PolicyError(ValueError):
    """The policy cannot be used as it stands; every finding says where and how to mend it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n\n".join(map(str, findings)))
        self.findings = findings


def diagnose(text: str) -> tuple[Finding, ...]:
    """Everything that is wrong with a policy as it is written; empty when nothing is."""
    return examine(text)[1]


def examine(text: str) -> tuple[Policy | None, tuple[Finding, ...]]:
    """The policy, unless it has errors, and what is wrong with it."""
    if len(text) > LARGEST:
        problem = f"The policy has {len(text):,} characters."
        return None, (
            Finding(line=1, column=1, problem=problem, remedy=f"At most {LARGEST:,} are read.", source=""),
        )
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax(str(error), text),)
    except RecursionError:
        return None, (_whole("It is nested too deep.", "Write it flatter."),)
    policy, found = _judge(plain)
    if not found:
        return policy, ()
    findings = tuple(sorted(_placed(found, Places(text)), key=lambda one: (one.line, one.column)))
    return (None if any(one.severity == "error" for one in findings) else policy), findings


def _whole(problem: str, remedy: str) -> Finding:
    """A finding about the whole text."""
    return Finding(line=1, column=1, problem=problem, remedy=remedy, source="")


def _judge(plain: dict[str, Any]) -> tuple[Policy | None, list[Trouble]]:
    found = list(_first(shape.troubles(plain, msgspec.inspect.type_info(Policy))))
    if found:
        return None, found
    policy = msgspec.convert(plain, Policy)
    return policy, list(_first(sense.troubles(policy)))


def _first(found: Iterable[Trouble]) -> Iterator[Trouble]:
    for number, trouble in enumerate(found):
        if number >= MOST:
            return
        yield trouble


def _placed(found: Iterable[Trouble], places: Places) -> Iterator[Finding]:
    for trouble in found:
        place = places.key(trouble.path) if trouble.at_key else places.value(trouble.path)
        if trouble.inside and (source := places.source(trouble.path)):
            place = inside(source, place, *trouble.inside)
        yield _finding(trouble, place, places.line(place.line))


def _finding(trouble: Trouble, place: Place, source: str) -> Finding:
    return Finding(
        line=place.line,
        column=place.column,
        problem=trouble.problem,
        remedy=trouble.remedy,
        source=source,
        width=place.width,
        severity="warning" if trouble.warning else "error",
    )


_REMEDIES: Final = (
    ("Expected '=' after", "Write key = value, or put a # before a remark."),
    ("Unterminated string", "End the text with the quotation mark it began with."),
    ("Illegal character '\\n'", "End the text with its quotation mark on the same line."),
    ("Unclosed array", "Put a comma between the values and a ] at the end."),
    ("Unclosed inline table", "Put a comma between the pairs and a } at the end."),
    ("Invalid value", "Put text in quotation marks; write true, false, a number or a date without."),
    ("Cannot overwrite", "Each key may be there once; remove one of the two."),
    ("Cannot declare", "Each table may be there once; for a further rule write [[rules]]."),
    ("Expected newline or end of document", "Write one key = value on a line."),
    ("Invalid initial character", "A key is made of letters, digits, hyphens and underscores."),
    ("Unescaped '\\'", "Write \\\\ for a backslash, or put the text in 'single' marks."),
    ("Found invalid character", "Write \\\\ for a backslash, or put the text in 'single' marks."),
)


def _syntax(message: str, text: str) -> Finding:
    """What the parser says, in words, with the place it stopped at."""
    match = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    lines = text.split("\n")
    line = int(match[1]) if match and match[1] else len(lines)
    column = int(match[2]) if match and match[2] else len(lines[-1]) + 1
    known = (remedy for start, remedy in _REMEDIES if message.startswith(start))
    remedy = next(known, "See docs/admins/policies.md.")
    source = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    problem = "This is not valid TOML: " + message.split(" (at ")[0].rstrip(".") + "."
    return Finding(line=line, column=column, problem=problem, remedy=remedy, source=source)
