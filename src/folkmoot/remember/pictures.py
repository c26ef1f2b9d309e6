"""The pictures that a group does not want: fingerprints and who added them, never the pictures themselves."""

import re
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from folkmoot.remember import groups, log
from folkmoot.remember.host_tables import unwanted_pictures
from folkmoot.remember.records import UnwantedPicture

MOST: Final = 5_000
"""Pictures on one group's list: looking at the list stays quick."""
_FORM: Final = re.compile(r"[0-9a-f]{64}")


class BadFingerprintError(ValueError):
    """This is no PDQ fingerprint: it has 64 hexadecimal digits."""


class FullListError(ValueError):
    """The group's list is full; remove pictures from it first."""


def add(connection: Connection, group: str, fingerprint: str, *, by: str, at: float, note: str = "") -> bool:
    """Put a picture on a group's list; False if it is there already."""
    fingerprint = _checked(fingerprint)
    groups.get(connection, group)
    if fingerprint in fingerprints(connection, group):
        return False
    count = select(func.count()).select_from(unwanted_pictures).where(unwanted_pictures.c.group_id == group)
    if connection.execute(count).scalar_one() >= MOST:
        raise FullListError(f"The list has {MOST} pictures already.")
    row = {"group_id": group, "fingerprint": fingerprint, "note": note, "added_by": by, "added_at": at}
    connection.execute(insert(unwanted_pictures).values(row))
    log.write(connection, group, "picture.added", by=by, at=at, subject=fingerprint, note=note)
    return True


def remove(connection: Connection, group: str, fingerprint: str, *, by: str, at: float) -> bool:
    """Take a picture off a group's list; False if it is not there."""
    fingerprint = _checked(fingerprint)
    gone = connection.execute(
        delete(unwanted_pictures).where(
            unwanted_pictures.c.group_id == group, unwanted_pictures.c.fingerprint == fingerprint
        )
    )
    if gone.rowcount:
        log.write(connection, group, "picture.removed", by=by, at=at, subject=fingerprint)
    return bool(gone.rowcount)


def every(connection: Connection, group: str) -> list[UnwantedPicture]:
    """Return a group's list, the oldest first."""
    query = (
        select(unwanted_pictures)
        .where(unwanted_pictures.c.group_id == group)
        .order_by(unwanted_pictures.c.added_at, unwanted_pictures.c.fingerprint)
    )
    return [
        UnwantedPicture(
            group=row.group_id,
            fingerprint=row.fingerprint,
            note=row.note,
            added_by=row.added_by,
            added_at=row.added_at,
        )
        for row in connection.execute(query)
    ]


def fingerprints(connection: Connection, group: str) -> tuple[str, ...]:
    """Return the fingerprints on a group's list."""
    query = select(unwanted_pictures.c.fingerprint).where(unwanted_pictures.c.group_id == group)
    return tuple(connection.execute(query).scalars())


def _checked(fingerprint: str) -> str:
    plain = fingerprint.strip().lower()
    if not _FORM.fullmatch(plain):
        raise BadFingerprintError("A PDQ fingerprint has 64 hexadecimal digits.")
    return plain
