"""`folkmoot doctor`: everything an installation needs is looked at, and each fault has its remedy."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from folkmoot.cli import app
from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver, free_port
from folkmoot.cli.doctor import looks
from folkmoot.cli.doctoring.findings import Found, State
from folkmoot.remember import groups, outbox, verdicts
from folkmoot.remember.records import Judged
from folkmoot.remember.store import Store
from folkmoot.settings import load
from folkmoot.vocabulary import Outcome


class Installation:
    """A folder made by `folkmoot init`, with ports of its own and a certificate for localhost."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder = folder
        self.file = folder / "folkmoot.toml"
        self.policy_port, self.web_port = free_port(), free_port()
        name = f"localhost:{self.policy_port}"
        status = app(
            ["init", str(folder), "--server-name", name, "--public-url", f"http://127.0.0.1:{self.web_port}"],
            exit_on_error=False,
            result_action="return_value",
        )
        assert status == 0
        made = authority.issue(f"policy-{self.policy_port}", "localhost")
        self.set("policy_server", "port", self.policy_port)
        self.set("policy_server", "certificate", f'"{made.chain}"')
        self.set("policy_server", "certificate_key", f'"{made.key}"')
        self.set("policy_server", "authority", f'"{authority.certificate}"')
        self.set("policy_server", "allow_networks", '["127.0.0.1/32", "::1/128"]')
        self.set("web", "port", self.web_port)

    def set(self, section: str, name: str, value: object) -> None:
        """Change one setting in the file, as an operator would."""
        head, mark, rest = self.file.read_text().partition(f"[{section}]\n")
        lines = rest.splitlines()
        at = next(n for n, line in enumerate(lines) if line.lstrip("#").startswith(f"{name} = "))
        lines[at] = f"{name} = {value}"
        self.file.write_text(head + mark + "\n".join(lines) + "\n")

    def look(self, what: str) -> Found:
        """Return what the doctor says about one thing."""
        found = [one for one in looks(self.file) if one.what == what]
        assert len(found) == 1, found
        return found[0]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run `folkmoot serve` for it until the block ends."""
        command = [sys.executable, "-m", "folkmoot", "serve", "--settings", str(self.file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                _wait_for(self.web_port, process)
                _wait_for(self.policy_port, process)
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        assert process.poll() is None, "folkmoot serve ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Nothing answers on port {port}.")


@pytest.fixture
def installed(tmp_path: Path, authority: Authority) -> Installation:
    """An installation that was just made."""
    return Installation(tmp_path / "moot", authority)


def test_a_running_installation_is_found_to_be_right(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """While it serves, no line is wrong, the served key is the stored one, and the status is 0."""
    with installed.running():
        capsys.readouterr()
        status = app(
            ["doctor", "--settings", str(installed.file)], exit_on_error=False, result_action="return_value"
        )
    out = capsys.readouterr().out
    assert status == 0, out
    assert "wrong" not in out
    assert f"127.0.0.1 port {installed.web_port}: ours answers." in out
    assert f"127.0.0.1 port {installed.policy_port}: ours answers." in out
    assert "is reached over HTTPS and serves the stored key." in out
    assert "certificate: For localhost, valid until" in out


def test_another_key_than_the_stored_one_is_seen(installed: Installation) -> None:
    """A policy key that was replaced while the old one is served is found: rooms name the wrong one."""
    with installed.running():
        key = installed.folder / "policy.key"
        kind, name, seed = key.read_text().split()
        key.write_text(f"{kind} {name} {seed[::-1]}\n")
        assert "another key" in installed.look("policy server").seen


def test_while_nothing_runs_the_ports_are_free(installed: Installation) -> None:
    """Without a running program the ports are free, nothing is reached, and the doctor changes nothing."""
    before = {path.name: path.stat().st_mtime_ns for path in installed.folder.iterdir()}
    found = {one.what: one for one in looks(installed.file)}
    assert "is free" in found["console port"].seen
    assert "is free" in found["policy server port"].seen
    assert found["policy server"].state is State.WRONG
    assert {path.name: path.stat().st_mtime_ns for path in installed.folder.iterdir()} == before


def test_links_that_lead_to_another_port_are_wrong(installed: Installation) -> None:
    """Without a proxy the address in messages must name the console's own port."""
    installed.set("web", "public_url", '"http://localhost:1"')
    found = installed.look("console")
    assert found.state is State.WRONG
    assert f"port {installed.web_port}" in found.remedy


