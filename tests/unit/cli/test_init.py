"""`folkmoot init`: a whole installation in one folder, or nothing at all."""

import stat
import tomllib
from pathlib import Path

import pytest

from folkmoot.cli import app, units
from folkmoot.cli.settings_file import written
from folkmoot.settings import Settings, definitions, load

_GIVEN = [
    "--public-url",
    "https://moot.example.org",
    "--server-name",
    "policy.example.org",
    "--homeserver",
    "https://matrix.example.org",
    "--account",
    "@folkmoot:example.org",
]


def _init(folder: Path, *given: str) -> int:
    return int(app(["init", str(folder), *given], exit_on_error=False, result_action="return_value"))


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_installation_is_made(tmp_path: Path) -> None:
    """One command makes settings, keys, database, unit and proxy examples, closed to others."""
    folder = tmp_path / "new" / "moot"
    assert _init(folder, *_GIVEN) == 0
    assert {path.name for path in folder.iterdir()} == {
        "folkmoot.toml",
        "secret.key",
        "federation.key",
        "policy.key",
        "folkmoot.db",
        *units.NAMES,
    }
    assert _mode(folder) == 0o700
    for name in ("folkmoot.toml", "secret.key", "federation.key", "policy.key", "folkmoot.db"):
        assert _mode(folder / name) == 0o600, name


def test_the_settings_say_what_was_asked(tmp_path: Path) -> None:
    """The settings file is valid and holds what was given; everything else is as by default."""
    folder = tmp_path / "moot"
    _init(folder, *_GIVEN)
    read = load(folder / "folkmoot.toml", {})
    assert read.web.public_url == "https://moot.example.org"
    assert read.policy_server.server_name == "policy.example.org"
    assert (read.bot.homeserver, read.bot.account) == ("https://matrix.example.org", "@folkmoot:example.org")
    assert read.bot.token_file == str(folder / "bot.token")
    assert read.store.folder == str(folder)
    assert (read.web.port, read.keep, read.logging) == (
        Settings().web.port,
        Settings().keep,
        Settings().logging,
    )


def test_the_settings_file_explains_every_setting() -> None:
    """Each setting stands in the file with its sentence; with the marks taken away, it holds the defaults."""
    text = written({})
    for one in definitions():
        assert f"# {one.description}\n#{one.name} = " in text
    plain = "\n".join(line.removeprefix("#") for line in text.splitlines() if not line.startswith("# "))
    values = tomllib.loads(plain)
    for one in definitions():
        value = values[one.section][one.name]
        assert (tuple(value) if isinstance(value, list) else value) == one.default


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds anything is refused, and stays exactly as it was."""
    folder = tmp_path / "moot"
    _init(folder, *_GIVEN)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()
    assert _init(folder, *_GIVEN) == 2
    assert "is there already and not empty" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    """A folder that an operator made is fine while it is empty, and is closed to others then."""
    tmp_path.chmod(0o755)
    assert _init(tmp_path) == 0
    assert _mode(tmp_path) == 0o700


def test_without_matrix_there_is_no_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing given, policy server and bot stay off, and the next steps say how to go on."""
    assert _init(tmp_path / "moot") == 0
    read = load(tmp_path / "moot" / "folkmoot.toml", {})
    assert (read.policy_server.server_name, read.bot.homeserver) == ("", "")
    assert "folkmoot group new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--server-name", "10.0.0.1"], "is no Matrix server name"),
        (["--server-name", "under_score.example"], "is no Matrix server name"),
        (["--account", "folkmoot", "--homeserver", "https://x.example"], "is no Matrix id"),
        (
            ["--server-name", "x.org", "--account", "@m:x.org", "--homeserver", "https://x.org"],
            "a name of its own, such as policy.x.org",
        ),
        (["--account", "@folkmoot:example.org"], "needs both"),
        (["--homeserver", "https://x.example"], "needs both"),
        (["--public-url", "moot.example.org"], "http:// or https://"),
        (["--public-url", "https://example.org/moot"], "a host name of its own"),
    ],
)
def test_what_could_not_work_is_refused_before_it_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    """A name that can't be right is refused with the remedy, and no folder is left behind."""
    assert _init(tmp_path / "moot", *given) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "moot").exists()


def test_a_folder_that_cannot_be_made_is_a_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no folder can be, the error says so."""
    (tmp_path / "file").write_text("here")
    assert _init(tmp_path / "file") == 2
    assert _init(tmp_path / "file" / "below") == 2
    assert "can't be made: Not a directory" in capsys.readouterr().err


def test_the_units_are_filled_in(tmp_path: Path) -> None:
    """Unit and proxy examples name this installation's folder, ports and hosts, and nothing is left open."""
    folder = tmp_path / "moot"
    _init(folder, *_GIVEN)
    text = {name: (folder / name).read_text() for name in units.NAMES}
    for name, one in text.items():
        assert not [word for word in one.split() if word.startswith("@") and word.isupper()], name
    assert f'serve --settings "{folder}/folkmoot.toml"' in text["folkmoot.service"]
    assert f"WorkingDirectory={folder}\n" in text["folkmoot.service"]
    for name in ("nginx.conf", "Caddyfile"):
        assert "moot.example.org" in text[name]
        assert "policy.example.org" in text[name]
        assert "127.0.0.1:8460" in text[name]
        assert "127.0.0.1:8449" in text[name]


def test_a_unit_quotes_what_systemd_would_read(tmp_path: Path) -> None:
    """Blanks, quotes and percent signs in a folder's name keep their meaning."""
    folder = tmp_path / 'a "moot" 100%'
    _init(folder)
    text = (folder / "folkmoot.service").read_text()
    assert 'a \\"moot\\" 100%%/folkmoot.toml"' in text
    assert "WorkingDirectory=" + str(folder).replace("%", "%%") in text
