"""How many messages of each sender a group has seen; counted from what was judged, a little later.

An index over senders would cost every message as much as everything else that is written about it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select, text

from folkmoot.remember import gateway_state, sheets
from folkmoot.remember.tables import acquaintances

_WHERE: Final = ("intake", "counted-to")
_AT_ONCE: Final = 500
_COUNT: Final = text(
    "INSERT INTO acquaintances (group_id, sender, messages, last_at) "
    "VALUES (:group, :sender, :more, :last) "
    "ON CONFLICT (group_id, sender) DO UPDATE SET "
    "messages = acquaintances.messages + excluded.messages, last_at = excluded.last_at"
)


def count_on(connection: Connection, *, at: float, most: int = 5_000) -> bool:
    """Count the next messages that were judged, about so many; returns whether there may be more."""
    upto = 0
    counts: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], float] = {}
    found = 0
    for sheet in sheets.after(connection, _counted_to(connection), most=most):
        senders = [(sheet.group, entry.sender) for entry in sheet.entries]
        counts.update(senders)
        last |= zip(senders, [entry.at for entry in sheet.entries], strict=True)
        found, upto = found + len(senders), sheet.seq
    if not found:
        return False
    rows = [
        {"group": name[0], "sender": name[1], "more": more, "last": last[name]}
        for name, more in counts.items()
        if name[1]
    ]
    if rows:
        connection.execute(_COUNT, rows)
    gateway_state.put(connection, *_WHERE, str(upto), at=at)
    return found >= most


def of_senders(connection: Connection, group: str, senders: Sequence[str]) -> dict[str, int]:
    """Return how many messages of each of these senders the group has seen."""
    counts = dict.fromkeys(senders, 0)
    for first in range(0, len(senders), _AT_ONCE):
        query = select(acquaintances.c.sender, acquaintances.c.messages).where(
            acquaintances.c.group_id == group, acquaintances.c.sender.in_(senders[first : first + _AT_ONCE])
        )
        counts |= {row.sender: int(row.messages) for row in connection.execute(query)}
    for sheet in sheets.after(connection, _counted_to(connection)):
        for entry in sheet.entries if sheet.group == group else ():
            if entry.sender in counts:
                counts[entry.sender] += 1
    return counts


def latest(connection: Connection, *, most: int) -> list[tuple[tuple[str, str], int]]:
    """Return how many messages each group has seen of each sender: the `most` who wrote last, newest last."""
    query = select(acquaintances).order_by(acquaintances.c.last_at.desc()).limit(most)
    rows = [((row.group_id, row.sender), int(row.messages)) for row in connection.execute(query)]
    return rows[::-1]


def _counted_to(connection: Connection) -> int:
    return int(gateway_state.get(connection, *_WHERE) or 0)
