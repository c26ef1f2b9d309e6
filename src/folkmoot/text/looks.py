"""A first glance at a message: which of the costly looks are worth taking, found in one pass."""

import re
import threading
from enum import IntFlag
from typing import Final

import hyperscan

from folkmoot.text.shorts import ODD


class Look(IntFlag):
    """What a message seems to contain; a closer look decides."""

    NOTHING = 0
    SPACED = 1
    """Single letters with something between them: s p a m."""
    LEET = 2
    """Digits or signs inside a word: v1agra."""
    RUNS = 4
    """A letter three times or more: frrree."""
    MIXED = 8
    """Latin letters next to Cyrillic, Greek or other letters that pass for them."""
    LINK = 16
    """Something like a host name, or words that stand for one."""
    BROKEN = 32
    """A word broken by a point, a star or a dash: ca.si.no."""
    SECRET = 64
    """Something like a key or a token."""
    DOUBLED = 128
    """Three pairs of the same letter in a row: ppoorrnn."""
    DECOR = 256
    """A picture between two words, or between two letters of one."""
    PIECES = 512
    """Two letters that are no word, or many very short words in a row: ca si no."""


_LETTER: Final = rb"(?:[a-z]|[\xc3-\xdf][\x80-\xbf])"
_SIGN: Final = rb"(?:[a-z0-9]|[\xc3-\xdf][\x80-\xbf])"
_OTHER: Final = rb"(?:%s)" % b"|".join(
    [
        rb"[\xcd-\xd6][\x80-\xbf]",
        rb"\xe1[\x8e-\x9b\xa5][\x80-\xbf]",
        rb"\xe2[\xb2-\xb5][\x80-\xbf]",
        rb"\xea\x93[\x80-\xbf]",
    ]
)
_PICTURE: Final = rb"(?:\xe2[\x80-\xbf][\x80-\xbf]|\xf0\x9f[\x80-\xbf][\x80-\xbf])"
_ODD: Final = rb"(?:\xe1\x8e[\xa0-\xbf]|\xe1\x8f[\x80-\xbf]|\xea\x93[\x90-\xbf]|\xe2[\xb2-\xb3][\x80-\xbf])"
"""Letters of scripts that hardly anybody chats in: Cherokee, Lisu, Coptic."""
_SEPARATOR: Final = rb"[^a-z0-9\x80-\xff]"
_BETWEEN: Final = rb"(?:[^a-z0-9\x80-\xff]|%s){1,5}" % _PICTURE
_EDGE: Final = rb"[^a-z0-9\x80-\xff]"
_SHORT: Final = rb"[a-z\x80-\xff]{1,4}"
_ASCII: Final = range(0x61, 0x7B)
_BEYOND: Final = [*range(0x3B1, 0x3CA), *range(0x430, 0x460), *range(0x621, 0x64B)]
_MANY: Final = [*_ASCII, *_BEYOND]

_PAIR: Final = 1 << 20
"""A pair of the same letter beyond ASCII. Three of them in a row would be costly to make ready for, so they
are looked for only where there is one."""
_PAIRS: Final = re.compile(rb"(?:([\xce-\xda][\x80-\xbf])\1){3}")


def _followed(first: str, seconds: str) -> bytes:
    """A letter and one of those behind it, in as few bytes as may be."""
    leads: dict[bytes, bytes] = {}
    for second in seconds:
        raw = second.encode()
        leads[raw[:-1]] = leads.get(raw[:-1], b"") + b"\\x%02x" % raw[-1]
    return first.encode() + b"(?:%s)" % b"|".join(b"%s[%s]" % pair for pair in leads.items())


_NO_WORD: Final = b"|".join(
    _followed(first, seconds)
    for first, seconds in ODD.items()
    if seconds and (first.isascii() or "а" <= first <= "ӿ")
)
_VERY_SHORT: Final = rb"%s{1,2}" % _LETTER

