"""Whether a trigger that is written rightly can never be met, or is met by every message."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, get_args

import msgspec

from folkmoot.decide import cel, cel_errors
from folkmoot.decide.phrases import expand
from folkmoot.decide.places import Path
from folkmoot.decide.rules import Policy
from folkmoot.decide.shape import Trouble, nearest
from folkmoot.detect.hosts import until
from folkmoot.detect.triggers import Expert, Head, LinkKind, Links, Media, Trigger, Words
from folkmoot.vocabulary import Role

_UNLESS: Final = "It can never fire: each of its words also silences it."
_HOSTS: Final = "It can never fire: each of its hosts is excepted."
_OVER: Final = "It can never fire: the time of each of its hosts was over before the rule was made."


def silent(policy: Policy, trigger: Trigger, path: Path, made_at: datetime) -> Iterator[Trouble]:
    """A trigger leaves something to fire on; `made_at` is when its rule was made."""
    if isinstance(trigger, Words):
        wanted = set(expand(trigger.any, policy.lists))
        if wanted and wanted <= set(expand(trigger.unless, policy.lists)):
            yield Trouble(path, _UNLESS, "Take at least one out of `unless`.", warning=True)
    elif isinstance(trigger, Links):
        yield from _links(policy, trigger, path, made_at)
    elif isinstance(trigger, Media):
        for number, kind in enumerate(trigger.types):
            if "/" not in kind and "*" not in kind:
                remedy = "Write it like this: video/*, image/png, application/pdf."
                problem = f"“{kind}” is no type of attachment, so it is never found."
                yield Trouble((*path, "types", number), problem, remedy, warning=True)
    elif isinstance(trigger, Expert) and cel_errors.trouble(trigger.cel) is None:
        yield from _condition(policy, trigger.cel, (*path, "cel"))


def _links(policy: Policy, trigger: Links, path: Path, made_at: datetime) -> Iterator[Trouble]:
    """A trigger that names only hosts leaves one that is not excepted, and whose time is not over."""
    try:
        found = [until(host) for host in expand(trigger.hosts, policy.lists)]
        wide = [until(host) for host in expand(trigger.except_hosts, policy.lists)]
    except ValueError:  # no date: that is told elsewhere
        return
    alone = msgspec.structs.replace(trigger, unless=(), unsure=False)
    if not found or Links(hosts=trigger.hosts, except_hosts=trigger.except_hosts) != alone:
        return
    if all(_is_excepted(host, ends, wide) for host, ends in found):
        remedy = "Take at least one out of except_hosts."
        yield Trouble((*path, "except_hosts"), _HOSTS, remedy, warning=True)
    if all(ends < made_at.timestamp() for _, ends in found):
        remedy = "Name a later day for at least one, or leave its end out."
        yield Trouble((*path, "hosts"), _OVER, remedy, warning=True)


def _is_excepted(host: str, ends: float, wide: list[tuple[str, float]]) -> bool:
    return any((host == one or host.endswith("." + one)) and ends <= until_when for one, until_when in wide)


def _condition(policy: Policy, condition: str, path: Path) -> Iterator[Trouble]:
    """A condition depends on the message, and compares with what there is."""
    always = _always(condition)
    if always is not None:
        problem = "It fires on every message." if always else "It can never fire."
        remedy = "Ask for something that differs from message to message."
        yield Trouble(path, f"Whatever the message, this comes to the same. {problem}", remedy, warning=True)
    elif name := _contradicted(condition):
        problem = f"It can never fire: no number of “{name}” is all of this at once."
        yield Trouble(path, problem, "Take one of the comparisons out, or join them with ||.", warning=True)
    for start, written, known in _compared(policy, condition):
        if written not in known:
            remedy = nearest(written, known) if known else "There is none in this policy."
            problem = f"“{written}” is never there, so this never holds."
            yield Trouble(path, problem, remedy, warning=True, inside=(start, len(written)))


def _always(condition: str) -> bool | None:
    """What a condition comes to whatever it asks for; None where that matters."""
    try:
        return cel.result(cel.compiled(condition), {})
    except cel.ConditionError:
        return None


_TURNED: Final = re.compile(r"\|\||\?|!(?!=)|false")
_BOUND: Final = re.compile(r"([a-z_]+)\s*(>=|<=|==|>|<)\s*(\d{1,15})")


def _contradicted(condition: str) -> str:
    """The number of which a condition asks more than can be at once; empty where there is none, or where it
    is not a plain row of comparisons that all have to hold."""
    if _TURNED.search(condition):
        return ""
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for part in condition.split("&&"):
        match = _BOUND.fullmatch(part.strip().removeprefix("(").removesuffix(")"))
        if match is None:
            continue
        name, how, number = match[1], match[2], int(match[3])
        if how[0] in ">=":
            least[name] = max(least.get(name, 0), number + (how == ">"))
        if how[0] in "<=":
            most[name] = min(most.get(name, number), number - (how == "<"))
    return next((name for name, top in most.items() if top < least.get(name, 0)), "")


_IN: Final = re.compile(r"""(['"])([^'"\\]*)\1\s+in\s+(lists|rules|likely|very_likely|link_kinds)\b""")
_AMONG: Final = re.compile(
    r"""\b(lists|rules|likely|very_likely|link_kinds)\.exists(?:_one)?\(\s*(\w+)\s*,"""
    r"""\s*\2\s*==\s*(['"])([^'"\\]*)\3\s*\)"""
)
_IS: Final = re.compile(r"""\brole\s*[!=]=\s*(['"])([^'"\\]*)\1""")


def _compared(policy: Policy, condition: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each text that is looked for among names of ours, with its place and what there is."""
    known = {
        "lists": [*policy.lists],
        "rules": [rule.id for rule in policy.rules],
        "likely": [*get_args(Head)],
        "very_likely": [*get_args(Head)],
        "link_kinds": [kind for kind in get_args(LinkKind) if kind != "any"],
    }
    for match in _IN.finditer(condition):
        yield match.start(2), match[2], known[match[3]]
    for match in _AMONG.finditer(condition):
        yield match.start(4), match[4], known[match[1]]
    for match in _IS.finditer(condition):
        yield match.start(2), match[2], [str(role) for role in Role]
