"""What the bot writes to single people: reasons, the state of protection; several in one message."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from folkmoot.explain.elements import objection
from folkmoot.explain.languages import Tongue, speak
from folkmoot.explain.reasons import Reason, Statement, sentence
from folkmoot.gateways.matrix.bot.members import phrases

_MOST_LINES = 10


class ReasonLetter(Struct, frozen=True, kw_only=True):
    """Why one message of a person was stopped."""

    verdict: str
    statement: Statement
    reason: Reason | None
    language: str = "en"


class ProtectionLetter(Struct, frozen=True, kw_only=True):
    """That a room's protection went off, or came back."""

    room: str
    on: bool
    reason: str
    remedy: str


Writing = ReasonLetter | ProtectionLetter


def compose(writings: Sequence[Writing]) -> str:
    """Return one message that says everything in the letters to one person."""
    reasons = [one for one in writings if isinstance(one, ReasonLetter)]
    states = [one for one in writings if isinstance(one, ProtectionLetter)]
    parts = [*_protection(states), *_reasons(reasons)]
    return "\n\n".join(parts)


def verdicts(writings: Sequence[Writing]) -> tuple[str, ...]:
    """Return the verdicts that a message tells the person about, newest last."""
    return tuple(one.verdict for one in writings if isinstance(one, ReasonLetter))[-50:]


def protection(letter: ProtectionLetter) -> str:
    """Return what administrators are told about the protection of one room."""
    state = "ON again" if letter.on else "OFF"
    lines = [f"Protection is {state} in “{letter.room}”."]
    if letter.reason:
        lines.append(letter.reason if letter.on else f"Why: {letter.reason}")
    if letter.remedy and not letter.on:
        lines.append(f"To mend it: {letter.remedy}")
    return "\n".join(lines)


def _protection(letters: Sequence[ProtectionLetter]) -> list[str]:
    """The latest two changes of each room: that it went off, and that it is back."""
    by_room: dict[str, list[ProtectionLetter]] = {}
    for letter in letters:
        by_room.setdefault(letter.room, []).append(letter)
    shown = [protection(letter) for theirs in by_room.values() for letter in theirs[-2:]]
    return [*shown[:_MOST_LINES], *_more(len(shown) - _MOST_LINES, "change", "changes")]


def _reasons(letters: Sequence[ReasonLetter]) -> list[str]:
    """The first statement whole; what else was stopped is counted by rule."""
    if not letters:
        return []
    first, *rest = letters
    _ = speak(first.language)
    # How to appeal is said here more exactly than in the statement: in this chat, it is a reply.
    whole = first.statement
    parts = [whole.headline, whole.place, whole.rule, *whole.facts, whole.found, *_rest(first, rest, _)]
    parts += [objection("rule", _) if whole.objection else "", whole.link or ""]
    return [part for part in parts if part]


def _rest(first: ReasonLetter, rest: Sequence[ReasonLetter], _: Tongue) -> list[str]:
    if not rest:
        return []
    same = sum(one.reason == first.reason for one in rest)
    others = Counter(one.reason.sentence if one.reason else "" for one in rest if one.reason != first.reason)
    lines = [phrases.one_more(_, same)] if same else []
    for words, number in others.most_common(_MOST_LINES):
        lines.append(phrases.others(_, number, sentence(words, _)))
    links = [one.statement.link for one in rest if one.statement.link]
    return ["\n".join([*lines, *links[:_MOST_LINES]])]


def _more(number: int, one: str, many: str) -> list[str]:
    return [] if number <= 0 else [f"And {number} more {one if number == 1 else many}."]
