"""The catalogues as they are in the package, and what must be true of each."""

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent.parent / "src/folkmoot"
HOLE = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)s")


def messages(file: Path) -> list[Message]:
    """Every entry of a catalogue but its header."""
    return [one for one in read_po(io.StringIO(file.read_text(encoding="utf-8"))) if one.id]


def forms(message: Message) -> list[str]:
    """A translation in all its forms."""
    return list(message.string) if isinstance(message.string, tuple) else [str(message.string or "")]


def original(message: Message) -> str:
    """What is translated; of a text that counts the form for many."""
    return str(message.id[1] if isinstance(message.id, tuple) else message.id)


def holes(text: str) -> list[str]:
    """What is put into a text, in order of its name."""
    return sorted(HOLE.findall(text))


def exact_forms(file: Path) -> Iterator[int]:
    """The forms that are for one number only, which may be said in a word."""
    rule = re.search(r"nplurals=(\d+); plural=(.*?);", file.read_text(encoding="utf-8"))
    assert rule is not None
    choose = gettext.c2py(rule[2])
    chosen = [choose(number) for number in range(1000)]
    yield from (form for form in range(int(rule[1])) if chosen.count(form) == 1)
