"""Lists of hosts that an operator feeds, for one group or for all: who is on them, why, and until when.

They are part of the rules that name them: whoever may read the rules may read the lists.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from folkmoot.remember import groups, log
from folkmoot.remember.host_tables import host_lists, listed_hosts

MOST_HOSTS: Final = 200_000
MOST_LISTS: Final = 50
"""Hosts on one list, and lists of one group or of the installation."""
_AT_ONCE: Final = 500


class FullListError(ValueError):
    """The list, or the number of lists, is as large as it may be."""


class UnknownListError(LookupError):
    """There is no list of that name."""


class HostList(Struct, frozen=True, kw_only=True):
    """One list, without its hosts."""

    id: str
    group: str | None
    """The group that it is for; None if it is for all."""
    name: str
    purpose: str
    changed_at: float
    count: int = 0
    """How many hosts are on it."""


class ListedHost(Struct, frozen=True, kw_only=True):
    """One host on a list."""

    host: str
    note: str = ""
    until: float | None = None
    """When it ends; None if it does not end by itself."""


def find(connection: Connection, group: str | None, name: str) -> HostList:
    """Return a list by its name; UnknownListError if there is none."""
    for one in _select(connection, _of(group) & (host_lists.c.name == name)):
        return one
    raise UnknownListError(name)


def put(
    connection: Connection,
    group: str | None,
    name: str,
    hosts: Sequence[ListedHost],
    *,
    by: str,
    at: float,
    purpose: str | None = None,
    whole: bool = False,
) -> tuple[int, int]:
    """Put hosts on a list, which is made if there is none; returns how many are new, and how many went.

    With `whole` these are all that stand on it from now on. A host that is there already gets the new note
    and end.
    """
    found = _made(connection, group, name, at)
    if purpose is not None:
        connection.execute(update(host_lists).where(host_lists.c.id == found.id).values(purpose=purpose))
    before = {one.host: one for one in entries(connection, found.id)}
    gone = before.keys() - {one.host for one in hosts} if whole else set()
    if len(before.keys() | {one.host for one in hosts}) - len(gone) > MOST_HOSTS:
        raise FullListError(f"A list holds {MOST_HOSTS:,} hosts at most.")
    _take_off(connection, found.id, [*gone, *(one.host for one in hosts if one.host in before)])
    rows = [_values(found.id, one, by, at) for one in hosts]
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(listed_hosts), rows[first : first + _AT_ONCE])
    new = sum(one.host not in before for one in hosts)
    _note(connection, found, by, at, new=new, gone=len(gone))
    return new, len(gone)


def remove(
    connection: Connection, group: str | None, name: str, hosts: Iterable[str], *, by: str, at: float
) -> int:
    """Take hosts off a list; returns how many were there."""
    found = find(connection, group, name)
    gone = _take_off(connection, found.id, [*hosts])
    if gone:
        _note(connection, found, by, at, new=0, gone=gone)
    return gone


def drop(connection: Connection, group: str | None, name: str, *, by: str, at: float) -> int:
    """Remove a whole list; returns how many hosts were on it."""
    found = find(connection, group, name)
    gone = connection.execute(delete(listed_hosts).where(listed_hosts.c.list_id == found.id)).rowcount
    connection.execute(delete(host_lists).where(host_lists.c.id == found.id))
    _note(connection, found, by, at, new=0, gone=gone)
    return gone


def lists(connection: Connection, group: str | None) -> list[HostList]:
    """Return the lists of a group, or with None those for all, by name."""
    return _select(connection, _of(group))


def readable(connection: Connection, group: str) -> list[HostList]:
    """Return every list that a rule of this group can name: its own, and those for all."""
    return _select(connection, _of(group) | _of(None))


def every(connection: Connection) -> list[HostList]:
    """Return all lists of the installation, without counting their hosts."""
    return [_list(row, 0) for row in connection.execute(select(host_lists))]


def entries(connection: Connection, list_id: str, *, now: float | None = None) -> list[ListedHost]:
    """Return the hosts on a list, by name; with `now` only those that have not ended."""
    query = select(listed_hosts).where(listed_hosts.c.list_id == list_id)
    if now is not None:
        query = query.where(listed_hosts.c.until.is_(None) | (listed_hosts.c.until > now))
    return [
        ListedHost(host=row.host, note=row.note, until=row.until)
        for row in connection.execute(query.order_by(listed_hosts.c.host))
    ]


def sweep(connection: Connection, *, now: float) -> int:
    """Forget hosts whose end is over; returns how many."""
    return connection.execute(delete(listed_hosts).where(listed_hosts.c.until <= now)).rowcount


def _made(connection: Connection, group: str | None, name: str, at: float) -> HostList:
    if group is not None:
        groups.get(connection, group)
    try:
        return find(connection, group, name)
    except UnknownListError:
        pass
    if len(lists(connection, group)) >= MOST_LISTS:
        raise FullListError(f"There are {MOST_LISTS} lists already; remove one first.")
    made = HostList(id=secrets.token_hex(16), group=group, name=name, purpose="", changed_at=at)
    values = {"id": made.id, "group_id": group, "name": name, "purpose": "", "changed_at": at}
    connection.execute(insert(host_lists).values(values))
    return made


def _take_off(connection: Connection, list_id: str, hosts: Sequence[str]) -> int:
    gone = 0
    for first in range(0, len(hosts), _AT_ONCE):
        some = hosts[first : first + _AT_ONCE]
        where = (listed_hosts.c.list_id == list_id) & listed_hosts.c.host.in_(some)
        gone += connection.execute(delete(listed_hosts).where(where)).rowcount
    return gone


def _note(connection: Connection, found: HostList, by: str, at: float, *, new: int, gone: int) -> None:
    """Note a change: in the group's log, and where those look who judge."""
    # Two changes in one moment are two changes.
    at = max(at, found.changed_at + 1e-3)
    connection.execute(update(host_lists).where(host_lists.c.id == found.id).values(changed_at=at))
    if found.group is not None:
        numbers = {"new": str(new), "gone": str(gone)}
        log.write(connection, found.group, "hosts.changed", by=by, at=at, subject=found.name, **numbers)


def _of(group: str | None) -> ColumnElement[bool]:
    return host_lists.c.group_id.is_(None) if group is None else host_lists.c.group_id == group


def _select(connection: Connection, where: ColumnElement[bool]) -> list[HostList]:
    count = select(func.count()).where(listed_hosts.c.list_id == host_lists.c.id).scalar_subquery()
    query = select(host_lists, count.label("hosts")).where(where).order_by(host_lists.c.name)
    return [_list(row, row.hosts) for row in connection.execute(query)]


def _list(row: Row[Any], count: int) -> HostList:
    return HostList(
        id=row.id,
        group=row.group_id,
        name=row.name,
        purpose=row.purpose,
        changed_at=row.changed_at,
        count=count,
    )


def _values(list_id: str, one: ListedHost, by: str, at: float) -> dict[str, object]:
    return {
        "list_id": list_id,
        "host": one.host,
        "note": one.note,
        "until": one.until,
        "added_by": by,
        "added_at": at,
    }
