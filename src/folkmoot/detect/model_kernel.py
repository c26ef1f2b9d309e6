"""The compiled scorer, where the installation has one; without it the same sums come from Python, later."""

from struct import pack
from typing import TYPE_CHECKING

from folkmoot.detect.model_signs import BITS, LETTERS, LINK_LOOK
from folkmoot.detect.model_weights import Header, Tables

if TYPE_CHECKING:
    from folkmoot.detect._score import Kernel

try:
    from folkmoot.detect import _score as found
except ImportError:  # built without a C compiler
    COMPILED = False
else:
    COMPILED = True


def kernel(header: Header, tables: Tables, floors: list[float]) -> "Kernel":
    """The compiled scorer bound to one model's weights; only where `COMPILED`."""
    numbers = zip(header.run_steps, header.word_steps, header.biases, floors, strict=True)
    flat = [number for step in numbers for number in step]
    steps = pack(f"{len(flat)}d", *flat)
    letters = "".join(LETTERS).encode()
    return found.Kernel(*tables, steps, header.run_bits, header.word_bits, BITS, letters, LINK_LOOK)
