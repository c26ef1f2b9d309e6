"""A rule that is gone may have left decisions behind: administrators are asked whether to take them back."""

from collections.abc import Iterable

from sqlalchemy import Connection

from folkmoot.decide.diagnose import PolicyError
from folkmoot.decide.policy import load
from folkmoot.remember import decisions, outbox, policies
from folkmoot.remember.records import PolicyVersion

LETTER = "rule-gone"
"""The kind of letter that asks them; its body is {"rule": id}."""


def put_in_force(
    connection: Connection, group: str, source: str, *, by: str, at: float, note: str, version: int
) -> PolicyVersion:
    """Put a changed policy in force as its next version, asking about the rules that it no longer has.

    StalePolicyError if somebody else changed it meanwhile.
    """
    before = _rules(policies.current(connection, group).source)
    made = policies.add(connection, group, source, by=by, at=at, note=note, version=version)
    kept = {rule.id for rule in load(source).rules}
    ask(connection, group, (rule for rule in before if rule not in kept), at=at)
    return made


def ask(connection: Connection, group: str, gone: Iterable[str], *, at: float) -> list[str]:
    """Ask about each of these rules on which decisions rest that still stand; returns which those are."""
    asked = [rule for rule in dict.fromkeys(gone) if decisions.standing_by_rule(connection, group, rule)]
    for rule in asked:
        outbox.put(connection, group, LETTER, {"rule": rule}, at=at)
    return asked


def _rules(source: str) -> list[str]:
    """Return the ids of a policy's rules, none of one that can't be read: another may replace it."""
    try:
        return [rule.id for rule in load(source).rules]
    except PolicyError:
        return []
