"""What a group chose about how it decides; one definition each, with its default and bounds."""

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, bindparam, delete, insert, select

from folkmoot.remember import log
from folkmoot.remember.deciding_tables import choices
from folkmoot.remember.quick import Reading
from folkmoot.remember.tables import groups

_HOUR = 3600.0
_CHOSEN: Final = Reading(
    select(choices.c.name, choices.c.value).where(choices.c.group_id == bindparam("group"))
)

Hours = Annotated[float, Meta(ge=0.25, le=24 * 365)]


class Choices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a group decides; every field has a default that is fair to members."""

    administrators_room: Annotated[str, Meta(max_length=255)] = ""
    """Where cases are shown; empty: each administrator is told in a direct message."""
    report_reaction: Annotated[str, Meta(max_length=32)] = "🚩"
    """The reaction by which a member reports a message."""
    urgent_hours: Hours = 4.0
    """How long an urgent case may wait."""
    soon_hours: Hours = 24.0
    """How long a case that should be looked at soon may wait."""
    later_hours: Hours = 24.0 * 7
    """How long any other case may wait."""
    appeal_hours: Hours = 24.0 * 7
    """How long an appeal may wait."""
    pause_hours: Annotated[float, Meta(ge=1, le=24 * 30)] = 24.0
    """After which pause the only administrator may look at an appeal against an own decision."""
    panel_size: Annotated[int, Meta(ge=0, le=9)] = 0
    """How many consenting members are drawn for an appeal where there is no other administrator; 0: none."""
    ladder: tuple[Annotated[float, Meta(ge=0, le=24)], ...] = ()
    """Hours for which a rule mutes a member at the first, second … stopped message; 0: only the reason.
    After the last step a case is opened. Empty: rules mute nobody."""
    step_days: Annotated[float, Meta(ge=1, le=365)] = 30.0
    """After how many days a step of the ladder is forgotten."""
    most_actions: Annotated[int, Meta(ge=1, le=1000)] = 20
    """How many actions a minute may take effect before a person has to confirm."""
    unfounded_reports: Annotated[int, Meta(ge=2, le=100)] = 3
    """How many unfounded reports within 30 days bring a warning; as many again bring a limit."""
    limit_days: Annotated[float, Meta(ge=1, le=90)] = 7.0
    """For how many days a member who was warned can't report, after more unfounded reports."""


class ChoiceError(ValueError):
    """A group can't choose this; the message says what may be chosen."""


def get(connection: Connection, group: str) -> Choices:
    """Return what a group chose, and the default for the rest."""
    return _choices((name, value) for name, value in _CHOSEN.rows(connection, {"group": group}))


def every(connection: Connection) -> dict[str, Choices]:
    """Return what groups chose, for those that chose anything."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group, name, value in connection.execute(select(choices.c.group_id, choices.c.name, choices.c.value)):
        found.setdefault(group, []).append((name, value))
    return {group: _choices(rows) for group, rows in found.items()}


def _choices(rows: Iterable[tuple[str, str]]) -> Choices:
    chosen = {name: msgspec.json.decode(value) for name, value in rows}
    known = {name: value for name, value in chosen.items() if name in Choices.__struct_fields__}
    return msgspec.convert(known, Choices)


def administrators_rooms(connection: Connection) -> dict[str, str]:
    """Return every administrators' room that was chosen, each with its group."""
    query = select(choices.c.value, choices.c.group_id).where(choices.c.name == "administrators_room")
    found = {msgspec.json.decode(value, type=str): group for value, group in connection.execute(query)}
    return {room: group for room, group in found.items() if room}


def put(connection: Connection, group: str, name: str, value: object, *, by: str, at: float) -> Choices:
    """Choose something, and note it in the log; ChoiceError where that can't be chosen."""
    if name not in Choices.__struct_fields__:
        known = ", ".join(sorted(Choices.__struct_fields__))
        raise ChoiceError(f"There is no choice “{name}”. There are: {known}.")
    try:
        msgspec.convert({name: value}, Choices)
    except msgspec.ValidationError as trouble:
        raise ChoiceError(f"{name} can't be {value!r}: {trouble}.") from trouble
    connection.execute(select(groups.c.id).where(groups.c.id == group)).one()
    connection.execute(delete(choices).where(choices.c.group_id == group, choices.c.name == name))
    body = msgspec.json.encode(value).decode()
    connection.execute(insert(choices).values(group_id=group, name=name, value=body))
    log.write(connection, group, "choice.made", by=by, at=at, subject=name, value=body)
    return get(connection, group)
