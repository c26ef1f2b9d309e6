"""A real Synapse for tests: one for the whole session, and people who use it as clients."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Account, Homeserver

_numbers = count(1)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority that the test's homeserver trusts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def synapse(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A running Synapse; mark what uses it with `synapse` and `xdist_group("synapse")`."""
    certificate = authority.issue("homeserver", "localhost", "127.0.0.1")
    server = Homeserver(tmp_path_factory.mktemp("synapse"), certificate, authority.certificate)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Person:
    """A member, as a real Matrix client: every call goes to the homeserver over HTTP."""

    def __init__(self, account: Account, url: str) -> None:
        """Sign in as `account` on the homeserver at `url`."""
        self.id = account.id
        self.token = account.token
        self._client = httpx2.AsyncClient(
            base_url=f"{url}/_matrix/client/v3",
            headers={"Authorization": f"Bearer {account.token}"},
            timeout=40,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        """Send one request of the client-server API, whatever the answer."""
        content = body if body is not None or method == "GET" else {}
        return await self._client.request(method, path, json=content)

    async def do(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send one request that must succeed."""
        answer = await self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def create_room(self, **options: Any) -> str:
        """Make a room and return its id."""
        made = await self.do("POST", "/createRoom", {"preset": "private_chat", **options})
        return str(made["room_id"])

    async def send(
        self, room: str, content: dict[str, Any] | str, kind: str = "m.room.message"
    ) -> httpx2.Response:
        """Send an event, text or whole content, and return the homeserver's answer."""
        body = {"msgtype": "m.text", "body": content} if isinstance(content, str) else content
        return await self.ask("PUT", f"/rooms/{quote(room)}/send/{kind}/t{next(_numbers)}", body)

    async def put_state(
        self, room: str, kind: str, content: dict[str, Any], key: str = ""
    ) -> httpx2.Response:
        """Set a state event and return the homeserver's answer."""
        return await self.ask("PUT", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}", content)

    async def state(self, room: str, kind: str, key: str = "") -> dict[str, Any] | None:
        """Return the content of a state event; None if there is none."""
        answer = await self.ask("GET", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}")
        return answer.json() if answer.status_code == 200 else None

    async def event(self, room: str, event: str) -> dict[str, Any]:
        """Return one event as a client sees it."""
        return await self.do("GET", f"/rooms/{quote(room)}/event/{quote(event, safe='')}")

    async def texts(self, room: str) -> list[str]:
        """Return the bodies of the latest messages, newest first: what a reader of the room sees."""
        page = await self.do("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=100")
        return [one["content"].get("body", "") for one in page["chunk"] if one["type"] == "m.room.message"]


def new_person(server: Homeserver) -> Person:
    """Make a fresh account on `server` and sign in with it."""
    return Person(server.register(f"person{next(_numbers)}"), server.url)
