"""What an installation stands on: folder, keys, database, disk, clock."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from folkmoot.cli.doctoring.findings import Found, not_needed, ok, wrong
from folkmoot.gateways.matrix.own_keys import KeyFileError, OwnKeys, open_keys
from folkmoot.remember import groups, outbox
from folkmoot.remember.migrations import configuration
from folkmoot.remember.tables import judged
from folkmoot.settings import Settings, SettingsError
from folkmoot.wiring import open_secret

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LEAST_FREE = 500_000_000
_FUTURE = 120.0


def folder(read: Settings) -> Found:
    """See whether the folder is there, ours, and closed to others."""
    path = Path(read.store.folder).absolute()
    if not path.is_dir():
        return wrong("folder", f"{path} is not there.", f"Run: folkmoot init {path}, or set store.folder.")
    seen = path.stat()
    if seen.st_uid != os.geteuid():
        return wrong("folder", f"{path} belongs to another account.", "Run this as the account that serves.")
    if seen.st_mode & _OTHERS:
        return wrong("folder", f"{path} is open to others.", f"Run: chmod 700 {path}")
    return ok("folder", f"{path}, closed to others.")


def keys(read: Settings) -> tuple[Found, OwnKeys | None]:
    """See whether every key file is there, readable by us alone, and sound; makes none."""
    path = Path(read.store.folder)
    names = ["secret.key"]
    if read.policy_server.server_name:
        names += ["federation.key", "policy.key"]
    for name in names:
        if not (path / name).exists():
            remedy = "Restore it from a backup; without one, the first start makes a new one."
            return wrong("keys", f"{path / name} is not there.", remedy), None
        if (path / name).stat().st_mode & _OTHERS:
            return wrong("keys", f"{path / name} is open to others.", f"Run: chmod 600 {path / name}"), None
    try:
        open_secret(path / "secret.key")
        own = open_keys(path) if read.policy_server.server_name else None
    except (SettingsError, KeyFileError) as trouble:
        return wrong("keys", str(trouble), "Restore the file from a backup."), None
    return ok("keys", f"{', '.join(names)}: sound, mode 600."), own


def database(read: Settings) -> Iterator[Found]:
    """See whether the database opens and has the version of this program; changes nothing in it."""
    url = make_url(read.database_url())
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield wrong("database", "It is not there yet.", "`folkmoot init` and the first start make it.")
        return
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield from _inside(connection)
    except (SQLAlchemyError, OSError) as trouble:
        cause = getattr(trouble, "orig", None) or trouble
        yield wrong(
            "database", f"It can't be opened: {cause}", "See that store.url is right and the database runs."
        )
    finally:
        engine.dispose()


def _inside(connection: Connection) -> Iterator[Found]:
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    version = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if version != newest:
        if version in known or not inspect(connection).get_table_names():
            remedy = "Back it up, then start `folkmoot serve`, which brings it up to date."
            yield wrong("database", f"It has version {version}, older than {newest}.", remedy)
        else:
            remedy = "Install the newer Folkmoot again, or restore the backup from before it."
            yield wrong("database", f"A newer Folkmoot made it (version {version}).", remedy)
        return
    yield ok("database", f"Opens, version {version}.")
    titles = [f"{group.title} ({group.id})" for group in groups.every(connection)]
    yield ok("groups", "; ".join(titles) if titles else "None yet.")
    yield _letters(connection)
    yield _past(connection)


def _letters(connection: Connection) -> Found:
    given_up = outbox.given_up(connection)
    if given_up:
        remedy = "The log names why; mend it, and tell the people concerned in another way."
        return wrong("letters", f"{len(given_up)} could not be delivered and were given up.", remedy)
    return ok("letters", "None was given up.")


def _past(connection: Connection) -> Found:
    latest = connection.execute(select(func.max(judged.c.at))).scalar_one_or_none()
    if latest is not None and latest > time.time() + _FUTURE:
        return wrong("clock", "It is behind: a message was judged later than now.", "Set it; use NTP.")
    return ok("clock", "Not behind what is in the database.")


def disk(read: Settings) -> Found:
    """See whether there is room to write."""
    path = Path(read.store.folder)
    if not path.is_dir():
        return not_needed("disk", "There is no folder to look at.")
    free = shutil.disk_usage(path).free
    seen = f"{free / 1e9:.1f} GB free."
    if free < _LEAST_FREE:
        return wrong("disk", seen, f"Make room: at least {_LEAST_FREE / 1e9:.1f} GB should be free.")
    return ok("disk", seen)
