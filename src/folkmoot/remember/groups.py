"""Groups and their settings; one function per change, each with its log entry."""

import secrets
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from folkmoot.remember import log, policies
from folkmoot.remember.records import Encrypted, Group
from folkmoot.remember.tables import groups
from folkmoot.vocabulary import OnFailure


class UnknownGroupError(Exception):
    """There is no group with this id; `folkmoot doctor` lists those there are."""


def create(
    connection: Connection,
    title: str,
    policy: str,
    *,
    by: str,
    at: float,
    language: str = "en",
    note: str = "",
) -> Group:
    """Create a group with its first policy version (TOML), in practice until an administrator says start."""
    group = secrets.token_hex(8)
    row = {
        "id": group,
        "title": title,
        "language": language,
        "practice": True,
        "on_failure": OnFailure.OPEN.value,
        "encrypted": Encrypted.SIGN.value,
        "policy_version": 1,
        "created_at": at,
        "created_by": by,
    }
    connection.execute(insert(groups).values(row))
    policies.add(connection, group, policy, by=by, at=at, note=note, version=1)
    log.write(connection, group, "group.created", by=by, at=at, subject=group, title=title)
    return get(connection, group)


def get(connection: Connection, group: str) -> Group:
    """Return one group; UnknownGroupError if there is none."""
    row = connection.execute(select(groups).where(groups.c.id == group)).one_or_none()
    if row is None:
        raise UnknownGroupError(group)
    return _record(row)


def every(connection: Connection) -> list[Group]:
    """Return all groups, oldest first."""
    return [_record(row) for row in connection.execute(select(groups).order_by(groups.c.created_at))]


def start(connection: Connection, group: str, *, by: str, at: float) -> None:
    """End practice: from now on verdicts take effect."""
    _change(connection, group, "group.started", by=by, at=at, practice=False)


def practise(connection: Connection, group: str, *, by: str, at: float) -> None:
    """Go back to practice: verdicts are recorded, and nothing is done about them."""
    _change(connection, group, "group.practice", by=by, at=at, practice=True)


def set_on_failure(connection: Connection, group: str, value: OnFailure, *, by: str, at: float) -> None:
    """Choose whether messages pass (*open*) or not (*closed*) while we cannot judge."""
    _change(connection, group, "group.on_failure", by=by, at=at, on_failure=value.value)


def set_encrypted(connection: Connection, group: str, value: Encrypted, *, by: str, at: float) -> None:
    """Choose whether messages that we cannot read are signed or refused."""
    _change(connection, group, "group.encrypted", by=by, at=at, encrypted=value.value)


def _change(connection: Connection, group: str, kind: str, *, by: str, at: float, **values: Any) -> None:
    get(connection, group)
    connection.execute(update(groups).where(groups.c.id == group).values(values))
    log.write(connection, group, kind, by=by, at=at, subject=group, **{k: str(v) for k, v in values.items()})


def _record(row: Row[Any]) -> Group:
    return Group(
        id=row.id,
        title=row.title,
        language=row.language,
        practice=row.practice,
        on_failure=OnFailure(row.on_failure),
        encrypted=Encrypted(row.encrypted),
        policy_version=row.policy_version,
        created_at=row.created_at,
        created_by=row.created_by,
    )
