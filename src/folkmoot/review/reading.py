"""Reading a decision with everything that came of it: as an administrator, or as the member it touches."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.reasons import Statement
from folkmoot.remember import actions, appeals, decisions
from folkmoot.remember.deciding import Action, Appeal, Decision, DecisionKind
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
    """By what it was taken back; for the member, also where that is so for them alone."""
    undone_for: tuple[str, ...]
    """For whom alone it was taken back, by their appeals; the member sees themselves at most."""
    appeals: tuple[Appeal, ...]
    """Everybody's; for the member, their own only."""


def read(connection: Connection, decision: str, *, by: Actor) -> Record:
    """Return a decision; a member sees what touches them, and nothing of others."""
    found = decisions.get(connection, decision)
    if found is None or found.group != by.group:
        raise UnknownDecisionError
    need(by, Deed.READ_RECEIPT, found.group)
    done = actions.of_decision(connection, decision)
    people = foreseeing.people_of(connection, found)
    made = appeals.all_against(connection, decision)
    partly = {one.person: one for one in decisions.partly(connection, decision)}
    back = decisions.superseding(connection, decision)
    if by.part is not Part.ADMINISTRATOR:
        if by.person not in (*people, *_may_appeal(connection, found)):
            raise NotAllowedError("This decision does not touch you.")
        people = [one for one in people if one == by.person]
        done = [one for one in done if one.person == by.person]
        made = [one for one in made if one.person == by.person]
        partly = {person: one for person, one in partly.items() if person == by.person}
        back = partly.get(by.person, back)
    return Record(
        decision=found,
        actions=tuple(done),
        letters={one: foreseeing.letter(connection, found, one) for one in people},
        superseded_by=back,
        undone_for=tuple(partly),
        appeals=tuple(made),
    )


def _may_appeal(connection: Connection, found: Decision) -> tuple[str, ...]:
    return subject_of(connection, found.id).people if found.kind is DecisionKind.DECISION else ()
