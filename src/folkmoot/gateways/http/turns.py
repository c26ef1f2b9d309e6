"""How many requests are handled at once: one more is refused at once, and told when to come back."""

from folkmoot.gateways.http import problems
from folkmoot.gateways.http.problems import RefusedError


class Turns:
    """Counts the requests under way, whichever way they came."""

    def __init__(self, most: int) -> None:
        """Allow so many."""
        self._free = most

    def take(self) -> None:
        """Count one more; RefusedError if there are as many as may be."""
        if self._free == 0:
            raise RefusedError(
                problems.BUSY,
                "As many requests as we handle at once are under way.",
                headers={"Retry-After": "1"},
            )
        self._free -= 1

    def give_back(self) -> None:
        """Count one less."""
        self._free += 1
