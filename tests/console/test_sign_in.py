"""Signing in by the bot's one-time link, staying signed in, and being out."""

import re

import httpx2
import pytest

from folkmoot.remember import log, tokens
from folkmoot.remember.tokens import TokenKind
from folkmoot.settings import Settings, SettingsError, Web
from folkmoot.web.app import console
from tests.console.people import demote
from tests.console.serving import SECRET, Served, serve
from tests.support.seed import STEWARD, WARDEN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(client: httpx2.AsyncClient, link: str) -> httpx2.Response:
    """Open a sign-in link and press the button of its page."""
    page = await client.get(link)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    site, _, token = link.partition("/sign-in/")
    return await client.post(f"{site}/sign-in", data={"token": token, **fields})


async def test_a_link_signs_in_once(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The first press signs in and leads to the group; a second finds the link gone, and says the remedy."""
    link = fresh.link()
    first = await press(client, link)
    assert first.status_code == 303
    assert first.headers["location"] == f"/groups/{fresh.seeded.group}"
    assert (await client.get(f"{fresh.url}/groups/{fresh.seeded.group}")).status_code == 200
    second = await client.get(link)
    assert second.status_code == 410
    assert "Write “console” to the bot for a new one" in second.text


async def test_looking_at_a_link_does_not_use_it_up(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Previews and prefetching open a link many times, and the button works afterwards."""
    link = fresh.link()
    for _ in range(5):
        assert (await client.get(link)).status_code == 200
    assert (await press(client, link)).status_code == 303


async def test_a_link_page_names_nobody(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A preview of the link in a room shows neither the person nor the group."""
    page = await client.get(fresh.link())
    assert STEWARD not in page.text
    assert "Linden Street" not in page.text


async def test_a_link_expires(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A link that lay too long does not work, pressed or opened."""
    link = fresh.link()
    page = await client.get(link)
    fresh.clock.ahead = 901.0
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert (await client.post(f"{fresh.url}/sign-in", data=fields)).status_code == 410
    assert (await client.get(link)).status_code == 410


async def test_a_session_is_no_link_and_a_link_no_session(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A secret opens only what it was made for."""
    assert (await client.get(f"{fresh.url}/sign-in/{fresh.session()}")).status_code == 410
    client.cookies.set("folkmoot", fresh.sign_in_token(), domain="127.0.0.1")
    assert (await client.get(f"{fresh.url}/groups/{fresh.seeded.group}")).status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """The session cookie is HttpOnly and SameSite, for the whole site, and ends by itself."""
    cookie = (await press(client, fresh.link())).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1209600"} <= set(cookie.split("; "))


async def test_over_https_the_cookies_are_pinned_to_the_host(
    tmp_path_factory: pytest.TempPathFactory, client: httpx2.AsyncClient
) -> None:
    """With an https address both cookies are Secure, carry the __Host- prefix, and HTTPS is made to stay."""
    folder = tmp_path_factory.mktemp("https")
    async with serve(folder, public_url="https://moot.example.org") as served:
        page = await client.get(served.link(), headers={"host": "moot.example.org"})
        assert page.headers["strict-transport-security"].startswith("max-age=")
        form_cookie = page.headers["set-cookie"]
        token = re.search(r'_csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        answer = await client.post(
            f"{served.url}/sign-in",
            data={"token": served.sign_in_token(), "_csrf_token": token[1]},
            headers={"host": "moot.example.org", "cookie": form_cookie.partition(";")[0]},
        )
    assert form_cookie.startswith("__Host-folkmoot-form=")
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("__Host-folkmoot=")
    for cookie in (form_cookie, answer.headers["set-cookie"]):
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_signing_out_ends_the_session_itself(fresh: Served, client: httpx2.AsyncClient) -> None:
    """After signing out the old cookie opens nothing, even when somebody kept it."""
    await press(client, fresh.link())
    kept = client.cookies["folkmoot"]
    page = await client.get(f"{fresh.url}/groups/{fresh.seeded.group}")
    token = re.search(r'_csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    out = await client.post(f"{fresh.url}/sign-out", data={"_csrf_token": token[1]})
    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert "folkmoot" not in client.cookies
    client.cookies.set("folkmoot", kept, domain="127.0.0.1")
    assert (await client.get(f"{fresh.url}/groups")).status_code == 401


async def test_signing_in_again_ends_the_session_before(fresh: Served, client: httpx2.AsyncClient) -> None:
    """One browser has one session: the older one is ended."""
    await press(client, fresh.link())
    older = client.cookies["folkmoot"]
    await press(client, fresh.link(WARDEN, fresh.seeded.other))
    found = fresh.store.read_now(lambda c: tokens.find(c, older, TokenKind.SESSION, now=fresh.clock()))
    assert found is None


async def test_who_is_demoted_is_out_at_once(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The next request after losing the power is refused, while the person's other group stays open."""
    await press(client, fresh.link())
    where = f"{fresh.url}/groups/{fresh.seeded.group}"
    assert (await client.get(where)).status_code == 200
    demote(fresh)
    answer = await client.get(where)
    assert answer.status_code == 403
    assert "You don’t administer this group" in answer.text
    assert (await client.get(f"{fresh.url}/groups/{fresh.seeded.other}")).status_code == 200


async def test_who_administers_nothing_is_told_so(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A link works for who lost every group since, but there is nothing behind it."""
    await press(client, fresh.link("@former:example.org"))
    page = await client.get(f"{fresh.url}/groups")
    assert page.status_code == 200
    assert "You don’t administer any group at the moment" in page.text


async def test_signing_in_and_out_is_in_the_groups_log(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The other administrators can see who opened the console."""
    await press(client, fresh.link())
    lines = fresh.store.read_now(lambda c: log.entries(c, fresh.seeded.group, most=1))
    assert (lines[0].kind, lines[0].by) == ("token.session", STEWARD)


async def test_guessing_is_slowed_down_but_locks_nobody_out(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """After twenty wrong links one must wait five minutes, while a link that works goes on working."""
    wrong = f"{fresh.url}/sign-in/{'x' * 43}"
    answers = [(await client.get(wrong)).status_code for _ in range(20)]
    assert answers == [410] * 20
    refused = await client.get(wrong)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 301
    assert "Wait five minutes" in refused.text
    assert (await press(client, fresh.link())).status_code == 303
    fresh.clock.ahead = 301.0
    assert (await client.get(wrong)).status_code == 410


@pytest.mark.parametrize("token", ["x" * 201, "", "ä", "a b", "%00", "'; --"])
async def test_odd_tokens_are_refused_politely(token: str, fresh: Served, client: httpx2.AsyncClient) -> None:
    """Whatever stands in place of a token, the answer is a page and never a fault of ours."""
    page = await client.get(f"{fresh.url}/sign-in")
    form = {"token": token, "_csrf_token": client.cookies["folkmoot-form"]}
    answer = await client.post(f"{fresh.url}/sign-in", data=form)
    assert page.status_code == 200
    assert answer.status_code in (400, 410)
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "wrong",
    ["moot.example.org", "ftp://moot.example.org", "https://", "https://a.example/moot", "https://[::1"],
)
async def test_a_public_address_that_cannot_work_is_a_clear_error(wrong: str, served: Served) -> None:
    """The console does not start with it; the error names the setting and an example."""
    settings = Settings(web=Web(public_url=wrong))
    with pytest.raises(SettingsError, match=r"web\.public_url is .*such as https://folkmoot\.example\.org"):
        console(served.store, served.feed, served.receipts, settings, secret=SECRET)
