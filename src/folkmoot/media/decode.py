"""From the bytes of a file to pictures, within bounds; what can't be looked at says why, in words."""

import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from PIL import Image, ImageFile, UnidentifiedImageError

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MOST_PIXELS: Final = 64_000_000
MOST_FRAMES: Final = 1_000
MOST_WORK: Final = 250_000_000
"""Pixels of all frames together."""
NARROWEST: Final = 50
"""One side may be so many times the other."""
LOOKED_AT: Final = 8
"""Frames of an animation that are looked at."""
_ENOUGH: Final = 1_024

UNKNOWN: Final = "It is no picture of a kind that is known here."
BROKEN: Final = "The file is damaged or incomplete."
TOO_MUCH: Final = "It unpacks to more than is looked at."


class UnreadableError(Exception):
    """A picture can't be looked at; the message is a sentence for people."""


_OTHERS: Final = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"<script", "a script"),
    (b"<?php", "a program"),
)


def frames(file: bytes) -> Iterator[Image.Image]:
    """Yield what there is to see in a file: the picture, or some frames of an animation, each in colours.

    UnreadableError says why a file can't be looked at; nothing else is raised.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(file), formats=FORMATS) as picture:
                yield from _frames(picture)
    except UnreadableError:
        raise
    except UnidentifiedImageError:
        raise UnreadableError(UNKNOWN) from None
    except (MemoryError, Image.DecompressionBombError):
        raise UnreadableError(TOO_MUCH) from None
    except RecursionError:
        raise UnreadableError(BROKEN) from None
    except Exception:  # decoders raise whatever they like on what strangers send
        raise UnreadableError(BROKEN) from None
    other = something_else(file)
    if other is not None:
        raise UnreadableError(f"The file is a picture and {other} at once.")


def _frames(picture: ImageFile.ImageFile) -> Iterator[Image.Image]:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise UnreadableError(f"It has {width} × {height} pixels, more than is looked at.")
    if max(width, height) > NARROWEST * min(width, height):
        raise UnreadableError(f"It is a strip of {width} × {height} pixels.")
    if picture.format == "JPEG":
        # A large photograph is read at a fraction of its size: faster by far, and enough.
        picture.draft("RGB", (_ENOUGH, _ENOUGH))
    count = getattr(picture, "n_frames", 1)
    if picture.format == "JPEG" or count <= 1:
        yield _in_colours(picture)
        return
    if count > MOST_FRAMES or count * width * height > MOST_WORK:
        raise UnreadableError(f"It is an animation of {count} frames, more than is looked at.")
    for number in _chosen(picture, count):
        picture.seek(number)
        yield _in_colours(picture)


def _chosen(picture: ImageFile.ImageFile, count: int) -> list[int]:
    """Frames evenly spread, the first and the last among them."""
    most = min(count, LOOKED_AT)
    return sorted({round(place * (count - 1) / max(1, most - 1)) for place in range(most)})


def _in_colours(picture: Image.Image) -> Image.Image:
    """The picture as clients show it: what is see-through in front of white, and no larger than needed."""
    picture.load()
    small = picture
    if max(picture.size) > 2 * _ENOUGH:
        small = picture.convert("RGBA") if picture.mode in ("P", "PA") else picture.copy()
        small.thumbnail((_ENOUGH, _ENOUGH))
    if small.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in small.info:
        solid = small.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(ground, solid).convert("RGB")
    if small.mode.startswith("I"):
        return small.point(lambda value: value / 256).convert("L").convert("RGB")
    return small.convert("RGB")


def something_else(file: bytes) -> str | None:
    """What a file is besides a picture, where another program would open it as that; None if nothing."""
    if zipfile.is_zipfile(BytesIO(file)):
        return "a ZIP archive"
    if b"%PDF-" in file[:1_024]:
        return "a PDF document"
    lower = file.lower()
    return next((name for mark, name in _OTHERS if mark in (file, lower)[mark.startswith(b"<")]), None)