PATTERNS: Final = {
    Look.LEET: [
        rb"[a-z\x80-\xff][0-9@$!|(+`]+[a-z\x80-\xff]",
        rb"[@$+`][a-z\x80-\xff]{2}", rb"[0-9$][a-z]{2}", rb"[a-z]{2}[0134579$]",
        rb"[@$][@$!|(+`0-9]{1,3}[a-z]", rb"[a-z\x80-\xff][!|]\|",
    ],
    Look.RUNS: [b"|".join(b"(?:%s){3}" % chr(code).encode() for code in _MANY)],
    Look.MIXED: [rb"[a-z].*" + _OTHER, _OTHER + rb".*[a-z]", _ODD],
    Look.DECOR: [
        rb"[a-z0-9\x80-\xff](?:%s*%s)+%s*[a-z0-9\xc3-\xe1\xe3-\xef]" % (_SEPARATOR, _PICTURE, _SEPARATOR)
    ],
    Look.LINK: [
        rb"[a-z0-9\x80-\xff\]\)]\.[a-z\x80-\xff]{2}",
        rb"://",
        rb"[^a-z](?:dot|d0t|punkt|punto|ponto|\xd1\x82\xd0\xbe\xd1\x87\xd0\xba\xd0\xb0)[^a-z]",
        rb"[a-z0-9]\s?[\[({<]\s?\.\s?[\])}>]",
    ],
    Look.BROKEN: [
        rb"[a-z\x80-\xff][.*_~^\-]%s(?:$|%s)" % (_SHORT, _EDGE),
        rb"(?:^|%s)%s[.*_~^\-][a-z\x80-\xff]" % (_EDGE, _SHORT),
    ],
    Look.SECRET: [
        rb"private key|gh[opsu]_|github_pat_|glpat-|xox[abprs]-|[sr]k_live_|pypi-a|syt_|mdaxk",
        rb"akia[0-9a-z]{12}|aiza[0-9a-z_\-]{20}|npm_[0-9a-z]{20}|eyj[0-9a-z_\-]{10}",
    ],
    Look.SPACED: [rb"(?:^|%s)%s(?:%s%s){2,}(?:$|%s)" % (_EDGE, _LETTER, _BETWEEN, _SIGN, _EDGE)],
    Look.PIECES: [
        rb"(?:^|%s)(?:%s)(?:$|%s)" % (_EDGE, _NO_WORD, _EDGE),
        rb"(?:^|%s)%s(?:%s%s){5}(?:$|%s)" % (_EDGE, _VERY_SHORT, _EDGE, _VERY_SHORT, _EDGE),
    ],
    Look.DOUBLED: [b"(?:%s){3}" % b"|".join(b"%c{2}" % code for code in _ASCII)],
}  # fmt: skip


def _database() -> hyperscan.Database:
    """All patterns in one; with the two longest at the end it is made ready in a quarter of the time."""
    expressions = [(int(look), pattern) for look, patterns in PATTERNS.items() for pattern in patterns]
    expressions.append((_PAIR, b"|".join(b"(?:%s){2}" % chr(code).encode() for code in _BEYOND)))
    database = hyperscan.Database()
    count = len(expressions)
    database.compile(
        expressions=[pattern for _, pattern in expressions],
        ids=[look for look, _ in expressions],
        elements=count,
        flags=[hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL] * count,
    )
    return database


_DATABASE: Final = _database()
_DOUBLED: Final = int(Look.DOUBLED)


class _Own(threading.local):
    """Each thread's own scratch memory, as hyperscan asks."""

    def __init__(self) -> None:
        self.scratch = _DATABASE.scratch.clone()


_OWN: Final = _Own()


def glance(lettered: bytes) -> int:
    """Which `Look`s the text deserves; `lettered` is UTF-8 after `LETTERS`."""
    seen: list[int] = []
    add = seen.append
    _DATABASE.scan(lettered, lambda look, start, end, flags, context: add(look), 0, None, _OWN.scratch)
    looks = 0
    for look in seen:
        looks |= look
    if looks & _PAIR:
        looks ^= _PAIR
        if _PAIRS.search(lettered):
            looks |= _DOUBLED
    return looks
