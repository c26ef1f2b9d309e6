"""What follows from a verdict, beyond the message itself; pure."""

from folkmoot.vocabulary import Category

_STOPS = 2
_STOPS_OF_SPAM = 10
"""Floods and copies come in bursts and end by themselves: people need to look at those who go on for long."""

WINDOW = 7 * 24 * 3600.0
"""How long a stopped message counts towards a case, in seconds."""


def until_case(category: Category | None, ladder: tuple[float, ...] = ()) -> int:
    """Return how many stopped messages of one member bring a case before a person.

    Where the group has a ladder, a case is what comes after its last step.
    """
    stops = _STOPS_OF_SPAM if category is Category.SPAM else _STOPS
    return max(stops, len(ladder) + 1) if ladder else stops
