"""The lists of hosts that operators feed, kept in step with the store, without a restart."""

from collections.abc import Callable
from math import inf

from sqlalchemy import Connection

from folkmoot.detect.hosts import Fed, Hosts
from folkmoot.remember import host_lists
from folkmoot.remember.host_lists import HostList
from folkmoot.remember.store import Store

_Known = dict[str, tuple[HostList, Hosts]]


class Feeding:
    """Every list that a rule may name; one that did not change is not read again."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        """Know nothing until `refresh`."""
        self._store = store
        self._clock = clock
        self._known: _Known = {}
        self._for_all: Fed = {}
        self._by_group: dict[str, Fed] = {}

    async def refresh(self) -> bool:
        """Take over what changed; returns whether anything did."""
        known, now = self._known, self._clock()
        found = await self._store.read(lambda c: _read(c, known, now))
        if found is None:
            return False
        self._known = found
        by_group: dict[str | None, dict[str, tuple[Hosts, ...]]] = {}
        for one, hosts in found.values():
            by_group.setdefault(one.group, {})[one.name] = (hosts,)
        for_all = by_group.pop(None, {})
        self._for_all = for_all
        self._by_group = {
            group or "": for_all | {name: hosts + for_all.get(name, ()) for name, hosts in own.items()}
            for group, own in by_group.items()
        }
        return True

    def of(self, group: str) -> Fed:
        """The lists that a group's rules can name: its own, and those for all groups."""
        return self._by_group.get(group, self._for_all)


def _read(connection: Connection, known: _Known, now: float) -> _Known | None:
    """Every list with its hosts, only what changed read anew; None where nothing did."""
    lists = {one.id: one for one in host_lists.every(connection)}
    if lists == {name: one for name, (one, _) in known.items()}:
        return None
    return {
        name: known[name] if name in known and known[name][0] == one else (one, _hosts(connection, name, now))
        for name, one in lists.items()
    }


def _hosts(connection: Connection, list_id: str, now: float) -> Hosts:
    entries = host_lists.entries(connection, list_id, now=now)
    return Hosts((one.host, inf if one.until is None else one.until) for one in entries)
