"""How long `folkmoot check` and `folkmoot serve` take to start with 100,000 phrases, and their memory."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from bench.running import with_phrases
from folkmoot.decide import starters
from folkmoot.decide.policy import dump
from folkmoot.remember import groups
from folkmoot.remember.store import Store

_TOO_LONG = 60.0


Command = Callable[[Path, Path], tuple[float, float]]
"""Starts a command in a folder with a policy; gives the seconds to its first answer, and megabytes."""


class Start(Struct, frozen=True, kw_only=True):
    """One command: from its start to its first answer."""

    what: str
    first: float
    """Seconds, when nothing was made ready before."""
    again: float
    """Seconds every time after that (median)."""
    megabytes: float
    """Most resident memory, after the first time."""


def run(tries: int = 3) -> list[Start]:
    """Start both, the first time and again."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as name:
        folder = Path(name)
        source = dump(with_phrases(starters.load("neighbours"), 100_000))
        commands = {"folkmoot check": _check, "folkmoot serve": _serve}
        return [_measure(what, command, folder, source, tries) for what, command in commands.items()]


def _measure(what: str, command: Command, folder: Path, source: str, tries: int) -> Start:
    place = folder / what.split()[-1]
    place.mkdir()
    policy = place / "policy.toml"
    policy.write_text(source, encoding="utf-8")
    took = [command(place, policy) for _ in range(tries + 1)]
    shutil.rmtree(place)
    return Start(
        what=what,
        first=took[0][0],
        again=statistics.median(seconds for seconds, _ in took[1:]),
        megabytes=max(megabytes for _, megabytes in took[1:]),
    )


_ASK = """
import re, sys
from folkmoot.cli.check import check
check("Good morning", policy=sys.argv[1])
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


def _check(folder: Path, policy: Path) -> tuple[float, float]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    command = [sys.executable, "-c", _ASK, str(policy)]
    began = time.perf_counter()
    # The process says itself how much it used: from outside, ours before it began counts too.
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(done.stdout.split()[-1]) / 1024


def _serve(folder: Path, policy: Path) -> tuple[float, float]:
    store = Store(f"sqlite:///{folder / 'folkmoot.db'}")
    if not store.read_now(groups.every):
        source = policy.read_text("utf-8")
        store.write_now(lambda c: groups.create(c, "Bench", source, by="bench", at=0.0))
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "folkmoot.toml"
    settings.write_text(f'[store]\nfolder = "{folder}"\n[web]\nport = {port}\n', encoding="utf-8")
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "folkmoot", "serve", "--settings", str(settings)], stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if child.poll() is not None or time.perf_counter() - began > _TOO_LONG:
                raise RuntimeError("folkmoot serve did not start")
            time.sleep(0.01)
        took = time.perf_counter() - began
        status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        return took, peak / 1024
    finally:
        child.terminate()
        child.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
