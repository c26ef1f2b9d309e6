"""The files that pages load: style sheet, scripts and mark, held in memory under names with a hash."""

import hashlib
from importlib.resources import files

from msgspec import Struct

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_NAMES = (
    "console.css",
    "console.js",
    "mark.svg",
    "vendored/htmx.min.js",
    "vendored/hx-sse.min.js",
    "vendored/hx-csp.min.js",
)


class Asset(Struct, frozen=True):
    """One file as it is served."""

    body: bytes
    kind: str


class Assets:
    """Every file there is to serve; a name that is not listed does not exist."""

    def __init__(self) -> None:
        """Read the files that came with the package."""
        self._assets: dict[str, Asset] = {}
        self._addresses: dict[str, str] = {}
        folder = files("folkmoot.web") / "static"
        for name in _NAMES:
            body = folder.joinpath(*name.split("/")).read_bytes()
            stem, dot, suffix = name.rsplit("/", 1)[-1].rpartition(".")
            served = f"{stem}-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"
            self._assets[served] = Asset(body, _TYPES[dot + suffix])
            self._addresses[name.rsplit("/", 1)[-1]] = f"/static/{served}"

    def address(self, name: str) -> str:
        """Return where a page finds the file; the address changes whenever the file does."""
        return self._addresses[name]

    def get(self, served: str) -> Asset | None:
        """Return the file served under a name, or None."""
        return self._assets.get(served)
