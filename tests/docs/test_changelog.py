"""Changelog fragments are well formed, and gathering them loses none."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def changelog() -> dict[str, Any]:
    """What scripts/changelog.py defines."""
    return runpy.run_path(str(ROOT / "scripts" / "changelog.py"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a changelog and an empty folder of fragments."""
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n<!-- versions -->\n\n## 0.0.1 (2026-01-01)\n")
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "README.md").write_text("# Fragments\n")
    return tmp_path


def test_the_fragments_there_are_can_be_gathered(changelog: dict[str, Any]) -> None:
    """Every file in changelog.d has a name that says its kind, and says something."""
    for paths in changelog["fragments"](ROOT).values():
        for path in paths:
            assert path.read_text(encoding="utf-8").strip().endswith("."), path.name


def test_the_changelog_has_a_place_for_versions(changelog: dict[str, Any]) -> None:
    """The changelog has the mark under which the next version goes, once."""
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").count(changelog["MARK"]) == 1


def test_fragments_become_a_section(changelog: dict[str, Any], project: Path) -> None:
    """The newest version comes first, its kinds in their order; then the fragments are gone."""
    folder = project / "changelog.d"
    (folder / "b.fixed.md").write_text("Floods are\ncounted per group.\n")
    (folder / "a.added.md").write_text("A doctor.\n")
    (folder / "c.operators.md").write_text("Run the doctor.\n")
    assert changelog["gather"](project, "0.1.0", "2026-11-22") == 3
    assert (project / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n<!-- versions -->\n\n## 0.1.0 (2026-11-22)\n\n"
        "### For operators\n\n- Run the doctor.\n\n### Added\n\n- A doctor.\n\n"
        "### Fixed\n\n- Floods are counted per group.\n\n## 0.0.1 (2026-01-01)\n"
    )
    assert [path.name for path in folder.iterdir()] == ["README.md"]


@pytest.mark.parametrize("name", ["a.md", "a.new.md", "A.fixed.md", "a.fixed.txt", ".fixed.md"])
def test_a_misnamed_fragment_is_refused(changelog: dict[str, Any], project: Path, name: str) -> None:
    """A file whose name does not say its kind stops the gathering, and nothing is changed."""
    (project / "changelog.d" / "good.fixed.md").write_text("Good.")
    (project / "changelog.d" / name).write_text("Something.")
    before = (project / "CHANGELOG.md").read_text()
    with pytest.raises(Exception, match=r"name it WHAT\.KIND\.md"):
        changelog["gather"](project, "0.1.0", "2026-11-22")
    assert (project / "CHANGELOG.md").read_text() == before
    assert (project / "changelog.d" / "good.fixed.md").exists()


def test_an_empty_fragment_is_refused(changelog: dict[str, Any], project: Path) -> None:
    """A fragment that says nothing is named."""
    (project / "changelog.d" / "a.fixed.md").write_text("\n")
    with pytest.raises(Exception, match=r"a\.fixed\.md: is empty"):
        changelog["gather"](project, "0.1.0", "2026-11-22")


def test_nothing_to_gather_is_said(changelog: dict[str, Any], project: Path) -> None:
    """Without fragments there is no version to make."""
    with pytest.raises(Exception, match="nothing to gather"):
        changelog["gather"](project, "0.1.0", "2026-11-22")


def test_a_version_must_be_given() -> None:
    """Without a version the script says how it is used, and changes nothing."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "changelog.py"), "next"], capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "Usage" in run.stderr
