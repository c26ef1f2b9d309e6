"""What each character becomes when only its look counts: lower case, no ornaments, one separator for a
thousand.

The table is per character, so that the way back to the original text is a matter of counting. Letters of
real scripts stay what they are; only letters that nobody writes a language with (small capitals, squared
letters) become Latin here. Look-alikes between real scripts depend on the word they stand in: `readings`
decides about those.
"""

import unicodedata
from functools import partial
from typing import Final

_INVISIBLE: Final = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A), (0x1F3FB, 0x1F3FF), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Zero-width, bidirectional, tag, variation and skin-tone characters: they change nothing that is read."""

_ORNAMENTS: Final = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)  # fmt: skip
"""Marks that people leave out or pile up; vowel signs of Indic scripts are letters in all but name and
stay."""

_UNSPACED: Final = (
    (0x0E01, 0x0E5B), (0x0E81, 0x0EDF), (0x0F40, 0x0FBC), (0x1000, 0x109F), (0x1780, 0x17DD),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3041, 0x312F), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts written without spaces between words: each of their characters counts as a word."""

STYLED: Final = (
    "aɑᴀ🅐🅰🇦|bʙ🅑🅱🇧ƀɓ|cᴄ🅒🅲🇨ƈ|dᴅ🅓🅳🇩đɗ|eᴇ🅔🅴🇪℮ɛ|fꜰ🅕🅵🇫ƒꞙ|gɡɢ🅖🅶🇬ɠᶃ|hʜ🅗🅷🇭ħ|iıɩɪ🅘🅸🇮ɨ|jᴊ🅙🅹🇯ɉʝ|kᴋ🅚🅺🇰ƙĸ|"
    "lʟ🅛🅻🇱łǀ|mᴍ🅜🅼🇲|nɴ🅝🅽🇳ƞŋ|oᴏᴑ🅞🅾🇴øɵꬽ|pᴘ🅟🅿🇵ƥ|q🅠🆀🇶|rʀ🅡🆁🇷ɍꭇ|sꜱ🅢🆂🇸ȿ|tᴛ🅣🆃🇹ŧƭʈ|uᴜʋ🅤🆄🇺ʉꭎ|vᴠ🅥🆅🇻|wᴡɯ🅦🆆🇼|x🅧🆇🇽ꭓ|"
    "yʏɣ🅨🆈🇾ɏỿ|zᴢ🅩🆉🇿ƶ"
)
"""For each Latin letter the signs that are that letter in another dress."""

LOOKALIKE: Final = (
    "aаαⱥаᎪᗅꓮ𐊠|bьвβƅᏏᏴᏼᗷꓐ𐊂ƅ|cсςϲᏟⅽꓚᴄⲥ𐊢|dԁᎠᗞᗪꓒꓓ|eеєεҽᎬꓰⴹⲉ|fϝꓝᖴք|gԍցᏀꓖ|hнһհηᎻᕼꓧⲏ|iіιїⲓꙇᎥꓲ|jјϳᎫꓙ|kкκᏦꓗⲕᛕ|lӏᏞᒪꓡⳑ|"
    "mмϻᎷꓟⲙᗰოጠ|nпηոռꓠⲛᥒ|oоοσօᴏⲟꓳჿ〇|pрρᏢᑭꓑⲣ|qԛզգ|rгᎡᏒᖇꓣ|sѕꓢᏚꜱտ|tтτᎢꓔⲧ|uυսᑌꓴ|vνѵᏙᐯꓦ|wԝωѡᏔꓪա|xхχⲭꓫ᙭|yуγүყᎽꓬ|zᏃꓜζⲍ"
)
"""For each Latin letter the letters of other real scripts that pass for it, seen alone."""

_KIN: Final = {
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "æ": "ae",
    "œ": "oe",
    "€": "`",
    "£": "$",
    "¥": "$",
    "₽": "$",
}
"""Letters and signs of one script that stand for one another in everyday writing; the sign of the euro passes
for an e, and has an ASCII sign of its own here that nothing else needs."""


def _kinds() -> bytes:
    """The kind of each code point, up to those that have none."""
    kinds = bytearray(0x40000)
    for kind, ranges in ((_IS_INVISIBLE, _INVISIBLE), (_IS_ORNAMENT, _ORNAMENTS), (_IS_UNSPACED, _UNSPACED)):
        for first, last in ranges:
            for code in range(first, min(last + 1, len(kinds))):
                kinds[code] = kind
    return bytes(kinds)


