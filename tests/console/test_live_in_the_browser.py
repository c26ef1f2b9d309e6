"""The overview left open in a real browser while things happen."""

import asyncio
import re

import pytest
from playwright.async_api import BrowserContext, Route, expect
from sqlalchemy import Connection

from folkmoot.remember import groups, rooms, verdicts
from folkmoot.remember.records import Protection
from tests.console.people import demote
from tests.console.serving import Served
from tests.console.using import happen, signed_in
from tests.support import seed
from tests.support.seed import CELLAR, STEWARD

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium"),
]


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
