"""The console as people use it: by finger, by keyboard, without scripts."""

import re
from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.console.pages import EVERY, address
from tests.console.serving import Served
from tests.console.using import happen, signed_in

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium"),
]


async def test_times_are_the_readers_own(served: Served, context: BrowserContext) -> None:
    """Where scripts run, times are shown in the reader's time zone and manner, with UTC kept at hand."""
    page = await signed_in(context, served)
    await page.goto(address("verdict", served))
    time = page.locator("dd time")
    await expect(time).to_have_text(re.compile(r"^\w+day,? \d+ \w+ \d{4} at \d\d:\d\d:\d\d CES?T$"))
    await expect(time).to_have_attribute("title", re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$"))


async def test_everything_works_without_scripts(fresh: Served, browser: Browser) -> None:
    """Signing in, reading, turning pages, opening what is folded and signing out need no script."""
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 780}, base_url=fresh.url
    )
    page = await context.new_page()
    await page.goto(fresh.link())
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{fresh.url}/groups/{fresh.seeded.group}")
    await expect(page.locator("li.verdict")).to_have_count(50)
    await expect(page.locator("li.verdict time").first).to_have_text(
        re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$")
    )
    happen(fresh, 900, "@late:example.org")
    await page.get_by_role("link", name="Reload").click()
    await expect(page.locator("li.verdict").first).to_contain_text("@late:example.org")
    await page.get_by_role("link", name="Older verdicts").click()
    await expect(page.locator("li.verdict")).to_have_count(21)
    await page.get_by_role("link", name="Newest").click()
    await page.locator("li.verdict .when a").first.click()
    await page.get_by_role("link", name="The receipt that the member can read").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your message was stopped before anyone saw it."
    )
    await page.goto(f"/groups/{fresh.seeded.group}")
    await page.get_by_role("link", name="Rules").click()
    await page.locator("summary").first.click()
    await expect(page.get_by_text("12 within 20 seconds")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{fresh.url}/")
    await page.goto("/groups")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in first")
    await context.close()


async def test_a_keyboard_is_enough(fresh: Served, context: BrowserContext) -> None:
    """Tab and Enter sign in, skip to the content, change the part and sign out; the focus always shows."""
    page = await context.new_page()
    await page.goto(fresh.link())
    await tab_to(page, "Sign in")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Linden Street")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await tab_to(page, "Rules")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/rules$"))
    await tab_to(page, "Exactly")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("12 within 20 seconds")).to_be_visible()
    await page.reload()
    await tab_to(page, "Sign out")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{fresh.url}/")


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on something of that name; each stop must be visible to the eye."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        text, outline = await page.evaluate(
            """() => {
              const one = document.activeElement;
              return [one.textContent.trim(), getComputedStyle(one).outlineWidth];
            }"""
        )
        assert outline == "3px", text
        if text.startswith(name):
            return
    pytest.fail(f"The keyboard does not reach {name!r}.")


@pytest.mark.parametrize("name", EVERY)
async def test_everything_to_press_is_large_enough(
    name: str, served: Served, context: BrowserContext
) -> None:
    """Buttons and links that stand alone are at least 24 pixels high on a phone, as WCAG 2.2 asks."""
    await context.add_cookies([{"name": "folkmoot", "value": served.session(), "url": served.url}])
    page = await context.new_page()
    await page.goto(address(name, served))
    small = await page.evaluate(
        """() => [...document.querySelectorAll("button, header a, nav a, summary, .button, .live a, .turn a")]
          .filter((one) => one.getBoundingClientRect().height < 24)
          .map((one) => one.textContent)"""
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_colours_follow_the_device(
    scheme: Literal["light", "dark"], served: Served, browser: Browser
) -> None:
    """A device set to dark gets a dark page, and a light one a light page."""
    context = await browser.new_context(color_scheme=scheme)
    page = await context.new_page()
    await page.goto(served.url)
    ground = await page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    lightness = sum(int(one) for one in re.findall(r"\d+", ground)[:3]) / 3
    assert (lightness > 127) is (scheme == "light")
    await context.close()


async def test_nothing_is_loaded_from_elsewhere(served: Served, context: BrowserContext) -> None:
    """No page asks any other address for anything."""
    await context.add_cookies([{"name": "folkmoot", "value": served.session(), "url": served.url}])
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in EVERY:
        await page.goto(address(name, served))
    assert [one for one in asked if not one.startswith(served.url)] == []
