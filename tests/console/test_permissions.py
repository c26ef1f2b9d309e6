"""Every route, tried by everybody: the table of who may do what."""

import re
from typing import NamedTuple

import httpx2
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from folkmoot.intake.feed import Feed
from folkmoot.remember import verdicts
from folkmoot.settings import Settings
from folkmoot.web.access import Who
from folkmoot.web.app import console
from tests.console.people import Person, session_of
from tests.console.serving import SECRET, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN = (200, 200, 200, 200, 200, 200)
"""Anybody may: stranger, member, administrator elsewhere, administrator, expired, signed out."""
ADMINISTRATORS = (401, 403, 403, 200, 401, 401)
"""Only an administrator of the group in the address."""

TABLE: dict[str, tuple[int, int, int, int, int, int]] = {
    "GET /": OPEN,
    "GET /sign-in": OPEN,
    "GET /sign-in/{token:str}": OPEN,
    "POST /sign-in": (303, 303, 303, 303, 303, 303),
    "POST /sign-out": (401, 303, 303, 303, 401, 401),
    "GET /groups": (401, 200, 303, 200, 401, 401),
    "GET /groups/{group:str}": ADMINISTRATORS,
    "GET /groups/{group:str}/live": ADMINISTRATORS,
    "GET /groups/{group:str}/log": ADMINISTRATORS,
    "GET /groups/{group:str}/rules": ADMINISTRATORS,
    "GET /groups/{group:str}/rules/{version:int}": ADMINISTRATORS,
    "GET /groups/{group:str}/verdicts/{verdict:str}": ADMINISTRATORS,
    "GET /g/{group:str}/rules": OPEN,
    "GET /g/{group:str}/rules/{version:int}": OPEN,
    "GET /g/{group:str}/hosts/{name:str}": (404, 404, 404, 404, 404, 404),
    "GET /receipt/{token:str}": OPEN,
    "POST /receipt/{token:str}": (422, 422, 422, 422, 422, 422),
    "GET /healthz": OPEN,
    "HEAD /healthz": OPEN,
    "GET /metrics": OPEN,
    "GET /static/{name:str}": OPEN,
}


class Knock(NamedTuple):
    """One request to make: a route of the table, and who asks."""

    route: str
    person: Person
    answer: int


KNOCKS = [
    Knock(route, person, answer)
    for route, answers in TABLE.items()
    for person, answer in zip(Person, answers, strict=True)
]


def routes(app: Litestar) -> dict[str, Who | None]:
    """Every route of the application, with who may open it."""
    return {
        f"{method} {route.path}": handler.opt.get("who")
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


def application(served: Served) -> Litestar:
    """The same application that is served, to look at its routes."""
    return console(served.store, Feed(), served.receipts, Settings(), secret=SECRET)


def address(route: str, served: Served) -> str:
    """A route's address with real values for the seeded group."""
    seeded = served.seeded
    verdict = served.store.read_now(lambda c: verdicts.latest(c, seeded.group, most=1))[0].id
    path = route.partition(" ")[2].replace("{group:str}", seeded.group).replace("{version:int}", "1")
    path = path.replace("{verdict:str}", verdict)
    path = path.replace("/receipt/{token:str}", f"/receipt/{served.receipts.token(verdict)}")
    if "/sign-in/{token:str}" in path:
        path = path.replace("{token:str}", served.sign_in_token())
    return served.url + path.replace("{name:str}", style_sheet(served))


def style_sheet(served: Served) -> str:
    """The name under which the style sheet is served."""
    hall = application(served).state.hall
    return str(hall.assets.address("console.css")).removeprefix("/static/")


async def form(client: httpx2.AsyncClient, served: Served, **fields: str) -> dict[str, str]:
    """A form as its page gives it out, the token and its cookie with it."""
    page = await client.get(f"{served.url}/sign-in")
    assert page.status_code == 200
    token = client.cookies["folkmoot-form"]
    return {"_csrf_token": token, **fields}


@pytest.mark.parametrize("knock", KNOCKS, ids=lambda knock: f"{knock.route} by {knock.person.name.lower()}")
async def test_each_person_gets_their_answer(
    knock: Knock, served: Served, client: httpx2.AsyncClient
) -> None:
    """A route answers each person as the table says."""
    session = session_of(knock.person, served)
    if session is not None:
        client.cookies.set("folkmoot", session, domain="127.0.0.1")
    method, where = knock.route.partition(" ")[0], address(knock.route, served)
    body = None
    if method == "POST":
        body = await form(client, served, token=served.sign_in_token())
    async with client.stream(method, where, data=body) as answer:
        assert answer.status_code == knock.answer


async def test_no_route_is_missing_from_the_table(served: Served) -> None:
    """A new route fails this test until somebody says who may open it."""
    assert set(routes(application(served))) == set(TABLE)


async def test_every_route_says_who_may_open_it(served: Served) -> None:
    """A route that says nothing would be closed to everybody."""
    assert [route for route, who in routes(application(served)).items() if who is None] == []


async def test_every_group_route_is_for_its_administrators(served: Served) -> None:
    """A route below /groups/… is open to the administrators of that group only, by what it declares too."""
    inside = {route: who for route, who in routes(application(served)).items() if " /groups/" in route}
    assert inside
    assert set(inside.values()) == {Who.ADMINISTRATOR}


@pytest.mark.parametrize(
    "route", [route for route in TABLE if "{group:str}" in route and "/groups/" in route]
)
async def test_an_unknown_group_answers_like_a_foreign_one(
    route: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """Nobody learns from the answer which groups there are."""
    client.cookies.set("folkmoot", str(session_of(Person.ELSEWHERE, served)), domain="127.0.0.1")
    foreign = await client.get(address(route, served))
    unknown = await client.get(address(route, served).replace(served.seeded.group, "0" * 16))
    strip = re.compile(r'nonce="[^"]*"')
    assert (unknown.status_code, strip.sub("", unknown.text)) == (
        foreign.status_code,
        strip.sub("", foreign.text),
    )


async def test_a_verdict_is_not_shown_through_another_group(
    served: Served, client: httpx2.AsyncClient
) -> None:
    """An administrator of one group can't read another's verdict by putting its id behind their own group."""
    client.cookies.set("folkmoot", str(session_of(Person.ELSEWHERE, served)), domain="127.0.0.1")
    where = address("GET /groups/{group:str}/verdicts/{verdict:str}", served)
    answer = await client.get(where.replace(served.seeded.group, served.seeded.other))
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/", "/groups", "/sign-in", "/sign-out"])
async def test_options_tells_strangers_nothing(path: str, served: Served, client: httpx2.AsyncClient) -> None:
    """A method that no page needs is refused."""
    answer = await client.options(served.url + path)
    assert answer.status_code == 401


async def test_whoever_has_a_list_of_one_group_goes_there(served: Served, client: httpx2.AsyncClient) -> None:
    """The list of groups sends who administers one group only straight to it."""
    client.cookies.set("folkmoot", str(session_of(Person.ELSEWHERE, served)), domain="127.0.0.1")
    answer = await client.get(f"{served.url}/groups")
    # The warden set up two groups, but has power in the rooms of one only.
    assert answer.headers["location"] == f"/groups/{served.seeded.other}"
