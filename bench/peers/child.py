"""A peer that runs as a child process: texts go in, flags and processor time come out."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".cache" / "bench"


class Known(Struct, frozen=True):
    """A peer that can be had, and what it does."""

    name: str
    command: tuple[str, ...]
    installed: Path
    about: str


KNOWN = (
    Known(
        "better-profanity",
        (str(HOME / "venv/bin/python"), str(ROOT / "bench/peers/python_peer.py"), "better-profanity"),
        HOME / "venv/lib",
        "PyPI; a list of 835 English words and every spelling of them",
    ),
    Known(
        "alt-profanity-check",
        (str(HOME / "venv/bin/python"), str(ROOT / "bench/peers/python_peer.py"), "alt-profanity-check"),
        HOME / "venv/lib",
        "PyPI; a linear model of English profanity (scikit-learn)",
    ),
    Known(
        "obscenity",
        ("node", str(ROOT / "bench/peers/node_peer.mjs"), str(HOME), "obscenity"),
        HOME / "node_modules/obscenity",
        "npm; English patterns after undoing look-alikes and leetspeak",
    ),
    Known(
        "bad-words",
        ("node", str(ROOT / "bench/peers/node_peer.mjs"), str(HOME), "bad-words"),
        HOME / "node_modules/bad-words",
        "npm; a list of English words, one regular expression each",
    ),
)


class Peer:
    """One peer that is running."""

    def __init__(self, known: Known) -> None:
        """Start it; OSError or ValueError where it does not answer."""
        self.name = known.name
        self.about = known.about
        self._process = subprocess.Popen(
            known.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.version = str(self._answer()["version"])

    def flags(self, texts: Sequence[str]) -> tuple[list[bool], float]:
        """Return which texts it flags, and the processor time it took, in seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(list(texts)) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        return [bool(one) for one in answer["bad"]], float(answer["seconds"])

    def close(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ValueError(f"{self.name} does not answer")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running() -> Iterator[tuple[list[Peer], list[str]]]:
    """Start the peers that are installed; the others are named with what is missing."""
    peers: list[Peer] = []
    missing: list[str] = []
    for known in KNOWN:
        try:
            if not known.installed.exists():
                raise ValueError("not installed")
            peers.append(Peer(known))
        except (OSError, ValueError) as trouble:
            missing.append(f"{known.name}: left out ({trouble}); `sh scripts/bench_peers.sh` installs it")
    try:
        yield peers, missing
    finally:
        for peer in peers:
            peer.close()
