"""Server names, Matrix ids and which addresses are within reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix import names
from folkmoot.gateways.matrix.acl import Acl, Acls, matches
from folkmoot.gateways.matrix.reach import Reach


@pytest.mark.parametrize(
    "name", ["example.org", "a", "localhost:8448", "xn--bcher-kva.example", "1st.example:1"]
)
def test_names_that_count(name: str) -> None:
    """DNS names count, with a port or without."""
    assert names.is_server(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "127.0.0.1",
            "127.0.0.1:8448",
            "[::1]",
            "[::1]:8448",
            "::1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
        ),
        *(
            "",
            ".",
            "a..b",
            "-a.example",
            "a-.example",
            "a_b.example",
            "a b",
            "a/b",
            "a@b",
            "a.example.",
            "ä.example",
        ),
        *(
            "a:0",
            "a:65536",
            "a:",
            "a:b",
            "a:80:80",
            "a:٣",
            "a\n",
            "a:1\n",
            "x" * 64 + ".example",
            "a." * 120 + "b",
        ),
        *(None, 1, b"a", ["a"]),
    ],
)
def test_names_that_do_not(name: object) -> None:
    """Addresses in any spelling, bad ports and what is no DNS name do not count."""
    assert not names.is_server(name)


def test_ids() -> None:
    """A member's server is what follows the first colon."""
    assert names.server_of("@ada:example.org") == "example.org"
    assert names.server_of("@ada:example.org:8448") == "example.org:8448"
    for wrong in ("ada:example.org", "@ada", "@ada:", "@ada:10.0.0.1", None, "@" + "a" * 260 + ":b"):
        assert names.server_of(wrong) is None
    assert names.is_room("!x")
    for wrong in ("x", "!", None, "!" + "x" * 255):
        assert not names.is_room(wrong)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses_are_within_reach(address: str) -> None:
    """Public addresses may be called, also as an address of version 6 that stands for one of version 4."""
    assert Reach().allows(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *(
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
        ),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:0:7f00:1::", "2001:db8::1", "", "localhost", "1.1.1"),
    ],
)
def test_private_addresses_are_not(address: str) -> None:
    """Private, local, reserved and disguised addresses may not be called."""
    assert not Reach().allows(address)


def test_an_operator_may_allow_a_network() -> None:
    """A network in the settings is within reach, and nothing beside it."""
    reach = Reach(("127.0.0.1/32", "::1/128", "10.0.0.0/8"))
    assert all(reach.allows(address) for address in ("127.0.0.1", "::1", "10.9.9.9", "::ffff:10.9.9.9"))
    assert not any(reach.allows(address) for address in ("127.0.0.2", "192.168.0.1", "fe80::1"))


_hosts = st.text("ab.", min_size=1, max_size=8)
_patterns = st.lists(st.text("aB.*?", max_size=8), max_size=3)


@given(_hosts, _patterns, _patterns)
def test_access_lists_agree_with_synapse(host: str, allow: list[str], deny: list[str]) -> None:
    """A room's access list lets in exactly the servers that Synapse lets in."""
    from synapse.synapse_rust.acl import ServerAclEvaluator

    theirs = ServerAclEvaluator(True, allow, deny).server_matches_acl_event(host)
    assert Acl({"allow": allow, "deny": deny}).allows(host) == theirs


def test_access_lists_that_are_none() -> None:
    """Without a list everyone may take part; with a malformed one nobody, as the specification has it."""
    acls = Acls(most=2)
    assert acls.allows("!r", None, "a.example")
    for content in ({}, {"allow": "*"}, {"allow": [1, None]}, {"allow": ["*"], "deny": ["a.*"]}):
        assert not acls.allows("!r", content, "a.example:8448")
    for number in range(5):
        assert acls.allows(f"!{number}", {"allow": ["*"]}, "a.example")


def test_hostile_patterns_cost_little() -> None:
    """A pattern made to be slow is decided at once."""
    assert not matches("*a" * 100 + "b", "a" * 230)
    assert not matches("*?a" * 70 + "b", "a" * 230)
    assert matches("*" * 60_000, "a")


@pytest.mark.parametrize(
    ("member", "homeservers", "may"),
    [
        ("@ada:club.example", (), True),
        ("@ada:club.example", ("club.example",), True),
        ("@ada:club.example:8448", ("club.example",), False),
        ("@ada:evil.example", ("club.example", "chat.example"), False),
        ("@ada:notclub.example", ("club.example",), False),
        ("ada", ("club.example",), False),
    ],
)
def test_who_may_have_rooms_protected(member: str, homeservers: tuple[str, ...], may: bool) -> None:
    """Members of the homeservers that the operator names; everybody where none is named."""
    assert names.may_invite(member, homeservers) is may
