"""A policy server for tests: the real one over TLS, judging by one word, remembering in memory."""

import asyncio
from collections.abc import Callable

from folkmoot.cli.demo.authority import Authority
from folkmoot.gateways.matrix import own_keys
from folkmoot.gateways.matrix.asgi import Receive, Scope, Send
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.memory import JudgeWith, MemoryAnswers, MemoryKeys, MemoryRooms
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.ports import Room, Ruling, Standing, Terms
from folkmoot.gateways.matrix.server import PolicyServer
from folkmoot.vocabulary import Message
from folkmoot.web.direct import Reply
from folkmoot.web.listening import Listener

REFUSAL = Ruling(
    allowed=False,
    error="Stopped: advertising is not wanted here.",
    fields={"outcome": "stopped", "rule": "no-adverts", "link": "https://moot.example/r/1"},
)


class RunningPolicyServer:
    """A policy server that answers over TLS between `start` and `close`."""

    def __init__(
        self, authority: Authority, *, terms: Terms | None = None, limits: Limits | None = None
    ) -> None:
        """Bind a port; the server's name is `localhost` with that port."""
        self.authority = authority
        self.judged: list[Message] = []
        self.asked: list[str] = []
        """The path of every request."""
        self.delay = 0.0
        self.rooms = MemoryRooms()
        self.answers = MemoryAnswers()
        self.key_cache = MemoryKeys()
        self.judging = JudgeWith(self._judge, terms)
        self.limits = limits
        self.keys = own_keys.generate()
        certificate = authority.issue("moot", "localhost", "127.0.0.1")
        self._listener = Listener(
            self,
            "127.0.0.1",
            0,
            setting="port",
            certificate=str(certificate.chain),
            certificate_key=str(certificate.key),
            direct={path: _Way(self, path) for path in (b"/_matrix/policy/v1/sign",)},
        )
        self.name = f"localhost:{self._listener.port}"
        self.server = self._make()

    def _make(self) -> PolicyServer:
        self._client = Federation(
            self.name,
            self.keys.federation,
            allow_networks=("127.0.0.0/8", "::1/128"),
            authority=self.authority.certificate,
        )
        return PolicyServer(
            self.name,
            self.keys,
            self._client,
            rooms=self.rooms,
            judging=self.judging,
            answers=self.answers,
            key_cache=self.key_cache,
            limits=self.limits,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the policy server of the moment."""
        if scope["type"] == "http":
            self.asked.append(scope["path"])
        await self.server.app(scope, receive, send)

    async def _judge(self, message: Message) -> Ruling:
        self.judged.append(message)
        await asyncio.sleep(self.delay)
        return REFUSAL if "spam" in message.text else Ruling(allowed=True)

    async def start(self) -> None:
        """Begin to answer."""
        await self._listener.start()
        await self.server.start()

    async def restart(self) -> None:
        """Begin anew with nothing but what the ports remember."""
        await self.server.close()
        await self._client.close()
        self.server = self._make()
        await self.server.start()

    async def close(self) -> None:
        """Stop."""
        await self._listener.close()
        await self.server.close()
        await self._client.close()

    async def joined(self, room: str) -> Room:
        """Wait until the policy account has joined a room."""
        return await self.until(room, lambda one: one.standing is Standing.JOINED)

    async def until(self, room: str, wanted: Callable[[Room], bool], *, seconds: float = 15) -> Room:
        """Wait until what is known of a room is as wanted."""
        async with asyncio.timeout(seconds):
            while True:
                known = await self.rooms.find(room)
                if known is not None and wanted(known):
                    return known
                await asyncio.sleep(0.02)


class _Way:
    """The short way to the policy server of the moment."""

    most = 262_144

    def __init__(self, policy: RunningPolicyServer, path: bytes) -> None:
        self._policy = policy
        self._path = path

    def __call__(self, headers: dict[bytes, bytes], body: bytes, reply: Reply) -> None:
        """Note what was asked, and have it answered."""
        self._policy.asked.append(self._path.decode())
        self._policy.server.app.direct[self._path](headers, body, reply)
