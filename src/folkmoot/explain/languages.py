"""The languages in which members are spoken to, and which of them for whom."""

import gettext
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from folkmoot.explain.catalogues import catalogue

NAMES: Final = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt": "Português",
    "ru": "Русский",
    "zh-Hans": "简体中文",
    "ar": "العربية",
    "id": "Bahasa Indonesia",
}
"""Every language that there is a catalogue for, by its code, in its own words."""
_CODES: Final = {code.lower(): code for code in NAMES} | {"zh": "zh-Hans", "in": "id"}
_ENGLISH_NAMES: Final = {
    "english": "en",
    "german": "de",
    "spanish": "es",
    "french": "fr",
    "portuguese": "pt",
    "russian": "ru",
    "chinese": "zh-Hans",
    "arabic": "ar",
    "indonesian": "id",
}
_OWN_NAMES: Final = {name.casefold(): code for code, name in NAMES.items()} | {"中文": "zh-Hans"}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_LONGEST_CODE: Final = 35


class Tongue(Struct, frozen=True, kw_only=True):
    """A language as it is spoken: calling it says an English text in that language."""

    code: str
    direction: str
    """`ltr` or `rtl`."""
    catalogue: gettext.NullTranslations

    def __call__(self, text: str) -> str:
        """Return a text in this language; in English where it has no translation."""
        return self.catalogue.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form of a text that fits a number."""
        return self.catalogue.ngettext(one, many, number)

    def pgettext(self, context: str, text: str) -> str:
        """Return a text that means different things in different places, as it is said in one of them."""
        return self.catalogue.pgettext(context, text)

    def npgettext(self, context: str, one: str, many: str, number: int) -> str:
        """Return the form of such a text that fits a number."""
        return self.catalogue.npgettext(context, one, many, number)


def later(text: str) -> str:
    """Mark a text for translators that is said in somebody's language only later."""
    return text


def known(wanted: str | None) -> str | None:
    """Return the code of a language that we speak, by any tag or name of it; None where we do not."""
    if not wanted:
        return None
    written = wanted[:_LONGEST_CODE].strip().replace("_", "-").casefold()
    named = _CODES.get(written) or _ENGLISH_NAMES.get(written) or _OWN_NAMES.get(written)
    return named or _CODES.get(written.partition("-")[0])


def choose(*wanted: str | None) -> str:
    """Return the first of these languages that we speak: the member's own first, then the group's."""
    return next((code for one in wanted if (code := known(one)) is not None), "en")


def direction(code: str) -> str:
    """Return `rtl` for a language that is written from right to left, else `ltr`."""
    return "rtl" if code.lower().replace("_", "-").split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def speak(language: str | None) -> Tongue:
    """Return a language to speak, by its tag: `pt-BR`, then `pt`, then English."""
    return _tongue(known(language) or "en")


@cache
def _tongue(code: str) -> Tongue:
    read: gettext.NullTranslations = gettext.NullTranslations()
    if code != "en":
        file = files("folkmoot.explain") / "locales" / f"{code}.po"
        read = catalogue(file.read_text(encoding="utf-8"), file.name)
    return Tongue(code=code, direction=direction(code), catalogue=read)