def test_a_port_taken_by_another_program_is_wrong(installed: Installation) -> None:
    """A port that another program has is named with its setting."""
    with socket.create_server(("127.0.0.1", installed.web_port)) as other:
        other.settimeout(0.01)
        found = installed.look("console port")
    assert found.state is State.WRONG
    assert str(installed.web_port) in found.seen
    assert "web.port" in found.remedy


def test_wrong_settings_are_the_only_line(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """With settings that can't be read nothing else is looked at; the status is 1."""
    installed.file.write_text("[web]\nprot = 1\n")
    capsys.readouterr()
    status = app(
        ["doctor", "--settings", str(installed.file)], exit_on_error=False, result_action="return_value"
    )
    out = capsys.readouterr().out
    assert status == 1
    assert out.startswith("wrong ")
    assert "Did you mean port?" in out
    assert out.count("\n") == 2


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("folkmoot.toml", "settings"),
        ("", "folder"),
        ("secret.key", "keys"),
        ("policy.key", "keys"),
        ("federation.key", "keys"),
    ],
)
def test_what_is_open_to_others_is_wrong(installed: Installation, name: str, what: str) -> None:
    """A file or folder that others may read is named, with the command that closes it."""
    (installed.folder / name).chmod(0o755)
    found = installed.look(what)
    assert found.state is State.WRONG
    assert found.remedy.startswith("Run: chmod ")
    os.system(found.remedy.removeprefix("Run: "))
    assert installed.look(what).state is State.OK


def test_a_missing_key_is_wrong_and_not_made(installed: Installation) -> None:
    """The doctor never makes a new key in place of a lost one."""
    (installed.folder / "policy.key").unlink()
    assert "is not there" in installed.look("keys").seen
    assert not (installed.folder / "policy.key").exists()


def test_a_damaged_key_is_wrong(installed: Installation) -> None:
    """A key file that holds no key is found."""
    (installed.folder / "policy.key").write_text("ed25519 policy_server zzz\n")
    assert "is damaged" in installed.look("keys").seen
    (installed.folder / "secret.key").write_text("00\n")
    assert "is damaged" in installed.look("keys").seen


def test_a_missing_folder_says_how_to_make_it(installed: Installation, tmp_path: Path) -> None:
    """A folder that is not there is found, with the command that makes it."""
    installed.set("store", "folder", f'"{tmp_path}/none"')
    assert "folkmoot init" in installed.look("folder").remedy
    assert installed.look("database").state is State.WRONG
    assert not (tmp_path / "none").exists()


def test_the_database_must_have_this_version(installed: Installation) -> None:
    """An older database, a newer one, an empty one and a damaged one each have their own remedy."""
    path = installed.folder / "folkmoot.db"
    assert installed.look("database").state is State.OK
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'zzzz'")
    connection.close()
    assert "newer Folkmoot" in installed.look("database").remedy
    path.write_bytes(b"")
    assert "`folkmoot serve`, which brings it up to date" in installed.look("database").remedy
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    assert "not a database" in installed.look("database").seen
    path.unlink()
    assert "not there yet" in installed.look("database").seen


def test_groups_and_lost_letters_are_told(installed: Installation) -> None:
    """The groups there are stand in the list; letters that were given up are wrong."""
    store = Store(load(installed.file, {}).database_url())
    made = store.write_now(lambda c: groups.create(c, "Allotments", "", by="@a:x", at=1.0))
    assert installed.look("groups").seen == f"Allotments ({made.id})"
    assert installed.look("letters").state is State.OK
    letter = store.write_now(lambda c: outbox.put(c, made.id, "reason", {}, at=1.0))
    for _ in range(12):
        store.write_now(lambda c: outbox.failed(c, letter, "refused", at=1.0))
    store.close()
    assert installed.look("letters").state is State.WRONG


