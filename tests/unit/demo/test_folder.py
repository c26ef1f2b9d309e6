"""The demonstration's folder: its own is wiped, nobody else's is touched."""

from pathlib import Path

import pytest

from folkmoot.cli.demo.folder import FolderError, fresh


def test_a_second_run_finds_an_empty_folder(tmp_path: Path) -> None:
    """What the first run left is wiped, folders included."""
    place = tmp_path / ".demo"
    with fresh(place) as first:
        (first / "deep").mkdir()
        (first / "deep" / "file").write_text("x")
        (first / "file").write_text("x")
    with fresh(place) as second:
        assert [path.name for path in second.iterdir()] == ["made-by-folkmoot-demo"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Files that the demonstration did not make are never wiped."""
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FolderError, match="did not make"), fresh(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_a_link_in_the_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    """What a link in the folder points to stays."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("x")
    with fresh(tmp_path / ".demo") as place:
        (place / "link").symlink_to(outside)
    with fresh(tmp_path / ".demo") as place:
        assert not (place / "link").exists()
    assert (outside / "keep").read_text() == "x"


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path: Path) -> None:
    """The second is told who runs already, and wipes nothing."""
    with fresh(tmp_path / ".demo") as place:
        (place / "file").write_text("x")
        with pytest.raises(FolderError, match=r"running in .* already .process [0-9]+"), fresh(place):
            pass
        assert (place / "file").exists()


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    """A path that is no folder is named."""
    (tmp_path / "x").write_text("")
    with pytest.raises(FolderError, match="is no folder"), fresh(tmp_path / "x"):
        pass
