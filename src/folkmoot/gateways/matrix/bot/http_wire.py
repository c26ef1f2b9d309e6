"""The bot's account on a real homeserver, through matrix-nio's client.

The client sends and keeps the connections; the answers are read by `wire`, since nio's own reading of a
`/sync` answer raises on one malformed event and hides power levels that older room versions allow.
"""

import asyncio
import json
import ssl
from urllib.parse import quote, urlencode

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from folkmoot.gateways.matrix.bot.http_asked import MISSED, PROXY, WANTED, decoded, read
from folkmoot.gateways.matrix.bot.wire import (
    Content,
    Event,
    Gap,
    News,
    OutOfReachError,
    RefusedError,
    list_of,
    part_of,
    read_event,
    read_news,
    text_of,
)

_PATIENCE = 45.0
"""Longer than the 30 s that Synapse waits for a policy server that does not answer."""
_LONGEST_WAIT = 60.0
_MOST_WAITS = 4
_MOST_PAGES = 10


class HttpWire:
    """The port `Wire` over HTTP; waits as long as the homeserver asks when it limits the rate."""

    def __init__(
        self, homeserver: str, account: str, token: str, *, device: str = "", authority: str = ""
    ) -> None:
        """Act as `account` on the homeserver at a client address; `authority` is a private one to trust."""
        trust = ssl.create_default_context(cafile=authority) if authority else True
        config = AsyncClientConfig(request_timeout=_PATIENCE, encryption_enabled=False)
        self._client = AsyncClient(
            homeserver.rstrip("/"), account, device_id=device, config=config, ssl=trust
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._account = account

    async def whoami(self) -> str:
        """Return the Matrix id that the token stands for."""
        return text_of((await self._ask("GET", "account/whoami")).get("user_id"))

    async def display_name(self) -> str:
        """Return the name that people see; empty if there is none."""
        try:
            found = await self._ask("GET", f"profile/{_quoted(self._account)}/displayname")
        except RefusedError:
            return ""
        return text_of(found.get("displayname"))

    async def news(self, since: str | None, *, wait: float) -> News:
        """Return what happened since a position, waiting up to `wait` seconds for something."""
        asked = {"filter": WANTED, "timeout": str(int(wait * 1000)), "set_presence": "offline"}
        if since:
            asked["since"] = since
        found = await self._ask("GET", f"sync?{urlencode(asked)}", within=wait + _PATIENCE)
        return read_news(found, self._account)

    async def missed(self, gap: Gap, since: str) -> list[Event]:
        """Return what was left out of the news since a position, oldest first; at most a thousand events."""
        found: list[Event] = []
        place: str = gap.before
        for _ in range(_MOST_PAGES):
            asked = urlencode({"dir": "b", "from": place, "to": since, "limit": "100", "filter": MISSED})
            page = await self._ask("GET", f"rooms/{_quoted(gap.room)}/messages?{asked}")
            events = (read_event(gap.room, one) for one in list_of(page.get("chunk")))
            found += [event for event in events if event is not None]
            place = text_of(page.get("end"))
            if not place or not list_of(page.get("chunk")):
                break
        return found[::-1]

    async def state(self, room: str, kind: str, key: str = "") -> Event | None:
        """Return one state event of a room; None if there is none."""
        place = f"rooms/{_quoted(room)}/state/{_quoted(kind)}/{_quoted(key)}?format=event"
        try:
            found = await self._ask("GET", place)
        except RefusedError as refused:
            if refused.status == 404:
                return None
            raise
        # A homeserver that does not know `format` answers with the content alone.
        alone = Event(id="", room=room, kind=kind, sender="", content=found, state_key=key)
        return read_event(room, found) or alone

    async def event(self, room: str, event: str) -> Event | None:
        """Return one event; None if there is none or we may not see it."""
        try:
            return read_event(room, await self._ask("GET", f"rooms/{_quoted(room)}/event/{_quoted(event)}"))
        except RefusedError as refused:
            if refused.status in (400, 403, 404):
                return None
            raise

    async def joined(self, room: str) -> list[str]:
        """Return who is in a room."""
        found = await self._ask("GET", f"rooms/{_quoted(room)}/joined_members")
        return [*part_of(found, "joined")]

    async def send(self, room: str, kind: str, content: Content, *, once: str) -> str:
        """Send an event and return its id; a second send with the same `once` has no further effect."""
        place = f"rooms/{_quoted(room)}/send/{_quoted(kind)}/{_quoted(once)}"
        return text_of((await self._ask("PUT", place, content)).get("event_id"))

    async def put_state(self, room: str, kind: str, content: Content, key: str = "") -> str:
        """Set a state event and return its id."""
        place = f"rooms/{_quoted(room)}/state/{_quoted(kind)}/{_quoted(key)}"
        return text_of((await self._ask("PUT", place, content)).get("event_id"))

    async def replaced(self, room: str, event: str) -> Content | None:
        """Return what a state event took the place of; None if nothing, or if the homeserver won't say."""
        found = await self._ask("GET", f"rooms/{_quoted(room)}/event/{_quoted(event)}")
        unsigned = part_of(found, "unsigned")
        if isinstance(unsigned.get("prev_content"), dict):
            return part_of(unsigned, "prev_content")
        # Synapse names the event in place of its content (spec: prev_content is optional).
        before = text_of(unsigned.get("replaces_state"))
        earlier = await self.event(room, before) if before else None
        return earlier.content if earlier else None

    async def redact(self, room: str, event: str, *, reason: str, once: str) -> None:
        """Take an event's content away; a second call with the same `once` has no further effect."""
        place = f"rooms/{_quoted(room)}/redact/{_quoted(event)}/{_quoted(once)}"
        await self._ask("PUT", place, {"reason": reason})

    async def kick(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out of a room; they may come back."""
        await self._ask("POST", f"rooms/{_quoted(room)}/kick", {"user_id": person, "reason": reason})

    async def ban(self, room: str, person: str, *, reason: str) -> None:
        """Put somebody out of a room and keep them out."""
        await self._ask("POST", f"rooms/{_quoted(room)}/ban", {"user_id": person, "reason": reason})

    async def unban(self, room: str, person: str) -> None:
        """Let somebody who is banned come back."""
        await self._ask("POST", f"rooms/{_quoted(room)}/unban", {"user_id": person})

    async def join(self, room: str) -> None:
        """Accept an invitation."""
        await self._ask("POST", f"rooms/{_quoted(room)}/join", {})

    async def leave(self, room: str) -> None:
        """Leave a room, or decline an invitation."""
        await self._ask("POST", f"rooms/{_quoted(room)}/leave", {})

    async def invite(self, room: str, person: str, *, direct: bool = False) -> None:
        """Invite somebody; `direct` says that the room is a chat with that person alone."""
        if direct:
            # `/invite` can't say it; the member event can (spec: m.room.member, is_direct).
            await self.put_state(room, "m.room.member", {"membership": "invite", "is_direct": True}, person)
        else:
            await self._ask("POST", f"rooms/{_quoted(room)}/invite", {"user_id": person})

    async def create_room(self) -> str:
        """Make a private room without encryption, with nobody else in it yet, and return its id."""
        room = text_of((await self._ask("POST", "createRoom", {"preset": "private_chat"})).get("room_id"))
        if not room:
            raise RefusedError(200, "M_UNKNOWN", "the new room has no id")
        return room

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def _ask(
        self, method: str, place: str, content: Content | None = None, *, within: float = _PATIENCE
    ) -> Content:
        for _ in range(_MOST_WAITS):
            status, found = await self._once(method, place, content, within)
            if status == 429:
                await asyncio.sleep(_pause(found))
            elif status == 200:
                return found
            else:
                break
        if status in PROXY and "errcode" not in found:
            raise OutOfReachError(f"status {status}")
        code, said = text_of(found.get("errcode")), text_of(found.get("error"))
        raise RefusedError(status, code or "M_UNKNOWN", said[:200])

    async def _once(
        self, method: str, place: str, content: Content | None, within: float
    ) -> tuple[int, Content]:
        body = None if content is None else json.dumps(content)
        try:
            async with asyncio.timeout(within):
                answer = await self._client.send(
                    method, f"/_matrix/client/v3/{place}", body, self._headers, timeout=within
                )
                async with answer:
                    return answer.status, decoded(await read(answer))
        except TimeoutError as trouble:
            raise OutOfReachError("no answer in time", waited=True) from trouble
        except (aiohttp.ClientError, OSError) as trouble:
            raise OutOfReachError(type(trouble).__name__) from trouble


def _pause(found: Content) -> float:
    asked = found.get("retry_after_ms")
    seconds = asked / 1000 if isinstance(asked, int | float) and not isinstance(asked, bool) else 1.0
    return min(max(seconds, 0.1), _LONGEST_WAIT)


def _quoted(text: str) -> str:
    return quote(text, safe="")
