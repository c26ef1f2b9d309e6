"""Which pictures an event shows: clients show more of them than the one that is attached."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from folkmoot.gateways.matrix import names
from folkmoot.gateways.matrix.canonical_json import JsonObject

_SHOWN: Final = frozenset({"m.image", "m.sticker"})
_FILES: Final = ("m.file", "org.matrix.msc1767.file")
_HTML: Final = ("formatted_body", "org.matrix.msc1767.html", "m.html")
_PROFILES: Final = ("com.beeper.per_message_profile", "m.per_message_profile")
_ADDRESS: Final = re.compile(r"mxc://([^/\s\"'<>]{1,230})/([A-Za-z0-9_-]{1,255})")


class Address(Struct, frozen=True):
    """Where a picture is: its server, and its id there (specification: client-server API, "mxc:// URIs")."""

    server: str
    media: str


def address_of(uri: str) -> Address | None:
    """Take an address apart; None where it is none that can be asked for."""
    found = _ADDRESS.fullmatch(uri)
    return Address(found[1], found[2]) if found and names.is_server(found[1]) else None


def pictures(kind: str, content: JsonObject) -> Iterator[str]:
    """Yield the addresses of pictures that a client may show for one content."""
    info = content.get("info")
    notes = [one for one in (info, *(content.get(key) for key in _FILES)) if isinstance(one, dict)]
    types = [one.get("mimetype") for one in notes]
    shown_as = content.get("msgtype", kind)
    if (isinstance(shown_as, str) and shown_as in _SHOWN) or any(
        isinstance(one, str) and one.lower().startswith("image/") for one in types
    ):
        yield from _addresses(content, "url", "file")
        for key in _FILES:
            yield from _addresses(content.get(key), "url", "file")
    yield from _addresses(info, "thumbnail_url", "thumbnail_file")
    for key in _PROFILES:
        yield from _addresses(content.get(key), "avatar_url", "avatar_file")
    for key in _HTML:
        source = content.get(key)
        if isinstance(source, str):
            yield from (found[0] for found in _ADDRESS.finditer(source))


def _addresses(holder: object, plain: str, file: str) -> Iterator[str]:
    """The address under a key, or in a description of an encrypted file."""
    if not isinstance(holder, dict):
        return
    described = holder.get(file)
    for value in (holder.get(plain), described.get("url") if isinstance(described, dict) else None):
        if isinstance(value, str) and value.startswith("mxc://"):
            yield value[:512]