_IS_INVISIBLE, _IS_ORNAMENT, _IS_UNSPACED = 1, 2, 3
_KINDS: Final = _kinds()
"""A stranger may send every character there is: each is looked up once, and that must be quick."""


def _is(code: int, kind: int) -> bool:
    if code < 0x40000:
        return _KINDS[code] == kind
    return kind == _IS_INVISIBLE and 0xE0000 <= code <= 0xE0FFF


def _pairs(groups: str) -> dict[str, str]:
    return {sign: group[0] for group in groups.split("|") for sign in group[1:]}


_STYLED: Final = _pairs(STYLED)
LOOKALIKES: Final = {ord(sign): letter for sign, letter in _pairs(LOOKALIKE).items()}


TO_CYRILLIC: Final = str.maketrans("aeopcyxkmthbi", "аеорсухкмтнві")
TO_GREEK: Final = str.maketrans("aeikmnoprtuvxyz", "αεικμνορρτυνχγζ")
"""The other way round: Latin letters inside a word of another alphabet."""


def is_unspaced(code: int) -> bool:
    """Whether the script of this code point is written without spaces between words."""
    return _is(code, _IS_UNSPACED)


def _bare(char: str) -> str:
    """The letter without its ornaments, where it was composed of both."""
    parts = unicodedata.normalize("NFD", char)
    if len(parts) > 1 and all(_is(ord(mark), _IS_ORNAMENT) for mark in parts[1:]):
        return parts[0]
    return char


def _separator_or(char: str) -> str:
    """What a character that is no letter becomes: a point, a space, a digit, or itself standing alone."""
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind[0] in "LMN":
        return char
    if kind[0] == "P":
        return "." if kind in ("Po", "Pd") else ","
    return f" {char} " if kind[0] == "S" else " "


def _part(char: str) -> str:
    """What one compatibility-normalised, case-folded character becomes."""
    code = ord(char)
    if _is(code, _IS_INVISIBLE) or _is(code, _IS_ORNAMENT):
        return ""
    char = _bare(char)
    char = _STYLED.get(char, _KIN.get(char, char))
    if char.isascii():
        return char
    if is_unspaced(code):
        return f" {char} "
    return _separator_or(char)


def letter(char: str) -> str:
    """What one character of the original becomes; "" where it changes nothing that is read."""
    code = ord(char)
    if code < 128:
        return char.lower()
    if char in _STYLED:
        return _STYLED[char]
    if char in "ϲϹ":
        return "ϲ"  # a sigma that looks like a c, and is written to look like one
    if _is(code, _IS_INVISIBLE) or _is(code, _IS_ORNAMENT):
        return ""
    return "".join(_part(part) for part in unicodedata.normalize("NFKC", char).casefold())


_VARIED: Final = (
    (0x80, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x20000),
    (0x2F800, 0x2FA20),
)  # fmt: skip
"""Where characters differ: in between are those of Chinese and Korean, and private ones, all alike."""


def _known() -> dict[int, str]:
    """What each character of `_VARIED` becomes, but for those that nobody has assigned.

    A stranger may send every character there is: none is to be looked up then.
    """
    codes = [code for ends in _VARIED for code in range(*ends)]
    kinds = map(unicodedata.category, map(chr, codes))
    assigned = [(code, kind) for code, kind in zip(codes, kinds, strict=True) if kind != "Cn" or _KINDS[code]]
    chars = [chr(code) for code, _ in assigned]
    plain, lower = map(partial(unicodedata.normalize, "NFKD"), chars), map(str.casefold, chars)
    found = {}
    for (code, kind), char, bare, small in zip(assigned, chars, plain, lower, strict=True):
        if bare != char or small != char or _KINDS[code] or char in _STYLED or char in _KIN:
            found[code] = letter(char)
        else:
            found[code] = char if kind == "Lo" else _separator_or(char)
    return found


_REMEMBERED: Final = 150_000
"""Nearly all characters there are; a stranger who sends them all makes us work once."""


class Letters(dict[int, str]):
    """A table for `str.translate` that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        """Work out a character once and remember it; surrogates and the unassigned included."""
        found = letter(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


LETTERS: Final = Letters(_known())

SEPARATE: Final = bytes(code if code >= 128 or chr(code).isalnum() else 0x20 for code in range(256))
"""For `bytes.translate`: every ASCII sign that is no letter and no digit becomes a space."""
