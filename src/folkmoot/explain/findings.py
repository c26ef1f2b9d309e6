"""What detectors found, said in another language: their English sentences are taken apart and said anew.

So a finding is kept as it always was, in one language, and is still read in nine.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, reduce
from typing import Final

from folkmoot.explain.forms import SENTENCES, TAILS, THINGS
from folkmoot.explain.languages import Tongue
from folkmoot.explain.times import within

_LONGEST: Final = 4_000
"""A longer sentence is no detector's, and is said as it is."""
_HOLE: Final = re.compile(r"\{([a-z]+)\}")
_FITS: Final = {"number": r"\d+", "rooms": r"\d+", "members": r"\d+", "width": r"\d+", "height": r"\d+"}
_PART: Final = re.compile(rf"(“.*?”|{'|'.join(map(re.escape, THINGS))})(?:, | and |$)", re.DOTALL)


def finding(said: str, _: Tongue) -> str:
    """Return a finding's sentence in a language; as it was said where its form is not known."""
    if _.code == "en" or len(said) > _LONGEST:
        return said
    sentence, tails = _without_tails(said)
    for form, pattern in _forms():
        if found := pattern.fullmatch(sentence):
            values = {name: _value(name, value, _) for name, value in found.groupdict().items()}
            return " ".join([_(form).format(**values), *map(_, tails)])
    return said


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in SENTENCES)


def _pattern(form: str) -> str:
    """A form as an expression: every other part of the split is the name of a hole."""
    parts = _HOLE.split(form)
    return "".join(
        f"(?P<{part}>{_FITS.get(part, '.+')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )


def _without_tails(said: str) -> tuple[str, list[str]]:
    """A sentence, and those that stand behind it, in their order."""
    tails: list[str] = []
    for tail in reversed(TAILS):
        if said.endswith(f" {tail}"):
            said = said.removesuffix(f" {tail}")
            tails.insert(0, tail)
    return said, tails


def _value(name: str, value: str, _: Tongue) -> str:
    saying: dict[str, Callable[[str, Tongue], str]] = {
        "finding": finding,
        "name": _name,
        "thing": _thing,
        "things": _parts,
        "time": within,
        "words": _parts,
    }
    return saying[name](value, _) if name in saying else value


def _parts(listed: str, _: Tongue) -> str:
    """Quoted words and things in a row."""
    parts = [match[1] for match in _PART.finditer(listed)]
    if _listed(parts, "{first}, {next}", "{first} and {last}") != listed:
        return listed
    shown = [_quoted(part[1:-1], _) if part.startswith("“") else _thing(part, _) for part in parts]
    return _listed(shown, _("{first}, {next}"), _("{first} and {last}"))


def _listed(parts: Iterable[str], between: str, before_last: str) -> str:
    *most, last = parts or [""]
    if not most:
        return last
    first = reduce(lambda before, part: between.format(first=before, next=part), most)
    return before_last.format(first=first, last=last)


def _quoted(word: str, _: Tongue) -> str:
    return _("“{word}”").format(word=_name(word, _))


def _name(name: str, _: Tongue) -> str:
    """What may run the other way than the text around it, kept from turning it about."""
    return f"\u2068{name}\u2069" if _.direction == "rtl" else name


def _thing(thing: str, _: Tongue) -> str:
    return _(thing) if thing in THINGS else _name(thing, _)
