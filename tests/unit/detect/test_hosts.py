"""Links of a kind or to a host: lists with an end, long lists, names that look like a well-known one."""

import math
import time
from datetime import UTC, datetime

import pytest

from folkmoot.decide.judge import compile_policy
from folkmoot.decide.policy import PolicyError, load
from folkmoot.detect import hosts
from folkmoot.detect.triggers import Find, Links
from folkmoot.text.fold import fold
from folkmoot.text.links import links
from folkmoot.vocabulary import Context, Message, Outcome

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


def find(text: str, now: float = NOW, fed: hosts.Fed | None = None, **about: tuple[str, ...]) -> Find | None:
    """What a trigger finds in a text."""
    trigger = Links(**about)  # type: ignore[arg-type]
    return hosts.find(
        links(fold(text)), hosts.wanted(trigger, trigger.hosts, trigger.except_hosts), now, fed or {}
    )


def test_links_of_a_kind_or_a_host_but_for_some() -> None:
    """A trigger names kinds and hosts with what is below them, and leaves some out."""
    text = "https://a.example.com/x https://bit.ly/y"
    shortened, named = find(text, what=("shortener",)), find(text, hosts=("example.com",))
    assert shortened is not None
    assert shortened.name == "link.shortener"
    assert named is not None
    assert named.sentence == "It links to example.com."
    assert find(text, what=("any",), except_hosts=("example.com", "bit.ly")) is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("bad.example until 2026-11-22", True),
        ("bad.example until 2026-11-21", False),
        ("bad.example until 2027-01-01", True),
        ("bad.example", True),
    ],
)
def test_a_host_ends_with_its_day(written: str, found: bool) -> None:
    """An entry holds until the end of its last day and is silent afterwards."""
    assert (find("see https://www.bad.example/x", hosts=(written,)) is not None) is found


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("https://riverbank.example/login", None),
        ("https://www.riverbank.example", None),
        ("https://riverbnak.example", None),
        ("https://r1verbank.test", "riverbank.example"),
        ("https://rivęrbank.test", "riverbank.example"),
        ("https://riverbank-login.test", "riverbank.example"),
        ("https://riverbank.test", "riverbank.example"),
        ("https://overriverbanks.test", None),
    ],
)
def test_names_made_to_look_like_a_well_known_one(text: str, like: str | None) -> None:
    """The same at a glance or joined to a word; the site itself and chance likeness pass."""
    found = find(text, well_known=("riverbank.example",))
    assert (found.sentence if found else None) == (
        f"It links to a site that looks like {like} and is another." if like else None
    )


def _policy(entries: list[str], named: str = 'hosts = ["@bad"]') -> str:
    listed = ", ".join(f'"{entry}"' for entry in entries)
    return (
        'id = "p"\nname = "P"\nversion = 1\n[lists]\n'
        f"bad = [{listed}]\n"
        '[[rules]]\nid = "links"\nsentence = "No."\ncategory = "spam"\noutcome = "stop"\nmade_by = "x"\n'
        "made_at = 2026-11-22T00:00:00Z\n"
        f'when = [{{ kind = "links", {named} }}]\n'
    )


def test_thirty_thousand_hosts_cost_a_message_no_more_than_three() -> None:
    """Hosts are looked up by name and by what they are below, however many a list has."""
    few, many = (
        compile_policy(load(_policy([f"site-{number}.example" for number in range(count)])))
        for count in (3, 30_000)
    )
    message, context = Message(id="1", text="see https://a.b.site-2.example/x"), Context(now=NOW)
    assert many.judge(message, context).outcome is Outcome.STOP

    def seconds(judge: object) -> float:
        best = 9.0
        for _ in range(5):
            began = time.process_time()
            for _ in range(200):
                judge.judge(message, context)  # type: ignore[attr-defined]
            best = min(best, time.process_time() - began)
        return best

    assert seconds(many) < 2 * seconds(few)


@pytest.mark.parametrize("entry", ["bad", "bad.example until tomorrow", "https://bad.example", "Bad.example"])
def test_an_entry_that_is_no_host_is_refused_with_its_place(entry: str) -> None:
    """The error names the entry and says how to write it."""
    with pytest.raises(PolicyError, match="is no host"):
        load(_policy(["good.example", entry]))


def test_lists_that_somebody_feeds_count_until_each_host_ends() -> None:
    """A rule names the list, the finding says which it was; what is excepted stays so."""
    fed = {
        "phishing": (hosts.Hosts([("bad.example.org", math.inf)]), hosts.Hosts([("old.example.net", NOW)])),
        "other": (hosts.Hosts([("else.example.org", math.inf)]),),
    }
    found = find("see https://login.bad.example.org/x", fed=fed, host_lists=("missing", "phishing"))
    assert found is not None
    assert (found.name, found.strength) == ("link.host", 1.0)
    assert found.sentence == "It links to bad.example.org, which is on the list “phishing”."
    assert find("https://old.example.net", NOW - 1, fed, host_lists=("phishing",)) is not None
    assert find("https://old.example.net", NOW, fed, host_lists=("phishing",)) is None
    assert find("https://else.example.org", NOW, fed, host_lists=("phishing",)) is None
    excepted = {"host_lists": ("phishing",), "except_hosts": ("login.bad.example.org",)}
    assert find("https://login.bad.example.org/x", NOW, fed, **excepted) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("@bad", 'write hosts = ["@bad"]'),
        ("Bad List", "small letters, digits and dashes"),
        ("", "is no name"),
    ],
)
def test_a_list_that_cannot_be_is_diagnosed(name: str, says: str) -> None:
    """The place, and what to write instead."""
    with pytest.raises(PolicyError, match="host_lists") as caught:
        load(_policy(["a.example"], f'host_lists = ["{name}"]'))
    assert says in str(caught.value)


def test_a_judge_takes_over_what_is_fed() -> None:
    """The same policy with other lists is another judge at once; the first one stays as it was."""
    empty = compile_policy(load(_policy(["a.example"], 'host_lists = ["phishing"]')))
    fed = empty.fed({"phishing": (hosts.Hosts([("bad.example.org", math.inf)]),), "more": ()})
    message, context = Message(id="1", text="https://bad.example.org"), Context(now=NOW)
    assert empty.host_lists == frozenset({"phishing"})
    assert empty.judge(message, context).outcome is Outcome.ALLOW
    assert fed.judge(message, context).outcome is Outcome.STOP
    assert fed.everywhere().judge(message, context).outcome is Outcome.STOP
    assert fed.fed({}).judge(message, context).outcome is Outcome.ALLOW
