"""Things to say or do outside, asked for inside a transaction and carried out after it, once."""

import msgspec
from sqlalchemy import Connection, insert, select, update

from folkmoot.remember.records import Letter
from folkmoot.remember.tables import outbox

_MOST_ATTEMPTS = 12


def put(
    connection: Connection, group: str, kind: str, body: dict[str, str], *, at: float, after: float = 0.0
) -> int:
    """Ask for one letter, due `after` seconds from `at`; returns its id."""
    row = {
        "group_id": group,
        "kind": kind,
        "body": msgspec.json.encode(body).decode(),
        "made_at": at,
        "due_at": at + after,
        "attempts": 0,
    }
    return int(connection.execute(insert(outbox).values(row).returning(outbox.c.id)).scalar_one())


def due(connection: Connection, *, now: float, kinds: tuple[str, ...], most: int = 50) -> list[Letter]:
    """Return the letters of these kinds that are due, oldest first."""
    query = (
        select(outbox)
        .where(outbox.c.done_at.is_(None), outbox.c.due_at <= now, outbox.c.kind.in_(kinds))
        .where(outbox.c.attempts < _MOST_ATTEMPTS)
        .order_by(outbox.c.id)
        .limit(most)
    )
    return [
        Letter(
            id=row.id,
            group=row.group_id,
            kind=row.kind,
            body=msgspec.json.decode(row.body, type=dict[str, str]),
            made_at=row.made_at,
            attempts=row.attempts,
        )
        for row in connection.execute(query)
    ]


def done(connection: Connection, letter: int, *, at: float) -> None:
    """Note that the letter was delivered; it will not be handed out again."""
    connection.execute(update(outbox).where(outbox.c.id == letter).values(done_at=at))


def failed(connection: Connection, letter: int, trouble: str, *, at: float) -> None:
    """Note a failed attempt and try again later, waiting twice as long each time (2 s to about an hour)."""
    attempts = connection.execute(select(outbox.c.attempts).where(outbox.c.id == letter)).scalar_one() + 1
    connection.execute(
        update(outbox)
        .where(outbox.c.id == letter)
        .values(attempts=attempts, trouble=trouble[:500], due_at=at + min(2.0**attempts, 3600.0))
    )


def given_up(connection: Connection, *, most: int = 50) -> list[int]:
    """Return the ids of letters that were tried too often: an operator must look."""
    query = select(outbox.c.id).where(outbox.c.done_at.is_(None), outbox.c.attempts >= _MOST_ATTEMPTS)
    return [row.id for row in connection.execute(query.limit(most))]
