"""Actions that a group's own chat carries out: handed over in order, each until it is said to be done."""

from sqlalchemy import Connection

from folkmoot.act import outcomes
from folkmoot.act.errand import BEGUN, Errand
from folkmoot.remember import actions, errands
from folkmoot.remember.deciding import Action, ActionState
from folkmoot.vocabulary import ActionKind


class UnknownActionError(LookupError):
    """There is no such action in this group, or it is settled already."""


def wanted(connection: Connection, group: str, *, at: float, most: int = 50) -> list[Errand]:
    """Return what is to be done now; each is given again until `done` or `cant` is said of it.

    What needs no hands is settled by the way; what has to wait for another action comes later.
    """
    found: list[Errand] = []
    for letter in errands.letters_due(connection, group, now=at, most=most):
        errand = outcomes.begin(connection, letter, at=at)
        if errand is None:
            continue
        if errand.practice:
            outcomes.done(connection, letter, errand, {"practice": "yes"}, at=at)
        elif errand.refused:
            outcomes.cant(connection, letter, errand, errand.refused, at=at)
        else:
            found.append(errand)
    return found


def done(connection: Connection, group: str, action: str, kind: ActionKind, *, at: float) -> None:
    """Note that the chat did it, once; saying so again changes nothing."""
    found = _known(connection, group, action, kind)
    letter = errands.letter_of(connection, found)
    if letter is not None:
        outcomes.done(connection, letter, _errand(found, kind), {"how": "the group's own chat"}, at=at)
        errands.hasten(connection, group, at=at)  # what had to wait for this one need not any more


def cant(
    connection: Connection, group: str, action: str, kind: ActionKind, trouble: str, *, at: float
) -> None:
    """Note that the chat can't do it; administrators are told why."""
    found = _known(connection, group, action, kind)
    letter = errands.letter_of(connection, found)
    if letter is not None:
        outcomes.cant(connection, letter, _errand(found, kind), trouble, at=at)
        errands.hasten(connection, group, at=at)


def _known(connection: Connection, group: str, action: str, kind: ActionKind) -> Action:
    found = actions.get(connection, action)
    if found is None or found.group != group or kind not in (found.kind, found.kind.inverse):
        raise UnknownActionError
    asked = found.inverse_of is not None or BEGUN in found.receipt
    if found.state is ActionState.HELD or (found.state is ActionState.WANTED and not asked):
        raise UnknownActionError  # nobody was asked to do it yet
    return found


def _errand(action: Action, kind: ActionKind) -> Errand:
    return Errand(action=action, kind=kind, rooms=())
