"""Lists of phrases as a policy writes them, with the lists they refer to put in their place."""

from collections.abc import Iterable, Mapping

from folkmoot.decide.rules import Policy
from folkmoot.detect.places import NAMES
from folkmoot.detect.triggers import Links


def expand(phrases: Iterable[str], lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The phrases themselves: `@name` becomes that list's phrases, `<price>` and its like are left out."""
    found: list[str] = []
    for phrase in phrases:
        if phrase.startswith("@"):
            found += (
                one for one in lists.get(phrase[1:], ()) if one not in NAMES and not one.startswith("@")
            )
        elif phrase not in NAMES:
            found.append(phrase)
    return tuple(found)


def host_lists_of(policy: Policy) -> frozenset[str]:
    """The names of the lists of hosts that a policy asks for and operators feed."""
    triggers = [trigger for rule in policy.rules for trigger in rule.when]
    return frozenset(name for one in triggers if isinstance(one, Links) for name in one.host_lists)


def named(phrases: Iterable[str], lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Which of `<price>` and its like the phrases name, by way of a list too."""
    flat = [
        one
        for phrase in phrases
        for one in (lists.get(phrase[1:], ()) if phrase.startswith("@") else (phrase,))
    ]
    return tuple(name for name in NAMES if name in flat)
