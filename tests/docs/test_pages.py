"""Pages lead where they say, and name nothing of the machine that they were written on."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import ROOT, anchors, links, name, pages

every_page = pytest.mark.parametrize("page", pages(), ids=name)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link within the project leads to a file that is there, and to a heading that it has."""
    for link in links(page):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        file, _, anchor = unquote(link).partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


@every_page
def test_a_page_has_one_title(page: Path) -> None:
    """Each page begins with its title; a changelog fragment has none."""
    first = page.read_text(encoding="utf-8").splitlines()[0]
    fragment = page.parent.name == "changelog.d" and page.name != "README.md"
    assert first.startswith("# ") != fragment


_HERE = re.compile(r"(?<![\w.~-])/(?:work|root|mnt/data|tmp/(?!…))[/\w]*")
_INDEXES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|index-url|\b10\.\d+\.\d+\.\d+:\d+"
)


def _written() -> list[Path]:
    folders = ["docs", "requirements", "scripts", "changelog.d"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [path for path in (ROOT / "src/folkmoot/cli/units").iterdir() if path.suffix != ".py"]
    here = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "README.md", ROOT / "CHANGELOG.md"]
    kinds = {".md", ".txt", ".sh", ".py", ".toml", ".conf", ".service", ""}
    return sorted(path for path in [*files, *here] if path.is_file() and path.suffix in kinds)


@pytest.mark.parametrize("path", _written(), ids=name)
def test_nothing_names_the_machine_or_an_index(path: Path) -> None:
    """Neither pages nor lock files name a folder of one machine, or where packages come from."""
    text = path.read_text(encoding="utf-8")
    assert not _HERE.findall(text)
    assert [found for found in _INDEXES.findall(text) if found != "index-url"] == []
    if "index-url" in text:
        assert path.name == "lock.sh"  # it says that none is written


def test_every_page_can_be_found() -> None:
    """Whoever begins at the README or at docs/README.md comes to every page by links."""
    seen: set[Path] = set()
    waiting = [ROOT / "README.md", ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for link in links(page):
            target = (page.parent / unquote(link.partition("#")[0])).resolve()
            if target.is_dir():
                target /= "README.md"
            if not link.startswith(("http", "#", "mailto:")) and target.is_file():
                waiting.append(target)
    missing = {name(page) for page in ROOT.glob("docs/**/*.md")} - {name(page) for page in seen}
    assert missing == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=lambda p: p.stem)
def test_a_decision_is_short_and_whole(page: Path) -> None:
    """A decision record fits on a screen, has its three parts, and is in the list."""
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    assert text.startswith(f"# {page.stem[:4]}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Situation", "Decision", "What follows"]
    assert page.name in (page.parent / "README.md").read_text(encoding="utf-8")
