"""Lists of hosts: fed by commands and files, each mistake with its place and its remedy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.cli import app
from folkmoot.cli.host_files import HostsError, one, read, shown_end
from folkmoot.remember import groups, host_lists, log
from folkmoot.remember.store import Store
from folkmoot.settings import load

Run = Callable[..., tuple[int, str, str]]
NOW = 1_795_000_000.0
"""A moment in November 2026."""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file of its own, with a database."""
    path = tmp_path / "folkmoot.toml"
    path.write_text(f'[store]\nfolder = "{tmp_path}"\n')
    Store(load(path, {}).database_url()).close()
    return path


@pytest.fixture
def run(settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; returns its exit status and what it wrote to both outputs."""

    def run(*words: str) -> tuple[int, str, str]:
        status = app(
            ["hosts", *words, "--settings", str(settings)], exit_on_error=False, result_action="return_value"
        )
        said = capsys.readouterr()
        return int(status), said.out, said.err

    return run


@pytest.fixture
def store(settings: Path) -> Iterator[Store]:
    """The store that the commands use."""
    made = Store(load(settings, {}).database_url())
    yield made
    made.close()


def test_a_host_is_added_listed_and_removed(run: Run) -> None:
    """What was added is shown with its end and note, until it is removed."""
    assert run("add", "phishing", "Bad.Example.org.", "--until", "2999-12-24", "--note", "false bank")[0] == 0
    assert run("add", "phishing", "bad.example.org", "--purpose", "Sites that steal passwords")[1].startswith(
        "bad.example.org was on the list"
    )
    assert run("add", "phishing", "xn--bcher-kva.example", "--until", "2999-01-01T10:00:00Z")[0] == 0
    assert run("list")[1] == "phishing  2 hosts  Sites that steal passwords\n"
    assert run("list", "phishing")[1] == "bad.example.org\nbücher.example  2999-01-01T10:00:00+00:00\n"
    assert run("remove", "phishing", "bad.example.org")[:2] == (0, "It is off the list.\n")
    status, _, err = run("remove", "phishing", "bad.example.org")
    assert (status, "It is not on the list." in err) == (2, True)
    assert run("remove", "phishing")[1] == "The list is gone, with 1 hosts.\n"
    assert "There is no list “phishing”." in run("list", "phishing")[2]


def test_a_file_replaces_what_was_there_or_adds_to_it(run: Run, tmp_path: Path) -> None:
    """A feed that is imported every day leaves nothing behind that it no longer has."""
    feed = tmp_path / "feed.csv"
    feed.write_text(
        "host,note,until\n# yesterday\nbad.example.org\n0.0.0.0 worse.example.org # a copy\n"
        '"evil.example.net","steals, and lies",2999-12-24\nold.example.org,,2001-01-01\n'
    )
    status, out, err = run("import", "phishing", str(feed), "--purpose", "Bad ones")
    assert (status, out) == (0, "3 hosts: 3 new, 0 gone.\n")
    assert err == "One row whose end is over was left out.\n"
    assert "evil.example.net  2999-12-24  steals, and lies\n" in run("list", "phishing")[1]
    feed.write_text("new.example.org\nbad.example.org\n")
    assert run("import", "phishing", str(feed), "--keep")[1] == "2 hosts: 1 new, 0 gone.\n"
    assert run("import", "phishing", str(feed))[1] == "2 hosts: 0 new, 2 gone.\n"
    assert run("list")[1] == "phishing  2 hosts  Bad ones\n"


def test_a_list_may_be_one_groups_and_its_log_tells(run: Run, store: Store) -> None:
    """A group's list is not that of all groups; each change of it is in the group's log."""
    source = 'id = "p"\nname = "P"\nrules = []\n'
    group = store.write_now(lambda c: groups.create(c, "Street", source, by="x", at=1.0)).id
    assert run("add", "ads", "ads.example.org", "--group", group)[0] == 0
    assert run("add", "ads", "other.example.org")[0] == 0
    assert run("list", "ads", "--group", group)[1] == "ads.example.org\n"
    readable = store.read_now(lambda c: host_lists.readable(c, group))
    assert [(found.name, found.group, found.count) for found in readable] == [
        ("ads", None, 1),
        ("ads", group, 1),
    ] or [(found.name, found.group, found.count) for found in readable] == [
        ("ads", group, 1),
        ("ads", None, 1),
    ]
    newest = store.read_now(lambda c: log.entries(c, group))[0]
    assert (newest.kind, newest.subject, newest.body) == ("hosts.changed", "ads", {"new": "1", "gone": "0"})
    assert "There is no group “nowhere”." in run("add", "ads", "a.example.org", "--group", "nowhere")[2]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("https://bad.example.org/login", 1, "is an address. Write its host alone: bad.example.org"),
        ("  bad.example.org/x", 3, "is an address. Write its host alone: bad.example.org"),
        ("*.bad.example.org", 1, "has a star. Leave it out"),
        ("co.uk", 1, "is an ending that many sites share. Write the whole host"),
        ("localhost", 1, "is no host. Write a name such as"),
        ("bad..example.org", 1, "is no host."),
        ("bad.example.org:80", 1, "is no host. Write the name alone"),
        ("bad.example.org,note,soon", 22, "“soon” is no end. Write a day such as 2026-12-24"),
        ("bad.example.org,,2026-13-01", 18, "“2026-13-01” is no end."),
        ("bad.example.org,,2026-12-01T10:00", 18, "is no end."),
        ("bad.example.org,a,2999-01-01,b", 29, "The row has 4 cells. Write host, note and end"),
        ('bad.example.org,"a', 17, "The quotation marks do not fit."),
        (f"bad.example.org,{'n' * 301}", 17, "The note is too long. Write at most 300 characters."),
        ("0.0.0.0 bad_.example.org", 9, "is no host."),
        ("\x1b[31m.example.org", 1, "“\N{REPLACEMENT CHARACTER}[31m.example.org” is no host."),
    ],
)
def test_a_wrong_row_is_named(run: Run, tmp_path: Path, row: str, column: int, says: str) -> None:
    """Line, column and remedy; nothing of the file is taken over."""
    feed = tmp_path / "feed.txt"
    feed.write_text(f"good.example.org\n{row}\n")
    status, _, err = run("import", "phishing", str(feed))
    assert status == 2
    assert err.startswith(f"folkmoot hosts import: line 2, column {column}: ")
    assert says in err
    assert run("list")[1] == ""


def test_many_wrong_rows_are_counted(run: Run, tmp_path: Path) -> None:
    """The first twenty are shown, and how many more there are."""
    feed = tmp_path / "feed.txt"
    feed.write_text("nohost\n" * 30)
    err = run("import", "phishing", str(feed))[2]
    assert err.count("is no host.") == 20
    assert "and 10 more. Nothing was taken over." in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "Phishing!", "bad.example.org"), "small letters, digits and dashes"),
        (("add", "phishing", "bad.example.org", "--until", "2001-01-01"), "“2001-01-01” is over."),
        (
            ("add", "phishing", "co.uk"),
            "folkmoot hosts add: “co.uk” is an ending that many sites share. Write",
        ),
        (("add", "phishing", "https://bad.example.org/x"), "Write its host alone: bad.example.org\n"),
        (("add", "phishing", "https://x y/"), "is an address. Write its host alone.\n"),
        (("import", "phishing", "/nowhere/feed.txt"), "can't be read"),
        (("remove", "phishing"), "There is no list “phishing”."),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, words: tuple[str, ...], says: str) -> None:
    """Exit status 2, and what to do."""
    status, _, err = run(*words)
    assert status == 2
    assert says in err


def test_a_day_ends_with_its_last_moment() -> None:
    """`2026-12-24` includes that day, and is shown as it was written."""
    found = one("bad.example.org", "", "2026-12-24", NOW)
    assert found.until is not None
    assert found.until == 1_798_156_799.0
    assert shown_end(found.until) == "2026-12-24"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_places(text: str) -> None:
    """No file can do more than be wrong, and each wrong row is one of its lines."""
    lines = text.splitlines()
    wrongs, hosts = [], []
    try:
        hosts = read(text, NOW).hosts
    except HostsError as trouble:
        wrongs = trouble.wrongs
    assert all(1 <= wrong.line <= len(lines) for wrong in wrongs)
    assert all(1 <= wrong.column <= len(lines[wrong.line - 1]) + 1 for wrong in wrongs)
    assert all("." in host.host for host in hosts)
