"""The OpenAPI document is true: what it says is what the running API does."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from folkmoot.gateways.http import openapi
from folkmoot.gateways.http.review_routes import ROUTES
from folkmoot.remember.tokens import Scope
from folkmoot.settings import Settings
from tests.contract.http.conftest import Running


@pytest.fixture(scope="module")
def secret(api: Running) -> str:
    """A token of a group that has started, which may do everything."""
    return api.token(api.group(), may=tuple(Scope))


@pytest.fixture(scope="module")
def described(api: Running) -> OpenApiSchema:
    """The API as its own document describes it."""
    schema = schemathesis.openapi.from_url(f"{api.address}/openapi.json")
    schema.config.update(base_url=api.address)
    refusals = schema.config.checks.negative_data_rejection
    refusals.expected_statuses = ["400", "401", "403", "404", "405", "413", "415"]
    # A request of the right form may still ask for what can't be, such as reporting oneself.
    schema.config.checks.positive_data_acceptance.expected_statuses = [
        "2xx", "401", "403", "404", "409", "422", "5xx"
    ]  # fmt: skip
    return schema


_THOROUGH = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize(
    ("label", "mode"),
    [
        ("POST /v1/judge", GenerationMode.POSITIVE),
        ("POST /v1/judge", GenerationMode.NEGATIVE),
        # Nothing can be asked wrongly where nothing is taken.
        ("GET /v1/policy", GenerationMode.POSITIVE),
        ("GET /openapi.json", GenerationMode.POSITIVE),
        ("GET /v1/docs", GenerationMode.POSITIVE),
        *[(f"{one.method} {one.path}", GenerationMode.POSITIVE) for one in ROUTES],
        *[(f"{one.method} {one.path}", GenerationMode.NEGATIVE) for one in ROUTES if one.asked is not None],
    ],
    ids=str,
)
def test_the_api_keeps_to_its_document(
    described: OpenApiSchema, secret: str, label: str, mode: GenerationMode
) -> None:
    """Requests made from the document, right and wrong ones, get the answers that the document promises."""
    method, path = label.split()
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=60 if path == "/v1/judge" else 20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any]) -> None:
        assume(not _has_a_whole_number_with_a_point(case.body))
        assume(_FRAMING.isdisjoint(name.lower() for name in case.headers or ()))
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, timeout=20)

    ask()


# Headers by which the server itself finds the body; broken ones never reach the API.
_FRAMING = {"content-length", "transfer-encoding", "connection", "host", "expect", "upgrade", "te", "trailer"}


def _has_a_whole_number_with_a_point(value: Any) -> bool:
    """Say whether 3.0 stands for 3 somewhere: JSON Schema allows it, the API (as most programs) does not."""
    if isinstance(value, dict | list):
        return any(
            map(_has_a_whole_number_with_a_point, value.values() if isinstance(value, dict) else value)
        )
    return isinstance(value, float) and value.is_integer()


def test_every_route_is_in_the_document(api: Running) -> None:
    """No address answers that the document does not name, but for the page's style sheet."""
    with api.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    routes = {(path, method) for path, (method, _) in api.app.routes.items() if not path.endswith(".css")}
    routes |= {(one.path, one.method) for one in ROUTES}
    assert {(path, method.upper()) for path, methods in paths.items() for method in methods} == routes


def test_the_document_states_the_limits_in_force() -> None:
    """An operator's own limits and address are in the document."""
    web = Settings().web
    text = str(openapi.document(Settings()))
    for limit in (web.largest_request, web.largest_batch, web.most_at_once):
        assert str(limit) in text
    assert openapi.document(Settings())["servers"] == [{"url": web.public_url}]


def test_no_text_of_a_message_is_in_an_address(api: Running) -> None:
    """Of an address the API takes ids of its own only: nothing else ends in the log of a proxy."""
    with api.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    operations = [how for methods in paths.values() for how in methods.values()]
    taken = [one for how in operations for one in how.get("parameters", ())]
    assert {(one["in"], one["name"]) for one in taken} == {("path", "id"), ("header", "Folkmoot-By")}
    assert all(one["schema"]["pattern"] == "^[0-9a-f]{1,64}$" for one in taken if one["in"] == "path")


class _Links(HTMLParser):
    """Collects what a page refers to and what it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.to.append(value)
            if name == "id" and value:
                self.ids.append(value)


@pytest.fixture
def page(api: Running) -> Iterator[httpx2.Response]:
    """The page for people."""
    with api.client() as client:
        yield client.get("/v1/docs")


def test_the_page_needs_nothing_from_elsewhere(page: httpx2.Response, api: Running) -> None:
    """The page has no script and no address of another host, and its policy allows none."""
    links = _Links()
    links.feed(page.text)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert not links.tags & {"script", "style", "img", "iframe"}
    assert all(link.startswith(("/", "#")) for link in links.to)
    with api.client() as client:
        for link in links.to:
            if link.startswith("/"):
                assert client.get(link).status_code == 200


def test_the_page_explains_every_problem_and_field(page: httpx2.Response, api: Running) -> None:
    """Each problem's address leads to its place on the page, and every field is listed."""
    links = _Links()
    links.feed(page.text)
    assert len(links.ids) == len(set(links.ids))
    assert {link[1:] for link in links.to if link.startswith("#")} <= set(links.ids)
    with api.client() as client:
        kind = client.get("/v1/policy").json()["type"]
        schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert kind.removeprefix("/v1/docs#") in links.ids
    for name, described in schemas.items():
        assert name in links.ids
        for field in described.get("properties", {}):
            assert f"<code>{field}</code>" in page.text


def test_answers_are_kept_nowhere(page: httpx2.Response) -> None:
    """No answer is stored by browsers or proxies, or taken for another type."""
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
