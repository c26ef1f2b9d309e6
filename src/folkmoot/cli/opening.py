"""What commands share: the settings they are told of, the database behind them, and how they say no."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from folkmoot.cli.policy_files import NoPolicyError, source
from folkmoot.decide import starters
from folkmoot.decide.diagnose import PolicyError, examine
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.policies import StalePolicyError
from folkmoot.remember.store import Store
from folkmoot.settings import Settings, SettingsError, load


class CommandError(Exception):
    """The command can't be carried out; the message says why and what to do."""


TROUBLES = (CommandError, NoPolicyError, SettingsError, PolicyError, StalePolicyError)
"""What a command says no to in plain words, with exit status 2."""


@contextmanager
def opened(settings: Path | None) -> Iterator[tuple[Store, Settings]]:
    """Open the database that the settings name, for the time of one command."""
    read = load(settings)
    _see_to(read.database_url(), settings)
    try:
        store = Store(read.database_url())
    except (SQLAlchemyError, OSError) as trouble:
        raise CommandError(
            f"The database can't be opened ({type(trouble).__name__}). `folkmoot doctor` says what is wrong."
        ) from trouble
    try:
        yield store, read
    except UnknownGroupError as trouble:
        raise CommandError(
            f"There is no group “{trouble}”. `folkmoot groups` lists those there are."
        ) from trouble
    finally:
        store.close()


def _see_to(url: str, settings: Path | None) -> None:
    """Refuse to make a database by the way: without --settings it would lie wherever the person stands."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite" or Path(where.database or "").is_file():
        return
    named = "The settings name it" if settings else "Name the settings with --settings FILE"
    raise CommandError(
        f"There is no database at {where.database}. {named}; `folkmoot init FOLDER` makes settings and "
        "database, and `folkmoot doctor` says what is wrong."
    )


def named(settings: Path | None) -> str:
    """Return what a command that is suggested needs after it, to mean the same installation."""
    return f" --settings {settings}" if settings else ""


def policy_text(name: str) -> str:
    """Return a policy as TOML: a starter's by its name, or a file's once it was found to be right."""
    text = source(name)
    if name in starters.names():
        return text
    policy, findings = examine(text)
    if policy is None:
        raise PolicyError(findings)
    for finding in findings:
        print(finding, file=sys.stderr)
    return text


def refuse(command: str, trouble: Exception) -> int:
    """Say no on standard error, and return the exit status for it."""
    print(f"folkmoot {command}: {trouble}", file=sys.stderr)
    return 2
