"""What every answer carries, and who may ask under which name."""

import asyncio
import re

import httpx2
import pytest

from folkmoot.web.shield import content_security_policy
from tests.console.people import Person, session_of
from tests.console.serving import Served, serve
from tests.console.test_permissions import TABLE, address

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = [route for route in TABLE if route.startswith("GET ")]
NONCE = re.compile(r"'nonce-([\w-]{22})'")


async def get(client: httpx2.AsyncClient, where: str, **headers: str) -> httpx2.Response:
    """The head of an answer; a stream is not waited for."""
    async with client.stream("GET", where, headers=headers) as answer:
        if "event-stream" not in answer.headers.get("content-type", ""):
            await answer.aread()
        return answer


@pytest.mark.parametrize("person", [Person.STRANGER, Person.ELSEWHERE, Person.ADMINISTRATOR])
@pytest.mark.parametrize("route", [*PAGES, "GET /nowhere", "GET /sign-out"])
async def test_every_answer_is_shielded(
    route: str, person: Person, served: Served, client: httpx2.AsyncClient
) -> None:
    """Pages, refusals, streams and files alike carry the whole set of headers, and nothing else may run."""
    session = session_of(person, served)
    if session is not None:
        client.cookies.set("folkmoot", session, domain="127.0.0.1")
    answer = await get(client, address(route, served))
    policy = answer.headers["content-security-policy"]
    nonce = NONCE.search(policy)
    assert nonce is not None
    assert policy == content_security_policy(nonce[1])
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    kept = "public, max-age=31536000, immutable" if "/static/" in route else ("no-store", "no-cache")
    assert answer.headers["cache-control"] in kept


async def test_the_policy_lets_nothing_else_run() -> None:
    """Only scripts with the nonce run, no form goes elsewhere, and no page frames ours."""
    policy = content_security_policy("n")
    for part in (
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "script-src 'nonce-n'",
        "require-trusted-types-for 'script'",
    ):
        assert part in policy.split("; ")
    assert "unsafe" not in policy


async def test_a_nonce_is_used_once(served: Served, client: httpx2.AsyncClient) -> None:
    """Two answers never share a nonce, and a page's scripts carry the nonce of their own answer."""
    seen = set()
    for _ in range(3):
        answer = await client.get(served.url)
        nonce = NONCE.search(answer.headers["content-security-policy"])
        assert nonce is not None
        assert re.findall(r'<script nonce="([^"]+)"', answer.text) == [nonce[1]]
        seen.add(nonce[1])
    assert len(seen) == 3


@pytest.mark.parametrize("route", PAGES)
async def test_no_page_has_inline_styles_or_handlers(
    route: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """Nothing in our own pages would need a weaker policy, and nothing is loaded from elsewhere."""
    if "/live" in route or "/static/" in route:
        return
    client.cookies.set("folkmoot", served.session(), domain="127.0.0.1")
    text = (await client.get(address(route, served))).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'(?:src|href)="(?!/|#|http://127\.0\.0\.1)', text)


async def test_public_pages_set_no_cookie(served: Served, client: httpx2.AsyncClient) -> None:
    """Reading the start page, the rules or a receipt leaves nothing behind."""
    for route in ("GET /", "GET /g/{group:str}/rules", "GET /receipt/{token:str}", "GET /healthz"):
        answer = await client.get(address(route, served))
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


async def test_another_host_name_is_refused_with_the_remedy(
    served: Served, client: httpx2.AsyncClient
) -> None:
    """A page elsewhere can't pass for ours by pointing its own name here; the answer names the address."""
    answer = await client.get(served.url, headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert served.url in answer.text
    assert "web.public_url" in answer.text


@pytest.mark.parametrize(
    "host", ["[::1", "a b", "", ":80", "[::1]x", "127.0.0.1:x", "127.0.0.1@evil.example", "ä"]
)
async def test_a_host_name_that_is_none_is_refused(host: str, served: Served) -> None:
    """Whatever stands in the Host header, the answer is a refusal and no fault of ours."""
    reading, writing = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
    writing.write(f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    status = int((await reading.read()).split()[1])
    writing.close()
    await writing.wait_closed()
    assert 400 <= status < 500


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:80"])
async def test_this_machines_own_names_are_good(
    host: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """Whoever sits at the machine may use its loopback names."""
    assert (await client.get(served.url, headers={"host": host})).status_code == 200


async def test_metrics_are_for_this_machine_only(served: Served, client: httpx2.AsyncClient) -> None:
    """Who comes through a proxy, or under another name, does not learn that there are figures."""
    where = f"{served.url}/metrics"
    assert (await client.get(where)).text.startswith("# HELP folkmoot_")
    for headers in (
        {"x-forwarded-for": "203.0.113.7"},
        {"forwarded": "for=203.0.113.7"},
        {"via": "1.1 proxy"},
        {"host": "moot.example.org"},
    ):
        assert (await client.get(where, headers=headers)).status_code == 404


async def test_metrics_can_be_opened(
    tmp_path_factory: pytest.TempPathFactory, client: httpx2.AsyncClient
) -> None:
    """With `web.metrics_open` another machine's monitoring may read them."""
    async with serve(tmp_path_factory.mktemp("open"), metrics_open=True) as served:
        answer = await client.get(f"{served.url}/metrics", headers={"x-forwarded-for": "203.0.113.7"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")


async def test_health_says_when_the_database_is_gone(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A monitor sees 200 while all is well, whatever name it asks under, and 503 once it is not."""
    where = f"{fresh.url}/healthz"
    assert (await client.get(where, headers={"host": "10.0.0.7"})).text == "ok\n"
    assert (await client.head(where)).status_code == 200
    fresh.store.close()
    assert (await client.get(where)).status_code == 503
    assert (await client.head(where)).status_code == 503


async def test_files_have_their_type_and_may_be_kept(served: Served, client: httpx2.AsyncClient) -> None:
    """A file's name holds the hash of its content, so it may be kept for ever; others do not exist."""
    page = (await client.get(f"{served.url}/sign-in")).text
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    names = set(re.findall(r'"(/static/[^"]+)"', page))
    assert len(names) == 3
    for name in names:
        answer = await client.get(served.url + name)
        assert answer.headers["content-type"].startswith(kinds[name[name.rindex(".") :]])
    for wrong in ("/static/console.css", "/static/..%2fapp.py", "/static/VENDORED.md"):
        assert (await client.get(served.url + wrong)).status_code == 404
