"""The models as a file: a magic word, a header in JSON, and tables of small whole numbers."""

from functools import cache
from importlib.resources import files
from struct import Struct as Layout
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

MAGIC: Final = b"FMOOT\x02"
_LENGTH: Final = Layout("<I")
ZERO: Final = 128
"""What a weight of nothing is written as: each byte is a weight plus this."""

MOST_HEADS: Final = 15


class Curve(Struct, frozen=True, array_like=True):
    """How a head's margin becomes a probability in one language, and from where the head speaks up."""

    slope: float
    offset: float
    likely: float | None
    """The least margin that counts as likely; None where the head keeps silent."""
    very_likely: float | None


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an artefact says about its tables."""

    name: str
    heads: tuple[str, ...]
    run_bits: int
    word_bits: int
    run_steps: tuple[float, ...]
    """What one step of a head's weights for runs is worth."""
    word_steps: tuple[float, ...]
    biases: tuple[float, ...]
    curves: dict[str, tuple[Curve, ...]]
    """For each language a curve for each head; `""` is for every other language."""
    disguise: float
    """How much more a reading with tricks undone must reach than the text as it stands."""


class Tables(NamedTuple):
    """The weights themselves."""

    runs: bytes
    """For each bucket a byte for each head."""
    marks: bytes
    """For each slot of the lexicon two bytes that tell which word is there; 0 where there is none."""
    words: bytes
    """For each slot a byte for each head, and how much the word weighs."""


class BrokenWeightsError(ValueError):
    """The file of weights is not what this version reads: install Folkmoot anew, or train again."""


def pack(header: Header, tables: Tables) -> bytes:
    """The artefact as bytes."""
    told = msgspec.json.encode(header)
    return MAGIC + _LENGTH.pack(len(told)) + told + b"".join(tables)


def unpack(raw: bytes) -> tuple[Header, Tables]:
    """The header and the tables of an artefact."""
    start = len(MAGIC) + _LENGTH.size
    if not raw.startswith(MAGIC) or len(raw) < start:
        raise BrokenWeightsError("The file of weights does not begin as one does. Install Folkmoot anew.")
    end = start + _LENGTH.unpack_from(raw, len(MAGIC))[0]
    try:
        header = msgspec.json.decode(raw[start:end], type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenWeightsError(f"The header of the weights is broken: {error}") from error
    heads = len(header.heads)
    runs, marks = end + (heads << header.run_bits), 2 << header.word_bits
    tables = Tables(raw[end:runs], raw[runs : runs + marks], raw[runs + marks :])
    whole = len(tables.words) == (heads + 1) << header.word_bits
    if not (1 <= heads <= MOST_HEADS and whole and b"\0\0" in tables.marks):
        raise BrokenWeightsError("The file of weights is not complete. Install Folkmoot anew.")
    return header, tables


@cache
def shipped() -> tuple[Header, Tables]:
    """The artefact that comes with the package, read once."""
    return unpack((files(__package__) / "weights" / "folkmoot.weights").read_bytes())
