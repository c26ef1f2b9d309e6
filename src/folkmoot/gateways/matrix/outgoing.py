"""Requests of ours to other servers, signed with our federation key."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from folkmoot.gateways.matrix import canonical_json, multipart, names, x_matrix
from folkmoot.gateways.matrix.canonical_json import JsonObject, NotCanonicalError
from folkmoot.gateways.matrix.dialling import DialError, Dialler, TooLargeError
from folkmoot.gateways.matrix.discovery import Discovery
from folkmoot.gateways.matrix.reach import Reach
from folkmoot.gateways.matrix.signatures import SigningKey

_KEY_BYTES = 65_536
_ANSWER_BYTES = 16 * 1024 * 1024
_AROUND_A_FILE = 16_384


class RemoteError(Exception):
    """Another server could not be asked, or said no; `status` is 0 where it gave no answer."""

    def __init__(self, server: str, status: int, errcode: str) -> None:
        """Say which server it was and how it answered; its own words are not repeated."""
        super().__init__(f"{server} answered {status} {errcode}" if status else f"{server}: {errcode}")
        self.status = status
        self.errcode = errcode


class Federation:
    """Our side of the server-server API."""

    def __init__(
        self,
        server_name: str,
        key: SigningKey,
        *,
        allow_networks: tuple[str, ...] = (),
        authority: Path | None = None,
        discovery: Discovery | None = None,
    ) -> None:
        """Speak as `server_name`; `authority` is a private certificate authority to trust besides."""
        self.server_name = server_name
        self._key = key
        self._dialler = Dialler(Reach(allow_networks), authority)
        self._discovery = discovery or Discovery(self._dialler)

    async def keys_of(self, server: str, *, seconds: float = 6.0) -> JsonObject:
        """Return the key document of another server, not yet verified."""
        return await self._send(server, "GET", "/_matrix/key/v2/server", None, _KEY_BYTES, seconds)

    async def get(
        self, server: str, path: str, query: dict[str, Any] | None = None, *, seconds: float = 20.0
    ) -> JsonObject:
        """Send a signed GET and return the answer."""
        uri = f"{path}?{urlencode(query, doseq=True)}" if query else path
        return await self._send(server, "GET", uri, None, _ANSWER_BYTES, seconds, signed=True)

    async def put(
        self,
        server: str,
        path: str,
        body: JsonObject,
        query: dict[str, Any] | None = None,
        *,
        seconds: float = 30.0,
    ) -> JsonObject:
        """Send a signed PUT and return the answer."""
        uri = f"{path}?{urlencode(query, doseq=True)}" if query else path
        return await self._send(server, "PUT", uri, body, _ANSWER_BYTES, seconds, signed=True)

    async def download(self, server: str, media: str, *, limit: int, seconds: float) -> bytes:
        """Fetch a file that `server` keeps, of at most `limit` bytes, from that server alone.

        TooLargeError where it is larger, RemoteError where it can't be had.
        """
        uri = f"/_matrix/federation/v1/media/download/{segment(media)}?timeout_ms={int(seconds * 1000)}"
        authorization = x_matrix.authorization(self._key, "GET", uri, self.server_name, server, None)
        try:
            async with asyncio.timeout(seconds):
                target = await self._discovery.find(server)
                reply = await self._dialler.send(
                    "GET",
                    target,
                    uri,
                    headers={"Authorization": authorization},
                    limit=limit + _AROUND_A_FILE,
                    seconds=seconds,
                )
            if reply.status != 200:
                raise RemoteError(server, reply.status, "")
            file = multipart.file_in(reply.headers.get("content-type", ""), reply.body)
        except TooLargeError:
            raise
        except (DialError, multipart.NoFileError, names.BadNameError, TimeoutError) as trouble:
            raise RemoteError(server, 0, str(trouble)) from trouble
        if len(file) > limit:
            raise TooLargeError
        return file

    async def close(self) -> None:
        """Close every connection."""
        await self._dialler.close()

    async def _send(
        self,
        server: str,
        method: str,
        uri: str,
        body: JsonObject | None,
        limit: int,
        seconds: float,
        *,
        signed: bool = False,
    ) -> JsonObject:
        headers = {}
        if signed:
            headers["Authorization"] = x_matrix.authorization(
                self._key, method, uri, self.server_name, server, body
            )
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = canonical_json.encode_any(body)
        try:
            target = await self._discovery.find(server)
            reply = await self._dialler.send(
                method, target, uri, headers=headers, body=content, limit=limit, seconds=seconds
            )
            answer = canonical_json.decode_object(reply.body) if reply.body else {}
        except (DialError, NotCanonicalError, names.BadNameError) as trouble:
            raise RemoteError(server, 0, str(trouble)) from trouble
        if reply.status != 200:
            errcode = answer.get("errcode")
            known = isinstance(errcode, str) and errcode.isascii() and len(errcode) <= 64
            raise RemoteError(server, reply.status, errcode if known and isinstance(errcode, str) else "")
        return answer


def segment(text: str) -> str:
    """Write a room id, event id or Matrix id as one segment of a path."""
    return quote(text, safe="")
