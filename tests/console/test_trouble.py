"""Pages for what went wrong: each says what one can do."""

import httpx2
import pytest
from sqlalchemy import text

from tests.console.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("path", "status", "remedy"),
    [
        ("/groups", 401, "Write “console” to Folkmoot’s bot"),
        ("/groups/{group}", 401, "Write “console” to Folkmoot’s bot"),
        ("/nowhere", 404, "Copy the whole link"),
        ("/receipt/unknown", 404, "Copy the whole link"),
        ("/receipt/ä.ö", 404, "Copy the whole link"),
        ("/g/unknown/rules", 404, "Copy the whole link"),
        ("/g/{group}/rules/99", 404, "Copy the whole link"),
        ("/g/{group}/rules/99999999999999999999", 404, "Copy the whole link"),
        ("/g/{group}/rules/one", 404, "Copy the whole link"),
        ("/sign-in/unknown", 410, "Write “console” to the bot for a new one"),
        ("/sign-out", 405, "use the buttons of the page you came from"),
    ],
)
async def test_each_trouble_has_its_remedy(
    path: str, status: int, remedy: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """The page has the right status, a heading, and says what to do."""
    answer = await client.get(served.url + path.format(group=served.seeded.group))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert remedy in answer.text
    assert "<h1>" in answer.text


async def test_a_wrong_method_names_the_right_ones(served: Served, client: httpx2.AsyncClient) -> None:
    """A 405 says which methods there are."""
    answer = await client.get(f"{served.url}/sign-out")
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    "query", ["before=x", "before=", "before=-1", "before=1.5", "before=99999999999999999999"]
)
async def test_a_wrong_page_number_is_no_fault_of_ours(
    query: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """An address that somebody typed wrongly gets a page that says so, not a 500."""
    client.cookies.set("folkmoot", served.session(), domain="127.0.0.1")
    for part in ("", "/log"):
        answer = await client.get(f"{served.url}/groups/{served.seeded.group}{part}?{query}")
        assert answer.status_code == 400
        assert "<h1>" in answer.text


async def test_a_fault_of_ours_is_admitted_and_logged_without_secrets(
    fresh: Served, client: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that fails says so; the log names the page but neither the session nor the address."""
    session = fresh.session()
    client.cookies.set("folkmoot", session, domain="127.0.0.1")
    fresh.store.write_now(lambda c: c.execute(text("DROP TABLE judged")))
    answer = await client.get(f"{fresh.url}/groups/{fresh.seeded.group}")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "judged" not in answer.text
    logged = "".join(capsys.readouterr())
    assert "overview" in logged
    assert session not in logged
    assert fresh.seeded.group not in logged


async def test_a_sign_in_link_is_in_no_log(
    served: Served, client: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The secret of a link appears in no log line, used or not."""
    link = served.link()
    await client.get(link)
    await client.get(link + "x")
    assert link.rpartition("/")[2] not in "".join(capsys.readouterr())
