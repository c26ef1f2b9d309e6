"""Consequences before they take effect: what a member would be told, word for word."""

from collections.abc import Callable

from sqlalchemy import Connection

from folkmoot.explain.reasons import Statement
from folkmoot.remember import actions
from folkmoot.remember.deciding import Decision
from folkmoot.review import statements


def letters(connection: Connection, decide: Callable[[], Decision]) -> dict[str, Statement]:
    """Return the letter that each member would get if this were decided now; the errors are deciding's.

    It is decided in earnest and then forgotten again, so that the letter can't differ from the real one.
    """
    trial = connection.begin_nested()
    try:
        made = decide()
        return {person: letter(connection, made, person) for person in people_of(connection, made)}
    finally:
        trial.rollback()


def people_of(connection: Connection, decision: Decision) -> list[str]:
    """Return whom a decision restricts or lets do something, each once."""
    done = actions.of_decision(connection, decision.id)
    return [*dict.fromkeys(one.person for one in done if one.person and one.inverse_of is None)]


def letter(connection: Connection, decision: Decision, person: str) -> Statement:
    """Return what a decision says to one member, in the language in which they are written to."""
    language = statements.language_of(connection, decision.group, person)
    return statements.of_decision(connection, decision, person, link=None, language=language)
