"""Catalogues of translations, made for a test."""

from collections.abc import Mapping


def written(texts: Mapping[str, str]) -> str:
    """A `.po` file with these texts and their translations."""
    entries = "".join(f"\nmsgid {_quoted(text)}\nmsgstr {_quoted(said)}\n" for text, said in texts.items())
    return (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n' + entries
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else _escape(char) for char in escaped) + '"'


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()
