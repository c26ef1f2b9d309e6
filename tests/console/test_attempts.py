"""Counting failed attempts, and open streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.web.attempts import Attempts
from folkmoot.web.streams import Streams


class Clock:
    """A clock that a test sets."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_after_its_last_allowed_failure() -> None:
    """Two failures are allowed; the third attempt waits until the window is over."""
    clock = Clock()
    attempts = Attempts(clock, most=2, window=60)
    assert attempts.wait("192.0.2.1") == 0
    attempts.note("192.0.2.1")
    clock.now += 10
    attempts.note("192.0.2.1")
    assert attempts.wait("192.0.2.1") == 50
    assert attempts.wait("192.0.2.2") == 0
    clock.now += 50
    assert attempts.wait("192.0.2.1") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("not an address", "", True),
    ],
)
def test_what_counts_as_one_place(one: str, other: str, same: bool) -> None:
    """A customer's whole IPv6 network is one place, and an IPv4 address is one however it is written."""
    attempts = Attempts(Clock(), most=1)
    attempts.note(one)
    assert (attempts.wait(other) > 0) is same


@given(addresses=st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=50))
def test_waiting_never_lasts_longer_than_the_window(addresses: list[str]) -> None:
    """However often somebody fails, they wait no longer than the window."""
    attempts = Attempts(Clock(), most=3, window=300)
    for address in addresses * 4:
        attempts.note(address)
        assert 0 <= attempts.wait(address) <= 300


def test_memory_is_bounded() -> None:
    """A flood of addresses pushes out the oldest, not the memory of the machine."""
    attempts = Attempts(Clock(), most=1)
    for number in range(10_000):
        attempts.note(f"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}")
    assert len(attempts._failures) == 4096
    assert attempts.wait("10.0.0.0") == 0
    assert attempts.wait("10.0.39.15") > 0


def test_streams_are_counted_for_each_and_for_all() -> None:
    """One person may hold some, all together may hold more, and closing gives room back."""
    streams = Streams(most=3, most_each=2)
    with streams.one("a"), streams.one("a"):
        assert not streams.room_for("a")
        assert streams.room_for("b")
        with streams.one("b"):
            assert not streams.room_for("c")
    assert streams.room_for("a")
    assert not streams._open
