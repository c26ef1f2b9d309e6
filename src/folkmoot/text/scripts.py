"""The writing systems of a text, without asking a dictionary."""

from bisect import bisect_right
from collections import Counter
from typing import Final

_STARTS: Final = (
    (0x0041, "Latin"), (0x005B, ""), (0x0061, "Latin"), (0x007B, ""), (0x00AA, "Latin"), (0x00AB, ""),
    (0x00C0, "Latin"),
    (0x02B9, ""), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"), (0x0590, "Hebrew"),
    (0x0600, "Arabic"),
    (0x0700, "Syriac"), (0x0750, "Arabic"), (0x0780, "Thaana"), (0x07C0, "Nko"), (0x08A0, "Arabic"),
    (0x0900, "Devanagari"),
    (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"), (0x0B00, "Oriya"), (0x0B80, "Tamil"),
    (0x0C00, "Telugu"),
    (0x0C80, "Kannada"), (0x0D00, "Malayalam"), (0x0D80, "Sinhala"), (0x0E00, "Thai"), (0x0E80, "Lao"),
    (0x0F00, "Tibetan"),
    (0x1000, "Myanmar"), (0x10A0, "Georgian"), (0x1100, "Hangul"), (0x1200, "Ethiopic"), (0x13A0, "Cherokee"),
    (0x1400, "Canadian"), (0x1680, ""), (0x1780, "Khmer"), (0x1800, "Mongolian"), (0x18B0, ""),
    (0x1C80, "Cyrillic"),
    (0x1C90, "Georgian"), (0x1CC0, ""), (0x1D00, "Latin"), (0x1DC0, ""), (0x1E00, "Latin"),
    (0x1F00, "Greek"), (0x2000, ""),
    (0x2C60, "Latin"), (0x2C80, "Coptic"), (0x2D00, "Georgian"), (0x2D30, "Tifinagh"), (0x2D80, ""),
    (0x2E80, "Han"),
    (0x2FE0, ""), (0x3005, "Han"), (0x3008, ""), (0x3041, "Kana"), (0x3100, "Han"), (0x3130, "Hangul"),
    (0x3190, ""),
    (0x31F0, "Kana"), (0x3200, ""), (0x3400, "Han"), (0x4DC0, ""), (0x4E00, "Han"), (0xA000, ""),
    (0xA4D0, "Lisu"),
    (0xA500, ""), (0xA640, "Cyrillic"), (0xA6A0, ""), (0xA720, "Latin"), (0xA800, ""), (0xAC00, "Hangul"),
    (0xD800, ""),
    (0xF900, "Han"), (0xFB00, "Latin"), (0xFB13, "Armenian"), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"),
    (0xFE00, ""),
    (0xFE70, "Arabic"), (0xFEFF, ""), (0xFF21, "Latin"), (0xFF3B, ""), (0xFF41, "Latin"), (0xFF5B, ""),
    (0xFF66, "Kana"),
    (0xFFA0, ""), (0x20000, "Han"), (0x40000, ""),
)  # fmt: skip
_CODES: Final = [code for code, _ in _STARTS]
_NAMES: Final = [name for _, name in _STARTS]


def script(char: str) -> str:
    """The writing system a letter belongs to; "" for what belongs to none or to a rare one."""
    place = bisect_right(_CODES, ord(char)) - 1
    return _NAMES[place] if place >= 0 and (char.isalpha() or char.isalnum()) else ""


def scripts(text: str) -> dict[str, int]:
    """How many letters of each writing system a text has, most first."""
    return dict(Counter(name for name in map(script, text) if name).most_common())


_NEIGHBOURS: Final = frozenset({"Han", "Kana", "Hangul"})


def mixed(word: str) -> bool:
    """Whether one word draws letters from scripts that nobody mixes within a word."""
    if word.isascii():
        return False
    found = {name for name in map(script, word) if name}
    return len(found) > 1 and not found <= _NEIGHBOURS
