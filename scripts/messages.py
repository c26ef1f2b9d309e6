"""Collects the console's English texts into src/folkmoot/web/locales/console.pot, for translators.

Usage: python scripts/messages.py [--check]
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from folkmoot.web.rendering import environment

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/folkmoot/web"
TEMPLATE = WEB / "locales/console.pot"
HEAD = """# The texts of Folkmoot's console. Copy this to <language code>.po, such as pt-BR.po, and translate.
# A text without a translation is shown in English. No step is needed but a restart.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""

Text = tuple[str, str | None]
"""A text, and its plural where it has one."""


def in_templates() -> Iterator[tuple[Text, str]]:
    """Every text in a template, with the place."""
    templates = environment()
    for file in sorted((WEB / "templates").glob("*.html")):
        source = file.read_text(encoding="utf-8")
        for _, _, message in templates.extract_translations(source):  # type: ignore[attr-defined]
            one, many = (message, None) if isinstance(message, str) else message[:2]
            yield (one, many), file.name


def in_modules() -> Iterator[tuple[Text, str]]:
    """Every text in the code: what is handed to a function called `_`."""
    for file in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                argument = node.args[0]
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    raise SystemExit(f"{file.name}, line {node.lineno}: _() needs the text itself.")
                yield (argument.value, None), file.name


def collected() -> str:
    """The whole file."""
    places: dict[Text, list[str]] = {}
    for text, place in [*in_templates(), *in_modules()]:
        found = places.setdefault(text, [])
        if place not in found:
            found.append(place)
    return HEAD + "".join(_entry(text, found) for text, found in sorted(places.items(), key=_order))


def _order(entry: tuple[Text, list[str]]) -> tuple[str, str]:
    return entry[1][0], entry[0][0]


def _entry(text: Text, places: list[str]) -> str:
    one, many = text
    if many is None:
        return f'\n#: {" ".join(places)}\nmsgid {_quoted(one)}\nmsgstr ""\n'
    return (
        f"\n#: {' '.join(places)}\nmsgid {_quoted(one)}\nmsgid_plural {_quoted(many)}\n"
        'msgstr[0] ""\nmsgstr[1] ""\n'
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    """Write the file, or with --check say whether it is up to date."""
    found = collected()
    if "--check" not in sys.argv:
        TEMPLATE.write_text(found, encoding="utf-8")
    elif not TEMPLATE.exists() or TEMPLATE.read_text(encoding="utf-8") != found:
        raise SystemExit("console.pot is out of date. To bring it up to date: python scripts/messages.py")


if __name__ == "__main__":
    main()
