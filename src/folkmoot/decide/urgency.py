"""How soon a person should look at a case: from what it is about and how many asked for it; pure."""

from typing import Final

from folkmoot.vocabulary import Category, Urgency

_URGENT: Final = frozenset({Category.VIOLENCE, Category.SELF_HARM})
_LATER: Final = frozenset({Category.SPAM, Category.GAMBLING, Category.OFF_TOPIC})
_MANY_REPORTS = 3
_WIDE_REACH = 3
_ORDER: Final = (Urgency.WHEN_YOU_CAN, Urgency.SOON, Urgency.URGENT)


def urgency(categories: frozenset[Category], *, reporters: int = 0, rooms: int = 1) -> Urgency:
    """Return how soon to look; several reporters or rooms raise it by one step.

    `reporters` are different members, so that nobody makes a case urgent alone; `rooms` are those reached.
    """
    if categories & _URGENT:
        return Urgency.URGENT
    mild = not categories - _LATER
    step = 0 if mild else 1
    if reporters >= _MANY_REPORTS or rooms >= _WIDE_REACH:
        step += 1
    return _ORDER[step]


def sooner(one: Urgency, other: Urgency) -> Urgency:
    """Return the more urgent of two."""
    return max(one, other, key=_ORDER.index)
