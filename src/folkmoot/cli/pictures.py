"""`folkmoot pictures` and `folkmoot picture …`: a group's list of pictures that it does not want."""

import asyncio
import sys
import time
from pathlib import Path

from cyclopts import App

from folkmoot.cli.opening import TROUBLES, CommandError, opened, refuse
from folkmoot.cli.options import GroupId, SettingsFile
from folkmoot.media.looking import Looking, NoLookingError, can_look
from folkmoot.media.wire import Seen
from folkmoot.remember import pictures as remembered
from folkmoot.remember.pictures import BadFingerprintError, FullListError

app = App(name="picture", help="Add a picture to a group's list, or take one off.")

_BY = "operator"
_LARGEST = 256_000_000


def pictures(group: GroupId, *, settings: SettingsFile = None) -> int:
    """List the pictures that a group does not want: fingerprint and note."""
    try:
        with opened(settings) as (store, _):
            found = store.read_now(lambda c: remembered.every(c, group))
    except TROUBLES as trouble:
        return refuse("pictures", trouble)
    for one in found:
        print(f"{one.fingerprint}  {one.note}".rstrip())
    if not found:
        print("The list is empty. `folkmoot picture add GROUP FILE` adds a picture.", file=sys.stderr)
    return 0


@app.command
def add(group: GroupId, picture: str, *, note: str = "", settings: SettingsFile = None) -> int:
    """Add a picture: only its fingerprint is kept, the picture is not.

    Parameters
    ----------
    picture
        A file, or a PDQ fingerprint of 64 hexadecimal digits.
    note
        What it is, for those who read the list.
    """
    try:
        fingerprint = _fingerprint(picture)
        with opened(settings) as (store, _):
            new = store.write_now(
                lambda c: remembered.add(c, group, fingerprint, by=_BY, at=time.time(), note=note)
            )
    except (*TROUBLES, BadFingerprintError, FullListError) as trouble:
        return refuse("picture add", trouble)
    print(fingerprint)
    if not new:
        print("It was on the list already.", file=sys.stderr)
    return 0


@app.command
def remove(group: GroupId, fingerprint: str, *, settings: SettingsFile = None) -> int:
    """Take a picture off the list.

    Parameters
    ----------
    fingerprint
        Its fingerprint, as `folkmoot pictures` lists it.
    """
    try:
        with opened(settings) as (store, _):
            gone = store.write_now(lambda c: remembered.remove(c, group, fingerprint, by=_BY, at=time.time()))
        if not gone:
            raise CommandError("It is not on the list. `folkmoot pictures GROUP` shows what is.")
    except (*TROUBLES, BadFingerprintError) as trouble:
        return refuse("picture remove", trouble)
    print("It is off the list.")
    return 0


def _fingerprint(picture: str) -> str:
    """The fingerprint that somebody wrote, or that of the file they name."""
    path = Path(picture)
    if not path.is_file():
        if len(picture) == 64:
            return picture.lower()
        raise CommandError(f"There is no file “{picture}”, and it is no fingerprint of 64 digits.")
    if path.stat().st_size > _LARGEST:
        raise CommandError(f"The file “{picture}” is larger than {_LARGEST // 1_000_000} MB.")
    if not can_look():
        raise CommandError(
            "Pictures can't be looked at here: install folkmoot[media] (docs/operators/media.md)."
        )
    try:
        seen = asyncio.run(_look(path.read_bytes()))
    except OSError as trouble:
        raise CommandError(f"The file “{picture}” can't be read ({trouble.strerror}).") from trouble
    except NoLookingError as trouble:
        raise CommandError("The process that looks at pictures does not start.") from trouble
    if seen.unreadable or not seen.fingerprint:
        why = seen.unreadable or "It shows too little to be told from other pictures."
        raise CommandError(f"The picture “{picture}” can't be added. {why}")
    return seen.fingerprint


async def _look(file: bytes) -> Seen:
    looking = Looking()
    try:
        return await looking.look(file, (), group="")
    finally:
        await looking.close()
