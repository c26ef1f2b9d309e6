"""The statement of reasons of one verdict: readable by whoever has its link, without an account."""

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import Connection

from folkmoot.remember import groups, verdicts
from folkmoot.remember.records import Group
from folkmoot.web.access import Who
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rendering import page, translate
from folkmoot.web.verdict_views import Read, verdict_views, with_names


@get("/receipt/{token:str}", who=Who.ANYBODY)
async def receipt(request: PageRequest, token: FromPath[str]) -> Response[bytes]:
    """Say what was done, where and when, by which rule, found how, and what the member can do."""
    hall = hall_of(request)
    verdict = hall.receipts.verdict(token)
    if verdict is None:
        raise NotFoundException

    def look(connection: Connection) -> tuple[Group, Read]:
        found = verdicts.get(connection, verdict)
        if found is None:
            raise NotFoundException
        return groups.get(connection, found.group), with_names(connection, found.group, [found])

    group, was = await hall.store.read(look)
    return page(
        request,
        "receipt.html",
        group=group,
        verdict=verdict_views(was, translate(request))[0],
        record=was.records[0],
    )
