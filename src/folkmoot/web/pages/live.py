"""News of a group while its overview is open, as server-sent events: new verdicts, and a change of status."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import get
from litestar.exceptions import ServiceUnavailableException
from litestar.params import FromPath
from litestar.response import ServerSentEvent, Stream
from litestar.response.sse import ServerSentEventMessage
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.languages import Tongue
from folkmoot.remember.records import VerdictRecord
from folkmoot.web.access import Viewer, Who, look_again, the_viewer
from folkmoot.web.hall import Before, Hall, PageRequest, hall_of
from folkmoot.web.pages.overview import Status, read_status, room_views
from folkmoot.web.rendering import language_of, surroundings
from folkmoot.web.verdict_views import Read, read, verdict_views

_BEAT = 5.0
"""Seconds between two looks at the status; each also keeps the connection alive."""
_GATHER = 0.2
"""Seconds in which verdicts gather into one message."""
_LASTS = 900.0
"""Seconds after which a stream ends; the page comes back by itself."""


class Place(Struct, kw_only=True):
    """Where a stream stands: the last verdict and the last status that were sent."""

    group: str
    language: Tongue
    last: int
    status: str = ""
    shown: str = ""
    """The mark of the status that the page shows: it may have changed before the stream began."""


@get("/groups/{group:str}/live", who=Who.ADMINISTRATOR)
async def live(request: PageRequest, group: FromPath[str], after: Before = None) -> Stream:
    """Send what is newer than `after`, or than the last event that the page has seen, and go on."""
    hall, viewer = hall_of(request), the_viewer(request)
    if not hall.streams.room_for(viewer.person):
        raise ServiceUnavailableException(headers={"Retry-After": "60"})
    seen = request.headers.get("last-event-id", "")
    last = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else (after or 0)
    shown = request.query_params.get("shown", "")
    place = Place(group=group, language=language_of(request), last=last, shown=shown)
    return ServerSentEvent(_events(hall, viewer, place))


async def _events(hall: Hall, viewer: Viewer, place: Place) -> AsyncIterator[ServerSentEventMessage]:
    loop = asyncio.get_running_loop()
    end = loop.time() + _LASTS
    with hall.streams.one(viewer.person):
        async with hall.feed.subscribe(place.group) as records:
            waiting = _wait_for(records)
            try:
                while loop.time() < end:
                    news = await _news(hall, place)
                    # Looked at anew each time, and after the news was read: who signed out or lost the role
                    # before something happened does not hear of it.
                    now = await look_again(hall, viewer)
                    if now is None or place.group not in now.groups:
                        return
                    yield news
                    waiting = await _next(records, waiting)
            finally:
                waiting.cancel()


async def _next(
    records: AsyncIterator[VerdictRecord], waiting: "asyncio.Future[VerdictRecord]"
) -> "asyncio.Future[VerdictRecord]":
    """Wait for news or for the next beat; the store then says what there is, and misses none."""
    await asyncio.wait({waiting}, timeout=_BEAT)
    if not waiting.done():
        return waiting
    await asyncio.sleep(_GATHER)
    while waiting.done():
        waiting.result()
        waiting = _wait_for(records)
        await asyncio.sleep(0)
    return waiting


def _wait_for(records: AsyncIterator[VerdictRecord]) -> "asyncio.Future[VerdictRecord]":
    return asyncio.ensure_future(anext(records))


async def _news(hall: Hall, place: Place) -> ServerSentEventMessage:
    """Return what is new as one message; a comment that keeps the connection alive if nothing is."""
    at = hall.clock()

    def look(connection: Connection) -> tuple[Status, Read]:
        return read_status(connection, place.group, now=at), read(connection, place.group, after=place.last)

    status, was = await hall.store.read(look)
    around = surroundings(place.language)
    shown = _render(
        hall, "_status.html", {**around, "status": status, "rooms": room_views(status, place.language)}
    )
    parts = []
    if was.records:
        parts.append(
            _render(
                hall,
                "_verdicts.html",
                {**around, "verdicts": verdict_views(was, place.language), "gap": was.more},
            )
        )
        place.last = was.records[0].seq
    if place.status != shown:
        if place.status or place.shown not in ("", status.mark):
            parts.append(f'<hx-partial hx-target="#status" hx-swap="innerHTML">{shown}</hx-partial>')
        place.status = shown
    if not parts:
        return ServerSentEventMessage(comment="here", data=None)
    return ServerSentEventMessage(data="".join(parts), id=place.last)


def _render(hall: Hall, template: str, context: dict[str, Any]) -> str:
    return hall.templates.get_template(template).render(context)
