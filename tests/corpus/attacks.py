"""Tricks that writers use so that no program reads them, done to messages on purpose, always the same way.

Each trick has two strengths: 0 changes a few words, 1 changes all. Links, prices, numbers and handles stay as
they are, for they must go on working.
"""

import re
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from tests.corpus import attack_letters as letters

_KEPT: Final = re.compile(r"\S*(?:://|\d|@|/|\w\.\w)\S*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Trick(NamedTuple):
    """One way to dodge."""

    name: str
    done: Callable[[str, int, Random], str]
    languages: frozenset[str] | None = None
    """For which languages it makes sense; None for all."""


def attack(trick: Trick, text: str, strength: int) -> str:
    """The text after the trick; the same for the same text."""
    return trick.done(text, strength, Random(f"{trick.name} {strength} {text}"))


def _words(change: Callable[[str, int, Random], str]) -> Callable[[str, int, Random], str]:
    """A trick done to every word, or at strength 0 to every other long one."""

    def done(text: str, strength: int, chance: Random) -> str:
        kept = [match.span() for match in _KEPT.finditer(text)]

        def one(match: re.Match[str]) -> str:
            inside = any(start <= match.start() < end for start, end in kept)
            if inside or len(match[0]) < 2 or (not strength and (len(match[0]) < 4 or chance.random() < 0.4)):
                return match[0]
            return change(match[0], strength, chance)

        return _WORD.sub(one, text)

    return done


def _each(table: dict[str, str], share: float) -> Callable[[str, int, Random], str]:
    """Letters exchanged by a table: a share of them, or all."""

    def change(word: str, strength: int, chance: Random) -> str:
        return "".join(
            chance.choice(table[char]) if char in table and (strength or chance.random() < share) else char
            for char in word.lower()
        )

    return _words(change)


def _whole(table: dict[str, str]) -> Callable[[str, int, Random], str]:
    return _words(lambda word, strength, chance: "".join(table.get(char, char) for char in word.lower()))


def _between(signs: str) -> Callable[[str, int, Random], str]:
    """A sign between the letters: everywhere, or once."""

    def change(word: str, strength: int, chance: Random) -> str:
        if strength:
            return word[0] + "".join(chance.choice(signs) + char for char in word[1:])
        at = chance.randrange(1, len(word))
        return word[:at] + chance.choice(signs) + word[at:]

    return _words(change)


def _apart(sign: str) -> Callable[[str, int, Random], str]:
    """All letters of a word apart; words are told by a wider gap where the sign is a space."""

    def done(text: str, strength: int, chance: Random) -> str:
        if sign.isspace() and strength:
            text = re.sub(r"\s+", sign * 3, text)
        return _words(lambda word, _, __: sign.join(word))(text, strength, chance)

    return done


def _broken(sign: str) -> Callable[[str, int, Random], str]:
    """A word broken once, or into pieces of two letters."""

    def change(word: str, strength: int, chance: Random) -> str:
        if len(word) < 4:
            return word
        if not strength:
            at = chance.choice((2, len(word) - 2))
            return word[:at] + sign + word[at:]
        return sign.join(word[at : at + 2] for at in range(0, len(word), 2))

    return _words(change)


def _marks(word: str, strength: int, chance: Random) -> str:
    """Combining marks on letters: one here and there, or a heap on each."""

    def heap() -> int:
        return chance.randint(2, 8) if strength else chance.choice((0, 0, 1))

    return "".join(char + "".join(chr(chance.randint(0x300, 0x36F)) for _ in range(heap())) for char in word)


def _longer(word: str, strength: int, chance: Random) -> str:
    """Letters repeated: one of them, or every vowel."""
    if strength:
        return re.sub("[aeiouyаеиоуыя]", lambda vowel: vowel[0] * chance.randint(3, 6), word.lower())
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 5) + word[at + 1 :]


def _reversed(text: str, strength: int, chance: Random) -> str:
    """Written backwards with a sign that makes readers see it forwards: some words, or all of it."""
    if strength:
        return f"\u202e{text[::-1]}\u202c"
    return _words(lambda word, _, __: f"\u202e{word[::-1]}\u202c")(text, 0, chance)


