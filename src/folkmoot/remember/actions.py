"""Actions as rows: wanted in the decision's transaction, done by a courier after it, each once."""

import secrets
from typing import Any, Final, Self

import msgspec
from sqlalchemy import Connection, Row, select, update

from folkmoot.remember import log, outbox
from folkmoot.remember.deciding import Action, ActionState
from folkmoot.remember.deciding_tables import actions
from folkmoot.remember.quick import Putting
from folkmoot.vocabulary import ActionKind

_NEW: Final = Putting(
    actions,
    (
        "id", "group_id", "decision_id", "place", "kind", "person", "room", "message", "until", "inverse_of",
        "state", "wanted_at", "receipt", "trouble",
    ),
)  # fmt: skip

LETTER = "action"
"""The kind of letter by which a courier hears of an action; its body is {"action": id}."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be done, before it has an id."""

    kind: ActionKind
    person: str = ""
    room: str = ""
    """Empty: in every room of the group."""
    message: str = ""
    until: float | None = None
    inverse_of: str | None = None
    receipt: dict[str, str] = {}
    """What the hands need to know beforehand, such as what is to be put back."""

    @classmethod
    def back(cls, action: Action, kind: ActionKind) -> Self:
        """Return what takes an action back, by the inverse of its kind."""
        return cls(
            kind=kind, person=action.person, room=action.room, message=action.message, inverse_of=action.id
        )


def want(
    connection: Connection, group: str, decision: str, wanted: list[Wanted], *, at: float, held: bool = False
) -> list[Action]:
    """Ask for actions, in order; `held` ones wait until a second person agrees."""
    made: list[Action] = []
    for place, one in enumerate(wanted):
        action = Action(
            id=secrets.token_hex(16),
            group=group,
            decision=decision,
            place=place,
            kind=one.kind,
            person=one.person,
            room=one.room,
            message=one.message,
            until=one.until,
            inverse_of=one.inverse_of,
            state=ActionState.HELD if held else ActionState.WANTED,
            wanted_at=at,
            receipt=one.receipt,
        )
        _NEW.all(connection, [_row(action)])
        if not held:
            outbox.put(connection, group, LETTER, {"action": action.id}, at=at)
        made.append(action)
    return made


def release(connection: Connection, decision: str, *, at: float) -> None:
    """Ask for the held actions of a decision: a second person agreed."""
    for action in of_decision(connection, decision):
        if action.state is ActionState.HELD:
            _set(connection, action.id, state=ActionState.WANTED.value)
            outbox.put(connection, action.group, LETTER, {"action": action.id}, at=at)


def get(connection: Connection, action: str) -> Action | None:
    """Return an action by its id."""
    row = connection.execute(select(actions).where(actions.c.id == action)).one_or_none()
    return None if row is None else read(row)


def of_decision(connection: Connection, decision: str) -> list[Action]:
    """Return what a decision asked for, in order."""
    query = select(actions).where(actions.c.decision_id == decision).order_by(actions.c.place)
    return [read(row) for row in connection.execute(query)]


def done(connection: Connection, action: Action, *, at: float, receipt: dict[str, str] | None = None) -> bool:
    """Note once that an action took effect, with its entry in the log; False if that was noted before."""
    text = msgspec.json.encode({**action.receipt, **(receipt or {})}).decode()
    changed = connection.execute(
        update(actions)
        .where(actions.c.id == action.id, actions.c.state == ActionState.WANTED.value)
        .values(state=ActionState.DONE.value, done_at=at, receipt=text, trouble="")
    ).rowcount
    if changed:
        log.write(
            connection, action.group, "action.done", by="folkmoot", at=at, subject=action.id,
            what=action.kind.value, person=action.person, decision=action.decision,
        )  # fmt: skip
    return bool(changed)


def failed(connection: Connection, action: Action, trouble: str, *, at: float) -> None:
    """Note that an action can't be done, and why; people are told by who calls this."""
    _set(connection, action.id, state=ActionState.FAILED.value, trouble=trouble[:500])
    log.write(
        connection, action.group, "action.failed", by="folkmoot", at=at, subject=action.id,
        what=action.kind.value, trouble=trouble[:200],
    )  # fmt: skip


def note(connection: Connection, action: str, receipt: dict[str, str]) -> None:
    """Keep what will be needed to take the action back, before it is done."""
    _set(connection, action, receipt=msgspec.json.encode(receipt).decode())


def drop(connection: Connection, action: str) -> bool:
    """Take an action back that nobody has carried out; False if it is too late for that."""
    waiting = (ActionState.WANTED.value, ActionState.HELD.value)
    gone = update(actions).where(actions.c.id == action, actions.c.state.in_(waiting))
    return bool(connection.execute(gone.values(state=ActionState.DROPPED.value)).rowcount)


def _set(connection: Connection, action: str, **values: object) -> None:
    connection.execute(update(actions).where(actions.c.id == action).values(**values))


def _row(action: Action) -> dict[str, object]:
    return {
        "id": action.id,
        "group_id": action.group,
        "decision_id": action.decision,
        "place": action.place,
        "kind": action.kind.value,
        "person": action.person,
        "room": action.room,
        "message": action.message,
        "until": action.until,
        "inverse_of": action.inverse_of,
        "state": action.state.value,
        "wanted_at": action.wanted_at,
        "receipt": msgspec.json.encode(action.receipt).decode(),
        "trouble": "",
    }


def read(row: Row[Any]) -> Action:
    """Return an action from its row."""
    return Action(
        id=row.id,
        group=row.group_id,
        decision=row.decision_id,
        place=row.place,
        kind=ActionKind(row.kind),
        person=row.person,
        room=row.room,
        message=row.message,
        until=row.until,
        inverse_of=row.inverse_of,
        state=ActionState(row.state),
        wanted_at=row.wanted_at,
        done_at=row.done_at,
        receipt=msgspec.json.decode(row.receipt, type=dict[str, str]),
        trouble=row.trouble,
    )
