"""A policy server in memory that knows one room and one other server."""

import asyncio
from typing import Any

from canonicaljson import encode_canonical_json
from nacl.signing import VerifyKey
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.synapse_rust.events import redact_event_dict
from unpaddedbase64 import decode_base64

from folkmoot.gateways.matrix import own_keys
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.memory import JudgeWith, MemoryAnswers, MemoryKeys, MemoryRooms
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.ports import Fact, Room, Ruling, Standing, Terms
from folkmoot.gateways.matrix.server import PolicyServer
from folkmoot.vocabulary import Message
from tests.support.origin import ROOM, Origin, ask
from tests.support.policy import REFUSAL

NAME = "moot.example"
SIGN = "/_matrix/policy/v1/sign"


class Desk:
    """What a test needs to ask a policy server."""

    def __init__(self, origin: Origin, *, terms: Terms | None = None, limits: Limits | None = None) -> None:
        """Know `origin` by its key, and the room that its events are for."""
        self.origin = origin
        self.judged: list[Message] = []
        self.delay = 0.0
        self.fault: Exception | None = None
        self.rooms = MemoryRooms()
        self.answers = MemoryAnswers()
        self.key_cache = MemoryKeys()
        self.key_cache.sets[origin.name] = origin.key_set()
        self.judging = JudgeWith(self._judge, terms)
        self.keys = own_keys.generate()
        self.limits = limits or Limits(deadline=0.3, body_seconds=0.3)
        # Nothing is within reach: a look-up that a test did not mean fails at once.
        self.client = Federation(NAME, self.keys.federation)
        self.server = self.make()
        self.rooms.rooms[ROOM] = Room(
            id=ROOM,
            version=origin.version,
            standing=Standing.JOINED,
            servers=(origin.name,),
            creators=(f"@ada:{origin.name}",),
            facts={"m.room.power_levels": Fact({"users": {f"@ada:{origin.name}": 100}}, 3)},
        )

    def make(self) -> PolicyServer:
        """Return a policy server that remembers what the ports remember."""
        return PolicyServer(
            NAME,
            self.keys,
            self.client,
            rooms=self.rooms,
            judging=self.judging,
            answers=self.answers,
            key_cache=self.key_cache,
            limits=self.limits,
        )

    async def _judge(self, message: Message) -> Ruling:
        self.judged.append(message)
        await asyncio.sleep(self.delay)
        if self.fault is not None:
            raise self.fault
        return REFUSAL if "spam" in message.text else Ruling(allowed=True)

    async def sign(self, event: dict[str, Any], origin: Origin | None = None) -> tuple[int, dict[str, Any]]:
        """Ask for a signature, authorized by `origin`."""
        header = (origin or self.origin).header("POST", SIGN, NAME, event)
        return await ask(self.server.app, "POST", SIGN, event, header)

    async def call(
        self, method: str, uri: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Send a request that our one other server authorized."""
        return await ask(self.server.app, method, uri, body, self.origin.header(method, uri, NAME, body))

    async def close(self) -> None:
        """Stop."""
        await self.server.close()
        await self.client.close()


def is_signed(desk: Desk, event: dict[str, Any], answer: tuple[int, dict[str, Any]]) -> bool:
    """Tell whether an answer holds the policy key's signature of this event, by Synapse's redaction."""
    status, body = answer
    if status != 200:
        return False
    redacted = redact_event_dict(KNOWN_ROOM_VERSIONS[desk.origin.version], event)
    covered = {key: value for key, value in redacted.items() if key not in ("signatures", "unsigned")}
    signature = decode_base64(body[NAME]["ed25519:policy_server"])
    VerifyKey(decode_base64(desk.server.public_key)).verify(encode_canonical_json(covered), signature)
    return list(body) == [NAME]
