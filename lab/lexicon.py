"""The words that the models know, what each weighs, and a few numbers for what it means.

`words.gz` is made by `python -m lab.vectors`. It lets a head that learnt `knife` in one language expect
something of its neighbours in meaning, in other languages too.
"""

import gzip
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from folkmoot.detect.model_features import PAIR, WORD, pairs, words

FILE: Final = Path(__file__).parent / "words.gz"
STEP: Final = 0.4
"""A step of a vector's numbers, in standard deviations."""
FARTHEST: Final = 7


class Lexicon(NamedTuple):
    """Words or pairs of characters, each with a key, a weight from 1 to 255 and a vector."""

    words: tuple[str, ...]
    keys: np.ndarray
    weights: np.ndarray
    vectors: np.ndarray


def key(word: str) -> int:
    """How the scorer knows a word, or a pair of characters with a space between."""
    return crc32(word.encode(), PAIR if " " in word else WORD)


def write(words: Sequence[str], weights: np.ndarray, vectors: np.ndarray, path: Path = FILE) -> None:
    """Write the file: a header, the words, their weights, and each vector's numbers in few steps each.

    Fifteen steps for a number keep 98 % of what tells the words apart, and the file small.
    """
    centred = vectors - vectors.mean(axis=0)
    scale = centred.std(axis=0) * STEP
    head = json.dumps({"words": len(words), "scale": [float(f"{one:.6g}") for one in scale]})
    numbers = np.clip(np.rint(centred / scale), -FARTHEST, FARTHEST).astype(np.int8)
    body = "\n".join([head, *words]).encode() + b"\n\0"
    body += weights.astype(np.uint8).tobytes() + numbers.tobytes()
    path.write_bytes(gzip.compress(body, 9, mtime=0))


@cache
def lexicon(path: Path = FILE) -> Lexicon:
    """The file's words."""
    raw = gzip.decompress(path.read_bytes())
    text, numbers = raw.split(b"\n\0", 1)
    head, *words = text.decode().split("\n")
    told = json.loads(head)
    count, scale = told["words"], np.array(told["scale"], dtype=np.float32)
    weights = np.frombuffer(numbers[:count], dtype=np.uint8)
    vectors = np.frombuffer(numbers[count:], dtype=np.int8).reshape(count, len(scale)) * scale
    return Lexicon(tuple(words), np.array([key(word) for word in words], dtype=np.uint32), weights, vectors)


def table(views: Iterable[bytes], known: Lexicon) -> sp.csr_matrix:
    """One row for each text: its known words, each by the root of its share of their weight."""
    column = {int(one): place for place, one in enumerate(known.keys)}
    places, values, ends = [], [], [0]
    for view in views:
        found = {column[one] for one in (*words(view), *pairs(view)) if one in column}
        chosen = np.array(sorted(found), dtype=np.int32)
        weights = known.weights[chosen].astype(np.float32)
        places.append(chosen)
        values.append(np.sqrt(weights / max(1.0, weights.sum())))
        ends.append(ends[-1] + len(chosen))
    data, columns = np.concatenate(values).astype(np.float32), np.concatenate(places)
    return sp.csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(known.keys)))


def slots(known: Lexicon, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each word is in a table of so many bits, and the table's marks."""
    mask = (1 << bits) - 1
    marks = np.zeros(1 << bits, dtype="<u2")
    taken = np.zeros(len(known.keys), dtype=np.int64)
    for place, one in enumerate(map(int, known.keys)):
        slot = one & mask
        while marks[slot]:
            slot = (slot + 1) & mask
        marks[slot], taken[place] = one >> 17 | 0x8000, slot
    return taken, marks
