"""The console as people use it: by finger, by keyboard, without scripts, and left open for hours."""

import asyncio
import re
from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import Connection

from folkmoot.remember import groups, rooms, verdicts
from folkmoot.remember.records import Protection, VerdictRecord
from tests.console.pages import EVERY, address
from tests.console.people import demote
from tests.console.serving import Served
from tests.support import seed
from tests.support.seed import CELLAR, STEWARD

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium"),
]


async def signed_in(context: BrowserContext, served: Served) -> Page:
    """The overview of the first group, reached by a link from the bot."""
    page = await context.new_page()
    await page.goto(served.link())
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Linden Street")
    return page


def happen(served: Served, number: int, sender: str = "@late:example.org") -> VerdictRecord:
    """Let one verdict happen, the way judging tells of it."""
    record = served.store.write_now(
        lambda c: seed.say(c, served.seeded.group, number, at=served.clock(), sender=sender)
    )
    served.feed.publish(record)
    return record


async def test_a_verdict_appears_by_itself(fresh: Served, context: BrowserContext) -> None:
    """An open overview shows a new verdict at the top within moments, and says so to a screen reader."""
    page = await signed_in(context, fresh)
    live = page.get_by_role("status")
    await expect(live).to_have_text("Updating by itself")
    happen(fresh, 900, "@late:example.org")
    first = page.locator("#verdicts > li").first
    await expect(first).to_contain_text("@late:example.org")
    await expect(first).to_contain_text("Stopped before delivery")
    await expect(live).to_have_text("Updating by itself. New: 1")
    happen(fresh, 901, "@later:example.org")
    await expect(first).to_contain_text("@later:example.org")
    await expect(live).to_have_text("Updating by itself. New: 2")


@pytest.mark.parametrize("late", ["htmx.min", "hx-csp.min", "hx-sse.min", "console"])
async def test_a_slow_line_delays_but_breaks_nothing(
    late: str, fresh: Served, context: BrowserContext
) -> None:
    """Whichever script arrives last, the page comes alive with all of them."""

    async def dawdle(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await context.route(re.compile(rf"/static/{re.escape(late)}-\w+\.js$"), dawdle)
    page = await signed_in(context, fresh)
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")


async def test_the_first_verdict_replaces_the_words_for_none(fresh: Served, context: BrowserContext) -> None:
    """A page that said that there is nothing yet stops saying so when something is there."""

    def only_room(connection: Connection) -> str:
        group = groups.create(connection, "Chess", seed.policy(seed.SPAM), by=STEWARD, at=fresh.clock())
        rooms.add(connection, group.id, "!board:example.org", "Board", by=STEWARD, at=fresh.clock())
        rooms.set_administrators(connection, "!board:example.org", {STEWARD: 100}, at=fresh.clock())
        return group.id

    group = fresh.store.write_now(only_room)
    page = await signed_in(context, fresh)
    await page.goto(f"{fresh.url}/groups/{group}")
    nothing = page.get_by_text("Nothing yet.")
    await expect(nothing).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")
    record = fresh.store.write_now(lambda c: seed.say(c, group, 1, at=fresh.clock(), version=1))
    fresh.feed.publish(record)
    await expect(page.locator("li.verdict")).to_have_count(1)
    await expect(nothing).to_be_hidden()


async def test_the_status_changes_by_itself(fresh: Served, context: BrowserContext) -> None:
    """A room that is protected again, and a group that goes back to practice, show within seconds."""
    page = await signed_in(context, fresh)
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")
    await expect(page.get_by_text("Not protected")).to_be_visible()

    def change(connection: Connection) -> None:
        rooms.set_protection(connection, CELLAR, Protection.ON, "", at=fresh.clock())
        groups.practise(connection, fresh.seeded.group, by=STEWARD, at=fresh.clock())

    fresh.store.write_now(change)
    await expect(page.get_by_role("heading", name="In practice")).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("Not protected")).to_have_count(0)


async def test_an_open_page_notices_that_it_may_not_see_more(fresh: Served, context: BrowserContext) -> None:
    """Who is demoted while the page is open gets nothing new, and the page stops trying."""
    page = await signed_in(context, fresh)
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")
    demote(fresh)
    happen(fresh, 900, "@late:example.org")
    await expect(page.get_by_role("status")).to_have_text("Not updating any more", timeout=15_000)
    await expect(page.get_by_text("@late:example.org")).to_have_count(0)


async def test_a_page_finds_back_after_the_line_was_cut(fresh: Served, context: BrowserContext) -> None:
    """When the connection drops, the page says so, comes back by itself and shows what it missed, once."""
    page = await signed_in(context, fresh)
    live = page.get_by_role("status")
    await expect(live).to_have_text("Updating by itself")
    happen(fresh, 900, "@before:example.org")
    await expect(page.get_by_text("@before:example.org")).to_have_count(1)
    await context.set_offline(True)
    await page.evaluate("() => document.getElementById('verdicts')._htmx.sse.reader.cancel()")
    await expect(live).to_have_text("Not updating: trying again", timeout=15_000)
    happen(fresh, 901, "@meanwhile:example.org")
    await context.set_offline(False)
    await expect(page.get_by_text("@meanwhile:example.org")).to_have_count(1, timeout=20_000)
    await expect(page.get_by_text("@before:example.org")).to_have_count(1)


async def test_markup_from_outside_stays_text_when_it_comes_live(
    fresh: Served, context: BrowserContext
) -> None:
    """A name that looks like markup with htmx attributes is shown, and does nothing."""
    page = await signed_in(context, fresh)
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")
    nasty = '<b hx-get="/groups" hx-trigger="load">x</b><hx-partial hx-target="h1">x</hx-partial>'
    happen(fresh, 900, nasty)
    await expect(page.locator("#verdicts > li").first.locator(".who")).to_contain_text(nasty)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Linden Street")


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


async def test_an_open_page_does_not_grow_for_ever(fresh: Served, context: BrowserContext) -> None:
    """After hundreds of live verdicts an open page keeps the newest two hundred rows."""
    page = await signed_in(context, fresh)
    await expect(page.get_by_role("status")).to_have_text("Updating by itself")
    for batch in range(8):
        for number in range(30):
            happen(fresh, 1_000 + batch * 30 + number)
        newest = fresh.store.read_now(lambda c: verdicts.latest(c, fresh.seeded.group, most=1))[0].seq
        await expect(page.locator(f"#verdict-{newest}")).to_be_visible()
    await expect(page.locator("#verdicts > li")).to_have_count(200)
