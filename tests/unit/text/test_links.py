"""Links are found however they are written, and what they are is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.text.fold import fold
from folkmoot.text.hosts import domain, imitates, skeleton
from folkmoot.text.links import Link, links
from folkmoot.text.scripts import mixed, script, scripts


def only(text: str) -> Link:
    """The one link of a text."""
    (link,) = links(fold(text))
    return link


@pytest.mark.parametrize(
    ("text", "host", "kinds", "written"),
    [
        ("see https://example.com/a?b=c now", "example.com", set(), "https://example.com/a?b=c"),
        ("visit example.com", "example.com", set(), "example.com"),
        ("EXAMPLE.COM", "example.com", set(), "EXAMPLE.COM"),
        ("https://bit.ly/abc", "bit.ly", {"shortener"}, "https://bit.ly/abc"),
        ("join t.me/joinchat/xyz", "t.me", {"invite"}, "t.me/joinchat/xyz"),
        ("discord.gg/abc", "discord.gg", {"invite"}, "discord.gg/abc"),
        ("https://discord.com/invite/abc", "discord.com", {"invite"}, "https://discord.com/invite/abc"),
        ("wa.me/4930123", "wa.me", {"invite"}, "wa.me/4930123"),
        ("https://matrix.to/#/#a:b", "matrix.to", {"invite"}, "https://matrix.to/#/#a:b"),
        ("tg://resolve?domain=x", "tg:", {"invite"}, "tg://resolve?domain=x"),
        ("hxxps://evil[.]com/x", "evil.com", {"hidden"}, "hxxps://evil[.]com/x"),
        ("go to foo dot com", "foo.com", {"hidden"}, "foo dot com"),
        ("example(.)com", "example.com", {"hidden"}, "example(.)com"),
        ("http://1.2.3.4/x", "1.2.3.4", {"number"}, "http://1.2.3.4/x"),
        ("https://paypa1.com", "paypa1.com", {"lookalike"}, "https://paypa1.com"),
        ("steamcommunlty.com/t", "steamcommunlty.com", {"lookalike"}, "steamcommunlty.com/t"),
        ("paypal.com.evil.ru/x", "paypal.com.evil.ru", {"lookalike"}, "paypal.com.evil.ru/x"),
        ("discord-nitro.gift", "discord-nitro.gift", {"lookalike"}, "discord-nitro.gift"),
        (
            "http://p\u0430ypal.com",
            "p\u0430ypal.com",
            {"lookalike", "mixed-script"},
            "http://p\u0430ypal.com",
        ),
        ("http://xn--mnchen-3ya.de/", "münchen.de", set(), "http://xn--mnchen-3ya.de/"),
        ("https://paypal.com@evil.ru/x", "evil.ru", {"hidden"}, "https://paypal.com@evil.ru/x"),
        ("http://3232235777/x", "192.168.1.1", {"number"}, "http://3232235777/x"),
        ("http://0x7f.1", "127.0.0.1", {"number"}, "http://0x7f.1"),
        ("http://paypal.com@3232235777/", "192.168.1.1", {"number"}, "http://paypal.com@3232235777/"),
        ("http://[::ffff:1.2.3.4]:80/", "[::ffff:1.2.3.4]", {"number"}, "http://[::ffff:1.2.3.4]:80/"),
        ("slack://channel?id=1", "slack:", {"invite"}, "slack://channel?id=1"),
        ("matrix:r/room:example.org", "matrix:", {"invite"}, "matrix:r/room:example.org"),
        ("https://petition.example/river", "petition.example", set(), "https://petition.example/river"),
    ],
)
def test_a_link_and_what_it_is(text: str, host: str, kinds: set[str], written: str) -> None:
    """A link's host, its kinds and its place are found."""
    link = only(text)
    assert (link.host, set(link.kinds)) == (host, kinds)
    assert text[link.span.start : link.span.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "I am done.So what",
        "okay.me too",
        "see you at 3.Is it ok",
        "main.py",
        "node.js",
        "v2.3.1",
        "a@b.com",
        "好。我",
        "e.g.this",
        "1.2.3.4",
        "a.b",
        "http://99999999999/",
        "http://300.1/",
    ],
)
def test_what_only_looks_like_a_link(text: str) -> None:
    """Sentences run together, file names, versions and mail addresses are no links."""
    assert links(fold(text)) == ()


@pytest.mark.parametrize(
    "host",
    [
        "paypal.com",
        "www.paypal.com",
        "amazon.de",
        "telegra.ph",
        "discord.gift",
        "googleapis.com",
        "github.io",
        "apple.com",
        "claim.org",
        "carpalace.com",
    ],
)
def test_honest_hosts_imitate_nobody(host: str) -> None:
    """The real sites, their other domains and names that only share letters are let be."""
    registered = domain(host)
    assert registered is not None
    assert imitates(host, registered) is None


def test_skeletons_undo_what_the_eye_overlooks() -> None:
    """Digits, doubled shapes and other alphabets look like the letters they stand for."""
    assert skeleton("rnicr0soft") == skeleton("microsoft")
    assert skeleton("gооgle") == skeleton("google")


@given(st.text(st.sampled_from("ab.:/[] dot1-@хx"), max_size=40))
def test_any_text_has_its_links_inside(text: str) -> None:
    """The places of links lie in the text."""
    for link in links(fold(text)):
        assert 0 <= link.span.start < link.span.end <= len(text)


def test_writing_systems_are_told_apart() -> None:
    """Letters know their script, and a word of two scripts is mixed unless a language mixes them."""
    assert [script(char) for char in "aяα字あ한ع1!"] == [
        "Latin", "Cyrillic", "Greek", "Han", "Kana", "Hangul", "Arabic", "", "",
    ]  # fmt: skip
    assert scripts("Hello, мир!") == {"Latin": 5, "Cyrillic": 3}
    assert mixed("pаypal")
    assert not mixed("日本語です")
