"""Reading a decision with everything that came of it: as an administrator, or as the member it touches."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.reasons import Statement
from folkmoot.remember import actions, appeals, decisions
from folkmoot.remember.deciding import Action, Appeal, Decision
from folkmoot.review import foreseeing
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, Part, need
from folkmoot.review.subjects import subject_of
from folkmoot.review.undoing import UnknownDecisionError


class Record(Struct, frozen=True, kw_only=True):
    """A decision, what it asked for, and what became of it."""

    decision: Decision
    actions: tuple[Action, ...]
    letters: dict[str, Statement]
    """What each member whom it touches was told; for the member, their own only."""
    superseded_by: Decision | None
    appeal: Appeal | None


def read(connection: Connection, decision: str, *, by: Actor) -> Record:
    """Return a decision; a member sees what touches them, and nothing of others."""
    found = decisions.get(connection, decision)
    if found is None or found.group != by.group:
        raise UnknownDecisionError
    need(by, Deed.READ_RECEIPT, found.group)
    done = actions.of_decision(connection, decision)
    people = foreseeing.people_of(connection, found)
    appeal = appeals.against(connection, decision)
    if by.part is not Part.ADMINISTRATOR:
        if by.person not in (*people, *_may_appeal(connection, found)):
            raise NotAllowedError("This decision does not touch you.")
        people = [one for one in people if one == by.person]
        done = [one for one in done if one.person == by.person]
        appeal = appeal if appeal is not None and appeal.person == by.person else None
    return Record(
        decision=found,
        actions=tuple(done),
        letters={one: foreseeing.letter(connection, found, one) for one in people},
        superseded_by=decisions.superseding(connection, decision),
        appeal=appeal,
    )


def _may_appeal(connection: Connection, found: Decision) -> tuple[str, ...]:
    return subject_of(connection, found.id).people if found.supersedes is None else ()
