"""What a courier of actions asks of the tables: what waits where, and what else bears on an action."""

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select, update

from folkmoot.remember import actions, tokens
from folkmoot.remember import outbox as outbox_rows
from folkmoot.remember.deciding import Action, ActionState
from folkmoot.remember.deciding_tables import actions as table
from folkmoot.remember.deciding_tables import sanctions
from folkmoot.remember.records import Letter
from folkmoot.remember.tables import groups, outbox
from folkmoot.vocabulary import ActionKind

_RESTRICTING = tuple(kind.value for kind in ActionKind if kind.restricts)
_OVER = (ActionState.DONE.value, ActionState.FAILED.value)
_WAITING = (ActionState.WANTED.value, ActionState.HELD.value)


def groups_due(connection: Connection, *, now: float) -> list[str]:
    """Return the groups in which an action is due, but for those whose own chat carries actions out."""
    elsewhere = select(groups.c.id).where(
        groups.c.id.in_(tokens.carried_elsewhere(now)), groups.c.practice.is_(False)
    )
    query = select(outbox.c.group_id).distinct().where(_undelivered(), outbox.c.due_at <= now)
    query = query.where(outbox.c.group_id.not_in(elsewhere))
    return list(connection.execute(query).scalars())


def letters_due(connection: Connection, group: str, *, now: float, most: int) -> list[Letter]:
    """Return the letters of a group's actions that are due, oldest first."""
    due = and_(_undelivered(), outbox.c.group_id == group, outbox.c.due_at <= now)
    numbers = select(outbox.c.id).where(due).order_by(outbox.c.id).limit(most)
    return outbox_rows.find(connection, connection.execute(numbers).scalars())


def letter_of(connection: Connection, action: Action) -> Letter | None:
    """Return the letter of an action that is not settled yet, due or not."""
    body = msgspec.json.encode({"action": action.id}).decode()
    mine = and_(_undelivered(), outbox.c.group_id == action.group, outbox.c.body == body)
    numbers = connection.execute(select(outbox.c.id).where(mine)).scalars()
    return next(iter(outbox_rows.find(connection, numbers)), None)


def hasten(connection: Connection, group: str, *, at: float) -> int:
    """Make every waiting letter of a group's actions due now; returns how many there are."""
    change = update(outbox).where(_undelivered(), outbox.c.group_id == group)
    return connection.execute(change.values(due_at=at)).rowcount


def waiting(connection: Connection) -> int:
    """Return how many actions wait to be done, or for a second person, in all groups."""
    query = select(func.count()).where(table.c.state.in_(_WAITING))
    return int(connection.execute(query).scalar_one())


def earlier(connection: Connection, action: Action) -> bool:
    """Say whether an action of the same decision has to be done before this one.

    What takes something back waits for others of that sort only: it must never wait for restrictions.
    """
    sort = table.c.inverse_of.is_(None) if action.inverse_of is None else table.c.inverse_of.is_not(None)
    before = or_(
        table.c.wanted_at < action.wanted_at,
        and_(table.c.wanted_at == action.wanted_at, table.c.place < action.place),
    )
    query = select(func.count()).where(
        table.c.decision_id == action.decision, table.c.state == ActionState.WANTED.value, sort, before
    )
    return bool(connection.execute(query).scalar_one())


def inverse(connection: Connection, action: str) -> Action | None:
    """Return what takes an action back, where somebody wanted that."""
    row = connection.execute(select(table).where(table.c.inverse_of == action)).one_or_none()
    return None if row is None else actions.read(row)


def standing(connection: Connection, action: Action) -> list[Action]:
    """Return the other actions of its kind on the same person that are done and not taken back."""
    back = table.alias("back")
    query = select(table).where(
        table.c.group_id == action.group,
        table.c.kind == action.kind.value,
        table.c.person == action.person,
        table.c.state == ActionState.DONE.value,
        table.c.id != action.id,
        not_(select(back.c.id).where(back.c.inverse_of == table.c.id, back.c.state.in_(_OVER)).exists()),
    )
    return [actions.read(row) for row in connection.execute(query)]


def undone(connection: Connection, group: str, person: str, kind: ActionKind) -> list[tuple[Action, Action]]:
    """Return a person's actions of a kind that were done and taken back, each with what took it back."""
    query = select(table).where(
        table.c.group_id == group,
        table.c.kind == kind.value,
        table.c.person == person,
        table.c.state == ActionState.DONE.value,
    )
    found: list[tuple[Action, Action]] = []
    for action in map(actions.read, connection.execute(query).all()):
        back = inverse(connection, action.id)
        if back is not None and back.state is ActionState.DONE:
            found.append((action, back))
    return found


def restricting_since(connection: Connection, group: str, since: float, *, wanted_after: float) -> int:
    """Return how many restrictions took effect since then, of those that were wanted after a moment."""
    query = select(func.count()).where(
        table.c.group_id == group,
        table.c.kind.in_(_RESTRICTING),
        table.c.done_at >= since,
        table.c.wanted_at > wanted_after,
    )
    return int(connection.execute(query).scalar_one())


def restrictions_waiting(connection: Connection, group: str) -> int:
    """Return how many restrictions of a group are wanted and not done."""
    query = select(func.count()).where(
        table.c.group_id == group,
        table.c.kind.in_(_RESTRICTING),
        table.c.state == ActionState.WANTED.value,
    )
    return int(connection.execute(query).scalar_one())


def next_end(connection: Connection) -> float | None:
    """Return when the next sanction is over; None if none has an end."""
    query = select(func.min(sanctions.c.until)).where(sanctions.c.ended_at.is_(None))
    found = connection.execute(query).scalar_one()
    return None if found is None else float(found)


def _undelivered() -> ColumnElement[bool]:
    return and_(outbox.c.kind == actions.LETTER, outbox.c.done_at.is_(None))
