"""`folkmoot demo` as a person runs it: to the end, stopped half-way, again, and with a port in use."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.timeout(400),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds child processes in /proc"),
]

_NAMES = ("homeserver", "federation", "policy", "console", "chat")


@contextmanager
def _demo(folder: Path, *more: str, **ports: int) -> Iterator[subprocess.Popen[str]]:
    chosen = [f"--port-{name}={ports.get(name, 0)}" for name in _NAMES]
    command = [sys.executable, "-m", "folkmoot", "demo", "--folder", str(folder), *chosen, *more]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _read_until(running: subprocess.Popen[str], wanted: str) -> str:
    assert running.stdout is not None
    text = ""
    for line in running.stdout:
        text += line
        if wanted in line:
            return text
    raise AssertionError(f"“{wanted}” was never printed, but:\n{text}")


def _stopped(running: subprocess.Popen[str], children: list[int], number: signal.Signals) -> int:
    assert len(children) == 2
    running.send_signal(number)
    status = running.wait(30)
    assert not any(_alive(child) for child in children)
    return status


def test_the_scene_goes_as_expected_and_everything_stays_until_ctrl_c(tmp_path: Path) -> None:
    """After the scene a person can chat as a member and read why; Ctrl-C leaves no process behind."""
    with _demo(tmp_path / ".demo") as running:
        text = _read_until(running, "Ctrl-C stops everything")
        assert "DIFFERS" not in text
        children = _children(running.pid)
        [chat] = re.findall(r"chat as a member +(http://\S+)", text)
        place = f"{chat}/as/baker/square"
        with httpx2.Client(trust_env=False, follow_redirects=True) as browser:
            fine = browser.post(place, data={"say": "Is this delivered?"}).text
            assert "Is this delivered?" in fine
            refused = browser.post(
                place, data={"say": "Guaranteed profit, double your money in 24 hours!"}
            ).text
        assert "Not delivered." in refused
        assert "Your message was stopped before anyone saw it." in refused
        assert "Read the receipt" in refused
        assert _stopped(running, children, signal.SIGINT) == 0


def test_once_a_second_time_in_the_same_folder_ends_well(tmp_path: Path) -> None:
    """What an interrupted run left does not disturb the next, which exits with status 0."""
    folder = tmp_path / ".demo"
    with _demo(folder) as running:
        _read_until(running, "Setting up the protection")
        assert _stopped(running, _children(running.pid), signal.SIGTERM) == 128 + signal.SIGTERM
    with _demo(folder, "--once") as running:
        text, _ = running.communicate(timeout=300)
    assert running.returncode == 0, text
    assert "as expected" in text


def test_a_port_in_use_is_named_with_its_option(tmp_path: Path) -> None:
    """The error names the port, what it is for and the option; nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with _demo(tmp_path / ".demo", console=port) as running:
            text, _ = running.communicate(timeout=30)
    assert running.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in text
    assert "--port-console" in text
    assert "web.port" in text
    assert not (tmp_path / ".demo").exists()
