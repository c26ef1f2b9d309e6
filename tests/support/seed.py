"""A store with something in it: groups, rooms, rules and verdicts, made by the real functions."""

from dataclasses import dataclass

from sqlalchemy import Connection

from folkmoot.remember import groups, policies, rooms, verdicts
from folkmoot.remember.records import Judged, Protection, VerdictRecord
from folkmoot.remember.store import Store
from folkmoot.remember.verdicts import Ask
from folkmoot.vocabulary import Category, Outcome, Signal, Span, Verdict

STEWARD = "@steward:example.org"
"""Administers both groups."""
WARDEN = "@warden:example.org"
"""Administers the second group only."""
SQUARE = "!square:example.org"
MARKET = "!market:example.org"
CELLAR = "!cellar:example.org"
SWINGS = "!swings:example.org"

_RULE = """
[[rules]]
id = "{id}"
sentence = "{sentence}"
category = "{category}"
outcome = "{outcome}"
mode = "{mode}"
made_by = "Folkmoot"
made_at = 2026-11-01T00:00:00Z
{more}
"""


def rule(name: str, sentence: str, category: str, outcome: str, more: str, mode: str = "live") -> str:
    """One rule as TOML."""
    return _RULE.format(id=name, sentence=sentence, category=category, outcome=outcome, more=more, mode=mode)


_HEAD = 'id = "street"\nname = "Our street"\nversion = {version}\n'
_LISTS = '[lists]\nstakes = ["stake", "pot", "buy in"]\n'
SPAM = rule(
    "spam",
    "Do not send the same text again and again, and do not flood a room.",
    "spam",
    "stop",
    '[[rules.when]]\nkind = "copies"\ncount = 3\nwithin = "10 minutes"\n'
    '[[rules.when]]\nkind = "floods"\ncount = 12\nwithin = "20 seconds"\n',
)
MONEY = rule(
    "money-rounds",
    "No rounds of play for money.",
    "gambling",
    "stop",
    '[[rules.when]]\nkind = "together"\neach = [["@stakes"], ["payout", "<price>"]]\nwithin = 25\n',
)
SELLING = rule(
    "selling",
    "Do not sell access to pornographic pictures or videos.",
    "sexual-selling",
    "stop",
    '[[rules.when]]\nkind = "words"\nany = ["paid nudes", "premium leak*"]\n'
    '[[rules.when]]\nkind = "media"\ntypes = ["video/x-paid"]\n[rules.except]\nquoted = true\n',
)
LINKS = rule(
    "short-links",
    "Newcomers show where a link leads: no shortened addresses in the first week.",
    "scam",
    "case",
    '[[rules.when]]\nkind = "links"\nwhat = ["shortener", "lookalike"]\n'
    '[rules.scope]\nnewcomers = { joined_within = "7 days" }\n',
)
PRIVACY = rule(
    "addresses",
    "Do not post where a member of the group lives.",
    "privacy",
    "case",
    '[[rules.when]]\nkind = "words"\nany = ["14 hidden lane"]\n',
)
CALLS = rule(
    "calls",
    "Call the whole room only when it is urgent.",
    "off-topic",
    "case",
    '[[rules.when]]\nkind = "mentions"\nroom = true\ncount = 8\n[rules.except]\nwords = ["water off"]\n',
    mode="shadow",
)


def policy(*rules: str, version: int = 1) -> str:
    """A policy as TOML."""
    return _HEAD.format(version=version) + _LISTS + "".join(rules)


@dataclass(frozen=True)
class Seeded:
    """What was put into a store."""

    group: str
    other: str
    empty: str
    at: float


def seed(store: Store, *, at: float) -> Seeded:
    """Fill a store: a live group with a history, a practising one, and one without anything yet."""
    return store.write_now(lambda connection: _everything(connection, at))


def _everything(connection: Connection, at: float) -> Seeded:
    street = _street(connection, at - 20 * 86_400)
    other = groups.create(
        connection, "Playground committee", policy(SPAM), by=WARDEN, at=at - 86_400, note="To begin with"
    )
    rooms.add(connection, other.id, SWINGS, "Swings and slides", by=WARDEN, at=at - 86_000)
    rooms.set_administrators(connection, SWINGS, {WARDEN: 100, STEWARD: 100}, at=at - 85_900)
    empty = groups.create(connection, "Choir", policy(SPAM), by=WARDEN, at=at - 3_600)
    _verdicts(connection, street, other.id, at)
    return Seeded(group=street, other=other.id, empty=empty.id, at=at)


