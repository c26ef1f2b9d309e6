"""How often one server may ask for the same costly thing: anyone may run a server, and invite us with it."""

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_REMEMBERED = 10_000


class Patience:
    """Counts what each server asks for, and says when it is too much."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow each server `most` times within `seconds`."""
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._asked: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, server: str) -> bool:
        """Count one more time, unless that would be too often."""
        now = self._clock()
        began, times = self._asked.get(server, (now, 0))
        if now - began >= self._seconds:
            began, times = now, 0
        if times >= self._most:
            return False
        self._asked[server] = (began, times + 1)
        self._asked.move_to_end(server)
        while len(self._asked) > _MOST_REMEMBERED:
            self._asked.popitem(last=False)
        return True
