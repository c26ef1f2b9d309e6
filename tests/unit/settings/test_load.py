"""Settings: every definition can be set both ways, and every mistake names place, setting and remedy."""

from pathlib import Path

import msgspec
import pytest

from folkmoot.settings import Definition, Settings, SettingsError, definitions, load

_GOOD: dict[str, tuple[str, object]] = {
    "text": ("words", "words"),
    "whole number": ("70", 70),
    "number": ("1.5", 1.5),
    "true or false": ("true", True),
    "list": ("a,b", ("a", "b")),
}
_SPECIAL: dict[str, tuple[str, object]] = {
    "logging.level": ("debug", "debug"),
    "policy_server.largest_event": ("70000", 70_000),
    "media.largest_file": ("70000", 70_000),
    "web.largest_request": ("2000", 2_000),
    "keep.session_days": ("7", 7),
    "policy_server.allowed_homeservers": ("a.example, b.example:8448", ("a.example", "b.example:8448")),
    "policy_server.allow_networks": ("127.0.0.1/32, ::1/128", ("127.0.0.1/32", "::1/128")),
}
_WRONG = {
    "text": "3",
    "whole number": '"three"',
    "number": '"three"',
    "true or false": '"yes"',
    "list": "[3]",
}


def _name(one: Definition) -> str:
    return f"{one.section}.{one.name}"


def _good(one: Definition) -> tuple[str, object]:
    return _SPECIAL.get(_name(one), _GOOD[one.kind])


def _read(settings: Settings, one: Definition) -> object:
    return getattr(getattr(settings, one.section), one.name)


def _file(folder: Path, text: str) -> Path:
    path = folder / "folkmoot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _mistake(path: Path | None, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(path, environment or {})
    return str(caught.value)


every_setting = pytest.mark.parametrize("one", definitions(), ids=_name)


@every_setting
def test_a_setting_can_be_set_in_the_environment(one: Definition) -> None:
    """Every setting has a variable, and what it holds is used."""
    text, value = _good(one)
    assert _read(load(None, {one.variable: text}), one) == value


@every_setting
def test_a_setting_can_be_set_in_the_file(tmp_path: Path, one: Definition) -> None:
    """Every setting can stand in the file, and what stands there is used."""
    _, value = _good(one)
    written = f"[{one.section}]\n{one.name} = {msgspec.json.encode(value).decode()}\n"
    assert _read(load(_file(tmp_path, written), {}), one) == value


@every_setting
def test_a_wrong_value_names_file_setting_and_remedy(tmp_path: Path, one: Definition) -> None:
    """A value of the wrong kind in the file is an error that says where, which and what instead."""
    path = _file(tmp_path, f"[{one.section}]\n{one.name} = {_WRONG[one.kind]}\n")
    text = _mistake(path)
    assert text.startswith(f"{path}: {_name(one)}: Expected ")
    assert one.description in text
    assert "docs/operators/settings.md" in text


@pytest.mark.parametrize("one", [one for one in definitions() if one.kind not in {"text", "list"}], ids=_name)
def test_a_wrong_variable_is_named_not_the_file(tmp_path: Path, one: Definition) -> None:
    """A wrong value from the environment blames the variable, although a file was read too."""
    path = _file(tmp_path, f"[{one.section}]\n")
    text = _mistake(path, {one.variable: "neither"})
    assert text.startswith(f"{one.variable}: {_name(one)}: ")
    assert str(path) not in text


@every_setting
def test_every_setting_is_described(one: Definition) -> None:
    """No setting is without a sentence for the operator."""
    assert one.description.endswith((".", "…"))


