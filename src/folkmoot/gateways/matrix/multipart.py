"""A file as another server sends it: its description first, then the file (multipart/mixed).

Specification: server-server API, "Content Repository".
"""

import re
from typing import Final

_BOUNDARY: Final = re.compile(r'multipart/mixed\s*;(?:[^"]*;)?\s*boundary="?([^";\s]{1,70})"?', re.IGNORECASE)
_LONGEST_HEAD: Final = 8_192


class NoFileError(Exception):
    """The answer holds no file."""


class ElsewhereError(NoFileError):
    """The file is at another address, which we do not follow: a stranger named it."""


def file_in(content_type: str, body: bytes) -> bytes:
    """Return the file in an answer."""
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        raise NoFileError("not multipart/mixed")
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    # What stands before the first boundary, the description, the file, and what is after the last.
    if len(parts) != 4 or not parts[3].startswith(b"--"):
        raise NoFileError("not a description and a file")
    head, empty, file = parts[2].partition(b"\r\n\r\n")
    if not empty or len(head) > _LONGEST_HEAD:
        raise NoFileError("the file has no head")
    if any(line.lower().startswith(b"location:") for line in head.split(b"\r\n")):
        raise ElsewhereError("the file is elsewhere")
    return file
