"""Why a regular expression is refused: where in it, what is wrong, and what to write instead."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

LONGEST: Final = 300
"""How many characters a pattern has at most."""
MOST_PLACES: Final = 200
"""How many characters a pattern may speak of, repetitions by count written out: it bounds what a message
costs."""


class Refusal(NamedTuple):
    """What is wrong with a pattern, from which of its characters on, and how to mend it."""

    start: int
    width: int
    problem: str
    remedy: str


_TOKEN: Final = re.compile(
    r"\\Q.*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\{\d+(?:,\d*)?\}"
    r"|\(\?(?:P?<\w+>|[a-zA-Z-]*[:)])|.",
    re.DOTALL,
)


def _tokens(pattern: str) -> Iterator[tuple[int, str]]:
    """The parts of a pattern that stand for something, each with its place."""
    for match in _TOKEN.finditer(pattern):
        yield match.start(), match[0]


def refused(pattern: str) -> Refusal | None:
    """Why a pattern is too long or repeats too much, before anything is made of it."""
    if len(pattern) > LONGEST:
        return Refusal(LONGEST, 1, f"The pattern has {len(pattern)} characters.", f"Write at most {LONGEST}.")
    if not pattern:
        return Refusal(0, 1, "The pattern is empty.", "Write what to look for, or leave it out.")
    half = next((start for start, part in _tokens(pattern) if part == "\\C"), -1)
    if half >= 0:
        return Refusal(half, 2, "“\\C” is a part of a letter only.", "Write . for any sign.")
    places, widest = _places(pattern)
    if places <= MOST_PLACES:
        return None
    problem = f"Written out, the repetitions make {places:,} characters."
    return Refusal(*widest, problem, f"Let them make {MOST_PLACES} at most, or write + for “once or more”.")


def too_large(pattern: str) -> Refusal:
    """The pattern repeats sets of very many letters, such as all there are, too often."""
    _, widest = _places(pattern)
    remedy = "Repeat them less often, or write + for “once or more”."
    return Refusal(*widest, "It repeats a set of very many letters too often.", remedy)


def _places(pattern: str) -> tuple[int, tuple[int, int]]:
    """How many characters a pattern speaks of when counts are written out, and where the largest count is."""
    sums, last, largest, widest = [0], 0, 0, (0, 1)
    for start, part in _tokens(pattern):
        if part.startswith("{") and len(part) > 1:
            count = max(int(number) for number in re.findall(r"\d+", part)[:2])
            sums[-1] += last * (count - 1)
            last *= count
            largest, widest = max((largest, widest), (count, (start, len(part))))
        elif part == "(" or (part.startswith("(?") and part[-1] != ")"):
            sums.append(0)
        elif part == ")" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
        elif part not in "*+?|^$":
            last = len(part) - 2 if part.startswith("\\Q") else 1
            sums[-1] += last
    return sum(sums), widest


_LOOKS: Final = {
    "(?=": "looks ahead",
    "(?!": "looks ahead",
    "(?<=": "looks behind",
    "(?<!": "looks behind",
}
_UNLESS: Final = "Write what stands there as a part of the pattern, or name what it must not be in `unless`."
_PLAIN: Final = "Write “(?:” or a plain + or *: nothing is gone back to here, so no pattern is slow."
_ONE: Final = "Leave one of them out: nothing is gone back to here, so no pattern is slow."
_SETS: Final = "There are [:alpha:], [:digit:], [:space:], \\p{L} for letters, \\p{Greek} and other scripts."
_MESSAGES: Final = (
    ("missing ]", "The set in square brackets has no end.", "Add a ], or write \\[ for the sign itself."),
    (
        "unexpected )",
        "No group was begun before it.",
        "Remove it, or write \\) for the sign itself.",
    ),
    ("no argument for", "There is nothing to repeat.", "Write a \\ before it for the sign itself."),
    ("invalid repetition size", "These counts cannot be.", "Write the smaller one first, at most 1000."),
    ("bad repetition operator", "One repetition follows another.", _ONE),
    ("invalid escape sequence", "This has no meaning here.", "For the sign itself leave the \\ out."),
    ("invalid character class", "There is no such range or set.", "Write the lower sign first, such as a-z."),
    ("trailing \\", "A \\ stands at the end.", "Write \\\\ for the sign itself."),
    ("invalid named capture", "A name is wrong or there twice.", "Write (?:…): nothing is remembered here."),
    ("pattern too large", "The pattern is too large.", "Let it name fewer letters and repeat less."),
)


def explained(pattern: str, message: str) -> Refusal:
    """What the expression's compiler says, with the place and in words."""
    kind, _, piece = message.partition(": ")
    if kind.startswith("missing )"):
        problem, remedy = "The group has no end.", "Add a ), or write \\( for the sign itself."
        return Refusal(_open(pattern), 1, problem, remedy)
    start = _find(pattern, piece)
    width = max(1, min(len(piece), 12)) if piece and piece != pattern else 1
    if found := _unable(pattern, start):
        return found
    if kind.startswith("invalid character class") and piece.startswith(("[:", "\\p", "\\P")):
        return Refusal(start, len(piece), "There is no such set.", _SETS)
    for begin, problem, remedy in _MESSAGES:
        if kind.startswith(begin):
            if kind.startswith("trailing"):
                start, width = len(pattern) - 1, 1
            return Refusal(start, width, problem, remedy)
    return Refusal(start, width, "This is no pattern.", "See github.com/google/re2/wiki/Syntax.")


def _unable(pattern: str, start: int) -> Refusal | None:
    """What other engines can and one that always ends in time cannot."""
    for sign, looks in _LOOKS.items():
        if pattern.startswith(sign, start):
            return Refusal(start, len(sign), f"“{sign}” {looks}, which patterns cannot do here.", _UNLESS)
    back = re.compile(r"\\(?:[1-9]|[gk][{<'\d])|\(\?P=|\(\?[R0-9&]").match(pattern, start)
    if back:
        problem = f"“{back[0]}” refers back to a group, which patterns cannot do here."
        return Refusal(start, len(back[0]), problem, "Write out what may stand there.")
    if pattern.startswith("(?#", start):
        return Refusal(start, 3, "Patterns have no comments.", "Leave it out, up to its ).")
    if re.match(r"\(\?[A-Za-z-]*[A-Za-z][:)]", pattern[start:]) and pattern[start + 2] not in "imsU-":
        sign = pattern[start : start + 3]
        return Refusal(start, 3, f"“{sign}” is no option.", "There are (?i), (?m), (?s) and (?U).")
    if pattern.startswith(("(?>", "(?("), start):
        return Refusal(start, 3, f"“{pattern[start : start + 3]}” has no meaning here.", _PLAIN)
    return None


def _find(pattern: str, piece: str) -> int:
    """Where a piece stands that the compiler names, but for one that is written as the sign itself."""
    if not piece:
        return 0
    at = next((start for start, _ in _tokens(pattern) if pattern.startswith(piece, start)), -1)
    return at if at >= 0 else max(0, pattern.find(piece))


def _open(pattern: str) -> int:
    """Where the last group begins that has no end."""
    begun: list[int] = []
    for start, part in _tokens(pattern):
        if part.startswith("(") and not (part.startswith("(?") and part.endswith(")")):
            begun.append(start)
        elif part == ")" and begun:
            begun.pop()
    return begun[-1] if begun else 0
