"""What a person does first, and what happens meanwhile."""

from playwright.async_api import BrowserContext, Page, expect

from folkmoot.remember.records import VerdictRecord
from tests.console.serving import Served
from tests.support import seed


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
