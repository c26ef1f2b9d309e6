"""A group's log: who did what, and when."""

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from folkmoot.remember import groups, log
from folkmoot.web.access import Who
from folkmoot.web.hall import Before, PageRequest, hall_of
from folkmoot.web.log_words import log_words
from folkmoot.web.rendering import page, translate

_MOST = 50


class LineView(Struct, frozen=True, kw_only=True):
    """One line of the log in words."""

    seq: int
    at: float
    by: str
    words: str
    note: str


@get("/groups/{group:str}/log", who=Who.ADMINISTRATOR)
async def log_page(request: PageRequest, group: FromPath[str], before: Before = None) -> Response[bytes]:
    """Show the log, newest first, or older than the line `before`."""
    _ = translate(request)
    found, entries = await hall_of(request).store.read(
        lambda c: (groups.get(c, group), log.entries(c, group, before=before, most=_MOST + 1))
    )
    lines = [
        LineView(
            seq=entry.seq,
            at=entry.at,
            by=entry.by,
            words=log_words(entry, _),
            note=entry.body.get("note", ""),
        )
        for entry in entries[:_MOST]
    ]
    older = lines[-1].seq if len(entries) > _MOST else None
    return page(request, "log.html", group=found, lines=lines, older=older, newest=before is None)
