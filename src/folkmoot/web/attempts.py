"""How often somebody tried a sign-in link that does not work, so that guessing is slow and bounded."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

_MOST_ADDRESSES = 4096


class Attempts:
    """Counts failed attempts per network address within a window; remembers a bounded number of addresses."""

    def __init__(self, clock: Callable[[], float], *, most: int = 20, window: float = 300.0) -> None:
        """Allow `most` failures in `window` seconds."""
        self._clock = clock
        self._most = most
        self._window = window
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return for how many seconds this address must wait; 0 if it may try."""
        began, failures = self._failures.get(_network(address), (0.0, 0))
        left = began + self._window - self._clock()
        return max(0.0, left) if failures >= self._most else 0.0

    def failed(self, address: str) -> None:
        """Note a failed attempt."""
        key = _network(address)
        now = self._clock()
        began, failures = self._failures.pop(key, (now, 0))
        if now - began >= self._window:
            began, failures = now, 0
        self._failures[key] = (began, failures + 1)
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)


def _network(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 that an IPv6 customer has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
