"""Pictures for tests, drawn from a number."""

import random
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with something to see: soft colours with discs before them."""
    draw = random.Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([tuple(draw.randrange(256) for _ in range(3)) for _ in range(48)])
    picture = small.resize(size, Image.Resampling.BICUBIC)
    brush = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, radius = draw.randrange(size[0]), draw.randrange(size[1]), draw.randint(10, size[0] // 4 + 10)
        colour = tuple(draw.randrange(256) for _ in range(3))
        brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as a file."""
    held = BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def animation(count: int, size: tuple[int, int] = (16, 16)) -> bytes:
    """A GIF of so many frames, no two alike."""
    frames = [Image.new("L", size, number % 256) for number in range(count)]
    for number, frame in enumerate(frames):
        frame.putpixel((number % size[0], number // size[0] % size[1]), 255 - number % 256)
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20)
