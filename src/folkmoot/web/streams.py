"""How many live pages are open, so that nobody can hold more connections than there is room for."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Streams:
    """Counts open streams, all together and for each person."""

    def __init__(self, *, most: int = 200, most_each: int = 8) -> None:
        """Allow `most` streams, and `most_each` for one person."""
        self._most = most
        self._most_each = most_each
        self._open: Counter[str] = Counter()

    def room_for(self, person: str) -> bool:
        """Return whether one more may be opened."""
        return self._open.total() < self._most and self._open[person] < self._most_each

    @contextmanager
    def one(self, person: str) -> Iterator[None]:
        """Count one stream for as long as the context lasts."""
        self._open[person] += 1
        try:
            yield
        finally:
            self._open[person] -= 1
            if not self._open[person]:
                del self._open[person]
