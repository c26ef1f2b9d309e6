"""Sentences about groups of people made of the parts in composed.toml: hate, and the same words without it.

One pattern learnt from a sentence says nothing about the next group of people; many groups in the same
sentences, and things and habits in their place, do.
"""

import random
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from lab.sources import HEADS, HERE, Row

EACH: Final = {"en": 1000}
"""So many sentences of each kind in a language; in the others two fifths."""
WEIGHT: Final = 1.0
_LEADS: Final = ("", "", "", "", "", "lol ", "@all ", "... ", "tbh ", "1) ")
_ENDS: Final = ("", "", "", ".", "!", "!!", "...", " 🤮", " 😡", " 🤷", " ok?")


def composed_rows() -> Iterator[Row]:
    """The same sentences every time."""
    for lang, parts in tomllib.loads((HERE / "composed.toml").read_text("utf-8")).items():
        chance = random.Random(f"composed {lang}")
        seen: set[str] = set()
        for label, frames in ((1, parts["hate"]), (0, parts["fine"])):
            for number in range(EACH.get(lang, EACH["en"] * 2 // 5)):
                text = _dressed(_filled(frames[number % len(frames)], parts, chance), chance)
                if text not in seen:
                    seen.add(text)
                    yield Row(text, lang, "composed", _labels(label), WEIGHT)


def _filled(frame: str, parts: dict[str, Any], chance: random.Random) -> str:
    if "{h}" in frame:
        frame = frame.replace("{h}", chance.choice(parts["hate"]))
    for key in ("g", "o", "p"):
        frame = frame.replace("{" + key + "}", chance.choice(parts[key]))
    return frame


def _dressed(text: str, chance: random.Random) -> str:
    """The sentence as somebody might type it."""
    draw = chance.random()
    if draw < 0.3:
        text = text[0].upper() + text[1:]
    elif draw < 0.36:
        text = text.upper()
    return chance.choice(_LEADS) + text + (chance.choice(_ENDS) if text[-1] not in "?？”»」" else "")


def _labels(hate: int) -> dict[str, int]:
    """What is known of such a sentence: threats among the hateful ones leave the head of violence open."""
    if hate:
        return {"hate": 1, "spam": 0, "scam": 0, "gambling": 0, "sexual-selling": 0, "drugs": 0}
    return dict.fromkeys(HEADS, 0)
