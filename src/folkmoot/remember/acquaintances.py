"""How many messages of each sender a group has seen; counted from what was judged, a little later.

An index over senders would cost every message as much as everything else that is written about it.
"""

from typing import Final

from sqlalchemy import Connection, func, select, text

from folkmoot.remember import gateway_state
from folkmoot.remember.tables import acquaintances, judged

_WHERE: Final = ("intake", "counted-to")
_COUNT: Final = text(
    "INSERT INTO acquaintances (group_id, sender, messages, last_at) "
    "SELECT group_id, sender, count(*), max(at) FROM judged "
    "WHERE seq > :after AND seq <= :upto AND sender <> '' GROUP BY group_id, sender "
    "ON CONFLICT (group_id, sender) DO UPDATE SET "
    "messages = acquaintances.messages + excluded.messages, last_at = excluded.last_at"
)


def count_on(connection: Connection, *, at: float, most: int = 2_000) -> bool:
    """Count the next messages that were judged, at most so many; returns whether there may be more."""
    after = _counted_to(connection)
    rows = select(judged.c.seq).where(judged.c.seq > after).order_by(judged.c.seq).limit(most).subquery()
    found, upto = connection.execute(select(func.count(), func.max(rows.c.seq)).select_from(rows)).one()
    if not found:
        return False
    connection.execute(_COUNT, {"after": after, "upto": upto})
    gateway_state.put(connection, *_WHERE, str(upto), at=at)
    return bool(found == most)


def of_sender(connection: Connection, group: str, sender: str) -> int:
    """Return how many messages of a sender the group has seen."""
    counted = connection.execute(
        select(acquaintances.c.messages).where(
            acquaintances.c.group_id == group, acquaintances.c.sender == sender
        )
    ).scalar_one_or_none()
    uncounted = connection.execute(
        select(func.count())
        .select_from(judged)
        .where(judged.c.seq > _counted_to(connection), judged.c.group_id == group, judged.c.sender == sender)
    ).scalar_one()
    return int(counted or 0) + int(uncounted)


def latest(connection: Connection, *, most: int) -> list[tuple[tuple[str, str], int]]:
    """Return how many messages each group has seen of each sender: the `most` who wrote last, newest last."""
    query = select(acquaintances).order_by(acquaintances.c.last_at.desc()).limit(most)
    rows = [((row.group_id, row.sender), int(row.messages)) for row in connection.execute(query)]
    return rows[::-1]


def _counted_to(connection: Connection) -> int:
    return int(gateway_state.get(connection, *_WHERE) or 0)
