"""The X-Matrix header."""

import contextlib
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix import own_keys, x_matrix
from folkmoot.gateways.matrix.signatures import VerifyKey
from folkmoot.gateways.matrix.x_matrix import BadAuthorizationError, Claim, parse, parse_all
from tests.support.origin import Origin

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of Twisted about itself
    from synapse.federation.transport.server._base import _parse_auth_header

FULL = 'X-Matrix origin="a.example",key="ed25519:k",sig="abc",destination="moot.example"'
_quotable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@pytest.mark.parametrize(
    "header",
    [
        FULL,
        "X-Matrix origin=a.example,key=ed25519:k,sig=abc,destination=moot.example",
        'x-matrix ORIGIN="a.example", Key="ed25519:k" , sig = "abc",\tdestination="moot.example"',
        'X-MATRIX destination="moot.example",sig="a\\bc",key="ed25519\\:k",origin="a.example"',
        FULL + ',future="some, thing",',
    ],
)
def test_the_ways_to_write_it(header: str) -> None:
    """Quoted or not, escaped, spaced, in any order and case, with unknown parameters: it means the same."""
    assert parse(header) == Claim("a.example", "ed25519:k", "abc", "moot.example")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer x",
        "X-Matrix",
        'X-Matrix origin="a.example"',
        FULL.replace("ed25519:k", "rsa:k"),
        FULL.replace("a.example", "127.0.0.1"),
        FULL.replace("a.example", "a b"),
        FULL + ',sig="def"',
        FULL + ' sig2="x"',
        FULL.replace('"abc"', '"abc'),
        FULL + "," + "x" * 5000,
        "X-Matrix " + ",".join(f"p{number}=1" for number in range(40)),
    ],
)
def test_malformed_ones_are_refused(header: str) -> None:
    """A header that lacks a parameter, repeats one or is no list of parameters is refused."""
    with pytest.raises(BadAuthorizationError):
        parse(header)


@given(_quotable)
def test_any_quoted_text_reads_back(text: str) -> None:
    """Whatever a quoted value holds, escaping it and reading it gives it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    header = f'X-Matrix origin="a.example",key="ed25519:k",sig="{escaped}"'
    if text:
        assert parse(header).signature == text


@given(st.text(max_size=80))
def test_any_text_is_a_claim_or_an_error(text: str) -> None:
    """Arbitrary text gives a claim or the one documented error."""
    with contextlib.suppress(BadAuthorizationError):
        assert parse("X-Matrix " + text).origin


def test_hostile_headers_cost_little() -> None:
    """Headers made to confuse a pattern are refused in milliseconds."""
    started = time.perf_counter()
    for piece in ('a="', "\\", 'a="\\', "=", 'a="b" ', ",", " "):
        with pytest.raises(BadAuthorizationError):
            parse("X-Matrix " + piece * (4000 // len(piece)))
    assert time.perf_counter() - started < 0.5


def test_several_headers_must_agree() -> None:
    """A request may carry a header for each key of one origin, not of two, nor for another destination."""
    other_key = FULL.replace("ed25519:k", "ed25519:l")
    assert [claim.key for claim in parse_all([FULL, other_key], "moot.example")] == ["ed25519:k", "ed25519:l"]
    for wrong in ([], [FULL, FULL.replace("a.example", "b.example")], [FULL] * 9):
        with pytest.raises(BadAuthorizationError):
            parse_all(wrong, "moot.example")
    with pytest.raises(BadAuthorizationError):
        parse_all([FULL], "other.example")


def test_synapse_reads_what_we_write() -> None:
    """A header of ours is read by Synapse's own parser, and its signature covers the request."""
    key = own_keys.generate().federation
    header = x_matrix.authorization(key, "PUT", "/x?y=z", "moot.example", "a.example", {"b": 1})
    origin, key_id, signature, destination = _parse_auth_header(header.encode())
    assert (origin, key_id, destination) == ("moot.example", key.id, "a.example")
    covered = x_matrix.covered("PUT", "/x?y=z", "moot.example", "a.example", {"b": 1})
    assert VerifyKey.read(key.public).verifies(covered, signature)


def test_we_read_what_synapse_writes() -> None:
    """A header in Synapse's form is read, and its signature covers the request as Synapse covers it."""
    origin = Origin()
    claim = parse(origin.header("GET", "/x", "moot.example", None))
    covered = x_matrix.covered("GET", "/x", "origin.example", "moot.example", None)
    assert VerifyKey.read(origin.public).verifies(covered, claim.signature)
    assert not VerifyKey.read(origin.public).verifies(covered.replace(b"GET", b"PUT"), claim.signature)
