"""What the models see of a text beside its words: a link, a price, a question, how long it is.

Each sign is a word of two bytes that nobody can write, before the text's own words. Digits all look alike to
the models, so that a price learnt is every price. `model_seen.h` does the same.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Final

from folkmoot.text.fold import Folded
from folkmoot.text.looks import Look

KINDS: Final = {
    "m": "$€£¥₹₽₺₴₩₪฿₫₦₱",
    "p": "%％",
    "a": "@",
    "q": "?？؟",
    "e": "!！",
    "c": '"“”„«»「」',
    "o": "+",
    "k": ":：",
    "n": "\n",
}
"""Which characters make which sign."""
SIZES: Final = (25, 60, 120, 300)
"""From how many characters on a text has the next size."""
SEEN: Final = 1_000
"""In how many characters signs are looked for."""
MOST_SIGNS: Final = 64
"""No row of signs is longer, in bytes."""

_DIGITS: Final = bytes(0x30 if 0x30 <= byte <= 0x39 else byte for byte in range(256))
BITS: Final = {sign: 1 << place for place, signs in enumerate(KINDS.values()) for sign in signs}
"""For each such character a bit."""
_ANY: Final = re.compile(f"[{re.escape(''.join(BITS))}]")
_LINK: Final = 1 << len(KINDS)
LINK_LOOK: Final = int(Look.LINK)
"""Which look of a text is a link's."""
_SHOUTED: Final = 2 << len(KINDS)
LETTERS: Final = (*KINDS, "l", "u")
"""The second byte of each sign."""
_LEAST_SHOUTED: Final = 9


def alike(view: bytes) -> bytes:
    """A reading with every digit a zero; nothing moves."""
    return view.translate(_DIGITS)


def signs(folded: Folded) -> bytes:
    """The row of a text's signs, with a space before it and none after."""
    text = folded.judged[:SEEN]
    found = _LINK if folded.looks & LINK_LOOK else 0
    for sign in _ANY.findall(text):
        found |= BITS[sign]
    if text.isupper() and len(text) >= _LEAST_SHOUTED:
        found |= _SHOUTED
    return _row(found, bisect_right(SIZES, len(folded.judged)))


@lru_cache(maxsize=4096)
def _row(found: int, size: int) -> bytes:
    kinds = [letter for place, letter in enumerate(LETTERS) if found >> place & 1]
    return "".join(f" \x02{kind}" for kind in [*kinds, str(size)]).encode()
