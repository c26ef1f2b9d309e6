"""A group's overview: is it protected, is it practising, and what was judged, with reasons."""

import hashlib

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import groups, rooms, verdicts
from folkmoot.remember.records import Encrypted, Group, Protection, Room
from folkmoot.web.access import Who
from folkmoot.web.hall import Before, PageRequest, hall_of
from folkmoot.web.rendering import Translate, page, translate
from folkmoot.web.verdict_views import Read, read, verdict_views, with_names
from folkmoot.web.words import protection_words

_DAY = 86_400.0


class RoomView(Struct, frozen=True, kw_only=True):
    """Whether one room is protected, in words."""

    title: str
    state: str
    """*on*, *off*, *starting* or *unreadable*."""
    words: str
    reason: str
    since: float


class Status(Struct, frozen=True, kw_only=True):
    """How a group stands at this moment."""

    group: Group
    rooms: tuple[Room, ...]
    counts: dict[str, int]

    @property
    def mark(self) -> str:
        """What tells this status from another, in few letters: by it a page says what it shows."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

    @property
    def judged(self) -> int:
        """How many messages were judged in the last day."""
        return sum(self.counts.values())

    def done(self, outcome: str) -> int:
        """How many of them had this outcome."""
        return self.counts.get(outcome, 0)


def read_status(connection: Connection, group: str, *, now: float) -> Status:
    """Read how a group stands."""
    return Status(
        group=groups.get(connection, group),
        rooms=tuple(rooms.of_group(connection, group)),
        counts=verdicts.counts(connection, group, since=now - _DAY),
    )


def room_views(status: Status, _: Translate) -> list[RoomView]:
    """Return a group's rooms in words, those that need somebody to look first."""
    order = ("off", "starting", "unreadable", "on")
    views = [_room_view(room, status.group, _) for room in status.rooms]
    return sorted(views, key=lambda view: (order.index(view.state), view.title.casefold()))


def _room_view(room: Room, group: Group, _: Translate) -> RoomView:
    words = protection_words(room.protection, _)
    state, reason = room.protection.value, room.protection_reason
    if room.encrypted and room.protection is Protection.ON:
        state, words = "unreadable", _("Encrypted")
        reason = (
            _("Folkmoot can’t read messages here. They are refused.")
            if group.encrypted is Encrypted.REFUSE
            else _("Folkmoot can’t read messages here. They are delivered unread.")
        )
    return RoomView(
        title=room.title,
        state=state,
        words=words,
        reason="" if state == "on" or reason == words else reason,
        since=room.protection_at,
    )


@get("/groups/{group:str}", who=Who.ADMINISTRATOR)
async def overview(request: PageRequest, group: FromPath[str], before: Before = None) -> Response[bytes]:
    """Show how the group stands and its verdicts, newest first, or older than `before`."""
    hall, _ = hall_of(request), translate(request)
    now = hall.clock()
    status, was = await hall.store.read(
        lambda c: (read_status(c, group, now=now), read(c, group, before=before))
    )
    return page(
        request,
        "overview.html",
        group=status.group,
        status=status,
        rooms=room_views(status, _),
        verdicts=verdict_views(was, _),
        older=was.records[-1].seq if was.more else None,
        newest=was.records[0].seq if was.records else 0,
        live=before is None,
    )


@get("/groups/{group:str}/verdicts/{verdict:str}", who=Who.ADMINISTRATOR)
async def one_verdict(request: PageRequest, group: FromPath[str], verdict: FromPath[str]) -> Response[bytes]:
    """Show one verdict on a page of its own."""
    hall, _ = hall_of(request), translate(request)

    def look(connection: Connection) -> tuple[Group, Read]:
        found = verdicts.get(connection, verdict)
        if found is None or found.group != group:
            raise NotFoundException
        return groups.get(connection, group), with_names(connection, group, [found])

    the_group, was = await hall.store.read(look)
    return page(
        request,
        "verdict.html",
        group=the_group,
        verdict=verdict_views(was, _)[0],
        receipt=hall.receipts.link(verdict),
    )
