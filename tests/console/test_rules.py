"""Rules as administrators and members read them."""

import re
from functools import partial
from typing import get_args

import httpx2
import msgspec
import pytest

from folkmoot.decide import starters
from folkmoot.detect import triggers
from folkmoot.detect.triggers import Copies, Links, Trigger
from folkmoot.explain.languages import speak
from folkmoot.remember import groups, host_lists, policies
from folkmoot.remember.host_lists import ListedHost
from folkmoot.web.rule_views import rule_views
from folkmoot.web.rule_words import details
from tests.console.reading import plain, words
from tests.console.serving import Served
from tests.support import seed
from tests.support.seed import STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


@pytest.mark.parametrize("name", starters.names())
async def test_every_starter_can_be_read(name: str) -> None:
    """Each rule of each policy that we ship has what sets it off, in sentences without a gap."""
    policy = starters.load(name)
    for public in (True, False):
        views = rule_views(policy, speak("en"), public=public)
        assert [view.id for view in views] == [rule.id for rule in policy.rules]
        for view in views:
            assert view.details
            assert all(sentence and "{" not in sentence for sentence in view.details)


_WAYS = [
    *(
        Copies(senders=whose, rooms=where)
        for whose in get_args(triggers.Whose)
        for where in get_args(triggers.Where)
    ),
    *(Links(what=(kind,)) for kind in get_args(triggers.LinkKind)),
]


@pytest.mark.parametrize("trigger", _WAYS, ids=str)
async def test_every_way_to_write_a_trigger_can_be_read(trigger: Trigger) -> None:
    """Whatever a policy file may say of copies and links, the page has words for it."""
    rule = msgspec.structs.replace(starters.load("neighbours").rules[0], when=(trigger,))
    assert next(details(rule, {}, speak("en")))


async def test_a_list_of_hosts_that_a_rule_names_can_be_read(
    served: Served, client: httpx2.AsyncClient
) -> None:
    """The rule names the list, and everybody reads what it is for and what is on it; no other list."""
    group = served.seeded.group
    source = """id = "p"
name = "P"
[[rules]]
id = "bad-hosts"
sentence = "No links to sites that steal."
category = "scam"
outcome = "stop"
made_by = "a test"
made_at = 2026-11-22T09:00:00Z
when = [{ kind = "links", host_lists = ["phishing"] }]
"""
    hosts = [ListedHost(host="bad.example.org", note="a false bank, and worse", until=4_102_444_799.0)]
    for name in ("phishing", "secret"):
        put = partial(host_lists.put, group=None, name=name, hosts=hosts, by="x", at=1.0, purpose="Thieves")
        served.store.write_now(put)
    other = served.store.write_now(lambda c: groups.create(c, "Other", source, by="x", at=1.0)).id
    text = await words(client, served, f"/g/{other}/rules")
    for part in ("Looks at links: “phishing”.", "Exempt: administrators, bots. “phishing”"):
        assert part in text
    found = await client.get(f"{served.url}/g/{other}/hosts/phishing")
    assert found.headers["content-type"].startswith("text/plain")
    assert found.text == '# phishing\n# Thieves\nbad.example.org,"a false bank, and worse",2099-12-31\n'
    for where in (f"/g/{other}/hosts/secret", f"/g/{group}/hosts/phishing", "/g/nowhere/hosts/phishing"):
        assert (await client.get(served.url + where)).status_code == 404
