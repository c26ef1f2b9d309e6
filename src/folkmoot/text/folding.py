"""From a text to its first reading: letter by letter, then words with one space between.

`fold.c` does the same sooner, where it was built.
"""

from folkmoot.text.letters import LETTERS, SEPARATE
from folkmoot.text.shorts import ODD


def lettered(judged: str) -> str:
    """A text, character by character as `LETTERS` reads it."""
    return judged.lower() if judged.isascii() else judged.translate(LETTERS)


def separated(raw: bytes) -> bytes:
    """Words with one space between, and one at each end."""
    return b" " + b" ".join(raw.translate(SEPARATE).split()) + b" "


def slow_fold(judged: str) -> tuple[bytes, bytes | None]:
    """The first reading of a text, and its letters as UTF-8: None where they cannot have any `Look`."""
    raw = lettered(judged).encode("utf-8", "replace")
    return separated(raw), raw


def slow_words(text: str) -> bytes:
    """The reading of a text that is lettered."""
    return separated(text.encode("utf-8", "replace"))


def slow_places(judged: str) -> list[int]:
    """For each character of the first reading the place of the character that it came from."""
    return separated_places(lettered(judged), lettered_places(judged), len(judged))


def lettered_places(judged: str) -> list[int]:
    """For each character of the lettered text, the place of the character that it came from."""
    if judged.isascii():
        return list(range(len(judged)))
    return [place for place, char in enumerate(judged) for _ in LETTERS[ord(char)]]


def separated_places(lettered: str, places: list[int], end: int) -> list[int]:
    """The places of the characters that are left after separating, spaces included."""
    came: list[int] = [0]
    gap = True
    for char, place in zip(lettered, places, strict=True):
        if char.isascii() and not char.isalnum():
            if not gap:
                came.append(place)
            gap = True
        else:
            came.append(place)
            gap = False
    if not gap:
        came.append(end)
    return came


try:
    from folkmoot.text._fold import fold, places, ready
    from folkmoot.text._fold import words as words
except ImportError:  # built without a C compiler
    first_reading, first_places, words = slow_fold, slow_places, slow_words
else:
    ready(LETTERS, "".join(a + b for a, all_b in ODD.items() for b in all_b if a < "\u0530"))

    def first_reading(judged: str) -> tuple[bytes, bytes | None]:
        """The first reading of a text, and its letters as UTF-8: None where they cannot have any `Look`."""
        return fold(judged) or slow_fold(judged)  # half characters are for Python

    def first_places(judged: str) -> list[int]:
        """For each character of the first reading the place of the character that it came from."""
        try:
            return places(judged)
        except UnicodeEncodeError:
            return slow_places(judged)
