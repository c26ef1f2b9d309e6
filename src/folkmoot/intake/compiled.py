"""Policies with very many phrases take seconds and much memory to make ready: a process of its own does it
once, and what it made is kept in a file that is read in a moment."""

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

import hyperscan
import msgspec
from msgspec import Struct

from folkmoot.decide.diagnose import PolicyError, examine
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.decide.policy import Policy

WORTH_IT: Final = 100_000
"""From so many characters on a policy's work is kept; shorter ones are made ready in no time."""

_MOST_KEPT: Final = 16
_DIGEST: Final = 32
_LONGEST_WORK: Final = 300.0


class Compiled(Struct, frozen=True):
    """A policy, what there is to say about it, and what its judge needs."""

    policy: Policy
    findings: tuple[str, ...]
    prepared: bytes

    def judge(self, policy: Policy | None = None) -> Judge:
        """Return the judge, for the policy itself or for one with the same triggers."""
        try:
            return compile_policy(policy or self.policy, self.prepared)
        except hyperscan.HyperscanError:  # the file comes from another kind of processor
            return compile_policy(policy or self.policy)


def compiled(source: str, folder: Path | None) -> Compiled:
    """Return a policy ready for judging, from a file in `folder` where it is long; PolicyError if wrong."""
    if folder is None or len(source) < WORTH_IT:
        return _make(source, prepare=False)
    kept = folder / f"{_key(source)}.policy"
    found = _read(kept)
    if found is None:
        _have_made(source, kept)
        found = _read(kept)
    return found or _make(source, prepare=False)


def caches() -> Path:
    """Return the folder for commands that have none of their own."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "folkmoot"


def _make(source: str, *, prepare: bool) -> Compiled:
    policy, findings = examine(source)
    if policy is None:
        raise PolicyError(findings)
    prepared = compile_policy(policy).prepared() if prepare else b""
    return Compiled(policy, tuple(map(str, findings)), prepared)


def _have_made(source: str, kept: Path) -> None:
    """Let another process make the file; where it can't be had, the caller does without it."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = [sys.executable, "-m", __name__, str(kept)]
        subprocess.run(command, input=source.encode(), timeout=_LONGEST_WORK, check=True, capture_output=True)  # noqa: S603


def _read(kept: Path) -> Compiled | None:
    """Read a file that we wrote; None where there is none, or it is not whole."""
    try:
        if kept.stat().st_uid != os.getuid():
            return None
        raw = memoryview(kept.read_bytes())
        if hashlib.sha256(raw[_DIGEST:]).digest() != raw[:_DIGEST]:
            return None
        found = msgspec.msgpack.decode(raw[_DIGEST:], type=Compiled)
        os.utime(kept)
    except (OSError, msgspec.MsgspecError):
        return None
    return found


def _write(source: str, kept: Path) -> None:
    body = msgspec.msgpack.encode(_make(source, prepare=True))
    new = kept.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(hashlib.sha256(body).digest() + body)
    new.replace(kept)
    _tidy(kept.parent)


def _tidy(folder: Path) -> None:
    """Delete all but the files used last."""
    used = sorted(folder.glob("*.policy"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in used[_MOST_KEPT:]:
        file.unlink(missing_ok=True)


def _key(source: str) -> str:
    """What a file is known by: the policy, and everything that decides what becomes of it."""
    digest = hashlib.sha256(_program())
    digest.update(source.encode())
    return digest.hexdigest()[:40]


@cache
def _program() -> bytes:
    digest = hashlib.sha256(f"{version('hyperscan')} {platform.machine()}".encode())
    for name in ("text", "detect", "decide"):
        for text in _sources(name):
            digest.update(text)
    return digest.digest()


def _sources(room: str) -> Iterator[bytes]:
    for file in sorted(files("folkmoot").joinpath(room).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            yield file.read_bytes()


if __name__ == "__main__":
    _write(sys.stdin.buffer.read().decode(), Path(sys.argv[1]))
