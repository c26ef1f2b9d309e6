"""Which group of languages a text is likely to be in, so that a model speaks up only where it was tried out.

Writing systems first, then the commonest small words. It is a guess that costs little and is asked for only
when a model has found something; what a chat system says about the language comes first.
"""

from importlib.resources import files
from typing import Final

from folkmoot.text.fold import Folded
from folkmoot.text.scripts import scripts

_SMALL: Final = {
    line.split()[0]: line.split()[1:]
    for line in (files(__package__) / "small_words.txt").read_text("utf-8").splitlines()
}
"""For each language the commonest small words as they are after folding."""

_WORDS: Final = {
    word.encode(): tuple(language for language in _SMALL if word in _SMALL[language])
    for word in {word for words in _SMALL.values() for word in words}
}
_SCRIPTS: Final = {
    "Cyrillic": "ru",
    "Arabic": "ar",
    "Devanagari": "hi",
    "Hangul": "ko",
    "Kana": "ja",
    "Hebrew": "he",
    "Greek": "el",
    "Thai": "th",
    "Bengali": "bn",
}
_ENOUGH: Final = 200
"""So many characters tell the writing system."""


def language(folded: Folded, told: str | None = None) -> str:
    """The language of a text, as a code; "latin" for a Latin script that tells no more, "" for the rest."""
    if told:
        return told.partition("-")[0].lower()
    found = scripts(folded.judged[:_ENOUGH])
    if not found:
        return "latin"
    if found.get("Kana", 0) * 5 > found.get("Han", 0) > 0:
        return "ja"
    script = next(iter(found))
    if script == "Latin":
        return _latin(folded.readings[0])
    return "zh" if script == "Han" else _SCRIPTS.get(script, "")


def is_small(word: bytes) -> bool:
    """Whether a word is so common in some language that it explains nothing."""
    return word in _WORDS


def _latin(view: bytes) -> str:
    """The language whose small words are most of those in the text."""
    counts = dict.fromkeys(_SMALL, 0.0)
    for word in view[:600].split():
        languages = _WORDS.get(word, ())
        for one in languages:
            counts[one] += 1.0 / len(languages)
    best, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=counts.__getitem__) if best > second * 1.2 else "latin"
