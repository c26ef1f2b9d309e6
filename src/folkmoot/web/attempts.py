"""How often somebody tried something: sign-in links that do not work, words written in one appeal."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

_MOST_ADDRESSES = 4096


class Attempts:
    """Counts attempts per network address, or per name, within a window; remembers a bounded number."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        most: int = 20,
        window: float = 300.0,
        by_name: bool = False,
    ) -> None:
        """Allow `most` attempts in `window` seconds; `by_name`: for each name, not for each network."""
        self._clock = clock
        self._most = most
        self._window = window
        self._key = str if by_name else _network
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return for how many seconds this address must wait; 0 if it may try."""
        began, failures = self._failures.get(self._key(address), (0.0, 0))
        left = began + self._window - self._clock()
        return max(0.0, left) if failures >= self._most else 0.0

    def note(self, address: str) -> None:
        """Note an attempt."""
        key = self._key(address)
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
