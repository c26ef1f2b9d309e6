"""Joining and leaving rooms as a client of other servers (specification: "Joining Rooms")."""

import secrets
import time
from collections.abc import Callable

from folkmoot import observe
from folkmoot.gateways.matrix import content_hash, event_ids, facts, pdus, room_versions
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.outgoing import Federation, RemoteError, segment
from folkmoot.gateways.matrix.pdus import BadEventError, Pdu, UnknownKeyError
from folkmoot.gateways.matrix.ports import Fact, Room, Standing
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.room_versions import RoomVersion
from folkmoot.gateways.matrix.signatures import SigningKey

_log = observe.logger("matrix.rooms")
_MOST_SERVERS = 16
_FROM_TEMPLATE = ("auth_events", "prev_events", "depth")


class NotJoinedError(Exception):
    """A server did not let us in, or answered in a way that cannot be believed."""


class Joiner:
    """Sends our membership events."""

    def __init__(
        self,
        account: str,
        display_name: str,
        key: SigningKey,
        federation: Federation,
        remote_keys: RemoteKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Join as `account`, which has no password and no devices: it exists by our signature alone."""
        self._account = account
        self._display_name = display_name
        self._key = key
        self._federation = federation
        self._remote_keys = remote_keys
        self._clock = clock

    async def join(self, room: str, server: str, inviter: str) -> Room:
        """Join through `server` and return what it said of the room; NotJoinedError if that failed."""
        try:
            path = f"/_matrix/federation/v1/make_join/{segment(room)}/{segment(self._account)}"
            template = await self._federation.get(server, path, {"ver": room_versions.known()})
            version = room_versions.find(template.get("room_version", "1"))
            if version is None:
                raise NotJoinedError("the room's version is not known here")
            event = self._event(room, "join", template.get("event"), version)
            event_id = event_ids.event_id(event, version)
            path = f"/_matrix/federation/v2/send_join/{segment(room)}/{segment(event_id)}"
            answer = await self._federation.put(server, path, event, {"omit_members": "true"})
        except RemoteError as trouble:
            raise NotJoinedError(str(trouble)) from trouble
        found = await self._read(room, server, version, answer)
        return Room(
            id=room,
            version=version.id,
            standing=Standing.JOINED,
            servers=_servers(server, answer),
            inviter=inviter,
            joined_depth=facts.depth_of(event),
            creators=found[0],
            facts=found[1],
        )

    async def leave(self, room: Room) -> None:
        """Leave through the first of the room's servers that helps; NotJoinedError if none does."""
        trouble: Exception = NotJoinedError("no server of the room is known")
        for server in room.servers:
            try:
                path = f"/_matrix/federation/v1/make_leave/{segment(room.id)}/{segment(self._account)}"
                template = await self._federation.get(server, path)
                version = room_versions.find(template.get("room_version", room.version))
                if version is None:
                    raise NotJoinedError("the room's version is not known here")
                event = self._event(room.id, "leave", template.get("event"), version)
                event_id = event_ids.event_id(event, version)
                path = f"/_matrix/federation/v2/send_leave/{segment(room.id)}/{segment(event_id)}"
                await self._federation.put(server, path, event)
            except (RemoteError, NotJoinedError) as failed:
                trouble = failed
            else:
                return
        raise NotJoinedError(str(trouble)) from trouble

    def _event(self, room: str, membership: str, template: object, version: RoomVersion) -> JsonObject:
        """Fill in a template: of another server's draft only the place in the history is taken over."""
        if not isinstance(template, dict) or not isinstance(template.get("prev_events"), list):
            raise NotJoinedError("the server's draft of our membership is malformed")
        content: JsonObject = {"membership": membership}
        if membership == "join":
            content["displayname"] = self._display_name
            draft = template.get("content")
            authoriser = draft.get("join_authorised_via_users_server") if isinstance(draft, dict) else None
            if isinstance(authoriser, str):
                content["join_authorised_via_users_server"] = authoriser
        event: JsonObject = {key: template[key] for key in _FROM_TEMPLATE if key in template}
        event |= {
            "type": "m.room.member",
            "room_id": room,
            "sender": self._account,
            "state_key": self._account,
            "content": content,
            "origin": self._federation.server_name,
            "origin_server_ts": int(self._clock() * 1000),
        }
        if version.events_carry_their_id:
            event["event_id"] = f"${secrets.token_urlsafe(16)}:{self._federation.server_name}"
        content_hash.add(event, version)
        signature = self._key.sign(event_ids.signed_part(event, version))
        event["signatures"] = {self._federation.server_name: {self._key.id: signature}}
        return event

    async def _read(
        self, room: str, server: str, version: RoomVersion, answer: JsonObject
    ) -> tuple[tuple[str, ...], dict[str, Fact]]:
        state = answer.get("state")
        creators: tuple[str, ...] | None = None
        kept: dict[str, Fact] = {}
        for event in state if isinstance(state, list) else []:
            if not isinstance(event, dict) or event.get("state_key") != "":
                continue
            if event.get("type") == "m.room.create":
                create = await self._believed(event, version, server, is_create=True)
                if create is None or not facts.names_room(create, room):
                    raise NotJoinedError("the room's create event is not that of this room")
                creators = facts.creators_of(create)
            elif event.get("type") in facts.KEPT:
                pdu = await self._believed(event, version, server)
                if pdu is not None and pdu.room == room:
                    kept[pdu.kind] = Fact(pdu.content, facts.depth_of(event), pdu.sender)
        if creators is None:
            raise NotJoinedError("the server sent no create event")
        return creators, kept

    async def _believed(
        self, event: JsonObject, version: RoomVersion, server: str, *, is_create: bool = False
    ) -> Pdu | None:
        """Read an event of a room's state; one that its sender's server does not vouch for is left out.

        Where that server is gone, or has lost the key with which it once made the room, the word of the one
        that let us in has to do: old rooms outlive servers.
        """
        try:
            pdu = pdus.read(event, version, or_redacted=True)
            try:
                await pdus.verify(pdu, self._remote_keys)
            except UnknownKeyError:
                if not is_create and await self._remote_keys.reachable(pdu.server):
                    raise
        except BadEventError as trouble:
            _log.warning(
                "state not believed", server=server, kind=str(event.get("type")), trouble=str(trouble)
            )
            return None
        return pdu


def _servers(first: str, answer: JsonObject) -> tuple[str, ...]:
    listed = answer.get("servers_in_room")
    more = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return tuple(dict.fromkeys([first, *more]))[:_MOST_SERVERS]
