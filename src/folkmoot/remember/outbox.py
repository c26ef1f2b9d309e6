"""Things to say or do outside, asked for inside a transaction and carried out after it, once."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from folkmoot.remember.quick import Putting
from folkmoot.remember.records import Letter
from folkmoot.remember.tables import outbox

_MOST_ATTEMPTS = 12
_LETTER: Final = Putting(outbox, ("group_id", "kind", "body", "made_at", "due_at", "attempts"))


def put(
    connection: Connection, group: str, kind: str, body: dict[str, str], *, at: float, after: float = 0.0
) -> int:
    """Ask for one letter, due `after` seconds from `at`; returns its id."""
    return _LETTER.numbered(connection, [_row(group, kind, body, at, after)])[0]


def put_all(connection: Connection, letters: Iterable[tuple[str, str, dict[str, str], float]]) -> None:
    """Ask for many letters, each given as group, kind, body and time; they are due at once."""
    _LETTER.all(connection, [_row(group, kind, body, at, 0.0) for group, kind, body, at in letters])


def _row(group: str, kind: str, body: dict[str, str], at: float, after: float) -> dict[str, object]:
    return {
        "group_id": group,
        "kind": kind,
        "body": msgspec.json.encode(body).decode(),
        "made_at": at,
        "due_at": at + after,
        "attempts": 0,
    }


def take_back(connection: Connection, group: str, *, verdict: str) -> None:
    """Drop the letters about a verdict that nobody has carried yet."""
    about = outbox.c.body.contains(f'"verdict":"{verdict}"', autoescape=True)
    connection.execute(delete(outbox).where(outbox.c.group_id == group, outbox.c.done_at.is_(None), about))


def take_back_case(connection: Connection, group: str, case: str) -> None:
    """Drop the letters about a case that nobody has carried yet."""
    about = outbox.c.body.contains(f'"case":"{case}"', autoescape=True)
    connection.execute(delete(outbox).where(outbox.c.group_id == group, outbox.c.done_at.is_(None), about))


def due(connection: Connection, *, now: float, kinds: tuple[str, ...], most: int = 50) -> list[Letter]:
    """Return the letters of these kinds that are due, oldest first."""
    query = (
        select(outbox)
        .where(outbox.c.done_at.is_(None), outbox.c.due_at <= now, outbox.c.kind.in_(kinds))
        .where(outbox.c.attempts < _MOST_ATTEMPTS)
        .order_by(outbox.c.id)
        .limit(most)
    )
    return [_letter(row) for row in connection.execute(query)]


def asked_since(connection: Connection, group: str, kind: str, body: dict[str, str], since: float) -> bool:
    """Tell whether this very letter was asked for after `since`, delivered by now or not."""
    same = (outbox.c.group_id == group, outbox.c.kind == kind, outbox.c.made_at > since)
    text = outbox.c.body == msgspec.json.encode(body).decode()
    return connection.execute(select(outbox.c.id).where(*same, text).limit(1)).first() is not None


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


def postpone(connection: Connection, letters: Iterable[int], *, until: float) -> None:
    """Hand these letters out again from `until` on; that is no failed attempt."""
    connection.execute(update(outbox).where(outbox.c.id.in_([*letters])).values(due_at=until))


def find(connection: Connection, letters: Iterable[int]) -> list[Letter]:
    """Return those of these letters that are not delivered yet, oldest first, due or not."""
    query = select(outbox).where(outbox.c.id.in_([*letters]), outbox.c.done_at.is_(None))
    return [_letter(row) for row in connection.execute(query.order_by(outbox.c.id))]


def given_up(connection: Connection, *, most: int = 50) -> list[int]:
    """Return the ids of letters that were tried too often: an operator must look."""
    query = select(outbox.c.id).where(outbox.c.done_at.is_(None), outbox.c.attempts >= _MOST_ATTEMPTS)
    return [row.id for row in connection.execute(query.limit(most))]


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        group=row.group_id,
        kind=row.kind,
        body=msgspec.json.decode(row.body, type=dict[str, str]),
        made_at=row.made_at,
        attempts=row.attempts,
    )
