"""Words have one meaning: the glossary has them, and the code does not use those that mean nothing."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from folkmoot import vocabulary
from tests.docs.pages import ROOT, text

_OTHER_WORDS = {"ActionKind": "Action", "OnFailure": "Open", "Role": "Administrator", "Trace": "Copies"}
"""Where a struct of the vocabulary is explained under another word."""


def _nouns() -> list[str]:
    found = inspect.getmembers(vocabulary, inspect.isclass)
    return [name for name, one in found if one.__module__ == vocabulary.__name__]


@pytest.mark.parametrize("noun", _nouns())
def test_every_noun_is_in_the_glossary(noun: str) -> None:
    """Each struct of the vocabulary is explained in a sentence."""
    assert f"**{_OTHER_WORDS.get(noun, noun).lower()}" in text("docs/glossary.md").lower()


def test_the_glossary_is_in_order() -> None:
    """Entries stand in the order of the alphabet, each once, each with its sentence."""
    entries = re.findall(r"^- \*\*(.+?)\*\*.*: (.+)$", text("docs/glossary.md"), re.MULTILINE)
    words = [word.lower() for word, _ in entries]
    assert words == sorted(set(words))
    assert len(entries) == text("docs/glossary.md").count("\n- ")


_AVOIDED = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|misc|commons?)(?:_|$)")


def _modules() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


def test_no_drawer_for_everything() -> None:
    """No module or class is called by a word that says nothing of what is in it."""
    for path in _modules():
        assert not _AVOIDED.search(path.stem), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                snake = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower()
                assert not _AVOIDED.search(snake), f"{path}: {node.name}"


def test_modules_stay_small() -> None:
    """No module has grown past what can be read in one go."""
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _modules()}
    assert {name: lines for name, lines in long.items() if lines > 250} == {}


def test_every_module_says_what_it_is() -> None:
    """Each module, public class and public function of it begins with a sentence about itself."""
    silent = []
    for path in _modules():
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        silent += [
            f"{path.relative_to(ROOT)}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []
