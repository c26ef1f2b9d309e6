"""Commands about a group's list of pictures, and what the doctor says of looking at them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from folkmoot.cli import app
from folkmoot.cli.doctoring import pictures as doctoring
from folkmoot.cli.doctoring.findings import State
from folkmoot.remember import groups
from folkmoot.remember.store import Store
from folkmoot.settings import Media, Settings, load
from tests.unit.decide.test_image_rules import policy
from tests.unit.media.drawn import saved, scene

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file of its own."""
    path = tmp_path / "folkmoot.toml"
    path.write_text(f'[store]\nfolder = "{tmp_path}"\n')
    return path


@pytest.fixture
def group(settings: Path) -> str:
    """A group whose rules ask about nudity."""
    store = Store(load(settings, {}).database_url())
    source = policy('what = "nudity"', "case")
    made = store.write_now(lambda c: groups.create(c, "Allotments", source, by="@a:x", at=1.0))
    store.close()
    return made.id


@pytest.fixture
def run(settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; returns its exit status and what it wrote to both outputs."""

    def run(*words: str) -> tuple[int, str, str]:
        status = app([*words, "--settings", str(settings)], exit_on_error=False, result_action="return_value")
        said = capsys.readouterr()
        return int(status), said.out, said.err

    return run


def test_a_file_goes_on_the_list_and_off_again(run: Run, group: str, tmp_path: Path) -> None:
    """A picture is added by its file, listed by its fingerprint and note, and removed by its fingerprint."""
    file = tmp_path / "advert.png"
    file.write_bytes(saved(scene(4)))
    status, fingerprint, _ = run("picture", "add", group, str(file), "--note", "the advert")
    assert status == 0
    assert run("picture", "add", group, fingerprint.strip())[2] == "It was on the list already.\n"
    assert run("pictures", group)[1] == f"{fingerprint.strip()}  the advert\n"
    assert run("picture", "remove", group, fingerprint.strip())[:2] == (0, "It is off the list.\n")
    status, out, error = run("pictures", group)
    assert (status, out) == (0, "")
    assert "picture add" in error


@pytest.mark.parametrize(
    ("file", "words"),
    [(b"nothing", "no picture of a kind"), (saved(scene(1))[:500], "damaged"), (None, "There is no file")],
)
def test_what_is_no_picture_is_refused(
    run: Run, group: str, tmp_path: Path, file: bytes | None, words: str
) -> None:
    """A file that can't be looked at, and one that is not there, are refused with the reason."""
    path = tmp_path / "x.png"
    if file is not None:
        path.write_bytes(file)
    status, _, error = run("picture", "add", group, str(path))
    assert status == 2
    assert words in error


def test_other_mistakes_are_told(run: Run, group: str) -> None:
    """An unknown group, a fingerprint that is none, and one that is not listed are refused."""
    assert "There is no group" in run("picture", "add", "nobody", "0" * 64)[2]
    assert "hexadecimal" in run("picture", "add", group, "x" * 64)[2]
    assert "not on the list" in run("picture", "remove", group, "0" * 64)[2]


def _found(
    settings: Path, monkeypatch: pytest.MonkeyPatch, *, missing: tuple[str, ...], **media: bool
) -> tuple[State, str]:
    read = load(settings, {})
    monkeypatch.setattr(doctoring, "missing", lambda: missing)
    monkeypatch.setattr(doctoring, "can_look", lambda: "pillow" not in missing)
    found = doctoring.pictures(Settings(store=read.store, media=Media(**media)))
    return found.state, found.seen


@pytest.mark.parametrize("lacking", [("pillow", "onnxruntime"), ("onnxruntime",)])
def test_the_doctor_says_what_rules_lack(
    settings: Path, group: str, monkeypatch: pytest.MonkeyPatch, lacking: tuple[str, ...]
) -> None:
    """Where a group's rules ask for what is not installed, or switched off, that is wrong."""
    assert _found(settings, monkeypatch, missing=lacking)[0] is State.WRONG
    assert _found(settings, monkeypatch, missing=(), look=False)[0] is State.WRONG
    assert _found(settings, monkeypatch, missing=())[0] is State.OK


def test_the_doctor_says_plainly_that_pictures_are_judged_by_type(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no rule asks, lacking packages are no fault, and what is done instead is said."""
    Store(load(settings, {}).database_url()).close()
    state, seen = _found(settings, monkeypatch, missing=("pillow", "onnxruntime"))
    assert state is State.NOT_NEEDED
    assert "by type only" in seen
