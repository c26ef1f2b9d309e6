"""The short way to a judgement gives the same answers as the long one."""

import asyncio
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from folkmoot.gateways.http.patience import Patience
from folkmoot.remember import groups
from folkmoot.vocabulary import OnFailure
from tests.contract.http.conftest import Running, running

_BODIES = [
    b'{"id": "%(id)s", "text": "hello"}',
    b'{"id": "%(id)s", "text": "cheap pills", "sender": "kim", "room": "r"}',
    b'{"id": "%(id)s", "text": "my old car", "sender": "ada", "room": "r"}',
    b'{"messages": [{"id": "%(id)s", "text": "hello"}, {"id": "b%(id)s", "text": "cheap pills"}]}',
    b'{"id": "%(id)s", "text": "hello", "group": "another"}',
    b'{"id": "%(id)s", "text": 3}',
    b'{"id": "%(id)s", ',
    b"",
]


def _talk(api: Running, request: bytes) -> tuple[bytes, list[bytes], Any]:
    """Return status line, head without date and length, and body of the answer to some bytes."""
    host, port = api.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        heard = b""
        while part := connection.recv(65_536):
            heard += part
    head, _, body = heard.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    kept = [line for line in lines if not line.startswith((b"date:", b"content-length:"))]
    return status, sorted(kept), json.loads(body)


def _request(secret: str, body: bytes, *more: str, chunked: bool = False) -> bytes:
    lines = [
        "POST /v1/judge HTTP/1.1",
        "Host: x",
        "Connection: close",
        f"Authorization: Bearer {secret}",
        "Content-Type: application/json",
        *more,
    ]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    else:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _without_ids(found: Any) -> str:
    """What two answers about two messages must have in common."""
    answers = found.get("judgements", [found])
    return repr([{**one, "id": "", "link": bool(one.get("link"))} for one in answers])


@pytest.mark.parametrize("body", _BODIES)
def test_both_ways_answer_alike(api: Running, body: bytes) -> None:
    """Status, head and body are the same, whether a request comes whole or in chunks."""
    secret = api.token(api.group())
    short = _talk(api, _request(secret, body.replace(b"%(id)s", b"1")))
    known = _talk(api, _request(secret, body.replace(b"%(id)s", b"2")))
    long = _talk(api, _request(secret, body.replace(b"%(id)s", b"3"), chunked=True))
    assert short[:2] == known[:2] == long[:2]
    assert _without_ids(short[2]) == _without_ids(known[2]) == _without_ids(long[2])


@pytest.mark.parametrize("line", ["Content-Encoding: gzip", "Content-Type: text/plain"])
def test_both_ways_refuse_alike(api: Running, line: str) -> None:
    """What the head says is refused in the same words."""
    secret = api.token(api.group())
    short, long = (_talk(api, _request(secret, b"{}", line, chunked=one)) for one in (False, True))
    assert short == long
    assert short[0].startswith(b"HTTP/1.1 415 ")


def test_unknown_senders_are_asked_about(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a sender has to be looked up first, the answer is the same."""
    group = api.group()
    secret = api.token(group)
    monkeypatch.setattr(api.pipeline._acquaintance, "_strangers_are_new", False)
    for number in range(2):
        body = b'{"id": "%d", "text": "hello", "sender": "somebody new"}' % number
        assert _talk(api, _request(secret, body))[2]["outcome"] == "allow"
    assert api.pipeline._acquaintance.known(group, "somebody new") == 2


@pytest.mark.parametrize(("choice", "done"), [("open", "allow"), ("closed", "stop")])
def test_what_takes_too_long_is_answered_as_the_group_chose(tmp_path: Path, choice: str, done: str) -> None:
    """A commit that does not come through in time does not keep anybody waiting; the answer stands."""
    with running(tmp_path) as api:
        group = api.group()
        api.store.write_now(lambda c: groups.set_on_failure(c, group, OnFailure(choice), by="@a:x", at=1.0))
        secret = api.token(group)
        assert _talk(api, _request(secret, b'{"id": "0", "text": "hi"}'))[2]["failure"] is None
        api.app._judging.patience = Patience(0.2)
        asyncio.run(_while_nothing_is_written(api, secret, done))
        late = _talk(api, _request(secret, b'{"id": "1", "text": "cheap pills"}'))[2]
        assert late["done"] == done
        assert api.app._turns._free == 64


async def _while_nothing_is_written(api: Running, secret: str, done: str) -> None:
    began = time.monotonic()
    blocked = asyncio.get_running_loop().run_in_executor(
        None, lambda: api.store.write_now(lambda _: time.sleep(1.0))
    )
    await asyncio.sleep(0.1)
    request = _request(secret, b'{"id": "1", "text": "cheap pills"}')
    answer = (await asyncio.to_thread(_talk, api, request))[2]
    assert (answer["done"], answer["failure"]) == (done, "late")
    assert time.monotonic() - began < 0.9
    await blocked
