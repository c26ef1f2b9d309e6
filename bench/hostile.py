"""What messages cost that are made to cost much: folding, fingerprints, memory and judge."""

import time

from msgspec import Struct

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.intake.memory import Memory
from folkmoot.text.fold import fold
from folkmoot.text.hosts import domain
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Context, Message

_MEGA = 1_000_000


class Hostile(Struct, frozen=True):
    """One kind of message, and the best and worst of some tries in milliseconds."""

    what: str
    characters: int
    best: float
    worst: float


def attacks() -> dict[str, str]:
    """Return texts that a stranger may send to slow us down."""
    return {
        "combining marks": "a" + "\u0301" * _MEGA,
        "one character": "a" * _MEGA,
        "one character, with spaces": "a " * (_MEGA // 2),
        "one wide character": "漢" * _MEGA,
        "invisible characters": "\u200b" * _MEGA,
        "10,000 links": " ".join(f"https://x{number}.example.com/{number}" for number in range(10_000)),
        "10,000 hidden links": " ".join(f"x{number} dot example (dot) com" for number in range(10_000)),
        "deep brackets": "(" * (_MEGA // 2) + ")" * (_MEGA // 2),
        "deep quotation marks": '"' * _MEGA,
        "alternating scripts": "aбγ" * (_MEGA // 3),
        "alternating scripts, words": "pаypаl " * (_MEGA // 7),
        "leetspeak": "v1agr4 c4$1n0 " * (_MEGA // 14),
        "digits": "1234567890" * (_MEGA // 10),
        "every character": "".join(map(chr, [*range(32, 0xD800), *range(0xE000, 0x2FFFF)])),
        "right-to-left marks": "\u202eabc\u202c" * (_MEGA // 5),
        "emoji": "🏳️‍🌈" * (_MEGA // 4),
        "doubled letters": "BB" * 40 + "N " + "aabbccdd" * (_MEGA // 8),
        "line breaks": "\n" * _MEGA,
        "prices": "$1 " * (_MEGA // 3),
        "half characters": "\ud800" * _MEGA,
    }


def run(policy: str = "public-room", tries: int = 5) -> list[Hostile]:
    """Judge each several times; the first try of each meets its characters for the first time."""
    judge = compile_policy(starters.load(policy))
    domain("example.org")  # as a pipeline does when it starts
    return [_one(judge, what, text, tries) for what, text in attacks().items()]


def _one(judge: Judge, what: str, text: str, tries: int) -> Hostile:
    memory = Memory()
    took = []
    for number in range(tries):
        message = Message(id=str(number), text=text, sender="@a", room="!r", group="g")
        began = time.perf_counter()
        folded = fold(text)
        recent, copies = memory.visit(message, *prints(folded), float(number))
        judge.judge(message, Context(now=float(number), recent=recent, copies=copies), folded)
        took.append((time.perf_counter() - began) * 1000)
    return Hostile(what, len(text), min(took), max(took))


if __name__ == "__main__":
    for found in run():
        print(f"{found.what:30} {found.characters:9,} {found.best:8.2f} {found.worst:8.2f} ms")
