"""Fuzzes what reads events and files of strangers before anything is judged (`make fuzz WHAT=events`)."""

import contextlib
import sys
import time
from typing import Any

import atheris

with atheris.instrument_imports(include=["folkmoot"]):
    from folkmoot.gateways.matrix import html_text
    from folkmoot.gateways.matrix.canonical_json import NotCanonicalError, decode_object, encode
    from folkmoot.gateways.matrix.extract import MESSAGE_KINDS, message_of
    from folkmoot.gateways.matrix.multipart import NoFileError, file_in
    from folkmoot.media import decode
    from folkmoot.text.hosts import names

SLOWEST = 0.5
"""Seconds; instrumented code is many times slower than the real one. Pictures have a process and five."""
_KINDS = sorted(MESSAGE_KINDS)
_KEYS = sorted(
    names(
        "body formatted_body filename m.new_content m.relates_to m.mentions user_ids m.text m.poll answers "
        "question url file info thumbnail_url msgtype m.html m.location description url_previews"
    )
)


def one_input(raw: bytes) -> None:
    """Read the bytes as an event, parts of one, a formatted text, an answer with a file and a picture."""
    given = atheris.FuzzedDataProvider(raw)
    began = time.process_time()
    with contextlib.suppress(NotCanonicalError):
        message_of(decode_object(raw), "$1", "g")
    event = {"type": given.PickValueInList(_KINDS), "room_id": "!r:x", "sender": "@a:x", "content": {}}
    event["content"] = _part(given, 0)
    message = message_of(event, "$1", "g")
    if message is not None:
        assert isinstance(message.text, str)
    with contextlib.suppress(NotCanonicalError, UnicodeEncodeError):
        assert decode_object(encode(event)) == event
    readable = html_text.read(given.ConsumeUnicode(4_000) * given.ConsumeIntInRange(1, 16))
    assert isinstance(readable.text, str)
    with contextlib.suppress(NoFileError):
        file_in(f"multipart/mixed; boundary={given.ConsumeUnicodeNoSurrogates(20)}", raw)
    assert time.process_time() - began < SLOWEST
    with contextlib.suppress(decode.UnreadableError):
        for picture in decode.frames(raw):
            assert picture.mode == "RGB"


def _part(given: atheris.FuzzedDataProvider, depth: int) -> Any:
    """Something as it may stand in an event: a text, a number, a list, or keys with such things."""
    which = given.ConsumeIntInRange(0, 5) if depth and depth < 6 else 5 * (depth == 0)
    match which:
        case 0:
            return given.ConsumeUnicode(60)
        case 1:
            return given.ConsumeIntInRange(-(2**53), 2**53)
        case 2:
            return given.PickValueInList([None, True, False, "", [], {}])
        case 3:
            return [_part(given, depth + 1) for _ in range(given.ConsumeIntInRange(0, 3))]
        case _:
            count = given.ConsumeIntInRange(0, 4)
            return {given.PickValueInList(_KEYS): _part(given, depth + 1) for _ in range(count)}


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
