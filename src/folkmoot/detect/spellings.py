"""Phrases of other alphabets as people type them in Latin letters: garantirovannyj dohod."""

from collections.abc import Iterator
from itertools import product
from typing import Final

LEAST: Final = 6
"""How many Latin letters a spelling has at least: shorter ones may be words of another language."""
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
)

_ALPHABETS: Final = (
    ("а", "ӿ", _CYRILLIC, _SCHEMES),
    ("ά", "ώ", _GREEK, _GREEK_SCHEMES),
    ("ء", "ي", _ARABIC, _ARABIC_SCHEMES),
)


def latin(phrase: str) -> Iterator[str]:
    """A phrase as it is typed in Latin letters, in each way that is long enough to be told apart."""
    written = phrase.casefold()
    for first, last, table, schemes in _ALPHABETS:
        if not any(first <= char <= last for char in written):
            continue
        for scheme, ending in product(schemes, ("", "ий")):
            spelled = "".join((table | scheme).get(char, char) for char in _eased(written, ending))
            plain = spelled.strip("*=")
            least = LEAST_STEM if "*" in phrase else LEAST
            if plain.isascii() and len(plain) >= least:
                yield spelled.removeprefix("=")
        return


def _eased(written: str, ending: str) -> str:
    """The letters й and ё as the lazy leave them: adjectives end in y alone."""
    return written.replace("ый", "ы").replace("ий", "и") if ending else written
