"""PDQ: the reference's bits, near for the same picture, far for another."""

from io import BytesIO

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from folkmoot.media import pdq
from tests.unit.media.drawn import saved, scene

_REFERENCE = [
    (0, 100, "c28462244c30984ee4c4ce449e95bcf16dcab3ce937d4d9dd963268bd9b3c99d"),
    (1, 100, "fe003e88c467c1551fc1768a48b8e947bc5fa3d876e27b375ec104ec32cd1d34"),
    (2, 100, "03c185318767c78e9bc71ea10f110f2616cebcb3dc2dfc1df813f64e4e70c2d8"),
    (3, 100, "095b2846e53d9b6fe9999648286ba6331dadc71d99c266e0c9a919a9e3f49c59"),
    (4, 100, "ab8770d63c84638aa9dd355d57eaa2415ea2aef644e58f44ee004f896e0b598f"),
    (5, 100, "687d32391f157d3cc7c2cee389822055e039cd86327e1e3a7e5387cb670715b1"),
]
"""What pdqhash 0.2.8, which wraps Meta's own code, makes of the same drawings at 512 × 512."""


@pytest.mark.parametrize(("seed", "quality", "expected"), _REFERENCE)
def test_the_bits_are_the_references(seed: int, quality: int, expected: str) -> None:
    """At 512 × 512 at most two of the 256 bits differ from Meta's own code, and the quality is the same."""
    taken = pdq.fingerprint(scene(seed, (512, 512)))
    assert (int(taken.hex, 16) ^ int(expected, 16)).bit_count() <= 2
    assert taken.quality == quality


def _changed(picture: Image.Image) -> dict[str, Image.Image]:
    written = picture.copy()
    ImageDraw.Draw(written).text((20, 20), "a remark", fill="white")
    return {
        "smaller": picture.resize((320, 240)),
        "larger": picture.resize((1300, 1000)),
        "saved badly": Image.open(BytesIO(saved(picture, "JPEG", quality=20))),
        "grey": picture.convert("L"),
        "brighter": picture.point(lambda value: min(255, value + 25)),
        "written on": written,
        "mirrored": ImageOps.mirror(picture),
        "upside down": ImageOps.flip(picture),
        "turned": picture.transpose(Image.Transpose.ROTATE_90),
        "turned back": picture.transpose(Image.Transpose.ROTATE_270),
    }


@pytest.mark.parametrize("how", list(_changed(scene(0))))
def test_a_changed_picture_is_still_known(how: str) -> None:
    """A known picture is recognised when it is scaled, saved badly, grey, written on, mirrored or turned."""
    for seed in range(8):
        picture = scene(seed)
        known = [int(pdq.fingerprint(picture).hex, 16)]
        assert pdq.nearest(pdq.fingerprint(_changed(picture)[how]), known) is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_another_picture_is_not_known(one: int, other: int) -> None:
    """Two different drawings are never taken for the same, and one with enough in it is nearest to itself."""
    first, second = pdq.fingerprint(scene(one, (96, 96))), pdq.fingerprint(scene(other, (96, 96)))
    assume(first.quality >= pdq.LEAST_QUALITY)
    assert pdq.nearest(first, [int(first.hex, 16)]) == 0
    if one != other:
        assert pdq.nearest(first, [int(second.hex, 16)]) is None


@pytest.mark.parametrize("colour", ["white", "black", "red"])
def test_a_picture_without_content_matches_nothing(colour: str) -> None:
    """One colour all over has no quality, and so is near to nothing, itself included."""
    taken = pdq.fingerprint(Image.new("RGB", (300, 200), colour))
    assert taken.quality == 0
    assert pdq.nearest(taken, [int(taken.hex, 16)]) is None


def test_an_empty_list_knows_nothing() -> None:
    """Where the list is empty no picture is known."""
    assert pdq.nearest(pdq.fingerprint(scene(1)), []) is None
