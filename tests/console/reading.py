"""Reading pages as plain text."""

import html
import re

import httpx2

from folkmoot.remember import verdicts
from folkmoot.remember.records import VerdictRecord
from tests.console.serving import Served


async def words(client: httpx2.AsyncClient, served: Served, path: str) -> str:
    """A page's text as an administrator reads it, one space between words."""
    client.cookies.set("folkmoot", served.session(), domain="127.0.0.1")
    answer = await client.get(served.url + path.format(group=served.seeded.group, other=served.seeded.other))
    assert answer.status_code == 200
    return plain(answer.text)


def plain(page: str) -> str:
    """A page without its markup."""
    body = page[page.index("<body") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def kept(served: Served, number: int) -> VerdictRecord:
    """One of the seeded verdicts, by the number of its message."""
    found = served.store.read_now(lambda c: verdicts.latest(c, served.seeded.group, most=200))
    return next(one for one in found if one.message.startswith(f"${number}-"))
