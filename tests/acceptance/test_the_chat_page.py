"""The chat page in a real browser, and without scripts: say something, see it delivered or refused."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from folkmoot.cli.demo.performance import Performance
from folkmoot.cli.demo.play import Players

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.timeout(300),
]

_CHROMIUM = Path("/usr/bin/chromium")
_HAS_CHROMIUM = _CHROMIUM.exists()
_AXE = Path(__file__).parents[1] / "console" / "vendored" / "axe.min.js"
_FRAUD = "Guaranteed profit, double your money in 24 hours! Message me to invest."


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chat(performance: Performance, players: Players) -> str:
    """The address of the chat page."""
    return await performance.open_chat(players)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    if not _HAS_CHROMIUM:
        pytest.skip("Chromium is missing: apt install chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(_CHROMIUM), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session", params=[360, 1280])
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page as wide as a phone, then as a desk; an error on it fails the test."""
    context = await browser.new_context(viewport={"width": request.param, "height": 780})
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    await context.close()
    assert complaints == []


@pytest.mark.browser
async def test_a_message_typed_into_the_page_appears_delivered_and_a_fraud_refused(
    page: Page, chat: str
) -> None:
    """Both come live: the one as delivered, the other with reason, rule and a receipt that opens."""
    await page.goto(chat)
    await page.get_by_role("link", name="baker").click()
    width = page.viewport_size["width"] if page.viewport_size else 0
    hello = f"A new ladder is in the shed, {width} centimetres long."
    await page.get_by_label("Message", exact=True).fill(hello)
    await page.get_by_label("Message", exact=True).press("Enter")
    delivered = page.locator(".bubble.mine", has_text=hello)
    await expect(delivered).to_contain_text("Delivered")
    await page.get_by_label("Message", exact=True).fill(f"{_FRAUD} ({width})")
    await page.get_by_role("button", name="Send").click()
    refused = page.locator(".bubble.refused", has_text=f"({width})")
    await expect(refused).to_contain_text("Not delivered. Nobody saw this message.")
    await expect(refused).to_contain_text("Your message was stopped before anyone saw it.")
    receipt = await refused.get_by_role("link", name="Read the receipt").get_attribute("href")
    async with httpx2.AsyncClient(trust_env=False) as anybody:
        assert (await anybody.get(receipt or "")).status_code == 200
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
async def test_another_member_sees_what_is_delivered_live_and_nothing_that_was_refused(
    browser: Browser, chat: str
) -> None:
    """Two people in two windows: the second never sees the refused one."""
    first, second = await browser.new_page(), await browser.new_page()
    await first.goto(f"{chat}/as/coach/market")
    await second.goto(f"{chat}/as/nurse/market")
    for text in (f"{_FRAUD} (to coach)", "Has anybody seen a grey cat?"):
        await first.get_by_label("Message", exact=True).fill(text)
        await first.get_by_role("button", name="Send").click()
        await expect(first.locator(".bubble.mine").last).to_contain_text(text)
    await expect(second.locator(".bubble").last).to_contain_text("grey cat")
    await expect(second.get_by_text("(to coach)")).to_have_count(0)
    await first.close()
    await second.close()


@pytest.mark.browser
async def test_the_bots_direct_message_is_on_the_page(browser: Browser, chat: str) -> None:
    """Who was stopped finds the reason in the inbox, with a link to the receipt."""
    page = await browser.new_page()
    await page.goto(f"{chat}/as/gardener/square")
    await page.get_by_label("Message", exact=True).fill(f"{_FRAUD} (to gardener)")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("link", name="Inbox").click()
    letter = page.locator(".bubble").last
    await expect(letter).to_contain_text("Your message was stopped", timeout=15_000)
    await expect(letter.get_by_role("link").first).to_have_attribute("href", re.compile("/receipt/"))
    await page.close()


@pytest.mark.browser
@pytest.mark.parametrize("place", ["/", "/as/baker/square", "/as/baker/letters"])
async def test_axe_finds_nothing_on_the_pages(browser: Browser, chat: str, place: str) -> None:
    """The pages keep the accessibility rules that axe knows."""
    page = await browser.new_page(bypass_csp=True)
    await page.goto(chat + place)
    await page.add_script_tag(path=str(_AXE))
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    await page.close()


async def test_the_page_works_without_scripts(chat: str) -> None:
    """A plain form sends the message, and the page that comes back shows what happened to it."""
    async with httpx2.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        place = f"{chat}/as/librarian/square"
        delivered = await browser.post(place, data={"say": "<b>The reading room</b> opens at ten."})
        refused = await browser.post(place, data={"say": f"{_FRAUD} (plain)"})
    assert "&lt;b&gt;The reading room&lt;/b&gt; opens at ten." in delivered.text
    assert "Not delivered." in refused.text
    assert "Read the receipt" in refused.text


async def test_other_sites_and_other_names_are_turned_away(chat: str) -> None:
    """A form from another site, another host name, and what does not exist are refused."""
    place = f"{chat}/as/baker/square"
    async with httpx2.AsyncClient(trust_env=False) as browser:
        foreign = await browser.post(place, data={"say": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        origin = await browser.post(place, data={"say": "x"}, headers={"Origin": "https://evil.example"})
        host = await browser.get(place, headers={"Host": "evil.example"})
        nobody = await browser.get(f"{chat}/as/ghost/square")
        empty = await browser.post(place, data={"say": "  "})
        long = await browser.post(place, data={"say": "x" * 5_000})
        page = await browser.get(place)
    assert [answer.status_code for answer in (foreign, origin, host)] == [403, 403, 400]
    assert [answer.status_code for answer in (nobody, empty, long)] == [404, 400, 400]
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
