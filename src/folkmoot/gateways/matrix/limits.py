"""Bounds on what a stranger can make the policy server do."""

from msgspec import Struct

MEGABYTE = 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds in time and size."""

    deadline: float = 2.0
    """Seconds to judge in, after which the group's open-or-closed setting answers."""
    media_deadline: float = 10.0
    """The same for a message whose pictures are fetched and looked at."""
    most_at_once: int = 512
    """Most events judged at the same time."""
    largest_event: int = 262_144
    largest_transaction: int = 8 * MEGABYTE
    held: int = 128 * MEGABYTE
    """Bytes of request bodies held at the same time, over all requests."""
    body_seconds: float = 5.0
    request_seconds: float = 20.0
