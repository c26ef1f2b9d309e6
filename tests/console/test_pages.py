"""What the overview and a verdict's page say, read as plain HTML."""

import html
import re

import httpx2
import pytest
from sqlalchemy import Connection

from folkmoot.remember import groups, rooms, verdicts
from folkmoot.remember.records import Encrypted, Protection, VerdictRecord
from folkmoot.vocabulary import OnFailure, Outcome
from tests.console.reading import kept, words
from tests.console.serving import Served
from tests.support import seed
from tests.support.seed import MARKET, STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_verdict_says_who_where_what_and_why(served: Served, client: httpx2.AsyncClient) -> None:
    """The list shows sender, room, what was done, the sentence of each rule and of each signal."""
    text = await words(client, served, "/groups/{group}")
    assert (
        "Stopped before delivery @a-member-whose-name-is-quite-long:a-homeserver-with-a-long-name.example in "
        "Lend and swap No rounds of play for money. Do not send the same text again and again, and do not "
        "flood a room. It brings together “stake”, “payout” and a price. The same text was "
        "sent 4 times within 10 minutes."
    ) in text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (200, "Removed after delivery"),
        (201, "Delivered A rule that is only being tried out would have matched."),
        (202, "Delivered without a verdict Folkmoot could not judge it in time, and this group stays open"),
        (203, "Delivered, and a case was opened"),
        (205, "Stopped before delivery Nobody in the room saw it."),
    ],
)
async def test_every_outcome_has_its_words(
    number: int, said: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """A verdict's own page says what was done, whichever outcome it was."""
    assert said in await words(client, served, f"/groups/{{group}}/verdicts/{kept(served, number).id}")


async def test_what_practice_means_is_said(served: Served, client: httpx2.AsyncClient) -> None:
    """While a group practises, its page says that nothing takes effect, and what would have."""
    text = await words(client, served, "/groups/{other}")
    assert "In practice Folkmoot judges every message and writes down what it would do." in text
    assert "Delivered, in practice" in text
    assert "Live, it would have been stopped before delivery." in text


async def test_rooms_that_need_somebody_come_first(served: Served, client: httpx2.AsyncClient) -> None:
    """An unprotected room with its reason stands before one that is well; an encrypted one is said to be."""
    text = await words(client, served, "/groups/{group}")
    off = text.index(
        "Repair cellar Not protected The policy account @moot:moot.example.org is not in the room."
    )
    encrypted = text.index(
        "Lend and swap Encrypted Folkmoot can’t read messages here. They are delivered unread."
    )
    on = text.index("Linden Street Protected since")
    assert off < encrypted < on


async def test_the_last_day_is_counted(served: Served, client: httpx2.AsyncClient) -> None:
    """The overview counts what was judged in the last day, and says what happens when we can't judge."""
    text = await words(client, served, "/groups/{group}")
    assert "110 messages judged 66 stopped 1 removed 1 led to a case" in text
    assert "While Folkmoot can’t judge, messages are delivered." in text


async def test_a_groups_choices_are_shown(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A group that is closed on failure, and that refuses what can't be read, sees that on its page."""
    group = fresh.seeded.group

    def choose(connection: Connection) -> None:
        groups.set_on_failure(connection, group, OnFailure.CLOSED, by=STEWARD, at=fresh.clock())
        groups.set_encrypted(connection, group, Encrypted.REFUSE, by=STEWARD, at=fresh.clock())
        seed.say(
            connection, group, 900, at=fresh.clock(), outcome=Outcome.ALLOW, done=Outcome.STOP, rules=(),
            sentences=(), failure="The verdict took longer than 2 seconds.",
        )  # fmt: skip

    fresh.store.write_now(choose)
    text = await words(client, fresh, "/groups/{group}")
    assert "While Folkmoot can’t judge, messages are held back." in text
    assert "Folkmoot can’t read messages here. They are refused." in text
    assert "Held back without a verdict" in text


async def test_a_room_being_set_up_says_so_once(served: Served, client: httpx2.AsyncClient) -> None:
    """A reason that only repeats the state is not repeated."""
    assert (await words(client, served, "/groups/{other}")).count("Being set up") == 1


async def test_older_verdicts_are_a_plain_link_away(served: Served, client: httpx2.AsyncClient) -> None:
    """Following the links shows each verdict exactly once, newest first, to the end."""
    client.cookies.set("folkmoot", served.session(), domain="127.0.0.1")
    path: str | None = f"/groups/{served.seeded.group}"
    seen: list[int] = []
    while path is not None:
        page = (await client.get(served.url + path)).text
        seen += [int(one) for one in re.findall(r'id="verdict-(\d+)"', page)]
        onward = re.search(r'<p class="turn"><a href="([^"]+)"', page)
        path = html.unescape(onward[1]) if onward else None
    stored = served.store.read_now(lambda c: verdicts.latest(c, served.seeded.group, most=500))
    assert seen == [one.seq for one in stored]
    assert len(seen) == 70


async def test_an_empty_group_says_what_to_do(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A group without rooms and verdicts has no empty boxes: it says what comes next."""

    def empty(connection: Connection) -> str:
        group = groups.create(connection, "Chess", seed.policy(seed.SPAM), by=STEWARD, at=fresh.clock())
        rooms.add(connection, group.id, "!board:example.org", "Board", by=STEWARD, at=fresh.clock())
        rooms.set_administrators(connection, "!board:example.org", {STEWARD: 100}, at=fresh.clock())
        return group.id

    group = fresh.store.write_now(empty)
    text = await words(client, fresh, f"/groups/{group}")
    assert "Nothing yet. As soon as a rule matches a message, it appears here with the reason." in text
    assert "No messages." in text


async def test_what_people_call_things_is_never_markup(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Titles, names, reasons and sentences that look like markup are shown as text."""
    nasty = "<img src=x onerror=alert(1)><script>alert(1)</script>%(num)s{0}"
    group = fresh.seeded.group

    def nastily(connection: Connection) -> VerdictRecord:
        rooms.set_title(connection, MARKET, nasty)
        rooms.set_protection(connection, MARKET, Protection.OFF, nasty, at=fresh.clock())
        return seed.say(
            connection, group, 901, at=fresh.clock(), room=MARKET, sender=nasty, sentences=(nasty,)
        )  # fmt: skip

    record = fresh.store.write_now(nastily)
    client.cookies.set("folkmoot", fresh.session(), domain="127.0.0.1")
    for path in ("", "/log", f"/verdicts/{record.id}"):
        page = (await client.get(f"{fresh.url}/groups/{group}{path}")).text
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert html.escape(nasty, quote=False).replace('"', "&#34;") in page
    receipt = (await client.get(fresh.receipts.link(record.id))).text
    assert "<script>" not in receipt
