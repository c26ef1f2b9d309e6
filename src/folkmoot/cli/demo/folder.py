"""The demonstration's own folder: fresh at each run, and nobody else's ever wiped."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MARK = "made-by-folkmoot-demo"


class FolderError(Exception):
    """The folder cannot be used for the demonstration; the message says why and what to do."""


@contextmanager
def fresh(path: Path) -> Iterator[Path]:
    """Hold `path` as an empty folder for one run; what an earlier run left there is wiped."""
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is no folder; choose another with --folder.")
    mark = path / _MARK
    if path.is_dir() and any(path.iterdir()) and not mark.is_file():
        raise FolderError(
            f"{path} holds files that the demonstration did not make; move them away, or choose another "
            "folder with --folder."
        )
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with mark.open("a+", encoding="utf-8") as held:
        _lock(held.fileno(), mark)
        for entry in path.iterdir():
            if entry != mark:
                _wipe(entry)
        mark.write_text(f"{os.getpid()}\n", encoding="utf-8")
        yield path


def _lock(file: int, mark: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as trouble:
        owner = mark.read_text(encoding="utf-8").strip()
        raise FolderError(
            f"A demonstration is running in {mark.parent} already (process {owner}); stop it with Ctrl-C "
            "there, or choose another folder with --folder."
        ) from trouble


def _wipe(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
