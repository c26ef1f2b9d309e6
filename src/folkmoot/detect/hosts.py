"""Links of a kind, or to a host, that a rule names."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from math import inf
from typing import Final, NamedTuple

from folkmoot.detect.triggers import Find, LinkKind, Links
from folkmoot.text.hosts import skeleton
from folkmoot.text.links import Link

_SENTENCES: Final = {
    "shortener": "It links through {host}, which hides where the link leads.",
    "invite": "It invites people to another chat ({about}).",
    "lookalike": "It links to a site that looks like {about} and is another.",
    "mixed-script": "It links to a site whose name mixes letters of different alphabets.",
    "number": "It links to a bare network address instead of a name.",
    "hidden": "It writes a link so that programs should not see it.",
    "any": "It contains a link.",
}
LIST_NAME: Final = re.compile(r"[a-z0-9][a-z0-9\-]{0,39}")
"""How a list that somebody feeds may be called."""

_STRENGTH: Final = {"lookalike": 0.9, "mixed-script": 0.9}


class Hosts:
    """Hosts, and what is below them, each until a day if it has one; one is found at once among thousands."""

    def __init__(self, ends: Iterable[tuple[str, float]]) -> None:
        """Take hosts, each with the moment from which it does not count any more."""
        self._until = dict(ends)

    def above(self, host: str, now: float) -> str | None:
        """The host of the list that this host is, or is below; None if there is none any more."""
        if self._until:
            labels = host.split(".")
            for first in range(len(labels)):
                one = ".".join(labels[first:])
                if one in self._until and now < self._until[one]:
                    return one
        return None


def until(written: str) -> tuple[str, float]:
    """A host as a rule writes it, and its end: `bad.example until 2026-12-24`; ValueError for no date."""
    host, _, day = written.partition(" until ")
    if not day:
        return host, inf
    ends = datetime.combine(date.fromisoformat(day), time.max, UTC)
    return host, ends.timestamp()


Fed = Mapping[str, tuple[Hosts, ...]]
"""What operators feed, by the names of the lists: a group's own, and those for all groups."""


class Wanted(NamedTuple):
    """A trigger for links, made ready."""

    what: tuple[LinkKind, ...]
    hosts: Hosts
    lists: tuple[str, ...]
    except_hosts: Hosts
    known: dict[str, str]
    """Well-known hosts by how their names look."""


def wanted(trigger: Links, hosts: Iterable[str], except_hosts: Iterable[str]) -> Wanted:
    """Make a trigger ready; its lists are written out."""
    known = {skeleton(host.partition(".")[0]): host for host in trigger.well_known}
    excepted = map(until, (*except_hosts, *trigger.well_known))
    return Wanted(trigger.what, Hosts(map(until, hosts)), trigger.host_lists, Hosts(excepted), known)


def find(found: tuple[Link, ...], trigger: Wanted, now: float, fed: Fed) -> Find | None:
    """The first link that the trigger names, with every place where one stands."""
    named: list[tuple[Link, str, str]] = []
    for link in found:
        if not trigger.except_hosts.above(link.host, now) and (said := _named(link, trigger, now, fed)):
            named.append((link, *said))
    if not named:
        return None
    _, what, sentence = named[0]
    spans = tuple(link.span for link, _, _ in named)
    return Find(name=f"link.{what}", strength=_STRENGTH.get(what, 1.0), sentence=sentence, spans=spans)


def _named(link: Link, trigger: Wanted, now: float, fed: Fed) -> tuple[str, str] | None:
    """What the trigger names a link as, and in words; None where it does not."""
    if (host := trigger.hosts.above(link.host, now)) is not None:
        return "host", f"It links to {host}."
    for name in trigger.lists:
        for hosts in fed.get(name, ()):
            if (host := hosts.above(link.host, now)) is not None:
                return "host", f"It links to {host}, which is on the list “{name}”."
    if (like := _like(link, trigger.known)) is not None:
        return "lookalike", _SENTENCES["lookalike"].format(about=like)
    if kind := next((kind for kind in trigger.what if kind == "any" or kind in link.kinds), None):
        return kind, _SENTENCES[kind].format(host=link.domain, about=link.about)
    return None


def _like(link: Link, known: dict[str, str]) -> str | None:
    """The well-known host that a name was made to be taken for: the same at a glance, or joined to a word."""
    if not known:
        return None
    label = link.domain.partition(".")[0]
    return next((known[look] for look in map(skeleton, (label, *label.split("-"))) if look in known), None)
