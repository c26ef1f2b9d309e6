"""Forms are accepted from our own pages only."""

import httpx2
import pytest
from litestar.routes import HTTPRoute

from folkmoot.remember import appeals
from tests.console.reading import kept
from tests.console.serving import Served
from tests.console.test_permissions import TABLE, application, form

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERY = [route.partition(" ")[2] for route in TABLE if route.startswith("POST ")]
FORMS = [path for path in EVERY if not path.startswith("/receipt/")]
"""Those that rest on a cookie. An appeal rests on its link, which no other site knows."""


async def signed_in(client: httpx2.AsyncClient, served: Served) -> dict[str, str]:
    """A good form, with a session to send it with."""
    client.cookies.set("folkmoot", served.session(), domain="127.0.0.1")
    return await form(client, served, token=served.sign_in_token())


async def test_only_these_forms_exist(served: Served) -> None:
    """What changes something is a POST; there is no other method that could."""
    methods = {
        method
        for route in application(served).routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
    }
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_without_its_token_is_refused(
    path: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """A form that was not made by one of our pages changes nothing, and the answer says what to do."""
    good = await signed_in(client, served)
    answer = await client.post(served.url + path, data={"token": good["token"]})
    assert answer.status_code == 403
    assert "Go back, reload the page, and try again" in answer.text


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_with_somebody_elses_token_is_refused(
    path: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """A token that another visitor was given does not fit this visitor's cookie."""
    good = await signed_in(client, served)
    async with httpx2.AsyncClient() as other:
        foreign = await form(other, served)
    answer = await client.post(served.url + path, data={**good, **foreign})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", FORMS)
async def test_a_made_up_token_is_refused(path: str, served: Served, client: httpx2.AsyncClient) -> None:
    """Setting both cookie and field to the same value of one's own is of no use: tokens are signed."""
    good = await signed_in(client, served)
    client.cookies.set("folkmoot-form", "0" * 128, domain="127.0.0.1")
    answer = await client.post(served.url + path, data={**good, "_csrf_token": "0" * 128})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
async def test_another_sites_page_cannot_send_a_form(
    path: str, headers: dict[str, str], served: Served, client: httpx2.AsyncClient
) -> None:
    """Even with a good token a browser that says the form comes from elsewhere is refused."""
    good = await signed_in(client, served)
    answer = await client.post(served.url + path, data=good, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_as_json_is_refused(path: str, served: Served, client: httpx2.AsyncClient) -> None:
    """Only real forms carry the token; anything else is refused."""
    good = await signed_in(client, served)
    answer = await client.post(served.url + path, json=good)
    assert answer.status_code == 403


async def test_an_appeal_needs_and_sets_no_cookie(served: Served, client: httpx2.AsyncClient) -> None:
    """The page of a receipt and its form work in a browser that keeps nothing."""
    verdict = kept(served, 205).id
    link = served.receipts.link(verdict)
    for answer in (await client.get(link), await client.post(link, json={"words": "As JSON."})):
        assert "set-cookie" not in answer.headers
    waiting = served.store.read_now(lambda c: appeals.still_open(c, served.seeded.group))
    assert verdict not in [one.subject for one in waiting]


async def test_a_huge_form_is_refused(served: Served, client: httpx2.AsyncClient) -> None:
    """Nobody makes us read more than a form can be."""
    good = await signed_in(client, served)
    answer = await client.post(f"{served.url}/sign-in", data={**good, "more": "x" * 100_000})
    assert answer.status_code == 413
    assert "Send less" in answer.text
