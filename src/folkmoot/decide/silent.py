"""Whether a trigger that is written rightly can never be met, or is met by every message."""

import re
from collections.abc import Iterator
from typing import Final, get_args

import msgspec

from folkmoot.decide import cel, cel_errors
from folkmoot.decide.phrases import expand
from folkmoot.decide.places import Path
from folkmoot.decide.rules import Policy
from folkmoot.decide.shape import Trouble, nearest
from folkmoot.detect.triggers import Expert, Head, LinkKind, Links, Media, Trigger, Words
from folkmoot.vocabulary import Role

_UNLESS: Final = "It can never fire: each of its words also silences it."
_HOSTS: Final = "It can never fire: each of its hosts is excepted."


def silent(policy: Policy, trigger: Trigger, path: Path) -> Iterator[Trouble]:
    """A trigger leaves something to fire on."""
    if isinstance(trigger, Words):
        wanted = set(expand(trigger.any, policy.lists))
        if wanted and wanted <= set(expand(trigger.unless, policy.lists)):
            yield Trouble(path, _UNLESS, "Take at least one out of `unless`.", warning=True)
    elif isinstance(trigger, Links):
        hosts = expand(trigger.hosts, policy.lists)
        wide = expand(trigger.except_hosts, policy.lists)
        excepted = all(any(host == one or host.endswith("." + one) for one in wide) for host in hosts)
        alone = msgspec.structs.replace(trigger, unless=(), unsure=False)
        nothing_else = Links(hosts=trigger.hosts, except_hosts=trigger.except_hosts) == alone
        if hosts and excepted and nothing_else:
            remedy = "Take at least one out of except_hosts."
            yield Trouble((*path, "except_hosts"), _HOSTS, remedy, warning=True)
    elif isinstance(trigger, Media):
        for number, kind in enumerate(trigger.types):
            if "/" not in kind and "*" not in kind:
                remedy = "Write it like this: video/*, image/png, application/pdf."
                problem = f"“{kind}” is no type of attachment, so it is never found."
                yield Trouble((*path, "types", number), problem, remedy, warning=True)
    elif isinstance(trigger, Expert) and cel_errors.trouble(trigger.cel) is None:
        yield from _condition(policy, trigger.cel, (*path, "cel"))


def _condition(policy: Policy, condition: str, path: Path) -> Iterator[Trouble]:
    """A condition depends on the message, and compares with what there is."""
    always = _always(condition)
    if always is not None:
        problem = "It fires on every message." if always else "It can never fire."
        remedy = "Ask for something that differs from message to message."
        yield Trouble(path, f"Whatever the message, this comes to the same. {problem}", remedy, warning=True)
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
