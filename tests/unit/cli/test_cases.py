"""What an operator sees of a group's cases, and that the group sees it."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import folkmoot
from folkmoot.cli import app
from folkmoot.remember import groups, log, outbox
from folkmoot.remember.deciding import Source
from folkmoot.remember.seal import Seals
from folkmoot.remember.store import Store
from folkmoot.review import queue, reporting
from folkmoot.review.permissions import Actor, Part
from folkmoot.review.reporting import About

SECRET = "nobody else should read this"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """An installation."""
    file = tmp_path / "folkmoot.toml"
    file.write_text(f'[store]\nfolder = "{tmp_path}"\n', encoding="utf-8")
    return file


@pytest.fixture
def store(settings: Path) -> Iterator[Store]:
    """Its database, with the keys of sealed text."""
    folder = settings.parent
    store = Store(f"sqlite:///{folder / 'folkmoot.db'}", Seals(folder / "sealed.keys"))
    yield store
    store.close()


@pytest.fixture
def group(store: Store) -> str:
    """A group with a case about Mia that Noa reported."""
    made = store.write_now(lambda c: groups.create(c, "Allotments", "# rules", by="@a:x", at=1.0)).id
    about = About(person="@mia:x", room="!r:x", message="$1", text=f"{SECRET}\x1b[2J")
    by = Actor(person="@noa:x", part=Part.MEMBER, group=made)
    store.write_now(
        lambda c: reporting.receive(
            c, store.seals, made, about, by=by, source=Source.API, at=time.time(), words="She shouts."
        )
    )
    return made


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        app([*words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def _kinds(store: Store, group: str) -> list[str]:
    return [entry.kind for entry in store.read_now(lambda c: log.entries(c, group))]


def test_the_list_names_nobody_and_shows_no_text(
    store: Store, group: str, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator sees how much waits and how long, and neither whom it is about nor what was written."""
    status, out, _ = _run(capsys, "cases", group, "--settings", str(settings))
    assert status == 0
    assert "1 reported" in out
    for hidden in ("mia", "noa", SECRET, "shouts"):
        assert hidden not in out
    assert "case.read-by-operator" not in _kinds(store, group)


def test_reading_a_case_leaves_an_entry(
    store: Store, group: str, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an operator reads is in the group's log at once; who reported stays hidden."""
    listed = _run(capsys, "cases", group, "--settings", str(settings))[1]
    status, out, err = _run(capsys, "case", group, listed[:6], "--settings", str(settings))
    assert status == 0
    assert SECRET in out
    assert "She shouts." in out
    assert "@noa:x" not in out
    assert "\x1b" not in out
    assert "log says now" in err
    (entry,) = [
        one for one in store.read_now(lambda c: log.entries(c, group)) if one.kind == "case.read-by-operator"
    ]
    assert (entry.by, entry.subject) == ("operator", listed.split()[0])
    due = store.read_now(lambda c: outbox.due(c, now=time.time() + 1, kinds=(queue.OPERATOR_READ,)))
    assert [one.body for one in due] == [{"case": entry.subject}]


def test_what_is_not_there_is_refused_and_not_logged(
    store: Store, group: str, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case that is not the group's, an empty id, and an unknown group are clear errors."""
    other = store.write_now(lambda c: groups.create(c, "Other", "# rules", by="@a:x", at=1.0)).id
    case = _run(capsys, "cases", group, "--settings", str(settings))[1].split()[0]
    for words in (
        ("case", other, case),
        ("case", group, ""),
        ("case", "nowhere", case),
        ("cases", "nowhere"),
    ):
        status, out, err = _run(capsys, *words, "--settings", str(settings))
        assert (status, out) == (2, "")
        assert "folkmoot" in err
    assert "case.read-by-operator" not in _kinds(store, group) + _kinds(store, other)


def test_a_group_without_cases_says_so(
    store: Store, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing waits."""
    made = store.write_now(lambda c: groups.create(c, "Empty", "# rules", by="@a:x", at=1.0)).id
    assert _run(capsys, "cases", made, "--settings", str(settings)) == (
        0,
        "",
        "No case waits in this group.\n",
    )


_ROOT = Path(folkmoot.__file__).parent
_UNSEALS = re.compile(r"\.seals?\.(?:words|about)\(|\bseals\.(?:words|about)\(|\bfile_of\(")


def test_no_command_and_no_route_reads_sealed_text_past_the_permissions() -> None:
    """Commands and routes read what was written with functions that ask who reads, and with nothing else."""
    for folder in ("cli", "gateways/http"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            if "demo" not in path.parts:
                assert not _UNSEALS.search(path.read_text(encoding="utf-8")), path


def test_one_command_only_has_the_keys() -> None:
    """No other operator's command opens the keys of sealed text."""
    naming = {
        path.name
        for path in sorted((_ROOT / "cli").rglob("*.py"))
        if "demo" not in path.parts and re.search(r"\bSeals\b|sealed", path.read_text(encoding="utf-8"))
    }
    assert naming <= {"cases.py", "doctor.py", "init.py"}
    assert "cases.py" in naming


@pytest.mark.parametrize("module", ["queue", "appealing", "reading"])
def test_whatever_reads_for_people_asks_who_they_are(module: str) -> None:
    """Each public function that is given the keys and returns what was written takes `by`."""
    tree = ast.parse((_ROOT / "review" / f"{module}.py").read_text(encoding="utf-8"))
    for one in tree.body:
        if not isinstance(one, ast.FunctionDef) or one.name.startswith("_") or one.name == "file_of":
            continue
        names = {argument.arg for argument in [*one.args.args, *one.args.kwonlyargs]}
        assert "seals" not in names or "by" in names, one.name
