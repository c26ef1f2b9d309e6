"""The policy server: put together here, spoken to as an ASGI application."""

import time
from collections.abc import Callable

from folkmoot.gateways.matrix import names
from folkmoot.gateways.matrix.caller import Callers
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.endpoints import Endpoints, Identity
from folkmoot.gateways.matrix.joining import Joiner
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.membership import Membership
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.own_keys import OwnKeys
from folkmoot.gateways.matrix.ports import Answers, Judging, KeyCache, Room, Rooms
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.signing import Signer


class PolicyServer:
    """A Matrix policy server: `app` answers requests between `start` and `close`."""

    def __init__(
        self,
        server_name: str,
        keys: OwnKeys,
        client: Federation,
        *,
        rooms: Rooms,
        judging: Judging,
        answers: Answers,
        key_cache: KeyCache,
        localpart: str = "moot",
        display_name: str = "Folkmoot",
        reachable_at: str = "",
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Be `server_name`, with our own `keys`; `client` speaks for us to other servers.

        `reachable_at` is what /.well-known/matrix/server says: by default the name itself, at port 443.
        """
        limits = limits or Limits()
        self.server_name = server_name
        self.account = f"@{localpart}:{server_name}"
        """The Matrix id to invite."""
        self.public_key = keys.policy.public
        """The policy key as m.room.policy names it (unpadded Base64)."""
        self.rooms = rooms
        self._remote_keys = RemoteKeys(client, key_cache, clock)
        joiner = Joiner(self.account, display_name, keys.federation, client, self._remote_keys, clock)
        self._membership = Membership(
            server_name, self.account, keys.federation, self._remote_keys, rooms, joiner
        )
        self._signer = self._signing(keys, judging, answers, limits)
        identity = self._identity(display_name, reachable_at)
        callers = Callers(server_name, self._remote_keys)
        self.app = Endpoints(identity, keys, callers, self._signer, self._membership, limits, clock)
        """The ASGI application."""

    def _signing(self, keys: OwnKeys, judging: Judging, answers: Answers, limits: Limits) -> Signer:
        return Signer(
            self.server_name,
            keys,
            self._remote_keys,
            self.rooms,
            judging,
            answers,
            deadline=limits.deadline,
            media_deadline=limits.media_deadline,
            most_at_once=limits.most_at_once,
        )

    def _identity(self, display_name: str, reachable_at: str) -> Identity:
        has_port = names.parse_server(self.server_name).port is not None
        return Identity(
            server_name=self.server_name,
            account=self.account,
            display_name=display_name,
            reachable_at=reachable_at or (self.server_name if has_port else f"{self.server_name}:443"),
        )

    async def start(self) -> None:
        """Go on with the joins that were under way when we last stopped; call it before the first request."""
        await self._membership.resume()

    async def close(self) -> None:
        """Finish the judgements under way and stop; `client` is closed by whoever made it."""
        await self._membership.close()
        await self._signer.close()
        await self._remote_keys.close()

    async def join(self, room: str, servers: tuple[str, ...]) -> Room:
        """Join a room through servers that the operator trusts; what they say of it replaces what we knew."""
        return await self._membership.join(room, servers)

    async def leave(self, room: str) -> None:
        """Leave a room."""
        await self._membership.leave(room)

    async def learn(self, room: str, kind: str, content: JsonObject, sender: str = "") -> None:
        """Take over a piece of a room's state from a trusted source, such as our own bot's view of it."""
        await self._membership.learn(room, kind, content, sender)
