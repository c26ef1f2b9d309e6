"""What is judged in the benchmarks: many distinct messages in many languages, the same in every run."""

import json
import random
from itertools import islice
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
_SYLLABLES = ("ba", "do", "fi", "gur", "ha", "ki", "lem", "mo", "nu", "per", "ra", "so", "ti", "vo", "zan")


def messages(count: int, seed: int = 7) -> list[str]:
    """Return `count` distinct messages of chat length, made of the protected-speech corpus.

    Each is the first words of one message and the last words of another in the same language, so that no two
    are alike and caches help no more than they would in a real room.
    """
    by_language: dict[str, list[list[str]]] = {}
    for path in sorted((CORPUS / "protected").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            by_language.setdefault(row["lang"], []).append(row["text"].split())
    chance = random.Random(seed)
    languages = sorted(by_language)
    found: dict[str, None] = {}
    while len(found) < count:
        rows = by_language[chance.choice(languages)]
        first, second = chance.choice(rows), chance.choice(rows)
        words = first[: max(1, len(first) // 2)] + second[len(second) // 2 :]
        found[" ".join(words)] = None
    return list(islice(found, count))


def phrases(count: int, seed: int = 11) -> list[str]:
    """Return `count` distinct made-up phrases of two or three words, as a long word list would have."""
    chance = random.Random(seed)

    def word() -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))

    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(word() for _ in range(chance.randint(2, 3)))] = None
    return list(found)
