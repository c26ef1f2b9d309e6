"""The breaker: when too many restrictions take effect at once, the rest waits until a person says so."""

from sqlalchemy import Connection

from folkmoot.remember import breakers, choices, errands, outbox
from folkmoot.remember.deciding import Action

LETTER = "breaker"
"""The kind of letter that tells administrators; its body is {"breaker": id}."""
WINDOW = 60.0
"""Within how many seconds restrictions count together."""


def holds(connection: Connection, action: Action, *, at: float) -> bool:
    """Say whether an action has to wait for a person, tripping the breaker where it is one too many.

    Only restrictions wait: what takes something back, lets somebody in or shuts a door never does. What a
    person let go on neither waits again nor counts.
    """
    if not action.kind.restricts or action.inverse_of is not None:
        return False
    confirmed = breakers.last_confirmed(connection, action.group)
    if action.wanted_at <= confirmed:
        return False
    if breakers.tripped(connection, action.group) is not None:
        return True
    most = choices.get(connection, action.group).most_actions
    done = errands.restricting_since(connection, action.group, at - WINDOW, wanted_after=confirmed)
    if done < most:
        return False
    why = f"{done} restrictions took effect within a minute, and the group's limit is {most}"
    tripped = breakers.trip(connection, action.group, at=at, why=why)
    outbox.put(connection, action.group, LETTER, {"breaker": str(tripped.id)}, at=at)
    return True


def waiting(connection: Connection, group: str) -> int:
    """Return how many restrictions of a group wait to take effect."""
    return errands.restrictions_waiting(connection, group)


def confirm(connection: Connection, group: str, *, by: str, at: float) -> bool:
    """Let what waits in a group go on; False if nothing held it back."""
    if not breakers.confirm(connection, group, by=by, at=at):
        return False
    errands.hasten(connection, group, at=at)
    return True
