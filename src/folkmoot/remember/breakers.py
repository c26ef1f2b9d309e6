"""Breakers as rows: in which groups too much happened at once, and who let it go on."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select, update

from folkmoot.remember import log
from folkmoot.remember.deciding_tables import breakers


class Breaker(Struct, frozen=True, kw_only=True):
    """Too much happened at once in a group; restrictions wait until a person lets them go on."""

    id: int
    group: str
    tripped_at: float
    confirmed_at: float | None
    confirmed_by: str | None


def trip(connection: Connection, group: str, *, at: float, why: str) -> Breaker:
    """Let restrictions in a group wait from now on, with its entry in the log."""
    row = {"group_id": group, "tripped_at": at}
    number = connection.execute(insert(breakers).values(row).returning(breakers.c.id)).scalar_one()
    log.write(connection, group, "breaker.tripped", by="folkmoot", at=at, subject=str(number), why=why)
    return Breaker(id=number, group=group, tripped_at=at, confirmed_at=None, confirmed_by=None)


def tripped(connection: Connection, group: str) -> Breaker | None:
    """Return the breaker that holds restrictions in a group back; None if none does."""
    query = select(breakers).where(breakers.c.group_id == group, breakers.c.confirmed_at.is_(None))
    row = connection.execute(query.order_by(breakers.c.id).limit(1)).one_or_none()
    return None if row is None else _breaker(row)


def get(connection: Connection, breaker: int) -> Breaker | None:
    """Return a breaker by its id."""
    row = connection.execute(select(breakers).where(breakers.c.id == breaker)).one_or_none()
    return None if row is None else _breaker(row)


def confirm(connection: Connection, group: str, *, by: str, at: float) -> bool:
    """Let restrictions in a group go on, with its entry in the log; False if nothing held them."""
    held = tripped(connection, group)
    if held is None:
        return False
    change = update(breakers).where(breakers.c.group_id == group, breakers.c.confirmed_at.is_(None))
    connection.execute(change.values(confirmed_at=at, confirmed_by=by))
    log.write(connection, group, "breaker.confirmed", by=by, at=at, subject=str(held.id))
    return True


def last_confirmed(connection: Connection, group: str) -> float:
    """Return when a person last let restrictions go on in a group; 0 if nobody had to."""
    query = select(func.max(breakers.c.confirmed_at)).where(breakers.c.group_id == group)
    return float(connection.execute(query).scalar_one() or 0.0)


def _breaker(row: Row[Any]) -> Breaker:
    return Breaker(
        id=row.id,
        group=row.group_id,
        tripped_at=row.tripped_at,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )
