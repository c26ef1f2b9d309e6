"""A group's policy, versioned: a change is a new version, and every version stays readable."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from folkmoot.remember import log
from folkmoot.remember.records import PolicyVersion
from folkmoot.remember.tables import groups, policies


class StalePolicyError(Exception):
    """Somebody else changed the policy meanwhile; look at the newest version and try again."""


def add(
    connection: Connection, group: str, source: str, *, by: str, at: float, note: str, version: int
) -> PolicyVersion:
    """Add version number `version` and put it in force; it must be the one after the newest."""
    newest = connection.execute(
        select(policies.c.version)
        .where(policies.c.group_id == group)
        .order_by(policies.c.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    if version != (newest or 0) + 1:
        raise StalePolicyError
    made = PolicyVersion(group=group, version=version, source=source, made_by=by, made_at=at, note=note)
    connection.execute(
        insert(policies).values(
            group_id=group, version=version, source=source, made_by=by, made_at=at, note=note
        )
    )
    connection.execute(update(groups).where(groups.c.id == group).values(policy_version=version))
    log.write(connection, group, "policy.changed", by=by, at=at, subject=str(version), note=note)
    return made


def current(connection: Connection, group: str) -> PolicyVersion:
    """Return the version in force."""
    query = select(policies).join(groups, groups.c.id == policies.c.group_id)
    query = query.where(groups.c.id == group, policies.c.version == groups.c.policy_version)
    return _record(connection.execute(query).one())


def get(connection: Connection, group: str, version: int) -> PolicyVersion | None:
    """Return one version of a group's policy, in force or not; None if there is no such version."""
    query = select(policies).where(policies.c.group_id == group, policies.c.version == version)
    row = connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def history(connection: Connection, group: str) -> list[PolicyVersion]:
    """Return all versions, newest first."""
    query = select(policies).where(policies.c.group_id == group).order_by(policies.c.version.desc())
    return [_record(row) for row in connection.execute(query)]


def _record(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(
        group=row.group_id,
        version=row.version,
        source=row.source,
        made_by=row.made_by,
        made_at=row.made_at,
        note=row.note,
    )