def _emoji_words(text: str, strength: int, chance: Random) -> str:
    """Words exchanged for pictures."""
    for word, picture in letters.PICTURES.items():
        text = re.sub(rf"(?i)\b{word}\b", picture, text)
    return text


def _emoji_between(text: str, strength: int, chance: Random) -> str:
    """Pictures between the words, or inside them too."""
    between = re.sub(r"\s+", lambda _: f" {chance.choice(letters.DECORATION)} ", text)
    return _between(letters.DECORATION)(between, 0, chance) if strength else between


def _cases(word: str, strength: int, chance: Random) -> str:
    return "".join(chance.choice((char.lower(), char.upper())) for char in word) if strength else word.upper()


def _spelled(table: dict[str, str]) -> Callable[[str, int, Random], str]:
    """Written in Latin letters: words here and there, or all of it."""

    def word(written: str) -> str:
        return "".join(table.get(char, char) for char in written.lower())

    def done(text: str, strength: int, chance: Random) -> str:
        if strength:  # words of one letter too: nobody changes the keyboard for them
            text = re.sub(r"(?<!\w)[^\W\d_](?!\w)", lambda letter: word(letter[0]), text)
        return _words(lambda one, _, __: word(one))(text, strength, chance)

    return done


def split(text: str, strength: int) -> list[str]:
    """One message sent in two or four pieces."""
    words, pieces = text.split(), (4 if strength else 2)
    if len(words) < pieces:
        words = list(text)
        return [
            "".join(words[len(words) * n // pieces : len(words) * (n + 1) // pieces]) for n in range(pieces)
        ]
    return [" ".join(words[len(words) * n // pieces : len(words) * (n + 1) // pieces]) for n in range(pieces)]


_CYRILLIC: Final = frozenset({"ru", "uk", "bg", "sr"})
SPLIT: Final = "split over messages"

TRICKS: Final = (
    Trick("capitals", _words(_cases)),
    Trick("look-alike letters", _each(letters.COMMON, 0.3)),
    Trick("rare look-alike letters", _each(letters.RARE, 0.3)),
    Trick("Latin letters in Cyrillic words", _each(letters.INTO_CYRILLIC, 0.3), _CYRILLIC),
    Trick("invisible signs", _between("\u200b\u200c\u200d\u2060\u00ad\ufeff\u034f\u2063")),
    Trick("direction signs", _between("\u200e\u200f\u061c\u2066\u2069\u202c")),
    Trick("backwards with a direction sign", _reversed),
    Trick("digits for letters", _each(letters.DIGITS, 0.4)),
    Trick("signs for letters", _each(letters.SIGNS, 0.4)),
    Trick("letters spaced", _apart(" ")),
    Trick("letters dotted", _apart(".")),
    Trick("letters dashed", _apart("-")),
    Trick("letters starred", _apart("*")),
    Trick("letters on lines", _apart("\n")),
    Trick("words broken by points", _broken(".")),
    Trick("words broken by dashes", _broken("-")),
    Trick("words broken by spaces", _broken(" ")),
    Trick("accents and heaps of marks", _words(_marks)),
    Trick("accented letters", _each(letters.ACCENTED, 0.4)),
    Trick("emoji letters", _whole(letters.SQUARED)),
    Trick("flag letters", _whole(letters.FLAGS)),
    Trick("full-width letters", _whole(letters.WIDE)),
    Trick("mathematical letters", _each(letters.MATHEMATICAL, 0.5)),
    Trick("circled letters", _whole(letters.CIRCLED)),
    Trick("small capitals", _whole(letters.SMALL)),
    Trick("letters repeated", _words(_longer)),
    Trick("letters doubled", _words(lambda word, _, __: "".join(char * 2 for char in word))),
    Trick("emoji for words", _emoji_words),
    Trick("emoji between", _emoji_between),
    Trick("Russian in Latin letters", _spelled(letters.RUSSIAN), frozenset({"ru"})),
    Trick("Greek in Latin letters", _spelled(letters.GREEK), frozenset({"el"})),
    Trick("Arabic in Latin letters", _spelled(letters.ARABIC), frozenset({"ar"})),
)
