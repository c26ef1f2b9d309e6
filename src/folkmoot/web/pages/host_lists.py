"""The lists of hosts that a group's rules name, to be read by everybody who may read the rules."""

from collections.abc import Iterator
from datetime import UTC, datetime

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import Connection

from folkmoot.decide.phrases import host_lists_of
from folkmoot.remember import groups, host_lists, policies
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.host_lists import HostList, ListedHost
from folkmoot.web.access import Who
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rule_views import policy_of

Found = list[tuple[HostList, list[ListedHost]]]


@get("/g/{group:str}/hosts/{name:str}", who=Who.ANYBODY, media_type=MediaType.TEXT)
async def listed_hosts(request: PageRequest, group: FromPath[str], name: FromPath[str]) -> Response[str]:
    """Show a list as plain text: what it is for, then each host with its end and why it is there."""
    hall = hall_of(request)
    now = hall.clock()

    def look(connection: Connection) -> Found:
        groups.get(connection, group)
        # What is fed for other groups' rules is not this group's to show.
        if name not in host_lists_of(policy_of(policies.current(connection, group))):
            raise NotFoundException
        lists = [one for one in host_lists.readable(connection, group) if one.name == name]
        return [(one, host_lists.entries(connection, one.id, now=now)) for one in lists]

    try:
        found = await hall.store.read(look)
    except UnknownGroupError as unknown:
        raise NotFoundException from unknown
    return Response("\n".join(_lines(name, found)) + "\n", media_type=MediaType.TEXT)


def _lines(name: str, found: Found) -> Iterator[str]:
    yield f"# {name}"
    for one, hosts in found:
        if one.purpose:
            yield f"# {one.purpose}"
        for host in hosts:
            end = "" if host.until is None else datetime.fromtimestamp(host.until, UTC).date().isoformat()
            yield ",".join((host.host, _cell(host.note), end)).rstrip(",")


def _cell(note: str) -> str:
    plain = " ".join(note.split())
    return '"' + plain.replace('"', '""') + '"' if {",", '"'} & {*plain} else plain
