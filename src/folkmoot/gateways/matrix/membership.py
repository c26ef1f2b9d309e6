"""Being invited is the whole set-up: we accept, join in the background, and notice when we are removed."""

import asyncio
from weakref import WeakValueDictionary

from msgspec.structs import replace

from folkmoot import observe
from folkmoot.gateways.matrix import facts, names, pdus, room_versions
from folkmoot.gateways.matrix.asgi import RefusedError
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.joining import Joiner, NotJoinedError
from folkmoot.gateways.matrix.patience import Patience
from folkmoot.gateways.matrix.pdus import BadEventError, Pdu
from folkmoot.gateways.matrix.ports import Fact, Room, Rooms, Standing
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.room_versions import RoomVersion
from folkmoot.gateways.matrix.signatures import SigningKey

_log = observe.logger("matrix.rooms")
# The server that invites us stores the invitation only after our answer: the first try may be too early.
_PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 120.0, 600.0)
_MOST_JOINS = 16
_MOST_WAITING = 1000
_INVITATIONS, _HOUR = 100, 3600.0


class Membership:
    """The policy account's rooms."""

    def __init__(
        self,
        server_name: str,
        account: str,
        key: SigningKey,
        remote_keys: RemoteKeys,
        rooms: Rooms,
        joiner: Joiner,
    ) -> None:
        """Look after `account`, whose invitations `key` (our federation key) signs."""
        self._server_name = server_name
        self._account = account
        self._key = key
        self._remote_keys = remote_keys
        self._rooms = rooms
        self._joiner = joiner
        self._joining: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_MOST_JOINS)
        # One join at a time through each server, so that slow ones keep nobody else waiting.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._patience = Patience(_INVITATIONS, _HOUR)

    async def resume(self) -> None:
        """Go on with the joins that were under way when we last stopped."""
        for room in await self._rooms.every():
            if room.standing is Standing.JOINING:
                self._begin(room.id, room.servers, room.inviter)

    async def invited(
        self, origin: str, room_id: str, event_id: str, event: JsonObject, version_id: object
    ) -> JsonObject:
        """Accept an invitation and return it with our signature; RefusedError says why not."""
        version = room_versions.find(version_id)
        if version is None:
            known = {"room_version": str(version_id)[:64]}
            raise RefusedError(
                400, "M_INCOMPATIBLE_ROOM_VERSION", "That room version is not known here.", known
            )
        pdu = await self._invitation(origin, room_id, event_id, event, version)
        if not await self._rooms.admits(room_id, pdu.sender):
            raise RefusedError(403, "M_FORBIDDEN", "This policy server does not accept invitations from you.")
        if len(self._joining) >= _MOST_WAITING or not self._patience.allows(origin):
            raise RefusedError(403, "M_FORBIDDEN", "Too many invitations; please try again in an hour.")
        before = await self._rooms.find(room_id)
        if before is None or before.standing is not Standing.JOINED:
            await self._rooms.keep(
                Room(
                    id=room_id,
                    version=version.id,
                    standing=Standing.JOINING,
                    servers=(origin,),
                    inviter=pdu.sender,
                )
            )
        self._begin(room_id, (origin,), pdu.sender)
        signature = self._key.sign(pdu.signed)
        signatures = {**event.get("signatures", {}), self._server_name: {self._key.id: signature}}
        return {**event, "signatures": signatures}

    async def _invitation(
        self, origin: str, room_id: str, event_id: str, event: JsonObject, version: RoomVersion
    ) -> Pdu:
        try:
            pdu = pdus.read(event, version)
            if pdu.kind != "m.room.member" or pdu.content.get("membership") != "invite":
                raise RefusedError(400, "M_BAD_JSON", "The event is not an invitation.")
            if pdu.state_key != self._account:
                raise RefusedError(404, "M_NOT_FOUND", f"Nobody here but {self._account} can be invited.")
            if pdu.room != room_id or pdu.id != event_id:
                raise RefusedError(400, "M_BAD_JSON", "The event is not the one that the address names.")
            if pdu.server != origin:
                raise RefusedError(403, "M_FORBIDDEN", "Only the inviting member's own server can invite.")
            await pdus.verify(pdu, self._remote_keys)
        except BadEventError as trouble:
            raise RefusedError(400, trouble.errcode, str(trouble)) from None
        return pdu

    async def join(self, room_id: str, servers: tuple[str, ...], inviter: str = "") -> Room:
        """Join now, through servers that the operator trusts; what they say replaces what we knew."""
        trouble: Exception = NotJoinedError("no server was named")
        for server in servers:
            try:
                room = await self._joiner.join(room_id, server, inviter)
            except NotJoinedError as failed:
                trouble = failed
            else:
                await self._rooms.keep(room)
                return room
        raise trouble

    async def leave(self, room_id: str) -> None:
        """Leave a room for good."""
        self._stop_joining(room_id)
        room = await self._rooms.find(room_id)
        if room is None or room.standing is Standing.LEFT:
            return
        await self._joiner.leave(room)
        await self._rooms.keep(replace(room, standing=Standing.LEFT))

    async def told(self, event: JsonObject) -> None:
        """Look at an event that another server sent; whatever is wrong with it, it is simply not believed."""
        if not facts.concerns(event, self._account) or not names.is_room(event.get("room_id")):
            return
        room = await self._rooms.find(event["room_id"])
        version = room_versions.find(room.version) if room is not None else None
        if room is None or version is None or room.standing is Standing.JOINING:
            return
        try:
            pdu = pdus.read(event, version, or_redacted=True)
            await pdus.verify(pdu, self._remote_keys)
        except BadEventError as trouble:
            _log.info("event not believed", room=room.id, trouble=str(trouble))
            return
        # Read again: verifying may have waited for keys, and others may have told us more in the meantime.
        current = await self._rooms.find(room.id)
        if current is not None:
            changed = facts.apply(current, pdu, self._account)
            if changed is not current:
                _log.info("room changed", room=room.id, kind=pdu.kind, standing=changed.standing.value)
                await self._rooms.keep(changed)

    async def learn(self, room_id: str, kind: str, content: JsonObject, sender: str = "") -> None:
        """Take over a piece of state from a trusted source of our own, such as the bot's view of the room."""
        room = await self._rooms.find(room_id)
        if room is None or kind not in facts.KEPT or room.content(kind) == content:
            return
        before = room.facts.get(kind)
        fact = Fact(content, before.depth if before is not None else 0, sender)
        await self._rooms.keep(replace(room, facts={**room.facts, kind: fact}))

    def _begin(self, room_id: str, servers: tuple[str, ...], inviter: str) -> None:
        self._stop_joining(room_id)
        task = asyncio.create_task(self._keep_trying(room_id, servers, inviter), name=f"join {room_id}")
        self._joining[room_id] = task
        task.add_done_callback(
            lambda done: self._joining.pop(room_id) if self._joining.get(room_id) is done else None
        )

    def _stop_joining(self, room_id: str) -> None:
        running = self._joining.pop(room_id, None)
        if running is not None:
            running.cancel()

    async def _keep_trying(self, room_id: str, servers: tuple[str, ...], inviter: str) -> None:
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            for server in servers:
                try:
                    async with self._turns.setdefault(server, asyncio.Lock()), self._slots:
                        await self._join_once(room_id, server, inviter)
                except NotJoinedError as trouble:
                    _log.info("not joined yet", room=room_id, server=server, trouble=str(trouble))
                except Exception as trouble:  # try again: the invitation was accepted, so that it is owed
                    _log.error("joining failed", room=room_id, server=server, trouble=type(trouble).__name__)
                else:
                    _log.info("joined", room=room_id, server=server)
                    return
        await self._give_up(room_id)

    async def _join_once(self, room_id: str, server: str, inviter: str) -> None:
        found = await self._joiner.join(room_id, server, inviter)
        before = await self._rooms.find(room_id)
        if before is not None and before.standing is Standing.JOINED and not _may_speak_for(before, server):
            # A room that we are in is not described anew by a server of which we know nothing there.
            _log.warning(
                "joined again, but through a stranger: what is known of the room stays", room=room_id
            )
            return
        await self._rooms.keep(found)

    async def _give_up(self, room_id: str) -> None:
        room = await self._rooms.find(room_id)
        if room is not None and room.standing is Standing.JOINING:
            _log.warning("gave up joining: invite the policy account again", room=room_id)
            await self._rooms.keep(replace(room, standing=Standing.LEFT))

    async def close(self) -> None:
        """Stop joining; `resume` goes on with it after the next start."""
        running = list(self._joining.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _may_speak_for(room: Room, server: str) -> bool:
    return server in room.servers or server in {names.server_of(creator) for creator in room.creators}
