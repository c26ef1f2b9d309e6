"""Gettext catalogues, read from `.po` files without a build step."""

import ast
import gettext
import io
import re
import struct
from collections.abc import Iterator

_LINE = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(".*")$')


class CatalogueError(Exception):
    """A catalogue of translations can't be read; the message names the file and the line."""


def catalogue(text: str, name: str) -> gettext.GNUTranslations:
    """Return the translations of a `.po` file; CatalogueError says what is wrong with it."""
    messages: dict[bytes, bytes] = {}
    for entry in _entries(text, name):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        if not all(forms):
            continue
        original = entry.get("msgid", "")
        if "msgctxt" in entry:
            original = f"{entry['msgctxt']}\x04{original}"
        if "msgid_plural" in entry:
            original = f"{original}\0{entry['msgid_plural']}"
        messages[original.encode()] = "\0".join(forms).encode()
    try:
        return gettext.GNUTranslations(io.BytesIO(_binary(messages)))
    except (ValueError, LookupError) as trouble:
        raise CatalogueError(f"{name}: its header is wrong: {trouble}.") from trouble


def _entries(text: str, name: str) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    key = ""
    fuzzy = False
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        stripped = line.strip()
        if not stripped:
            if "msgid" in entry and not fuzzy:
                yield entry
            entry, key, fuzzy = {}, "", False
        elif stripped.startswith("#"):
            fuzzy = fuzzy or (stripped.startswith("#,") and "fuzzy" in stripped)
        elif found := _LINE.match(stripped):
            key = found[1] or key
            entry[key] = entry.get(key, "") + _string(found[2], name, number)
        else:
            raise CatalogueError(f"{name}, line {number}: expected msgid, msgstr or a quoted text.")


def _string(quoted: str, name: str, number: int) -> str:
    if "\\" not in quoted and quoted.count('"') == 2:
        return quoted[1:-1]  # as nearly all are: to start is to read thousands of these
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError) as trouble:
        raise CatalogueError(f"{name}, line {number}: the quoted text is not complete.") from trouble


def _binary(messages: dict[bytes, bytes]) -> bytes:
    """Return the messages in the layout of a `.mo` file, the one that the standard library reads."""
    originals, translations = b"", b""
    places: list[tuple[int, int, int, int]] = []
    for original, translation in sorted(messages.items()):
        places.append((len(original), len(originals), len(translation), len(translations)))
        originals += original + b"\0"
        translations += translation + b"\0"
    start = 28 + 16 * len(places)
    table = b"".join(struct.pack("<II", length, start + at) for length, at, _, _ in places)
    start += len(originals)
    table += b"".join(struct.pack("<II", length, start + at) for _, _, length, at in places)
    head = struct.pack("<7I", 0x950412DE, 0, len(places), 28, 28 + 8 * len(places), 0, 0)
    return head + table + originals + translations
