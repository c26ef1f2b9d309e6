"""Reading what somebody wrote: is it meant for the bot, which command is it, what did they mean."""

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

PREFIX = "!moot"
_LONGEST = 2_000
_YES = frozenset({"yes", "y", "ok", "okay", "✅", "👍", "✔", "☑"})
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_VARIATION = "\N{VARIATION SELECTOR-16}"


class Words(Struct, frozen=True):
    """What somebody asks of the bot: the first word says what, the rest how."""

    first: str
    rest: tuple[str, ...] = ()


def addressed(body: str, *, account: str, name: str, direct: bool) -> str | None:
    """Return what a message says to the bot; None if it isn't meant for it.

    In a direct chat everything is; elsewhere it begins with `!moot`, or with the bot's id or display name.
    """
    said = without_quote(body).strip()
    for start in (PREFIX, account, account[1:].partition(":")[0], name):
        if not start or said[: len(start)].casefold() != start.casefold():
            continue
        rest = said[len(start) :]
        if not rest or not (rest[0].isalnum() or rest[0] in "-_"):
            return rest.lstrip(" \t\n:,").rstrip()
    return said if direct else None


def words(said: str) -> Words:
    """Cut what was said into words; an empty message asks for help."""
    parts = said[:_LONGEST].split()
    if not parts:
        return Words("help")
    return Words(parts[0].strip("!.,:?").casefold() or parts[0], tuple(parts[1:]))


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one most probably stands for."""
    close = get_close_matches(word[:40], [*known], 1, 0.6)
    return close[0] if close else None


def is_yes(said: str) -> bool:
    """Say whether an answer, typed or given as a reaction, agrees."""
    return _plain(said) in _YES


def number(said: str) -> int | None:
    """Read a number from an answer such as `2`, `2.` or the keycap 2️⃣."""
    digits = _plain(said).removesuffix(".").removesuffix(")")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 2 else None


def keycap(digit: int) -> str:
    """Return the reaction that stands for a number from 1 to 9."""
    return f"{digit}{_VARIATION}{_KEYCAP}"


def choice(said: str, names: Iterable[tuple[str, ...]]) -> int | None:
    """Return which of the numbered choices an answer picks, counted from 0; each has several names."""
    options = [tuple(name.casefold() for name in each) for each in names]
    picked = number(said)
    if picked is not None:
        return picked - 1 if 1 <= picked <= len(options) else None
    plain = _plain(said).strip("“”\"'!. ")
    for index, each in enumerate(options):
        if plain in each:
            return index
    return None


def _plain(said: str) -> str:
    return said.strip()[:200].replace(_VARIATION, "").replace(_KEYCAP, "").strip().casefold()


def without_quote(body: str) -> str:
    """Return a reply without the quoted message that older clients put before it."""
    if not body.startswith("> "):
        return body
    _, gap, reply = body.partition("\n\n")
    return reply if gap else body
