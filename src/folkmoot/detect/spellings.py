"""Phrases of other alphabets as people type them in Latin letters: garantirovannyj dohod."""

import re
from typing import Final, NamedTuple

LEAST: Final = 6
"""How many Latin letters a spelling has at least: shorter ones may be words of another language."""
LEAST_WITH_DIGITS: Final = 4
"""How many where digits stand for letters in it, as in no word of another language."""
LEAST_SHORT: Final = 3
"""How many where longer phrases are spelled in the same text."""
LEAST_STEM: Final = 7
"""How many where any ending may follow."""


def _letters(written: str, spelled: str) -> dict[str, str]:
    return dict(zip(written, spelled.split(), strict=True))


_CYRILLIC: Final = _letters(
    "абвгдезиклмнопрстуфыэіїєґў", "a b v g d e z i k l m n o p r s t u f y e i i e g u"
) | {"ё": "e", "ъ": "", "ь": "", "ч": "ch", "ш": "sh"}
_SCHEMES: Final = (
    {"ж": "zh", "й": "y", "х": "kh", "ц": "ts", "щ": "shch", "ю": "yu", "я": "ya"},
    {"ж": "zh", "й": "y", "х": "h", "ц": "c", "щ": "sh", "ю": "yu", "я": "ya"},
    {"ж": "zh", "й": "j", "х": "h", "ц": "c", "щ": "shch", "ю": "yu", "я": "ya"},
    {"ж": "zh", "й": "i", "х": "h", "ц": "ts", "щ": "sch", "ю": "iu", "я": "ia"},
    {"ж": "j", "й": "y", "х": "x", "ц": "c", "щ": "w", "ю": "u", "я": "ya", "ш": "w"},
    {"ж": "z", "й": "j", "х": "h", "ц": "c", "щ": "shh", "ю": "ju", "я": "ja"},
    {"ж": "zh", "й": "j", "х": "h", "ц": "c", "щ": "shch", "ю": "yu", "я": "ya", "ё": "yo"},
)
"""How people write the letters that Latin has not, each consistently."""

_GREEK: Final = _letters(
    "αβγδεζιικλμνξοπρσςτυφχψωάέήίόύώϊϋθη",
    "a v g d e z i i k l m n x o p r s s t y f h ps o a e i i o y o i y th i",
)
_GREEK_SCHEMES: Final[tuple[dict[str, str], ...]] = (
    {},
    {"χ": "x", "υ": "u", "ω": "w", "ώ": "w", "η": "h", "ή": "h", "β": "b", "θ": "8", "ύ": "u", "ξ": "ks"},
    {"χ": "ch", "υ": "u", "ύ": "u", "ξ": "ks", "β": "b"},
)

_ARABIC: Final = _letters(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىأإآةءئؤ",
    "a b t th j 7 5 d th r z s sh s d t z 3 gh f q k l m n h w y a a a a a 2 2 2",
)
_ARABIC_SCHEMES: Final[tuple[dict[str, str], ...]] = (
    {},
    {"ح": "h", "خ": "kh", "ع": "a", "ق": "k"},
    {"ق": "9", "غ": "8", "ظ": "6", "ط": "6", "ص": "9"},
    {"ق": "9", "إ": "i"},
)


def _tables(plain: dict[str, str], schemes: tuple[dict[str, str], ...]) -> tuple[dict[int, str], ...]:
    return tuple(str.maketrans(plain | scheme) for scheme in schemes)


_ALPHABETS: Final = (
    (re.compile("[а-ӿ]"), _tables(_CYRILLIC, _SCHEMES)),
    (re.compile("[ά-ώ]"), _tables(_GREEK, _GREEK_SCHEMES)),
    (re.compile("[ء-ي]"), _tables(_ARABIC, _ARABIC_SCHEMES)),
)


class Spelled(NamedTuple):
    """How a phrase is typed in Latin letters."""

    long: list[str]
    """The ways that are long enough to be told apart from words of other languages."""
    short: list[str]
    """Those that are not, but for a text where another phrase is spelled in Latin letters for sure."""


def latin(phrase: str) -> Spelled:
    """A phrase as it is typed in Latin letters; in no way where it is in no other alphabet that we know."""
    written = phrase.casefold()
    tables = next((tables for own, tables in _ALPHABETS if own.search(written)), ())
    eased = _eased(written)
    ways = {form.translate(table): None for form in dict.fromkeys((written, eased)) for table in tables}
    found = Spelled([], [])
    for way in ways:
        plain = way.strip("*=")
        if plain.isascii() and len(plain) >= LEAST_SHORT:
            least = LEAST_STEM if "*" in phrase else LEAST
            if _spelled_with_digits(plain):
                least = LEAST_WITH_DIGITS
            found[len(plain) < least].append(way.removeprefix("="))
    return found


def _spelled_with_digits(plain: str) -> bool:
    """Whether a digit stands for a letter behind or before others."""
    return any(map(str.isdigit, plain)) and not any(word.isdigit() for word in plain.split())


def _eased(written: str) -> str:
    """Adjectives as the lazy leave them, that end in y alone."""
    return written.replace("ый", "ы").replace("ий", "и")
