"""Carries out what an administrator wants, in one transaction; the answer says what came of it."""

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.console import said
from folkmoot.gateways.matrix.bot.console.orders import Does, Order
from folkmoot.remember import appeals, cases, decisions, groups
from folkmoot.remember.choices import ChoiceError
from folkmoot.remember.deciding import Decision
from folkmoot.remember.seal import Seals
from folkmoot.review import appealing, deciding, initiative, undoing
from folkmoot.review.appealing import AppealError
from folkmoot.review.choosing import HoldError
from folkmoot.review.consequences import PickError
from folkmoot.review.permissions import Actor, NotAllowedError
from folkmoot.review.queue import TakenError, UnknownCaseError
from folkmoot.review.reporting import About
from folkmoot.review.subjects import UnknownAppealError, is_shared
from folkmoot.review.undoing import UnknownDecisionError

ERRORS = (
    TakenError,
    PickError,
    NotAllowedError,
    AppealError,
    ChoiceError,
    HoldError,
    UnknownCaseError,
    UnknownAppealError,
    UnknownDecisionError,
)
"""What can be wrong with what somebody wants; each is told to them."""
_UNKNOWN: dict[type[Exception], str] = {
    UnknownCaseError: "There is no such case in this group. To see those that wait, write: cases",
    UnknownAppealError: "There is no such appeal in this group. To see those that wait, write: appeals",
    UnknownDecisionError: "There is no such decision in this group.",
}


class GrownError(Exception):
    """Something was added to the case since you saw it: look at it again, then tap once more."""


class Did(Struct, frozen=True, kw_only=True):
    """What came of it."""

    text: str
    case: str = ""
    """The case that shows it."""


def words(trouble: Exception) -> str:
    """Return what to say to somebody who can't do what they want."""
    if isinstance(trouble, GrownError):
        return str(GrownError.__doc__)
    return _UNKNOWN.get(type(trouble), str(trouble))


def do(connection: Connection, seals: Seals, order: Order, *, by: Actor, at: float) -> Did:
    """Do one thing; what can be wrong with it is one of `ERRORS`, or `GrownError`."""
    deeds: dict[Does, Callable[[Connection, Seals, Order, Actor, float], Did]] = {
        Does.DECIDE: _decide,
        Does.SANCTION: _decide,
        Does.LOCK_DOWN: _decide,
        Does.UNDO: _undo,
        Does.CONFIRM: _confirm,
        Does.ANSWER: _answer,
        Does.GO_ON: _go_on,
        Does.UNDO_RULE: _undo_rule,
        Does.NOTHING: _nothing,
    }
    return deeds[order.does](connection, seals, order, by, at)


def size(connection: Connection, case: str) -> int:
    """Return how much there is in a case, by which one sees that it grew."""
    found = cases.get(connection, case)
    return 0 if found is None else found.verdict_count + found.report_count


def made(connection: Connection, seals: Seals, order: Order, *, by: Actor, at: float) -> Decision:
    """Make the decision that an order asks for; only for orders that are about deciding."""
    if order.does is Does.SANCTION:
        about = About(person=order.person, room=order.room, message=order.message, text=order.text)
        return initiative.act(connection, seals, about, order.choice, by=by, at=at, reason=order.reason)
    if order.does is Does.LOCK_DOWN:
        return initiative.lock_down(connection, seals, by=by, at=at, reason=order.reason)
    if order.grown and size(connection, order.subject) > order.grown:
        raise GrownError
    found = cases.get(connection, order.subject)
    version = order.version or (found.version if found else 0)
    return deciding.decide(
        connection, seals, order.subject, version, order.choice, by=by, at=at, reason=order.reason
    )


def _decide(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    return _told(connection, made(connection, seals, order, by=by, at=at))


def _undo(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    back = undoing.undo(connection, seals, order.subject, by=by, at=at, reason=order.reason)
    return Did(text=said.taken_back(connection, back), case=back.case or "")


def _confirm(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    del seals
    found = decisions.get(connection, order.subject)
    if found is None:
        raise UnknownDecisionError
    deciding.confirm(connection, found, by=by, at=at)
    return Did(text=f"You agreed. {said.decided(connection, found)}", case=found.case or "")


def _answer(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    found = appeals.get(connection, order.subject)
    version = order.version or (found.version if found else 0)
    appealing.answer(
        connection, seals, order.subject, version, by=by, granted=order.granted, words=order.reason, at=at
    )
    if order.granted and found is not None and is_shared(connection, found.subject, found.person):
        return Did(text="Granted: everything that was done to the member is undone, and they are told.")
    if order.granted:
        return Did(text="Granted: everything that the decision did is undone, and the member is told.")
    return Did(text="Not granted: the decision stands, and the member is told why.")


def _go_on(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    del seals, order
    initiative.go_on(connection, by=by, at=at)
    return Did(text="It goes on: what waited is being done now.")


def _undo_rule(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    reason = order.reason or "The rule on which it rested is gone."
    back = undoing.undo_rule(connection, seals, order.subject, by=by, at=at, reason=reason)
    number = "1 decision" if len(back) == 1 else f"{len(back)} decisions"
    return Did(text=f"Taken back: {number} that rested on the rule “{order.subject}”.")


def _nothing(connection: Connection, seals: Seals, order: Order, by: Actor, at: float) -> Did:
    del connection, seals, order, at
    return Did(text=f"{by.person} left it as it is.")


def _told(connection: Connection, decision: Decision) -> Did:
    practice = groups.get(connection, decision.group).practice
    text = said.decided(connection, decision)
    if practice:
        text += " The group is in practice, so nothing was really done and nobody was written to."
    return Did(text=text, case=decision.case or "")
