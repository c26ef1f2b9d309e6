"""Decoding: what can't be looked at ends as a sentence, never as anything else."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from folkmoot.media import decode
from folkmoot.media.decode import UnreadableError, frames
from tests.unit.media.drawn import animation, saved, scene

_SMALL = {kind: saved(scene(3, (40, 30)), kind) for kind in decode.FORMATS}


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """A PNG of such a size whose pixels are zeros, packed as small as can be."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(min(width, 60_000) + 1)
    body = b"".join(packer.compress(row) for _ in range(min(height, 1_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def archive() -> bytes:
    """A ZIP archive with one file in it."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("program.txt", "hello")
    return held.getvalue()


def unreadable(file: bytes) -> str:
    """Why a file can't be looked at."""
    with pytest.raises(UnreadableError) as trouble:
        list(frames(file))
    return str(trouble.value)


@pytest.mark.parametrize("kind", decode.FORMATS)
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16", "LA", "CMYK"])
def test_ordinary_pictures_are_read(kind: str, mode: str) -> None:
    """Pictures of each known kind, in every mode that it can hold, are read in colours and at their size."""
    picture = scene(1, (60, 40)).convert("L" if mode == "I;16" else mode.replace("LA", "L"))
    try:
        file = saved(picture.convert(mode), kind)
    except (OSError, ValueError, KeyError):
        pytest.skip(f"{kind} holds no {mode}")
    [seen] = frames(file)
    assert (seen.mode, seen.size) == ("RGB", (60, 40))


def test_what_is_see_through_is_white() -> None:
    """A picture is looked at as clients show it: before a light ground."""
    [seen] = frames(saved(Image.new("RGBA", (30, 30), (0, 0, 0, 0))))
    assert seen.getpixel((5, 5)) == (255, 255, 255)


def test_the_frames_of_an_animation_are_spread() -> None:
    """Of an animation eight frames are looked at, the first and the last among them."""
    seen = [frame.getpixel((15, 15)) for frame in frames(animation(100))]
    assert len(seen) == decode.LOOKED_AT
    assert (seen[0], seen[-1]) == ((0, 0, 0), (99, 99, 99))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        pytest.param(b"", "no picture", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture", id="svg"),
        pytest.param(b"%PDF-1.7 ...", "no picture", id="pdf"),
        pytest.param(saved(scene(1, (20, 20)), "BMP"), "no picture", id="another kind"),
        pytest.param(_SMALL["PNG"][:-40], "damaged", id="cut short png"),
        pytest.param(_SMALL["JPEG"][:300], "damaged", id="cut short jpeg"),
        pytest.param(_SMALL["PNG"][:40], "no picture", id="a head alone"),
        pytest.param(bomb(60_000, 60_000), "unpacks to more", id="bomb"),
        pytest.param(bomb(12_000, 12_000), "pixels", id="very large"),
        pytest.param(bomb(2_000_000_000, 2_000_000_000), "unpacks to more", id="huge dimensions"),
        pytest.param(bomb(5_000, 5), "strip", id="strip"),
        pytest.param(animation(decode.MOST_FRAMES + 1), "1001 frames", id="animation"),
        pytest.param(animation(10_000, (4, 4)), "10000 frames", id="ten thousand frames"),
        pytest.param(_SMALL["GIF"] + archive(), "ZIP archive", id="picture and archive"),
        pytest.param(_SMALL["JPEG"] + b"<?php echo 1; ?>", "a program", id="picture and program"),
        pytest.param(_SMALL["PNG"] + b"\n<SCRIPT>alert(1)</SCRIPT>", "a script", id="picture and script"),
        pytest.param(_SMALL["PNG"] + b"Rar!\x1a\x07\x01\x00", "RAR", id="picture and rar"),
    ],
)
def test_what_cannot_be_looked_at_says_why(file: bytes, words: str) -> None:
    """Bombs, huge and broken files, and files that are two things at once are refused in words."""
    assert words in unreadable(file)


def test_a_photograph_with_a_film_behind_it_is_read() -> None:
    """What telephones put behind a photograph does not make it something else."""
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(5_000)
    assert len(list(frames(_SMALL["JPEG"] + film))) == 1


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(decode.FORMATS), st.data())
def test_whatever_is_sent_there_is_an_answer(kind: str, data: st.DataObject) -> None:
    """However a file is cut, changed, doubled or filled, it is read or refused in words: nothing else."""
    file = bytearray(_SMALL[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(file)))
        match data.draw(st.sampled_from(["set", "cut", "put", "double"])):
            case "set":
                file[place : place + 1] = data.draw(st.binary(min_size=1, max_size=4))
            case "cut":
                del file[place : place + data.draw(st.integers(1, 64))]
            case "put":
                file[place:place] = data.draw(st.binary(max_size=40))
            case _:
                file[place:place] = file[place : place + 32]
    try:
        for frame in frames(bytes(file)):
            assert frame.mode == "RGB"
    except UnreadableError:
        return  # in words, as the tests above say


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_noise_is_no_picture(file: bytes) -> None:
    """Bytes without a meaning are refused in words."""
    assert unreadable(file)