def test_a_clock_behind_the_database_is_wrong(installed: Installation) -> None:
    """A message that was judged in the future shows that the clock is behind."""
    store = Store(load(installed.file, {}).database_url())
    made = store.write_now(lambda c: groups.create(c, "Allotments", "", by="@a:x", at=1.0))
    was = Judged(message="m", group=made.id, room="", sender="", at=time.time() + 3600, done=Outcome.ALLOW)
    store.write_now(lambda c: verdicts.record(c, [verdicts.Ask(was, None, 1)]))
    store.close()
    assert installed.look("clock").state is State.WRONG


def test_a_certificate_for_another_name_is_wrong(installed: Installation, authority: Authority) -> None:
    """A certificate must be for the policy server's own name, and have its own key beside it."""
    other = authority.issue("other", "other.example")
    installed.set("policy_server", "certificate", f'"{other.chain}"')
    assert "can't be used" in installed.look("certificate").seen
    installed.set("policy_server", "certificate_key", f'"{other.key}"')
    found = installed.look("certificate")
    assert (found.seen, found.remedy) == ("It is for other.example.", "Get one for localhost.")
    other.key.chmod(0o644)
    assert "open to others" in installed.look("certificate").seen
    installed.set("policy_server", "certificate", '"/none.pem"')
    assert "can't be used" in installed.look("certificate").seen


def test_what_is_off_is_not_needed(tmp_path: Path) -> None:
    """Without Matrix, certificate, policy server and bot are not needed, and nothing is wrong."""
    folder = tmp_path / "moot"
    app(["init", str(folder)], exit_on_error=False, result_action="return_value")
    path = folder / "folkmoot.toml"
    port = free_port()
    given = path.read_text().replace("#port = 8460", f"port = {port}")
    path.write_text(
        given.replace('#public_url = "http://127.0.0.1:8460"', f'public_url = "http://127.0.0.1:{port}"')
    )
    found = {one.what: one.state for one in looks(path)}
    assert State.WRONG not in found.values()
    assert {what for what, state in found.items() if state is State.NOT_NEEDED} == {
        "certificate",
        "console",
        "policy server",
        "bot",
    }


@pytest.mark.synapse
@pytest.mark.xdist_group("synapse")
def test_the_bot_is_asked_after_at_its_homeserver(installed: Installation, synapse: Homeserver) -> None:
    """A real homeserver confirms account, device and clock; a wrong token, account or device is named."""
    account = synapse.register("doctors-bot")
    token = installed.folder / "bot.token"
    installed.set("bot", "homeserver", f'"{synapse.url}"')
    installed.set("bot", "account", f'"{account.id}"')
    installed.set("bot", "device", f'"{account.device}"')
    installed.set("bot", "token_file", f'"{token}"')
    assert "is not there" in installed.look("bot").seen
    token.touch(0o600)
    token.write_text(f"{account.token}\n")
    assert installed.look("bot").seen == f"{account.id} is signed in."
    assert installed.look("clocks").state is State.OK
    reports = installed.folder / "reports.token"
    installed.set("bot", "reports_token_file", f'"{reports}"')
    assert "is not there" in installed.look("reports from apps").seen
    reports.touch(mode=0o600)
    reports.write_text(account.token)
    assert "does not show them (403)" in installed.look("reports from apps").seen
    reports.write_text(synapse.register("doctors-operator", administrator=True).token)
    assert installed.look("reports from apps").seen == "The homeserver shows them."
    installed.set("bot", "device", '"OTHER"')
    assert account.device in installed.look("bot").seen
    installed.set("bot", "account", f'"@else:{synapse.name}"')
    assert account.id in installed.look("bot").seen
    token.write_text("wrong")
    assert "does not take its token (401)" in installed.look("bot").seen
    installed.set("bot", "homeserver", f'"http://127.0.0.1:{free_port()}"')
    assert "does not answer" in installed.look("bot").seen
