"""What the pages say, read as plain HTML."""

import ast
import html
import re
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection

import folkmoot
from folkmoot.remember import groups, policies, rooms, verdicts
from folkmoot.remember.records import Encrypted, LogEntry, Protection, VerdictRecord
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import OnFailure, Outcome
from folkmoot.web.words import log_words
from tests.console.serving import Served
from tests.support import seed
from tests.support.seed import MARKET, STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_a_verdict_says_who_where_what_and_why(served: Served, client: httpx2.AsyncClient) -> None:
    """The list shows sender, room, what was done, the sentence of each rule and of each signal."""
    text = await words(client, served, "/groups/{group}")
    assert (
        "Stopped before delivery @a-member-whose-name-is-quite-long:a-homeserver-with-a-long-name.example in "
        "Lend and swap No rounds of play for money. Do not send the same text again and again, and do not "
        "flood a room. It puts words side by side that the rule names only in combination. The same text was "
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


async def test_rules_say_exactly_what_sets_them_off(served: Served, client: httpx2.AsyncClient) -> None:
    """Each rule shows its sentence, consequence, category, triggers, limits, exemptions and words."""
    text = await words(client, served, "/groups/{group}/rules")
    for part in (
        "and do not flood a room. Stops the message before delivery Spam and flooding",
        "Counts nearly the same text, by anybody, in all rooms: 3 times within 10 minutes.",
        "Counts messages of one member in a room: 12 within 20 seconds.",
        "Looks for one word from each of 2 lists, with at most 25 words in between.",
        "In place of a word this counts too: price.",
        "Words that set it off stake · pot · buy in · payout",
        "Looks at attachments: video/x-paid.",
        "Words that somebody quotes do not count.",
        "Looks at links: shortened links, addresses that look like another’s.",
        "Holds for who joined within 7 days.",
        "Call the whole room only when it is urgent. Only being tried out: has no effect House rules",
        "Counts the people a message calls: 8 or more. Looks for a call to the whole room.",
        "Words that show that something else is meant water off",
        "Exempt: administrators, bots.",
        "14 hidden lane",
    ):
        assert part in text


async def test_the_history_says_what_changed_and_by_whom(served: Served, client: httpx2.AsyncClient) -> None:
    """Administrators see each version with its author, note and the rules that are new."""
    text = await words(client, served, "/groups/{group}/rules")
    assert "Version 2" in text
    assert f"by {STEWARD} : Links, private addresses, and a rule to try out New: Do not sell access" in text
    assert f"by {STEWARD} : The first rules New: Do not send the same text" in text


async def test_an_earlier_version_stays_readable(served: Served, client: httpx2.AsyncClient) -> None:
    """Version 1 shows the rules of then, and says that it is not in force."""
    for path in ("/groups/{group}/rules/1", "/g/{group}/rules/1"):
        text = await words(client, served, path)
        assert "This is version 1, which is not in force any more." in text
        assert "Call the whole room" not in text.partition("History")[0]


async def test_members_read_every_rule_but_no_administrators_name(
    served: Served, client: httpx2.AsyncClient
) -> None:
    """The public page has every rule and the history, names nobody, and keeps back private details only."""
    answer = await client.get(f"{served.url}/g/{served.seeded.group}/rules")
    text = plain(answer.text)
    policy = served.store.read_now(lambda c: policies.current(c, served.seeded.group)).source
    for sentence in re.findall(r'^sentence = "(.*)"$', policy, re.MULTILINE):
        assert sentence in text
    assert "These rules are in force. There are no others." in text
    assert "stake · pot · buy in · payout" in text
    assert STEWARD not in text
    assert "Links, private addresses, and a rule to try out" not in text
    assert "14 hidden lane" not in text
    assert "1 phrase is not shown here, because it may itself be a private detail." in text


async def test_a_changed_and_a_gone_rule_are_named(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A version that changes a shared list or drops a rule says so for the rules it touches."""
    group = fresh.seeded.group
    source = seed.policy(seed.SPAM, seed.MONEY, version=3).replace('"buy in"', '"buy in", "ante"')
    fresh.store.write_now(
        lambda c: policies.add(c, group, source, by=STEWARD, at=fresh.clock(), note="", version=3)
    )
    text = await words(client, fresh, "/groups/{group}/rules")
    third = text.partition("History")[2].partition("Version 2")[0]
    assert "Changed: No rounds of play for money." in third
    assert "Changed: Do not send" not in third
    assert "Gone: Do not sell access to pornographic pictures or videos." in third


async def test_rules_that_cannot_be_read_any_more_break_no_page(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """A version in words of another time shows its history, not an error."""
    group = fresh.seeded.group
    fresh.store.write_now(
        lambda c: policies.add(c, group, "nonsense", by=STEWARD, at=fresh.clock(), note="", version=3)
    )
    for path in ("/groups/{group}/rules", "/g/{group}/rules", "/groups/{group}"):
        assert await words(client, fresh, path)


async def test_the_log_says_who_did_what(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Lines are sentences, with their author; what the program did by itself is said to be its own."""
    text = await words(client, fresh, "/groups/{group}/log")
    for line in (
        f"Ended practice: verdicts take effect. {STEWARD}",
        f"Put version 2 of the rules in force. Links, private addresses, and a rule to try out {STEWARD}",
        "Protection is off: The policy account @moot:moot.example.org is not in the room.",
        "Invite it again. Folkmoot itself",
        "Protection is on. Folkmoot itself",
        f"Put the room “Lend and swap” into the group. {STEWARD}",
        f"{STEWARD} became an administrator. Folkmoot itself",
        f"Signed in to the console. {STEWARD}",
    ):
        assert line in text


async def test_every_kind_of_line_has_words(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Whatever the store writes into the log is said in a sentence, never by its internal name."""
    group = fresh.seeded.group

    def more(connection: Connection) -> None:
        at = fresh.clock()
        groups.practise(connection, group, by=STEWARD, at=at)
        groups.set_on_failure(connection, group, OnFailure.CLOSED, by=STEWARD, at=at)
        groups.set_encrypted(connection, group, Encrypted.REFUSE, by=STEWARD, at=at)
        rooms.set_administrators(connection, MARKET, {}, at=at)
        rooms.set_protection(connection, MARKET, Protection.STARTING, "Waiting", at=at)
        rooms.remove(connection, MARKET, by=STEWARD, at=at)

    fresh.store.write_now(more)
    fresh.ended_session()
    text = await words(client, fresh, "/groups/{group}/log")
    assert not re.search(r"\b(?:group|room|token|protection|policy|administrator)\.\w+", text)


async def test_every_kind_of_line_that_the_code_names_has_words() -> None:
    """A new kind of entry, wherever it is written, fails this test until it is said in a sentence."""
    source = Path(folkmoot.__file__).parent
    kinds = {
        node.value
        for file in source.rglob("*.py")
        if "log.write(" in file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"(group|room|token|protection|policy|administrator)\.[a-z_]+|objection", node.value)
    }
    kinds |= {f"token.{kind}{end}" for kind in TokenKind for end in ("", ".ended")}
    kinds |= {f"protection.{state}" for state in Protection}
    entries = [LogEntry(seq=1, group="g", at=0, by="b", kind=kind, subject="s", body={}) for kind in kinds]
    assert len(kinds) >= 20
    assert [entry.kind for entry in entries if log_words(entry, str) == entry.kind] == []


async def test_a_receipt_opens_without_an_account(served: Served, client: httpx2.AsyncClient) -> None:
    """Whoever has the link reads what was done, where, by which rule, found how, and how to object."""
    record = kept(served, 204)
    answer = await client.get(served.receipts.link(record.id))
    text = plain(answer.text)
    assert answer.status_code == 200
    for part in (
        "Your message was stopped before anyone saw it.",
        "Where Lend and swap",
        "No rounds of play for money. Gambling",
        "The group's own automatic rules found it and decided it.",
        "You can do so for six months.",
        record.id,
    ):
        assert part in text


async def test_a_receipt_names_nobody(served: Served, client: httpx2.AsyncClient) -> None:
    """A receipt that is passed on shows neither the member nor an administrator."""
    record = kept(served, 204)
    text = (await client.get(served.receipts.link(record.id))).text
    assert record.sender not in text
    assert STEWARD not in text


async def test_a_receipt_link_cannot_be_guessed(served: Served, client: httpx2.AsyncClient) -> None:
    """Knowing the id of a verdict is not enough, nor is the key to another one's receipt."""
    one, two = kept(served, 204), kept(served, 205)
    key = served.receipts.token(one.id).partition(".")[2]
    for token in (one.id, f"{one.id}.", f"{one.id}.{key[:-1]}", f"{two.id}.{key}", f".{key}"):
        assert (await client.get(f"{served.url}/receipt/{token}")).status_code == 404


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (200, "Your message was removed."),
        (202, "A machine did this because of a fault of ours"),
        (203, "Your message was delivered. An administrator will look at it."),
    ],
)
async def test_receipts_fit_the_outcome(
    number: int, said: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """Each outcome has its own statement."""
    answer = await client.get(served.receipts.link(kept(served, number).id))
    assert said in plain(answer.text)


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
