"""What a reader may see of an event, and what of it is judged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix.extract import message_of
from folkmoot.vocabulary import Message
from tests.unit.matrix.strategies import objects

HTML = "org.matrix.custom.html"


def read(content: dict[str, Any], kind: str = "m.room.message") -> Message:
    """Return the message in an event."""
    found = message_of(_event(content, kind), "$id", "group")
    assert found is not None
    return found


def _event(content: Any, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "sender": "@a:b.example",
        "room_id": "!r",
        "content": content,
        "origin_server_ts": 1_700_000_000_500,
    }


def test_a_plain_message() -> None:
    """A text message becomes a message with its text, sender, room, group and time."""
    assert read({"msgtype": "m.text", "body": "hello"}) == Message(
        id="$id", text="hello", sender="@a:b.example", room="!r", group="group", sent_at=1_700_000_000.5
    )


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (
            "m.room.message",
            {"body": "nice weather", "format": HTML, "formatted_body": "buy <b>here</b>"},
            "buy here",
        ),
        (
            "m.room.message",
            {"body": "x", "formatted_body": '<a href="https://evil.example/x">x</a>'},
            "https://evil.example/x",
        ),
        (
            "m.room.message",
            {"body": "x", "formatted_body": "<img alt='hidden words' src='mxc://a/b'>"},
            "hidden words",
        ),
        (
            "m.room.message",
            {"body": "x", "formatted_body": '<span data-mx-spoiler="reason">y</span>'},
            "reason",
        ),
        ("m.room.message", {"msgtype": "m.image", "body": "the caption", "filename": "a.png"}, "the caption"),
        ("m.room.message", {"msgtype": "m.file", "body": "a", "filename": "get rich.exe"}, "get rich.exe"),
        ("m.room.message", {"msgtype": "m.location", "body": "Here", "geo_uri": "geo:1,2"}, "geo:1,2"),
        ("m.room.message", {"body": "* fine", "m.new_content": {"body": "the new words"}}, "the new words"),
        (
            "m.room.message",
            {"body": "only old clients", "m.new_content": {"body": "fine"}},
            "only old clients",
        ),
        ("m.room.message", {"m.text": [{"body": "extensible"}]}, "extensible"),
        ("m.message", {"m.text": [{"mimetype": "text/html", "body": "<i>ext</i>ensible"}]}, "extensible"),
        ("m.room.message", {"org.matrix.msc1767.text": "older"}, "older"),
        (
            "m.room.message",
            {"body": "x", "com.beeper.linkpreviews": [{"og:title": "Shown title"}]},
            "Shown title",
        ),
        (
            "m.room.message",
            {"body": "x", "com.beeper.per_message_profile": {"displayname": "Impostor"}},
            "Impostor",
        ),
        ("m.sticker", {"body": "sticker words", "info": {}}, "sticker words"),
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "key": "buy now"}}, "buy now"),
        ("m.poll.start", {"m.poll": {"question": {"m.text": [{"body": "Which?"}]}}}, "Which?"),
        (
            "org.matrix.msc3381.poll.start",
            {
                "org.matrix.msc3381.poll.start": {
                    "question": {"body": "Q", "org.matrix.msc1767.text": "Question"},
                    "answers": [
                        {"id": str(number), "org.matrix.msc1767.text": f"answer {number}"}
                        for number in range(80)
                    ],
                }
            },
            "answer 79",
        ),
        (
            "m.location",
            {"m.location": {"uri": "geo:1,2", "description": "Behind the shop"}},
            "Behind the shop",
        ),
        (
            "com.example.unknown",
            {"body": "words in a kind of event unknown to us"},
            "words in a kind of event unknown to us",
        ),
    ],
)
def test_everything_readable_is_judged(kind: str, content: dict[str, Any], expected: str) -> None:
    """Whatever some client shows is part of the judged text, on a line of its own."""
    assert expected in read(content, kind).text.split("\n")


def test_both_texts_are_judged_but_none_twice() -> None:
    """The plain and the formatted text are both judged; lines that they share count once."""
    body = {"body": "first\nsecond", "formatted_body": "<p>first</p><p>2nd</p>"}
    assert read(body).text == "first\nsecond\n2nd"
    edit = {"body": "* first", "m.new_content": {"body": "first"}, "m.relates_to": {"rel_type": "m.replace"}}
    assert read(edit).text == "first"
    assert read({"body": "again\nagain"}).text == "again\nagain"


def test_letters_are_never_pulled_apart() -> None:
    """Inline markup and odd separators neither split a word nor vanish from it."""
    assert read({"body": "x", "formatted_body": "s<b>p</b><i>a</i>m"}).text == "x\nspam"
    assert read({"body": "sp\x1cam\u2028x\u0085"}).text == "sp\x1cam\u2028x"
    assert read({"body": "x", "formatted_body": "a&amp;b &#60;c&gt; &#x41;"}).text == "x\na&b <c> A"


def test_mentions() -> None:
    """Those mentioned come from m.mentions and from pills, once each; a pill is no link."""
    content = {
        "body": "Ben: hi",
        "formatted_body": '<a href="https://matrix.to/#/%40ben%3Ab.example">Ben</a>: hi '
        '<a href="matrix:u/cy:b.example">Cy</a> <a href="https://matrix.to/#/!room:b.example">room</a>',
        "m.mentions": {"user_ids": ["@ben:b.example", 1, "nobody", "@di:b.example"], "room": True},
    }
    found = read(content)
    assert found.mentions == ("@ben:b.example", "@cy:b.example", "@di:b.example")
    assert found.mentions_room
    assert "%40ben" not in found.text
    assert "https://matrix.to/#/!room:b.example" in found.text


@pytest.mark.parametrize(
    ("kind", "content", "media"),
    [
        (
            "m.room.message",
            {"msgtype": "m.image", "body": "a", "info": {"mimetype": "image/PNG"}},
            ("image/png",),
        ),
        ("m.room.message", {"msgtype": "m.video", "body": "a", "info": 3}, ("video/*",)),
        ("m.room.message", {"msgtype": "m.text", "body": "a", "info": {"mimetype": "image/png"}}, ()),
        ("m.sticker", {"body": "a"}, ("image/*",)),
        ("m.file", {"m.file": {"mimetype": "application/zip"}}, ("application/zip",)),
    ],
)
def test_media(kind: str, content: dict[str, Any], media: tuple[str, ...]) -> None:
    """What is attached is known by its media type, or by the kind of message where it names none."""
    assert read(content, kind).media == media


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("m.reaction", {"m.relates_to": {"key": "👍"}}),
        ("m.reaction", {"m.relates_to": {"key": "+1"}}),
        ("m.call.invite", {"call_id": "1", "offer": {"sdp": "…"}}),
        ("m.poll.response", {"m.selections": ["a"]}),
        ("m.room.message", {}),
        ("m.room.message", {"body": 3, "formatted_body": [], "m.text": "", "m.new_content": []}),
    ],
)
def test_what_says_nothing_is_no_message(kind: str, content: dict[str, Any]) -> None:
    """Calls, thumbs, votes and redacted messages hold nothing to judge."""
    assert message_of(_event(content, kind), "$id", "") is None


def test_an_encrypted_event_is_a_message_without_text() -> None:
    """An encrypted event is known by sender and time, and said to be unreadable."""
    found = read({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted")
    assert found.encrypted
    assert found.text == ""


@given(objects, st.sampled_from(["m.room.message", "m.reaction", "m.poll.start", "m.sticker", "x"]))
def test_any_content_is_read(content: dict[str, Any], kind: str) -> None:
    """No content, however odd, makes reading fail."""
    message_of(_event(content, kind), "$id", "")


KEYS = (
    "body",
    "formatted_body",
    "m.new_content",
    "m.relates_to",
    "m.mentions",
    "info",
    "m.poll",
    "m.text",
    "m.file",
)
SHAPES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, max_size=6))
def test_any_shape_is_read(content: dict[str, Any]) -> None:
    """Known fields with values of the wrong shape do no harm."""
    message_of(_event(content, "m.poll.start"), "$id", "")
