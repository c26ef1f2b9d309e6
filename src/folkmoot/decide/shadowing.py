"""Whether a rule changes nothing because another, at least as restrictive, is always met when it is."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec

from folkmoot.decide.durations import seconds
from folkmoot.decide.phrases import expand, named
from folkmoot.decide.rules import Exceptions, Policy, Rule, Scope
from folkmoot.decide.shape import Trouble
from folkmoot.detect.triggers import (
    Copies,
    Floods,
    Links,
    Media,
    Mentions,
    Model,
    Pattern,
    Together,
    Trigger,
    Words,
)
from folkmoot.detect.words import pattern
from folkmoot.vocabulary import Outcome

MOST_COMPARED: Final = 200
"""With more rules than these, each is compared with so many before it only."""

Lists = dict[str, tuple[str, ...]]


def said_already(policy: Policy) -> Iterator[Trouble]:
    """A rule that is met only when another is, and does no more than it, changes nothing."""
    for number, rule in enumerate(policy.rules):
        others = [
            (order, other)
            for order, other in enumerate(policy.rules)
            if order != number and abs(order - number) <= MOST_COMPARED
        ]
        for order, other in others:
            stronger = other.outcome.weight - rule.outcome.weight
            if (stronger > 0 or (stronger == 0 and order < number)) and _covers(policy, other, rule):
                remedy = "Remove one of the two, or change its triggers."
                problem = f"The rule “{other.id}” already says this; here nothing is added."
                yield Trouble(("rules", number, "id"), problem, remedy, warning=True)
                break


def _covers(policy: Policy, other: Rule, rule: Rule) -> bool:
    """Whether the other rule is met, with as much effect, whenever the rule is."""
    if other.mode != rule.mode or not rule.when:
        return False
    if not _scope_covers(other.scope, rule.scope):
        return False
    if not _passes_no_more(other.exceptions, rule.exceptions, policy.lists):
        return False
    return all(any(_fires(policy, one, other, two, rule) for one in other.when) for two in rule.when)


def _scope_covers(other: Scope, scope: Scope) -> bool:
    rooms = not other.rooms or (bool(scope.rooms) and set(scope.rooms) <= set(other.rooms))
    return rooms and other.newcomers in (None, scope.newcomers)


def _passes_no_more(other: Exceptions, exceptions: Exceptions, lists: Lists) -> bool:
    switches = all(
        getattr(exceptions, name) or not getattr(other, name) for name in ("administrators", "bots", "quoted")
    )
    named_ones = set(other.members) <= set(exceptions.members) and set(other.rooms) <= set(exceptions.rooms)
    return switches and named_ones and set(expand(other.words, lists)) <= set(expand(exceptions.words, lists))


def _fires(policy: Policy, one: Trigger, other: Rule, two: Trigger, rule: Rule) -> bool:
    """Whether the other rule's trigger is met, for no less than the rule's, whenever the rule's is."""
    if one.unsure and not two.unsure and rule.outcome is not Outcome.CASE:
        return False
    if not set(expand(one.unless, policy.lists)) <= set(expand(two.unless, policy.lists)):
        return False
    plain, wanted = (msgspec.structs.replace(each, unless=(), unsure=False) for each in (one, two))
    if plain == wanted:
        return True
    if isinstance(one, Words) and isinstance(two, Together):
        return any(_phrases(one.any, each, policy.lists) for each in two.each)
    compare = _COMPARED.get(type(one))
    return compare is not None and type(one) is type(two) and compare(plain, wanted, policy.lists)


def _phrases(wide: tuple[str, ...], narrow: tuple[str, ...], lists: Lists) -> bool:
    """Whether every text with one of the narrow phrases has one of the wide ones."""
    if named(narrow, lists) and not set(named(narrow, lists)) <= set(named(wide, lists)):
        return False
    written, wanted = set(expand(wide, lists)), set(expand(narrow, lists)) - set(expand(wide, lists))
    if not wanted:
        return bool(expand(narrow, lists))
    loose = {found for one in written if not one.startswith("=") and (found := pattern(one))}
    if len(wanted) * len(loose) > 1_000_000:
        return False
    return all(any(one in pattern(phrase) for one in loose) for phrase in wanted)


def _same_but(one: Any, two: Any, *names: str) -> bool:
    """Whether two triggers say the same but for these keys."""
    return bool(msgspec.structs.replace(one, **{name: getattr(two, name) for name in names}) == two)


def _within(one: Copies | Floods, two: Copies | Floods) -> bool:
    """Whether the first counts as long or longer, and to as many or fewer."""
    return one.count <= two.count and (seconds(one.within) or 0) >= (seconds(two.within) or 0)


def _links(one: Links, two: Links, lists: Lists) -> bool:
    if not _same_but(one, two, "what", "hosts", "host_lists", "except_hosts"):
        return False
    if not set(expand(one.except_hosts, lists)) <= set(expand(two.except_hosts, lists)):
        return False
    wide = expand(one.hosts, lists)
    if not set(two.host_lists) <= set(one.host_lists) and "any" not in one.what:
        return False
    return "any" in one.what or (
        set(two.what) <= set(one.what) and all(_below(host, wide) for host in expand(two.hosts, lists))
    )


def _below(host: str, wide: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith("." + one) for one in wide)


def _copies(one: Copies, two: Copies, lists: Lists) -> bool:
    return _within(one, two) and _same_but(one, two, "count", "within")


def _mentions(one: Mentions, two: Mentions, lists: Lists) -> bool:
    if one.within != two.within:
        return False
    count = two.count is None or (one.count is not None and one.count <= two.count)
    return count and (one.room or not two.room)


def _media(one: Media, two: Media, lists: Lists) -> bool:
    return all(any(fnmatchcase(kind, wide) for wide in one.types) for kind in two.types)


def _together(one: Together, two: Together, lists: Lists) -> bool:
    if len(one.each) != len(two.each) or one.within < two.within:
        return False
    return all(_phrases(wide, narrow, lists) for wide, narrow in zip(one.each, two.each, strict=True))


def _patterns(one: Pattern, two: Pattern, lists: Lists) -> bool:
    return set(two.any) <= set(one.any) and (two.exactly or not one.exactly)


_COMPARED: Final[dict[type, Callable[[Any, Any, Lists], bool]]] = {
    Words: lambda one, two, lists: _same_but(one, two, "any") and _phrases(one.any, two.any, lists),
    Together: _together,
    Links: _links,
    Copies: _copies,
    Floods: lambda one, two, lists: _within(one, two),
    Mentions: _mentions,
    Media: _media,
    Model: lambda one, two, lists: one.head == two.head and one.at_least == "likely",
    Pattern: _patterns,
}
