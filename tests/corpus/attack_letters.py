"""What each letter is exchanged for, by trick; chosen apart from the tables of the engine on purpose."""

from string import ascii_lowercase
from typing import Final

COMMON: Final = dict(
    zip(
        "aceopxyijskhmntb",
        ["аα", "сϲ", "еε", "оο", "рρ", "хχ", "уγ", "іι", "ј", "ѕ", "кκ", "һ", "м", "ո", "т", "Ьв"],
        strict=True,
    )
)
"""Cyrillic and Greek letters that pass for Latin ones."""

RARE: Final = dict(
    zip(
        "abcdeghijklmnoprstuvwz",
        [
            "ꓮᎪ",
            "ꓐᏴ",
            "ꓚᏟ",
            "ꓓᎠ",
            "ꓰᎬ",
            "ꓖᏀ",
            "ꓧᎻ",
            "ꓲᎥ",
            "ꓙᎫ",
            "ꓗᏦ",
            "ꓡᏞ",
            "ꓟᎷ",
            "ꓠոᥒ",
            "ꓳօ",
            "ꓑᏢ",
            "ꓣᎡ",
            "ꓢᏚ",
            "ꓔᎢ",
            "ꓴս",
            "ꓦᏙ",
            "ꓪᏔ",
            "ꓜᏃ",
        ],
        strict=True,
    )
)
"""Lisu, Cherokee and Armenian letters that pass for Latin ones."""

INTO_CYRILLIC: Final = dict(zip("аеорсухкмтнві", "aeopcyxkmthbi", strict=True))
DIGITS: Final = {"a": "4", "e": "3", "i": "1", "l": "1", "o": "0", "s": "5", "t": "7", "g": "9", "b": "8"}
SIGNS: Final = {"a": "@", "s": "$", "i": "!", "l": "|", "c": "(", "t": "+", "e": "€"}
ACCENTED: Final = {
    "a": "áàâãåä", "e": "éèêë", "i": "íìîï", "o": "óòôõö", "u": "úùûü", "n": "ñń", "c": "çć", "s": "šś",
    "y": "ýÿ", "z": "žź", "r": "řŕ", "d": "ď", "t": "ťț", "l": "ľĺ", "g": "ğ",
}  # fmt: skip


def _row(first: int) -> dict[str, str]:
    return {letter: chr(first + number) for number, letter in enumerate(ascii_lowercase)}


SQUARED: Final = _row(0x1F170)
FLAGS: Final = {letter: f"{sign}\u200b" for letter, sign in _row(0x1F1E6).items()}
WIDE: Final = _row(0xFF41)
CIRCLED: Final = _row(0x24D0)
MATHEMATICAL: Final = {
    letter: "".join(chr(first + number) for first in (0x1D41A, 0x1D482, 0x1D4EA, 0x1D586, 0x1D5BA, 0x1D68A))
    for number, letter in enumerate(ascii_lowercase)
}
SMALL: Final = dict(zip("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", strict=True))
DECORATION: Final = "🔥✨💥⭐🚀✅❗👉"

PICTURES: Final = {
    "money": "💰", "geld": "💰", "dinero": "💰", "argent": "💰", "dinheiro": "💰", "деньги": "💰",
    "cash": "💵", "casino": "🎰", "slots?": "🎰", "porno?": "🌽", "cocaine": "❄️", "cocaína": "❄️",
    "cocaïne": "❄️", "kokain": "❄️", "weed": "🌿", "pills?": "💊", "kill": "🔪", "telegram": "✈️",
    "phone": "📞", "bitcoin": "₿", "link": "🔗", "gift": "🎁", "bomb": "💣", "shoot": "🔫",
}  # fmt: skip
"""Words and the pictures that people send in their place; the expressions ignore case."""

RUSSIAN: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "yo",
            "zh",
            "z",
            "i",
            "j",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "c",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "t",
            "y",
            "f",
            "x",
            "ps",
            "o",
            "s",
            "a",
            "e",
            "i",
            "i",
            "o",
            "y",
            "o",
        ],
        strict=True,
    )
)
ARABIC: Final = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآءئؤ",
        [
            "a",
            "b",
            "t",
            "th",
            "j",
            "7",
            "5",
            "d",
            "th",
            "r",
            "z",
            "s",
            "sh",
            "s",
            "d",
            "t",
            "z",
            "3",
            "gh",
            "f",
            "9",
            "k",
            "l",
            "m",
            "n",
            "h",
            "w",
            "y",
            "a",
            "a",
            "a",
            "i",
            "a",
            "2",
            "2",
            "2",
        ],
        strict=True,
    )
)
