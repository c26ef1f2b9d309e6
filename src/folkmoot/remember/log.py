"""The group's log: every state change is an entry, written in the same transaction."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select

from folkmoot.remember.quick import Putting
from folkmoot.remember.records import LogEntry
from folkmoot.remember.tables import log

_ENTRY: Final = Putting(log, ("group_id", "at", "by", "kind", "subject", "body"))


def write(
    connection: Connection,
    group: str,
    kind: str,
    *,
    by: str,
    at: float,
    subject: str = "",
    **body: str,
) -> int:
    """Add one entry and return its sequence number; `body` never holds message text."""
    row = {
        "group_id": group,
        "at": at,
        "by": by,
        "kind": kind,
        "subject": subject,
        "body": msgspec.json.encode(body).decode(),
    }
    return _ENTRY.numbered(connection, [row])[0]


def entries(
    connection: Connection, group: str, *, before: int | None = None, most: int = 50
) -> list[LogEntry]:
    """Return the newest entries of a group, newest first, older than sequence number `before`."""
    query = select(log).where(log.c.group_id == group).order_by(log.c.seq.desc()).limit(most)
    if before is not None:
        query = query.where(log.c.seq < before)
    return [
        LogEntry(
            seq=row.seq,
            group=row.group_id,
            at=row.at,
            by=row.by,
            kind=row.kind,
            subject=row.subject,
            body=msgspec.json.decode(row.body, type=dict[str, str]),
        )
        for row in connection.execute(query)
    ]
