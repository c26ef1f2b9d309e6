"""What administrators choose for their group, agree with other groups, and keep longer than usual."""

from sqlalchemy import Connection

from folkmoot.remember import appeals, cases, choices, groups, log
from folkmoot.remember.choices import Choices
from folkmoot.remember.records import Case
from folkmoot.review.permissions import Actor, Deed, need
from folkmoot.review.queue import UnknownCaseError

LONGEST_HOLD = 2 * 366 * 24 * 3600.0


class HoldError(ValueError):
    """The text of this case can't be kept so long; the message says why."""


def choose(connection: Connection, name: str, value: object, *, by: Actor, at: float) -> Choices:
    """Choose something for the group; ChoiceError says what can be chosen."""
    need(by, Deed.CHOOSE, by.group)
    return choices.put(connection, by.group, name, value, by=by.person, at=at)


def agree(connection: Connection, partner: str, *, by: Actor, at: float) -> bool:
    """Agree that a partner group decides appeals; returns whether the partner agreed too."""
    need(by, Deed.CHOOSE, by.group)
    groups.get(connection, partner)
    appeals.agree(connection, by.group, partner, by=by.person, at=at)
    log.write(connection, by.group, "partner.agreed", by=by.person, at=at, subject=partner)
    return partner in appeals.partners_of(connection, by.group)


def part(connection: Connection, partner: str, *, by: Actor, at: float) -> bool:
    """End an agreement with a partner group; False if there was none."""
    need(by, Deed.CHOOSE, by.group)
    if not appeals.part(connection, by.group, partner):
        return False
    log.write(connection, by.group, "partner.parted", by=by.person, at=at, subject=partner)
    return True


def hold(connection: Connection, case: str, *, until: float, reason: str, by: Actor, at: float) -> Case:
    """Keep what is sealed in a case until then, though its time is over before: named, with a reason."""
    need(by, Deed.HOLD, by.group)
    found = cases.get(connection, case)
    if found is None or found.group != by.group:
        raise UnknownCaseError
    if not reason.strip():
        raise HoldError("Say why it has to be kept longer: the reason stands in the log.")
    if not at < until <= at + LONGEST_HOLD:
        raise HoldError("It can be kept until a day in the next two years.")
    if found.erase_at is None:
        raise HoldError("This case is open, so nothing of it is erased yet. Decide it first.")
    if found.erase_at >= until:
        raise HoldError("It is kept at least so long anyway.")
    cases.touch(connection, case, erase_at=until)
    log.write(
        connection, found.group, "case.held", by=by.person, at=at, subject=case,
        until=str(int(until)), reason=reason.strip()[:500],
    )  # fmt: skip
    return cases.get(connection, case) or found