def _street(connection: Connection, at: float) -> str:
    group = groups.create(
        connection, "Linden Street", policy(SPAM, MONEY), by=STEWARD, at=at, note="The first rules"
    )
    for room, title in ((SQUARE, "Linden Street"), (MARKET, "Lend and swap"), (CELLAR, "Repair cellar")):
        rooms.add(connection, group.id, room, title, by=STEWARD, at=at + 60)
        rooms.set_administrators(connection, room, {STEWARD: 100}, at=at + 90)
    rooms.set_protection(connection, SQUARE, Protection.ON, "", at=at + 120)
    rooms.set_protection(connection, MARKET, Protection.ON, "", at=at + 130)
    rooms.set_protection(
        connection,
        CELLAR,
        Protection.OFF,
        "The policy account @moot:moot.example.org is not in the room. Invite it again.",
        at=at + 19 * 86_400,
    )
    rooms.set_encrypted(connection, MARKET, True)
    policies.add(
        connection,
        group.id,
        policy(SPAM, MONEY, SELLING, LINKS, PRIVACY, CALLS, version=2),
        by=STEWARD,
        at=at + 5 * 86_400,
        note="Links, private addresses, and a rule to try out",
        version=2,
    )
    groups.start(connection, group.id, by=STEWARD, at=at + 6 * 86_400)
    return group.id


def say(
    connection: Connection,
    group: str,
    number: int,
    *,
    at: float,
    sender: str = "@stranger:elsewhere.example",
    room: str = SQUARE,
    outcome: Outcome = Outcome.STOP,
    done: Outcome | None = None,
    rules: tuple[str, ...] = ("spam",),
    shadow_rules: tuple[str, ...] = (),
    sentences: tuple[str, ...] = ("The same text was sent 4 times within 10 minutes.",),
    failure: str | None = None,
    version: int = 2,
) -> VerdictRecord:
    """Record one verdict the way judging does."""
    message = f"${number}-{group}"
    signals = tuple(
        Signal(name="copies", category=Category.SPAM, strength=1.0, spans=(Span(0, 4),), sentence=one)
        for one in sentences
    )
    verdict = Verdict(
        message=message,
        outcome=outcome,
        policy=f"street@{version}",
        rules=rules,
        shadow_rules=shadow_rules,
        signals=signals,
        failure=failure,
    )
    was = Judged(
        message=message, group=group, room=room, sender=sender, at=at, done=outcome if done is None else done
    )
    kept = verdicts.record(connection, [Ask(was, verdict, version)])[0].kept
    assert kept is not None
    return kept


def _verdicts(connection: Connection, group: str, other: str, at: float) -> None:
    for number in range(64):  # more than one page
        say(connection, group, number, at=at - 80_000 + number * 60, sender="@parrot:elsewhere.example")
    for number in range(100, 140):
        was = Judged(
            message=f"${number}", group=group, room=SQUARE, sender="@baker:example.org", at=at - 9_000,
            done=Outcome.ALLOW,
        )  # fmt: skip
        verdicts.record(connection, [Ask(was, None, 2)])
    _each_kind(connection, group, at)
    say(
        connection, other, 1, at=at - 900, room=SWINGS, done=Outcome.ALLOW, version=1,
        sender="@newcomer:elsewhere.example",
    )  # fmt: skip


def _each_kind(connection: Connection, group: str, at: float) -> None:
    say(
        connection, group, 200, at=at - 7_200, outcome=Outcome.REMOVE, rules=("spam",),
        sender="@parrot:elsewhere.example",
    )  # fmt: skip
    say(
        connection, group, 201, at=at - 6_000, outcome=Outcome.ALLOW, rules=(), shadow_rules=("calls",),
        sender="@coach:example.org", sentences=("It calls the whole room.",),
    )  # fmt: skip
    say(
        connection, group, 202, at=at - 4_500, outcome=Outcome.ALLOW, rules=(), sentences=(),
        sender="@librarian:example.org", failure="The verdict took longer than 2 seconds.",
    )  # fmt: skip
    say(
        connection, group, 203, at=at - 3_000, outcome=Outcome.CASE, rules=("short-links",), room=MARKET,
        sender="@newcomer:elsewhere.example",
        sentences=("It has a shortened link, so that nobody sees where it leads.",),
    )  # fmt: skip
    say(
        connection, group, 204, at=at - 600, rules=("money-rounds", "spam"), room=MARKET,
        sender="@a-member-whose-name-is-quite-long:a-homeserver-with-a-long-name.example",
        sentences=(
            "It brings together “stake”, “payout” and a price.",
            "The same text was sent 4 times within 10 minutes.",
        ),
    )  # fmt: skip
    say(
        connection, group, 205, at=at - 120, rules=("selling",),
        sentences=("It uses words that the rule names, written so as not to be recognised: “for sale”.",),
    )  # fmt: skip
