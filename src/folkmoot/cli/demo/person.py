"""A person in the room: a real Matrix client, over the client-server API and nothing else."""

import asyncio
import time
from typing import Any
from urllib.parse import quote

import httpx2
from msgspec import Struct

from folkmoot.cli.demo.homeserver import Account

_LONGEST_WAIT = 35.0


class MatrixError(Exception):
    """The homeserver answered something that the demonstration cannot go on with."""


class Event(Struct, frozen=True, kw_only=True):
    """One event as this person's client received it."""

    room: str
    id: str
    sender: str
    kind: str
    content: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        """What a reader sees of it; empty where it is no message."""
        return str(self.content.get("body", "")) if self.kind == "m.room.message" else ""


class Answer(Struct, frozen=True, kw_only=True):
    """What the homeserver said to a message: an event id, or its refusal word for word."""

    event: str | None
    status: int
    body: dict[str, Any]
    seconds: float


class Person:
    """One account with one device: sends, invites, joins, and reads what arrives."""

    def __init__(self, url: str, account: Account, name: str, password: str = "") -> None:
        """Sign in as `account` at the homeserver's client address."""
        self.name = name
        self.id = account.id
        self.password = password
        self.seen: list[Event] = []
        self.invited: dict[str, str] = {}
        """Rooms to which somebody invited this person, with who did."""
        self.letters: set[str] = set()
        """Direct messages that the bot opened with this person."""
        self._since: str | None = None
        self._sent = 0
        self._turn = asyncio.Lock()
        self._http = httpx2.AsyncClient(
            base_url=f"{url}/_matrix/client/v3/",
            headers={"Authorization": f"Bearer {account.token}"},
            timeout=_LONGEST_WAIT,
            trust_env=False,
        )

    async def close(self) -> None:
        """Hang up; the account stays."""
        await self._http.aclose()

    async def create_room(self, **wishes: Any) -> str:
        """Make a room and return its id."""
        return str((await self._ask("POST", "createRoom", wishes))["room_id"])

    async def invite(self, room: str, whom: str) -> None:
        """Invite somebody to a room."""
        await self._ask("POST", f"rooms/{_part(room)}/invite", {"user_id": whom})

    async def join(self, room: str) -> None:
        """Join a room, usually one that this person was invited to."""
        await self._ask("POST", f"join/{_part(room)}", {})
        self.invited.pop(room, None)

    async def state(self, room: str, kind: str, key: str = "") -> dict[str, Any]:
        """Return the content of one state event; MatrixError where there is none."""
        return await self._ask("GET", f"rooms/{_part(room)}/state/{_part(kind)}/{_part(key)}")

    async def set_state(self, room: str, kind: str, content: dict[str, Any], key: str = "") -> None:
        """Change one state event of a room."""
        await self._ask("PUT", f"rooms/{_part(room)}/state/{_part(kind)}/{_part(key)}", content)

    async def joined(self, room: str) -> set[str]:
        """Return who is in a room."""
        return set((await self._ask("GET", f"rooms/{_part(room)}/joined_members"))["joined"])

    async def messages(self, room: str, most: int = 50) -> list[Event]:
        """Return the newest events of a room, oldest first."""
        answer = await self._ask("GET", f"rooms/{_part(room)}/messages?dir=b&limit={most}")
        return [_event(room, raw) for raw in reversed(answer["chunk"])]

    async def send(self, room: str, text: str) -> Answer:
        """Say something; the answer tells whether it was delivered or refused, and how long that took."""
        return await self._send(room, "m.room.message", {"msgtype": "m.text", "body": text})

    async def react(self, event: Event, key: str) -> Answer:
        """Tap a reaction below a message."""
        relation = {"rel_type": "m.annotation", "event_id": event.id, "key": key}
        return await self._send(event.room, "m.reaction", {"m.relates_to": relation})

    async def _send(self, room: str, kind: str, content: dict[str, Any]) -> Answer:
        self._sent += 1
        place = f"rooms/{_part(room)}/send/{kind}/{time.time_ns()}-{self._sent}"
        begin = time.perf_counter()
        answer = await self._http.put(place, json=content)
        seconds = time.perf_counter() - begin
        body = answer.json()
        event = body.get("event_id") if answer.status_code == 200 else None
        return Answer(event=event, status=answer.status_code, body=body, seconds=seconds)

    async def sync(self, wait: float = 0.0) -> list[Event]:
        """Receive what is new (waiting up to `wait` seconds for something), keep it in `seen`, return it."""
        async with self._turn:
            asked = {"timeout": str(int(wait * 1000)), "filter": _EVERYTHING}
            if self._since is not None:
                asked["since"] = self._since
            answer = await self._ask("GET", "sync?" + str(httpx2.QueryParams(asked)))
            self._since = answer["next_batch"]
            rooms = answer.get("rooms", {})
            for room, invite in rooms.get("invite", {}).items():
                self.invited[room] = _inviter(invite, self.id)
            new = [
                _event(room, raw)
                for room, joined in rooms.get("join", {}).items()
                for raw in joined.get("timeline", {}).get("events", [])
            ]
            self.seen.extend(new)
            return new

    async def _ask(self, method: str, place: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self._http.request(method, place, json=body)
        if answer.status_code != 200:
            raise MatrixError(f"{self.id}: {method} {place.partition('?')[0]}: {answer.text}")
        return dict(answer.json())


# Long timelines, and no state that nobody here reads: a sync then returns every message since the last one.
_EVERYTHING = (
    '{"room":{"timeline":{"limit":500},"state":{"lazy_load_members":true},"ephemeral":{"not_types":["*"]}},'
    '"presence":{"not_types":["*"]},"account_data":{"not_types":["*"]}}'
)


def _part(text: str) -> str:
    return quote(text, safe="")


def _event(room: str, raw: dict[str, Any]) -> Event:
    return Event(
        room=room,
        id=str(raw["event_id"]),
        sender=str(raw["sender"]),
        kind=str(raw["type"]),
        content=dict(raw["content"]),
        at=float(raw["origin_server_ts"]) / 1000,
    )


def _inviter(invite: dict[str, Any], me: str) -> str:
    for raw in invite.get("invite_state", {}).get("events", []):
        if raw.get("type") == "m.room.member" and raw.get("state_key") == me:
            return str(raw.get("sender", ""))
    return ""
