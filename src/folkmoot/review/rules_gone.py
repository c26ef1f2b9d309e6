"""A rule that is gone may have left decisions behind: administrators are asked whether to take them back."""

from collections.abc import Iterable

from sqlalchemy import Connection

from folkmoot.remember import decisions, outbox

LETTER = "rule-gone"
"""The kind of letter that asks them; its body is {"rule": id}."""


def ask(connection: Connection, group: str, gone: Iterable[str], *, at: float) -> list[str]:
    """Ask about each of these rules on which decisions rest that still stand; returns which those are."""
    asked = [rule for rule in dict.fromkeys(gone) if decisions.standing_by_rule(connection, group, rule)]
    for rule in asked:
        outbox.put(connection, group, LETTER, {"rule": rule}, at=at)
    return asked
