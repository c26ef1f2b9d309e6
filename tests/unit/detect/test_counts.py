"""Floods, copies, mentions, media, links and secrets are seen as the trigger says, and not before."""

import pytest

from folkmoot.detect import counts, places, secrets
from folkmoot.detect.triggers import Copies, Floods, Media, Mentions
from folkmoot.text.fold import fold
from folkmoot.text.links import links
from folkmoot.text.prints import person
from folkmoot.vocabulary import Call, Context, Message, Trace

SAID = Message(id="1", text="hi", sender="me", room="here")


def recent(*ages: float) -> Context:
    """A context with earlier messages of the sender, so many seconds old."""
    return Context(now=1000.0, recent=tuple(1000.0 - age for age in sorted(ages, reverse=True)))


def copied(*traces: tuple[float, str, str]) -> Context:
    """A context with earlier copies: age in seconds, sender, room."""
    return Context(now=1000.0, copies=tuple(Trace(1000.0 - age, who, where) for age, who, where in traces))


def test_a_flood_begins_with_the_last_message_that_makes_it_one() -> None:
    """Nine earlier messages within the time make the tenth a flood, eight do not."""
    trigger = Floods(count=10, within="30 seconds")
    assert counts.floods(SAID, recent(*range(9)), trigger, 30.0) is not None
    assert counts.floods(SAID, recent(*range(8)), trigger, 30.0) is None
    assert counts.floods(SAID, recent(*range(8), 31), trigger, 30.0) is None


@pytest.mark.parametrize(
    ("trigger", "traces", "fires"),
    [
        (Copies(count=3), [(1, "a", "r"), (2, "b", "s")], True),
        (Copies(count=3), [(1, "a", "r"), (601, "b", "s")], False),
        (Copies(count=3, senders="same"), [(1, "me", "r"), (2, "me", "s")], True),
        (Copies(count=3, senders="same"), [(1, "me", "r"), (2, "a", "s")], False),
        (Copies(count=3, senders="different"), [(1, "a", "r"), (2, "b", "s")], True),
        (Copies(count=3, senders="different"), [(1, "a", "r"), (2, "a", "s")], False),
        (Copies(count=3, senders="several"), [(1, "a", "r"), (2, "me", "s")], True),
        (Copies(count=3, senders="several"), [(1, "a", "r"), (2, "b", "s")], False),
        (Copies(count=3, senders="several"), [(1, "me", "r"), (2, "me", "s")], False),
        (Copies(count=2, rooms="same"), [(1, "a", "here")], True),
        (Copies(count=2, rooms="same"), [(1, "a", "there")], False),
        (Copies(count=2, rooms="different"), [(1, "a", "there")], True),
        (Copies(count=2, rooms="different"), [(1, "a", "here")], False),
    ],
)
def test_whose_copies_count_and_where(
    trigger: Copies, traces: list[tuple[float, str, str]], fires: bool
) -> None:
    """Copies are counted by sender and room as the trigger says."""
    assert (counts.copies(SAID, copied(*traces), trigger, 600.0) is not None) is fires


def test_mentions_of_many_or_of_the_room() -> None:
    """Calling so many members, or everybody, is seen."""
    many = Message(id="1", text="hi", mentions=tuple("abc"))
    everybody = Message(id="1", text="hi", mentions_room=True)
    nothing = Context(now=0.0)
    assert counts.mentions(many, nothing, Mentions(count=3), 0.0) is not None
    assert counts.mentions(many, nothing, Mentions(count=4), 0.0) is None
    assert counts.mentions(everybody, nothing, Mentions(room=True), 0.0) is not None
    assert counts.mentions(everybody, nothing, Mentions(count=1), 0.0) is None


def test_different_people_called_one_after_the_other_are_counted() -> None:
    """Who was called before and is called again counts once, and what is too old not at all."""
    said = Message(id="1", text="hi", sender="me", mentions=("d", "c"))
    calls = [(700, "z"), (60, "a"), (50, "b"), (50, "a"), (9, "c")]
    context = Context(now=1000.0, calls=tuple(Call(1000.0 - age, person(who)) for age, who in calls))
    found = counts.mentions(said, context, Mentions(count=4, within="10 minutes"), 600.0)
    assert found is not None
    assert found.sentence == "This member called 4 different members within 10 minutes."
    assert counts.mentions(said, context, Mentions(count=5, within="10 minutes"), 600.0) is None
    calm = Message(id="1", text="hi", sender="me")
    assert counts.mentions(calm, context, Mentions(count=3, within="10 minutes"), 600.0) is None


def test_media_types_may_have_a_star() -> None:
    """A kind of attachment is named by its type."""
    picture = Message(id="1", text="", media=("image/PNG",))
    assert counts.media(picture, Media(types=("image/*",))) is not None
    assert counts.media(picture, Media(types=("video/*",))) is None


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (
            "<price>",
            "only 20 € or $15, 1.500 руб, 50元, 30quid",
            ["20 €", "$15", "1.500 руб", "50元", "30quid"],
        ),
        ("<price>", "20 people in room 5", []),
        ("<contact>", "write @plug_x or +49 170 1234567", ["@plug_x", "+49 170 1234567"]),
        ("<contact>", "mail me at a@example.org, id @a:server.org", []),
        ("<invite>", "join t.me/x and see https://example.org", ["t.me/x"]),
    ],
)
def test_prices_and_contacts(name: str, text: str, what: list[str]) -> None:
    """Prices, contacts and invitations are found as people write them."""
    folded = fold(text)
    assert [text[span.start : span.end] for span in places.find(name, folded, links(folded))] == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("my token is ghp_" + "a1B2" * 9, "ghp_" + "a1B2" * 9),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII", "-----BEGIN RSA PRIVATE KEY-----"),
        ("key AKIA" + "ABCD1234" * 2, "AKIA" + "ABCD1234" * 2),
    ],
)
def test_keys_that_slipped(text: str, what: str) -> None:
    """A key or token is found where it stands."""
    find = secrets.find(fold(text))
    assert find is not None
    assert [text[span.start : span.end] for span in find.spans] == [what]


@pytest.mark.parametrize("text", ["a private key is secret", "ghp_ is the prefix", "syt_ tokens", "hello"])
def test_talking_of_keys_is_no_secret(text: str) -> None:
    """Naming a kind of key gives nothing away."""
    assert secrets.find(fold(text)) is None
