"""What is judged in the benchmarks: many distinct messages in many languages, the same in every run."""

import json
import random
from itertools import islice
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
_SYLLABLES = ("ba", "do", "fi", "gur", "ha", "ki", "lem", "mo", "nu", "per", "ra", "so", "ti", "vo", "zan")


def messages(count: int, seed: int = 7) -> list[str]:
    """Return `count` distinct messages of chat length, made of the words of the protected-speech corpus.

    Each is a row of words from one language, drawn one by one, so that no two are copies or nearly so, and
    caches help no more than they would in a real room.
    """
    chance = random.Random(seed)
    words = _words()
    languages = sorted(words)
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = chance.choices(words[chance.choice(languages)], k=chance.randint(4, 22))
        found[" ".join(drawn)[:240]] = None
    return list(islice(found, count))


def _words() -> dict[str, list[str]]:
    """The words of each language; where no spaces are written, pieces of a few characters."""
    words: dict[str, list[str]] = {}
    for path in sorted((CORPUS / "protected").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for word in row["text"].split():
                pieces = [word[at : at + 5] for at in range(0, len(word), 5)] if len(word) > 24 else [word]
                words.setdefault(row["lang"], []).extend(pieces)
    return {language: drawn for language, drawn in words.items() if len(set(drawn)) >= 400}


def phrases(count: int, seed: int = 11) -> list[str]:
    """Return `count` distinct made-up phrases of two or three words, as a long word list would have."""
    chance = random.Random(seed)

    def word() -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))

    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(word() for _ in range(chance.randint(2, 3)))] = None
    return list(found)
