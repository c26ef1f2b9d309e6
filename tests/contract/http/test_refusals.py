"""What the API refuses: with the right status, the place in the body, and the remedy."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from folkmoot.gateways.http import places
from folkmoot.gateways.http.problems import KINDS
from folkmoot.remember import groups
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import OnFailure
from tests.contract.http.conftest import Running, running

_GOOD = {"id": "m1", "text": "hello"}


def _refused(answer: httpx2.Response, kind: str) -> dict[str, Any]:
    """Check the form of a refusal and return the problem."""
    problem: dict[str, Any] = answer.json()
    known = {one.name: one for one in KINDS}[kind]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == problem["status"] == known.status
    assert (problem["type"], problem["title"]) == (f"/v1/docs#{kind}", known.title)
    assert problem["remedy"] == known.remedy
    assert problem["detail"]
    return problem


def _send(
    client: httpx2.Client, body: bytes, kind: str = "application/json", **headers: str
) -> httpx2.Response:
    return client.post("/v1/judge", content=body, headers={"Content-Type": kind, **headers})


_WRONG = [
    ('{"id": "a", "text": "x", "sneder": "kim"}', "$", 26, "unknown field `sneder`"),
    ('{"text": "x"}', "$", 1, "missing required field `id`"),
    ('{"id": "a", "text": 3}', "$.text", 21, "Expected `str`, got `int`"),
    ('{"id": "", "text": "x"}', "$.id", 8, "length >= 1"),
    ('{"id": "a", "text": "x", "role": "king"}', "$.role", 34, "Invalid enum value"),
    ('{"id": "a", "text": "x", "mentions": ["b", 4]}', "$.mentions[1]", 44, "Expected `str`, got `int`"),
    ('{"id": "a", "text": "x", "sent_at": -1}', "$.sent_at", 37, ">= 0"),
    ('{"id": "a", "text": "x", "sent_at": "2026-01-01T00:00:00"}', "$.sent_at", 37, "timezone"),
    ('{"messages": []}', "$.messages", 14, "length >= 1"),
    ('{"messages": [{"id": "a", "text": "x"}, {"id": "b"}]}', "$.messages[1]", 41, "`text`"),
    ('{"messages": [{"id": "a", "text": "x"}], "id": "b"}', "$", 42, "unknown field `id`"),
    ('["a"]', "$", 1, "Expected `object`, got `array`"),
    ('{"id": "a\\u0000", "text": "x"}', "$.id", 8, "regex"),
]


@pytest.mark.parametrize(("body", "path", "column", "words"), _WRONG, ids=lambda value: str(value)[:24])
def test_a_wrong_field_is_named_with_its_place(
    client: httpx2.Client, body: str, path: str, column: int, words: str
) -> None:
    """A field that is unknown, missing or of the wrong kind is refused with path, line and column."""
    problem = _refused(_send(client, b"\n" + body.encode()), "wrong-field")
    assert problem["place"] == {"path": path, "line": 2, "column": column}
    assert words in problem["detail"]


_BROKEN = [
    (b"", 1, 1),
    (b'{"id": "a",\n  "text" "x"}', 2, 10),
    (b'{"id": "a"', 1, 11),
    (b'{"id": "a", "text": "x"} more', 1, 26),
    (b'{"id": "\xc3\xa9",\n "text": "\xff"}', 2, 11),
    (b'{"id": "a", "text": NaN}', 1, 1),
    (b'{"id": "a", "text": "\\ud800"}', 1, 1),
    (b'{"id": ' + b"[" * 5000, 1, 1),
]


@pytest.mark.parametrize(("body", "line", "column"), _BROKEN, ids=lambda value: str(value)[:24])
def test_broken_json_is_refused_where_it_breaks(
    client: httpx2.Client, body: bytes, line: int, column: int
) -> None:
    """A body that is not JSON is refused with the line and the column where it stops being so."""
    answer = _send(client, body)
    problem = _refused(answer, "not-json")
    assert problem["place"] == {"line": line, "column": column}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(value=_json, blank=st.sampled_from([None, 1, 4]), found=st.data())
@settings(deadline=None)
def test_every_value_is_found_where_it_stands(value: Any, blank: int | None, found: st.DataObject) -> None:
    """For any JSON text, the place of a path is where that value begins, of a key where that begins."""
    text, path, key = json.dumps(value, indent=blank), "$", None
    while isinstance(value, dict | list) and value and found.draw(st.booleans()):
        if isinstance(value, list):
            number = found.draw(st.integers(0, len(value) - 1))
            path, value, key = f"{path}[{number}]", value[number], None
        else:
            key = found.draw(st.sampled_from(sorted(value)))
            if not key.isalnum():
                key = None
                break
            path, value = f"{path}.{key}", value[key]
    at = places.find(text, path)
    assert json.JSONDecoder().raw_decode(text, at)[0] == value
    if key is not None:
        at = places.find(text, path.rpartition(".")[0], key)
        assert json.JSONDecoder().raw_decode(text, at)[0] == key
    line, column = places.line_and_column(text, at)
    assert text.split("\n")[line - 1][column - 1 :] == text[at:].split("\n")[0]


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f'{{"id":"a",{t}'.encode()))
@settings(max_examples=150, deadline=None)
def test_any_bytes_get_a_clear_answer(api_for_bytes: httpx2.Client, body: bytes) -> None:
    """Whatever is sent, the answer is a judgement or a problem with a place in that very body."""
    answer = _send(api_for_bytes, body)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        place = answer.json()["place"]
        lines = body.decode(errors="replace").split("\n")
        assert 1 <= place["line"] <= len(lines)
        assert 1 <= place["column"] <= len(lines[place["line"] - 1]) + 1


@pytest.fixture(scope="module")
def api_for_bytes(api: Running) -> Iterator[httpx2.Client]:
    """One client for many examples."""
    with api.client(api.token(api.group())) as client:
        yield client


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer é", "Bearer " + "x" * 300])
def test_without_a_token_nothing_is_judged(api: Running, header: str | None) -> None:
    """A request without a bearer token is refused, and told how to get one."""
    headers = {} if header is None else {"Authorization": header.encode()}
    with api.client() as client:
        answer = client.post("/v1/judge", json=_GOOD, headers=headers)  # type: ignore[arg-type]
        _refused(answer, "no-token")
        assert answer.headers["www-authenticate"] == 'Bearer realm="folkmoot"'
        _refused(client.get("/v1/policy", headers=headers), "no-token")  # type: ignore[arg-type]


def test_a_wrong_token_opens_nothing(api: Running) -> None:
    """An unknown token, one for the console and one that has expired are refused alike."""
    group = api.group()
    secrets = ["x" * 43, api.token(group, TokenKind.SESSION), api.token(group, TokenKind.SIGN_IN)]
    secrets.append(api.token(group, lasts=1.0))
    for secret in secrets:
        with api.client(secret) as client:
            answer = client.post("/v1/judge", json=_GOOD)
            _refused(answer, "wrong-token")
            assert "invalid_token" in answer.headers["www-authenticate"]


def test_a_token_opens_no_other_group(api: Running) -> None:
    """A message that names another group than the token's is refused; its own group's id is fine."""
    mine, other = api.group(), api.group()
    with api.client(api.token(mine)) as client:
        _refused(client.post("/v1/judge", json={**_GOOD, "group": other}), "other-group")
        _refused(client.post("/v1/judge", json={**_GOOD, "group": "nowhere"}), "other-group")
        assert client.post("/v1/judge", json={**_GOOD, "group": mine}).status_code == 200


def test_the_token_is_looked_at_before_the_body(api: Running) -> None:
    """A stranger learns nothing about what would be right, and their body is not read."""
    with api.client() as client:
        _refused(_send(client, b"{", kind="text/plain"), "no-token")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonx", "application/json; charset=latin-1"])
def test_only_json_is_read(client: httpx2.Client, kind: str) -> None:
    """A body of another type is refused."""
    _refused(_send(client, b"{}", kind=kind), "wrong-type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_may_say_its_charset(client: httpx2.Client, kind: str) -> None:
    """JSON that says it is UTF-8 is read."""
    assert _send(client, json.dumps(_GOOD).encode(), kind=kind).status_code == 200


def test_compressed_bodies_are_refused(client: httpx2.Client) -> None:
    """A compressed body is not unpacked: it could be a bomb."""
    _refused(_send(client, b"x", **{"Content-Encoding": "gzip"}), "wrong-type")


def test_a_large_body_is_refused(client: httpx2.Client) -> None:
    """A body over the limit is refused by its announced length, and by what arrives without one."""
    body = b" " * 1_048_576 + b"{}"
    _refused(_send(client, body), "too-large")

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    answer = client.post("/v1/judge", content=pieces(), headers={"Content-Type": "application/json"})
    _refused(answer, "too-large")


def test_a_large_batch_is_refused(client: httpx2.Client) -> None:
    """A batch over the limit is refused whole: nothing of it is judged."""
    messages = [{"id": str(number), "text": "x"} for number in range(501)]
    problem = _refused(client.post("/v1/judge", json={"messages": messages}), "too-many")
    assert "501" in problem["detail"]
    assert "500" in problem["detail"]
    assert client.post("/v1/judge", json={"messages": messages[:500]}).status_code == 200


def test_a_long_text_is_refused(client: httpx2.Client) -> None:
    """A text is read up to the stated length, in characters."""
    assert client.post("/v1/judge", json={"id": "a", "text": "é" * 65_536}).status_code == 200
    problem = _refused(client.post("/v1/judge", json={"id": "b", "text": "é" * 65_537}), "wrong-field")
    assert problem["place"]["path"] == "$.text"


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/judge/", "/v1/nothing", "/v1/../etc"])
def test_an_unknown_address_is_not_found(client: httpx2.Client, path: str) -> None:
    """What is not there is said not to be there, and what is."""
    assert "/v1/judge" in _refused(client.get(path), "not-found")["remedy"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v1/judge", "POST"),
        ("OPTIONS", "/v1/judge", "POST"),
        ("DELETE", "/v1/policy", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
def test_a_wrong_method_names_the_right_one(
    client: httpx2.Client, method: str, path: str, allow: str
) -> None:
    """An address that is asked differently says how."""
    answer = client.request(method, path)
    _refused(answer, "wrong-method")
    assert answer.headers["allow"] == allow


def test_a_slow_body_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not arrive in time is refused, and the connection is closed."""
    monkeypatch.setattr("folkmoot.gateways.http.reading.SECONDS_FOR_A_BODY", 0.3)
    with running(tmp_path) as api:
        head = _head(api.token(api.group()), 100)
        with _connect(api) as connection:
            connection.sendall(head + b"{")
            answer = b""
            while part := connection.recv(65_536):
                answer += part
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"too-slow" in answer


