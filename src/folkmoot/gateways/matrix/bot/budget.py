"""How often somebody may make the bot do something: bounded, whoever they are."""

from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_REMEMBERED = 10_000


class Budget:
    """Allows each name so many times in a window of seconds; remembers the latest ten thousand names."""

    def __init__(self, clock: Callable[[], float], *, most: int, within: float) -> None:
        """Allow `most` times in `within` seconds."""
        self._clock = clock
        self._most = most
        self._within = within
        self._spent: OrderedDict[str, deque[float]] = OrderedDict()

    def spend(self, name: str) -> bool:
        """Say whether it is allowed once more, and count it if it is."""
        now = self._clock()
        times = self._spent.setdefault(name, deque())
        self._spent.move_to_end(name)
        while len(self._spent) > _MOST_REMEMBERED:
            self._spent.popitem(last=False)
        # Times that lie ahead are from before the clock was set back.
        while times and not now - self._within < times[0] <= now:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        return True
