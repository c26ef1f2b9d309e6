"""Canonical JSON."""

import contextlib
from typing import Any

import canonicaljson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix import canonical_json
from folkmoot.gateways.matrix.canonical_json import NotCanonicalError, decode_object, encode
from tests.unit.matrix.strategies import LIMIT, objects, values


@given(values)
def test_equals_the_reference(value: Any) -> None:
    """Every JSON value is written exactly as the reference library writes it."""
    expected = canonicaljson.encode_canonical_json(value)
    assert encode(value) == expected
    assert encode(value, strict=False) == expected


@given(objects)
def test_what_is_written_reads_back(value: dict[str, Any]) -> None:
    """Writing and reading an object gives the same object."""
    assert decode_object(encode(value)) == value


@pytest.mark.parametrize(
    "number", [LIMIT + 1, -LIMIT - 1, 2**63, 2**70, 1.0, 0.5, float("nan"), float("inf")]
)
def test_other_numbers_are_refused(number: float) -> None:
    """Numbers beyond 53 bits and floats have no canonical form, however deep they hide."""
    with pytest.raises(NotCanonicalError):
        encode({"a": [{"b": number}]})


@pytest.mark.parametrize("number", [LIMIT, -LIMIT, 0])
def test_limits_are_allowed(number: int) -> None:
    """The largest and the smallest permitted number are written."""
    assert encode(number) == str(number).encode()


def test_old_rooms_knew_floats() -> None:
    """In rooms of version 1 to 5 a float is written as the reference library writes it."""
    value = {"b": 1.5, "a": 1e300, "c": 2**60}
    assert encode(value, strict=False) == canonicaljson.encode_canonical_json(value)
    assert canonical_json.encode_any(value) == canonicaljson.encode_canonical_json(value)


@pytest.mark.parametrize("strict", [True, False])
def test_depth_is_bounded(strict: bool) -> None:
    """A document nested thousands deep is refused without harm."""
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonicalError):
        encode(value, strict=strict)
    while isinstance(value, list):  # take it apart again: freeing it in one go would recurse
        value = value[0]


@given(st.binary(max_size=40))
def test_any_bytes_are_an_object_or_an_error(body: bytes) -> None:
    """Reading arbitrary bytes gives an object or the one documented error."""
    with contextlib.suppress(NotCanonicalError):
        assert isinstance(decode_object(body), dict)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b'{"a":NaN}', b'{"a":"\\ud800"}', b"[" * 100_000, b'{"a":"secret']
)
def test_what_is_no_object_is_refused_without_quoting_it(body: bytes) -> None:
    """A body that is no JSON object is refused, and the error quotes none of it."""
    with pytest.raises(NotCanonicalError) as trouble:
        decode_object(body)
    assert "secret" not in str(trouble.value)