def test_too_many_at_once_are_asked_to_wait(tmp_path: Path) -> None:
    """Past the limit a request is told when to come back; once one is done, there is room again."""
    with running(tmp_path, {"FOLKMOOT_WEB_MOST_AT_ONCE": "2"}) as api:
        secret = api.token(api.group())
        connections = [_connect(api) for _ in range(2)]
        for connection in connections:
            connection.sendall(_head(secret, 100) + b"{")
        with api.client(secret) as client:
            answer = _until(lambda: client.post("/v1/judge", json=_GOOD), 503)
            _refused(answer, "busy")
            assert answer.headers["retry-after"] == "1"
            for connection in connections:
                connection.close()
            assert _until(lambda: client.post("/v1/judge", json=_GOOD), 200).json()["outcome"] == "allow"


def test_a_fault_is_answered_as_the_group_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When judging breaks, open groups let the message pass, closed ones stop it, and no text is logged."""
    with capture_logs() as logged, running(tmp_path) as api:
        secrets = {}
        for choice in ("open", "closed"):
            group = api.group()
            api.store.write_now(
                lambda c, g=group, v=choice: groups.set_on_failure(c, g, OnFailure(v), by="@a:x", at=1.0)  # type: ignore[misc]
            )
            secrets[choice] = api.token(group)

        def broken(*_: object, **_more: object) -> None:
            raise RuntimeError("canaryword")

        for choice, done in (("open", "allow"), ("closed", "stop")):
            with api.client(secrets[choice]) as client:
                assert client.post("/v1/judge", json={"id": "0", "text": "hi"}).json()["failure"] is None
                with monkeypatch.context() as patch:
                    patch.setattr(api.pipeline, "_begin", broken)
                    answer = client.post("/v1/judge", json={"id": "1", "text": "canaryword"}).json()
                assert (answer["done"], answer["failure"]) == (done, "fault")
    assert [entry["event"] for entry in logged] == ["could not judge"] * 2
    assert "canaryword" not in repr(logged)


def _head(secret: str, length: int) -> bytes:
    return (
        f"POST /v1/judge HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _connect(api: Running) -> socket.socket:
    host, port = api.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def _until(ask: Any, status: int) -> httpx2.Response:
    give_up = time.monotonic() + 10
    while (answer := ask()).status_code != status:
        assert time.monotonic() < give_up, answer.text
        threading.Event().wait(0.02)
    found: httpx2.Response = answer
    return found
