"""Collects the English texts for translators, and brings every language's catalogue up to date with them.

Usage: python scripts/messages.py [--check]

What members are told goes to src/folkmoot/explain/locales, what only the console says to
src/folkmoot/web/locales: a template (.pot) and a catalogue (.po) for each language. Translations that are
there are kept, texts that are new are left empty, texts that are gone are dropped.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from folkmoot.decide.starters import NAMES, load
from folkmoot.web.rendering import environment

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/folkmoot"
MEMBERS = ("explain/**/*.py", "review/**/*.py", "gateways/matrix/**/*.py")
CONSOLE = ("web/**/*.py",)
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = re.compile(r'\A(?:#.*\n)*msgid ""\nmsgstr ""\n(?:".*"\n)*')


class Text(NamedTuple):
    """A text, its plural where it has one, and where it stands if that tells apart what it means."""

    one: str
    many: str = ""
    context: str = ""


Found = dict[Text, list[str]]
"""Texts, and the files that they are in."""


def in_modules(patterns: tuple[str, ...]) -> Iterator[tuple[Text, str]]:
    """Every text in the code: what is handed to one of the functions."""
    for file in sorted({file for pattern in patterns for file in SOURCE.glob(pattern)}):
        _no_holes_in_texts(file)
        for _, message, _, context in extract_from_file("python", file, keywords=FUNCTIONS):
            one, many = (message, "") if isinstance(message, str) else (*message, "")[-3:-1]
            yield Text(one, many, context or ""), file.name


def _no_holes_in_texts(file: Path) -> None:
    """An f-string can't be translated: what fills it comes too early."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("_", "later")
            and isinstance(node.args[0], ast.JoinedStr)
        ):
            raise SystemExit(f"{file.name}, line {node.lineno}: _() needs the text, not an f-string.")


def in_templates() -> Iterator[tuple[Text, str]]:
    """Every text in a template of a page."""
    templates = environment()
    for file in sorted((SOURCE / "web/templates").glob("*.html")):
        source = file.read_text(encoding="utf-8")
        for _, _, message in templates.extract_translations(source):  # type: ignore[attr-defined]
            one, many = (message, "") if isinstance(message, str) else message[:2]
            yield Text(one, many), file.name


def in_starters() -> Iterator[tuple[Text, str]]:
    """The sentences of the rules that groups begin with."""
    for name in NAMES:
        yield Text(load(name).name), f"{name}.toml"
        for rule in load(name).rules:
            yield Text(rule.sentence), f"{name}.toml"


def collected(texts: Iterator[tuple[Text, str]]) -> Found:
    """All texts, each once, in the order of their files."""
    found: Found = {}
    for text, place in texts:
        if place not in found.setdefault(text, []):
            found[text].append(place)
    return dict(sorted(found.items(), key=lambda entry: (entry[1][0], entry[0])))


def everything() -> dict[Path, Found]:
    """What each folder of catalogues has to translate; the console speaks of members in their own words."""
    members = collected((*in_modules(MEMBERS), *in_starters()).__iter__())
    console = collected((*in_templates(), *in_modules(CONSOLE)).__iter__())
    rest = {text: places for text, places in console.items() if text not in members}
    return {SOURCE / "explain/locales/members.pot": members, SOURCE / "web/locales/console.pot": rest}


def written(found: Found, head: str, known: Catalog | None = None) -> str:
    """A whole file: its head, and every text with what is known of its translation."""
    forms = 2 if known is None else known.num_plurals
    return head + "".join(_entry(text, places, known, forms) for text, places in found.items())


def _entry(text: Text, places: list[str], known: Catalog | None, forms: int) -> str:
    was = None if known is None else known.get(text.one, context=text.context or None)
    said = was.string if was is not None and not was.fuzzy else ""
    lines = [f"\n#: {' '.join(places)}"]
    if text.context:
        lines.append(f"msgctxt {_quoted(text.context)}")
    lines.append(f"msgid {_quoted(text.one)}")
    if text.many:
        lines.append(f"msgid_plural {_quoted(text.many)}")
        each = (*said, *[""] * forms)[:forms] if isinstance(said, tuple) else [""] * forms
        lines += [f"msgstr[{number}] {_quoted(one)}" for number, one in enumerate(each)]
    else:
        lines.append(f"msgstr {_quoted(said if isinstance(said, str) else '')}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def files() -> Iterator[tuple[Path, str]]:
    """Every file as it should be."""
    for template, found in everything().items():
        head = (
            "# Copy this to <language code>.po and translate; see docs/developers/translating.md.\n"
            'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        )
        yield template, written(found, head)
        for file in sorted(template.parent.glob("*.po")):
            source = file.read_text(encoding="utf-8")
            header = HEADER.match(source)
            if header is None:
                raise SystemExit(f'{file.name}: it has to begin with msgid "" and the header.')
            yield file, written(found, header[0], read_po(io.StringIO(source), locale=None))


def main() -> None:
    """Write the files, or with --check say which are not up to date."""
    late = [
        (file, text)
        for file, text in files()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv:
        for file, text in late:
            file.write_text(text, encoding="utf-8")
    elif late:
        names = ", ".join(str(file.relative_to(ROOT)) for file, _ in late)
        raise SystemExit(f"Out of date: {names}. To bring them up to date: python scripts/messages.py")


if __name__ == "__main__":
    main()
