"""The languages of the console: each has a catalogue here, and the one of what members are told behind it."""

import gettext
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from folkmoot.explain.catalogues import catalogue
from folkmoot.explain.languages import NAMES, Tongue, direction, known, speak


class Languages:
    """English, and every language that has a catalogue."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Read all `<code>.po` files of the folder (by default those in the package)."""
        found = _read(folder) if folder is not None else _ours()
        self.english = Tongue(code="en", direction="ltr", catalogue=gettext.NullTranslations())
        self._all = {"en": self.english, **{one.code.lower(): one for one in found}}

    def choose(self, accepted: str, wanted: str = "") -> Tongue:
        """Return the best language for an `Accept-Language` header; `wanted` is asked for by its code."""
        for code in (wanted[:35].lower(), *_by_preference(accepted[:1000])):
            for one in (code, code.partition("-")[0], (known(code) or "").lower()):
                if one in self._all:
                    return self._all[one]
        return self.english

    def named(self) -> dict[str, str]:
        """Return every language by its code, in its own words."""
        return {one.code: NAMES.get(one.code, one.code) for one in self._all.values()}


@cache
def _ours() -> tuple[Tongue, ...]:
    return _read(files("folkmoot.web") / "locales")


def _read(folder: Traversable) -> tuple[Tongue, ...]:
    catalogues = sorted((file for file in folder.iterdir() if file.name.endswith(".po")), key=_name)
    return tuple(_tongue(file) for file in catalogues)


def _name(file: Traversable) -> str:
    return file.name


def _tongue(file: Traversable) -> Tongue:
    code = file.name.removesuffix(".po")
    read = catalogue(file.read_text(encoding="utf-8"), file.name)
    if code in NAMES:
        read.add_fallback(speak(code).catalogue)
    return Tongue(code=code, direction=direction(code), catalogue=read)


def _by_preference(accepted: str) -> list[str]:
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        code, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if code and quality > 0:
            weighed.append((-quality, place, code))
    return [code for _, _, code in sorted(weighed)]