def test_the_defaults_are_valid() -> None:
    """Without file and environment everything has a value, and every value passes its own bounds."""
    settings = load(None, {})
    assert settings == Settings()
    assert msgspec.convert(msgspec.to_builtins(settings), Settings) == settings


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable overrides the same setting of the file, and leaves the others alone."""
    path = _file(tmp_path, '[web]\nport = 1\nhost = "::1"\n')
    web = load(path, {"FOLKMOOT_WEB_PORT": "2"}).web
    assert (web.port, web.host) == (2, "::1")


def test_by_default_everything_listens_on_loopback() -> None:
    """Nothing is open to the world before an operator says so."""
    settings = load(None, {})
    assert {settings.web.host, settings.policy_server.host} == {"127.0.0.1"}


def test_a_network_that_is_none_is_refused(tmp_path: Path) -> None:
    """Networks are looked at when the settings are read, not when the first room is protected."""
    path = _file(tmp_path, '[policy_server]\nallow_networks = ["::1/128", "10.0.0.1/8"]\n')
    text = _mistake(path)
    assert text.startswith(f"{path}: policy_server.allow_networks: Expected a network: 10.0.0.1/8 has host")


def test_an_unknown_setting_suggests_the_nearest(tmp_path: Path) -> None:
    """A misspelt setting is an error that names the one that was meant."""
    path = _file(tmp_path, "[web]\nprot = 1\n")
    assert f"{path}: web.prot: there is no such setting. Did you mean port?" in _mistake(path)


def test_an_unknown_section_suggests_the_nearest(tmp_path: Path) -> None:
    """A misspelt section is an error that names the one that was meant."""
    path = _file(tmp_path, "[wbe]\nport = 1\n")
    assert f"{path}: [wbe]: there is no such setting. Did you mean web?" in _mistake(path)


def test_an_unknown_variable_suggests_the_nearest() -> None:
    """A misspelt variable is not passed over in silence."""
    assert "Did you mean FOLKMOOT_WEB_PORT?" in _mistake(None, {"FOLKMOOT_WEB_PROT": "1"})


def test_other_variables_are_none_of_our_business() -> None:
    """Variables that name no section of ours are left alone."""
    assert load(None, {"PATH": "/bin", "FOLKMOOTISH": "1"}) == Settings()


def test_a_section_that_is_no_table_says_how_to_write_one(tmp_path: Path) -> None:
    """A value in place of a section is explained, also while the environment sets something in it."""
    path = _file(tmp_path, "web = 1\n")
    for environment in ({}, {"FOLKMOOT_WEB_PORT": "2"}):
        assert "Write [web] on a line of its own." in _mistake(path, environment)


def test_broken_toml_names_line_and_column(tmp_path: Path) -> None:
    """A file that is not TOML is an error with its name, the line and the column."""
    path = _file(tmp_path, "[web]\nport = = 3\n")
    text = _mistake(path)
    assert text.startswith(f"{path}: not valid TOML: ")
    assert "line 2, column 8" in text


def test_a_file_in_another_encoding_is_not_valid_toml(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a clear error, not a crash."""
    path = tmp_path / "folkmoot.toml"
    path.write_bytes(b"# caf\xe9\n")
    assert _mistake(path).startswith(f"{path}: not valid TOML: ")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """A settings file that is not there is an error that names the command which makes one."""
    text = _mistake(tmp_path / "none.toml")
    assert "none.toml: cannot be read" in text
    assert "folkmoot init" in text


def test_an_error_never_shows_the_value(tmp_path: Path) -> None:
    """What was written is not repeated: it may be a secret."""
    path = _file(tmp_path, '[store]\nurl = ["postgresql://moot:hunter2@db/moot"]\n')
    assert "hunter2" not in _mistake(path)


def test_the_database_is_in_the_folder_unless_said_otherwise(tmp_path: Path) -> None:
    """Without a URL the database is a SQLite file in the folder."""
    assert load(None, {"FOLKMOOT_STORE_FOLDER": str(tmp_path)}).database_url() == (
        f"sqlite:///{tmp_path}/folkmoot.db"
    )
    assert load(None, {"FOLKMOOT_STORE_URL": "sqlite:///else.db"}).database_url() == "sqlite:///else.db"


@pytest.mark.parametrize("written", ["https://club.example", "@ada:club.example", "club.example/", ""])
def test_a_homeserver_is_named_by_its_name(tmp_path: Path, written: str) -> None:
    """What is no name would silently fit nobody."""
    path = _file(tmp_path, f'[policy_server]\nallowed_homeservers = ["{written}"]\n')
    assert _mistake(path).startswith(f"{path}: policy_server.allowed_homeservers: ")
