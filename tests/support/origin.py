"""Another server as the policy server sees it: events and requests made with Synapse's own code."""

import asyncio
import json
import time
from typing import Any

from signedjson.key import generate_signing_key, get_verify_key
from signedjson.sign import sign_json
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.crypto.event_signing import add_hashes_and_signatures
from unpaddedbase64 import encode_base64

from folkmoot.gateways.matrix.asgi import Receive, Scope, Send
from folkmoot.gateways.matrix.key_sets import KeySet

DAY_MS = 24 * 3600 * 1000
ROOM = "!room:origin.example"


def now_ms() -> int:
    """Return the time as Matrix writes it."""
    return int(time.time() * 1000)


class Origin:
    """A homeserver with a key, without a machine."""

    def __init__(self, name: str = "origin.example", *, version: str = "11") -> None:
        """Be called `name`, and make events for rooms of `version`."""
        self.name = name
        self.version = version
        self.key = generate_signing_key("a1")
        self.key_id = f"ed25519:{self.key.version}"

    @property
    def public(self) -> str:
        """The public key (unpadded Base64)."""
        return str(encode_base64(get_verify_key(self.key).encode()))

    def key_set(self, *, valid_for_ms: int = DAY_MS) -> KeySet:
        """Return the server's keys as we would remember them."""
        now = now_ms()
        return KeySet(self.name, {self.key_id: self.public}, {}, now + valid_for_ms, now)

    def key_document(self, **changes: Any) -> dict[str, Any]:
        """Return the server's signed list of keys."""
        document = {
            "server_name": self.name,
            "valid_until_ts": now_ms() + DAY_MS,
            "verify_keys": {self.key_id: {"key": self.public}},
            "old_verify_keys": {},
            **changes,
        }
        signed: dict[str, Any] = sign_json(document, self.name, self.key)
        return signed

    def event(
        self, content: dict[str, Any] | str, kind: str = "m.room.message", **changes: Any
    ) -> dict[str, Any]:
        """Return a complete, hashed and signed event; a change to None leaves a field out."""
        body = {"msgtype": "m.text", "body": content} if isinstance(content, str) else content
        event = {
            "type": kind,
            "room_id": ROOM,
            "sender": f"@ada:{self.name}",
            "content": body,
            "depth": 12,
            "prev_events": ["$" + "b" * 43],
            "auth_events": ["$" + "c" * 43, "$" + "d" * 43, "$" + "e" * 43],
            "origin_server_ts": now_ms(),
            **changes,
        }
        event = {key: value for key, value in event.items() if value is not None}
        add_hashes_and_signatures(KNOWN_ROOM_VERSIONS[self.version], event, self.name, self.key)
        return event

    def header(
        self, method: str, uri: str, destination: str, content: dict[str, Any] | None, *, named: bool = True
    ) -> str:
        """Return the Authorization header of a request, as Synapse writes it."""
        signed = {"method": method, "uri": uri, "origin": self.name, "destination": destination}
        if content is not None:
            signed["content"] = content  # type: ignore[assignment]
        signature = sign_json(signed, self.name, self.key)["signatures"][self.name][self.key_id]
        more = f',destination="{destination}"' if named else ""
        return f'X-Matrix origin="{self.name}",key="{self.key_id}",sig="{signature}"{more}'


async def ask(
    app: Any,
    method: str,
    uri: str,
    body: dict[str, Any] | bytes | None = None,
    *authorization: str,
    chunks: list[tuple[float, bytes]] | None = None,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Send one request to an ASGI application; `chunks` are parts of a body, each after a pause."""
    sent: list[dict[str, Any]] = []
    whole = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    waiting = list(chunks) if chunks is not None else [(0.0, whole)]

    async def receive() -> dict[str, Any]:
        pause, part = waiting.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = uri.partition("?")
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [*(headers or []), *((b"authorization", one.encode()) for one in authorization)],
    }
    receiving: Receive = receive
    sending: Send = send
    await app(scope, receiving, sending)
    return sent[0]["status"], json.loads(sent[1]["body"])
