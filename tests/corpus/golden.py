"""Messages with their verdicts and reasons, as text that a reviewer reads in the diff.

Each file of tests/corpus/golden/ names a policy and what all its messages have in common, then each message
after a `>` and below it what the judge says. To write what it says now: `python -m tests.corpus.golden`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.vocabulary import Context, Message, Verdict

FOLDER: Final = Path(__file__).parent / "golden"

_SIGN: Final = re.compile(r"\\u\{([0-9a-f]+)\}")


class Golden(Struct, frozen=True):
    """One file: its head, and its messages."""

    policy: str
    outcomes: tuple[str, ...]
    """What every verdict of the file must be one of."""
    head: str
    messages: tuple[str, ...]


def read(path: Path) -> Golden:
    """A file of messages; signs that cannot be seen are written as \\u{200b}."""
    head, said = [], []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("> "):
            said.append(_SIGN.sub(lambda sign: chr(int(sign[1], 16)), line[2:]))
        elif not said:
            head.append(line)
    named = dict(line.split(": ", 1) for line in head if ": " in line and not line.startswith("#"))
    return Golden(
        named["policy"], tuple(named["outcomes"].split(", ")), "\n".join(head).rstrip(), tuple(said)
    )


def written(golden: Golden) -> str:
    """The file as it should be, with what the judge says now."""
    judge = compile_policy(starters.load(golden.policy))
    parts = [golden.head, *("\n".join(_told(judge, text)) for text in golden.messages)]
    return "\n\n".join(parts) + "\n"


def verdict(judge: Judge, text: str) -> Verdict:
    """The verdict on a message of which nothing else is known."""
    return judge.judge(Message(id="1", text=text), Context(now=0.0))


def _told(judge: Judge, text: str) -> Iterator[str]:
    found = verdict(judge, text)
    yield f"> {_visible(text)}"
    yield f"= {found.outcome}" + (f" ({', '.join(found.rules)})" if found.rules else "")
    for signal in found.signals:
        marked = " … ".join(_visible(text[span.start : span.end]) for span in signal.spans)
        yield f"  {signal.name}: {marked}"


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)


def main() -> None:
    """Write every file anew."""
    for path in sorted(FOLDER.glob("*.txt")):
        path.write_text(written(read(path)), "utf-8")


if __name__ == "__main__":
    main()
