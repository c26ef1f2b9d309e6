"""Every page in a real browser: no accessibility finding, nothing wider than the screen, no complaint."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.console.pages import EVERY, address
from tests.console.serving import Served

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium"),
]

AXE = (Path(__file__).parent / "vendored/axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)"""
WIDTHS = (360, 1280)
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What the browser says of a page that is meant to be refused."""
Scheme = Literal["light", "dark"]


async def open_page(
    browser: Browser, served: Served, name: str, scheme: Scheme = "light", locale: str = "en-GB"
) -> tuple[Page, list[str]]:
    """A page in a window of its own, signed in, and what the browser complained about."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme=scheme, locale=locale, reduced_motion="reduce"
    )
    await context.add_cookies([{"name": "folkmoot", "value": served.session(), "url": served.url}])
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend([said.text] * (not said.text.startswith(REFUSED))))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address(name, served))
    await page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true }")
    return page, complaints


async def look(page: Page) -> dict[str, list[str]]:
    """What there is to say against a page on a small phone and on a large screen."""
    found: dict[str, list[str]] = {}
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        said = await findings(page)
        if await too_wide(page):
            said.append("has to be scrolled sideways")
        if said:
            found[f"at {width} pixels"] = said
    return found


async def findings(page: Page) -> list[str]:
    """What axe finds on a page; it comes in through the debugger, so our strict policy stays in force."""
    session = await page.context.new_cdp_session(page)
    await session.send("Runtime.evaluate", {"expression": AXE})
    found: list[str] = await page.evaluate(RUN)
    return found


async def too_wide(page: Page) -> bool:
    """Whether somebody would have to scroll sideways."""
    wide: bool = await page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EVERY)
async def test_no_page_has_a_finding(name: str, scheme: Scheme, served: Served, browser: Browser) -> None:
    """axe finds nothing against WCAG 2.2 AA or good practice, nothing overflows, nothing is blocked."""
    page, complaints = await open_page(browser, served, name, scheme)
    assert await look(page) == {}
    assert complaints == []
    await page.context.close()


async def test_axe_is_awake(served: Served, browser: Browser) -> None:
    """The same look finds faults where there are some, so that silence means something."""
    page, _ = await open_page(browser, served, "landing")
    await page.evaluate(
        """() => {
          document.querySelector("h1").style.color = "#ddd";
          document.querySelector("img.ring").removeAttribute("alt");
          document.querySelector("main").style.inlineSize = "90rem";
        }"""
    )
    found = " ".join(await findings(page))
    assert "color-contrast" in found
    assert await too_wide(page)
    await page.context.close()


@pytest.mark.parametrize("name", ["landing", "overview", "rules", "log", "receipt"])
async def test_text_may_be_twice_as_large(name: str, served: Served, browser: Browser) -> None:
    """With letters of double size on a small phone nothing is cut off or runs out of the screen."""
    page, _ = await open_page(browser, served, name)
    await page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert not await too_wide(page)
    await page.context.close()


@pytest.mark.parametrize("name", EVERY)
async def test_every_page_runs_from_right_to_left(name: str, served: Served, browser: Browser) -> None:
    """In Arabic each page is mirrored: its name stands at the right, nothing overflows, axe is content."""
    page, complaints = await open_page(browser, served, name, locale="ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    mark = await page.locator("header .name").bounding_box()
    assert mark is not None
    assert mark["x"] + mark["width"] > 330
    assert await look(page) == {}
    assert complaints == []
    await page.context.close()


@pytest.mark.parametrize("code", ["de", "ru", "zh-Hans"])
async def test_a_receipt_fits_in_each_language(code: str, served: Served, browser: Browser) -> None:
    """Where words are longer, or of another script, nothing overflows on a small phone and axe is content."""
    page, complaints = await open_page(browser, served, "receipt", locale=code)
    await expect(page.locator("html")).to_have_attribute("lang", code)
    assert await look(page) == {}
    assert complaints == []
    await page.context.close()


async def test_a_catalogue_is_spoken(served: Served, browser: Browser) -> None:
    """What is translated is shown in the reader's language, in templates and in words from the code."""
    page, _ = await open_page(browser, served, "overview", locale="ar")
    await expect(page.get_by_role("heading", name="الأحكام")).to_be_visible()
    await expect(page.locator("li.verdict").first).to_contain_text("قبل التسليم")
    await page.context.close()


async def test_an_appeal_in_arabic(fresh: Served, browser: Browser) -> None:
    """A member appeals on a phone in Arabic, and finds the own words below, with nothing to object to."""
    page, complaints = await open_page(browser, fresh, "receipt", locale="ar")
    await page.get_by_label("اذكر السبب بكلماتك").fill("كانت الرسالة عن سوق الحي.")
    await page.get_by_role("button", name="تقديم التظلّم").click()
    await expect(page.get_by_role("heading", name="تظلّمك قيد النظر")).to_be_visible()
    await expect(page.locator(".dialogue")).to_contain_text("كانت الرسالة عن سوق الحي.")
    assert await look(page) == {}
    assert complaints == []
    await page.context.close()
