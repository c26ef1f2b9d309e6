"""What members report through their app's own function: asked of the homeserver, where that is a Synapse.

A report to the homeserver reaches no policy server and no bot by itself (Synapse has no callback for it), so
its list of reported events is looked through (admin API, Show reported events). Only what concerns rooms of
ours is taken; the rest is forgotten at once.
"""

import asyncio
import json
import ssl
from typing import Any, Protocol

import httpx2
from msgspec import Struct

from folkmoot.gateways.matrix.bot import faults, messages, notes
from folkmoot.gateways.matrix.bot.asking import Desk
from folkmoot.gateways.matrix.bot.members.asked import Place, asked_in
from folkmoot.gateways.matrix.bot.members.reporting import Reporting
from folkmoot.gateways.matrix.bot.wire import Content, OutOfReachError, RefusedError, list_of, text_of
from folkmoot.observe import logger
from folkmoot.remember.deciding import Source

_PLACE = "/_synapse/admin/v1/event_reports"
_PATIENCE = 20.0
_PAGE = 50
_MOST_PAGES = 20
_LARGEST = 4_000_000
_LONGEST_PAUSE = 600.0
_log = logger("bot")


class Told(Struct, frozen=True, kw_only=True):
    """One report, as a homeserver has it."""

    number: int
    room: str
    event: str
    reporter: str
    reason: str = ""


class Seen(Struct, frozen=True):
    """Up to which report we have taken the homeserver's."""

    number: int


class ReportList(Protocol):
    """A homeserver's list of what its members reported."""

    async def page(self, begin: int) -> list[Told]:
        """Return some reports from a place on, the newest first; OutOfReachError or RefusedError if not."""

    async def close(self) -> None:
        """Let go of the connections."""


class SynapseReports:
    """Synapse's list of reported events, for which it takes an administrator's token."""

    def __init__(self, homeserver: str, token: str, *, authority: str = "") -> None:
        """Ask the homeserver at a client address; `authority` is a private one to trust."""
        self._client = httpx2.AsyncClient(
            base_url=homeserver.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=_PATIENCE,
            trust_env=False,
            verify=ssl.create_default_context(cafile=authority) if authority else True,
        )

    async def page(self, begin: int) -> list[Told]:
        """Return some reports from a place on, the newest first."""
        try:
            async with self._client.stream(
                "GET", _PLACE, params={"from": begin, "limit": _PAGE, "dir": "b"}
            ) as answer:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise OutOfReachError("the homeserver's answer is too large")
        except httpx2.TransportError as trouble:
            raise OutOfReachError(type(trouble).__name__) from trouble
        if answer.status_code != 200:
            raise RefusedError(answer.status_code, "M_UNKNOWN", "the list of reports was refused")
        return read_page(_decoded(bytes(body)))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


class HomeserverReports:
    """Takes over what members reported to their homeserver, each report once."""

    def __init__(self, desk: Desk, listed: ReportList, *, every: float) -> None:
        """Look every `every` seconds."""
        self._desk = desk
        self._here = desk.here
        self._listed = listed
        self._every = every
        self._reporting = Reporting(desk)

    async def run(self) -> None:
        """Look until cancelled; less and less often while the homeserver refuses."""
        pause = self._every
        while True:
            try:
                await self.look()
                pause = self._every
            except RefusedError as refused:
                pause = min(pause * 2, _LONGEST_PAUSE)
                _log.error(
                    "the homeserver does not show its reports: is bot.reports_token_file that of a Synapse "
                    "administrator?",
                    status=refused.status,
                    again_in=round(pause),
                )
            except OutOfReachError as trouble:
                _log.warning("no list of reports from the homeserver", trouble=str(trouble))
            except Exception as trouble:
                faults.note("reports to the homeserver can't be taken", trouble)
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Take every report that is new; when we look for the first time, those there are came before us."""
        seen = await self._here.store.read(lambda c: notes.get(c, Seen, ""))
        new = await self._since(seen.number if seen is not None else None)
        if seen is None:
            await self._note(max((one.number for one in new), default=0))
            return
        for told in sorted(new, key=lambda one: one.number):
            await self._take(told)
            # A report that is taken again after a crash is known by its message and its reporter.
            await self._note(told.number)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._listed.close()

    async def _since(self, number: int | None) -> list[Told]:
        found: list[Told] = []
        for page in range(_MOST_PAGES):
            told = await self._listed.page(page * _PAGE)
            fresh = [one for one in told if number is None or one.number > number]
            found += fresh
            if number is None or not fresh or len(told) < _PAGE:
                break
        return found

    async def _take(self, told: Told) -> None:
        group = await self._desk.whose.group_of(told.room)
        if group is None or not await self._reporting.is_member(group, told.reporter):
            return
        place, asked = Place(told.room, told.event), asked_in(told.reason.split())
        taken = await self._reporting.about(group, place, told.reporter, asked, Source.CLIENT)
        if taken.trouble and not taken.again:
            once = messages.once_in(f"{told.room} {told.number}", "report")
            await self._desk.directs.tell(told.reporter, messages.letter(taken.trouble), once=once)

    async def _note(self, number: int) -> None:
        now = self._here.clock()
        await self._here.store.write(lambda c: notes.put(c, Seen, "", Seen(number), at=now))


def read_page(raw: Content) -> list[Told]:
    """Read a homeserver's list of reports; what makes no sense is left out."""
    found = (_read(one) for one in list_of(raw.get("event_reports")))
    return [one for one in found if one is not None]


def _read(raw: Any) -> Told | None:
    if not isinstance(raw, dict):
        return None
    number = raw.get("id")
    room, event, reporter = (text_of(raw.get(name)) for name in ("room_id", "event_id", "user_id"))
    if isinstance(number, bool) or not isinstance(number, int) or not (room and event and reporter):
        return None
    return Told(number=number, room=room, event=event, reporter=reporter, reason=text_of(raw.get("reason")))


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
