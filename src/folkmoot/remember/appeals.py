"""Appeals, panels and partner groups as rows."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from folkmoot.remember.deciding import Appeal, AppealState, Eyes
from folkmoot.remember.deciding_tables import appeals, jurors, panel, partners


def put(connection: Connection, appeal: Appeal) -> None:
    """Keep an appeal; a second one of the same person against the same is an IntegrityError."""
    connection.execute(
        insert(appeals).values(
            id=appeal.id,
            group_id=appeal.group,
            subject=appeal.subject,
            subject_kind="verdict" if appeal.about_verdict else "decision",
            person=appeal.person,
            against=appeal.against,
            at=appeal.at,
            eyes=appeal.eyes.value,
            not_before=appeal.not_before,
            due_at=appeal.due_at,
            state=appeal.state.value,
            version=appeal.version,
        )
    )


def get(connection: Connection, appeal: str) -> Appeal | None:
    """Return an appeal by its id."""
    row = connection.execute(select(appeals).where(appeals.c.id == appeal)).one_or_none()
    return None if row is None else _appeal(row)


def against(connection: Connection, subject: str, person: str) -> Appeal | None:
    """Return a member's appeal against a decision or a verdict."""
    return next((one for one in all_against(connection, subject) if one.person == person), None)


def all_against(connection: Connection, subject: str) -> list[Appeal]:
    """Return everybody's appeals against a decision or a verdict, oldest first."""
    query = select(appeals).where(appeals.c.subject == subject).order_by(appeals.c.at, appeals.c.id)
    return [_appeal(row) for row in connection.execute(query)]


def still_open(connection: Connection, group: str | None = None, *, most: int = 200) -> list[Appeal]:
    """Return the appeals that wait for an answer, the one due first first."""
    query = select(appeals).where(appeals.c.state == AppealState.OPEN.value)
    if group is not None:
        query = query.where(appeals.c.group_id == group)
    return [_appeal(row) for row in connection.execute(query.order_by(appeals.c.due_at).limit(most))]


def change(connection: Connection, appeal: Appeal, **values: object) -> bool:
    """Change an appeal that nobody changed meanwhile; False if somebody did."""
    mine = update(appeals).where(appeals.c.id == appeal.id, appeals.c.version == appeal.version)
    return bool(connection.execute(mine.values(version=appeal.version + 1, **values)).rowcount)


def join_panel(connection: Connection, group: str, person: str, *, at: float) -> None:
    """Note that a member agreed to serve on panels."""
    if person not in panel_of(connection, group):
        connection.execute(insert(panel).values(group_id=group, person=person, since=at))


def leave_panel(connection: Connection, group: str, person: str) -> bool:
    """Note that a member serves no more."""
    gone = delete(panel).where(panel.c.group_id == group, panel.c.person == person)
    return bool(connection.execute(gone).rowcount)


def panel_of(connection: Connection, group: str) -> list[str]:
    """Return who agreed to serve, in the order in which they did."""
    query = select(panel.c.person).where(panel.c.group_id == group).order_by(panel.c.since)
    return list(connection.execute(query).scalars())


def draw(connection: Connection, appeal: Appeal, people: list[str], *, at: float) -> None:
    """Note who was drawn for an appeal."""
    rows = [
        {"appeal_id": appeal.id, "group_id": appeal.group, "person": one, "drawn_at": at} for one in people
    ]
    if rows:
        connection.execute(insert(jurors), rows)


def votes(connection: Connection, appeal: str) -> dict[str, bool | None]:
    """Return who was drawn, and how they voted so far (True: grant it)."""
    query = select(jurors.c.person, jurors.c.grants).where(jurors.c.appeal_id == appeal)
    return {row.person: row.grants for row in connection.execute(query.order_by(jurors.c.person))}


def vote(connection: Connection, appeal: str, person: str, *, grants: bool, at: float) -> bool:
    """Keep a panel member's vote; False if they were not drawn."""
    mine = update(jurors).where(jurors.c.appeal_id == appeal, jurors.c.person == person)
    return bool(connection.execute(mine.values(grants=grants, voted_at=at)).rowcount)


def agree(connection: Connection, group: str, partner: str, *, by: str, at: float) -> None:
    """Note that a group agreed to let another decide its appeals."""
    row = {"group_id": group, "partner_id": partner, "agreed_by": by, "since": at}
    if partner not in _agreed(connection, group):
        connection.execute(insert(partners).values(row))


def part(connection: Connection, group: str, partner: str) -> bool:
    """End an agreement."""
    gone = delete(partners).where(partners.c.group_id == group, partners.c.partner_id == partner)
    return bool(connection.execute(gone).rowcount)


def partners_of(connection: Connection, group: str) -> list[str]:
    """Return the groups whose administrators may decide this group's appeals: both sides agreed."""
    return [one for one in _agreed(connection, group) if group in _agreed(connection, one)]


def _agreed(connection: Connection, group: str) -> list[str]:
    query = select(partners.c.partner_id).where(partners.c.group_id == group)
    return list(connection.execute(query.order_by(partners.c.since)).scalars())


def _appeal(row: Row[Any]) -> Appeal:
    return Appeal(
        id=row.id,
        group=row.group_id,
        subject=row.subject,
        about_verdict=row.subject_kind == "verdict",
        person=row.person,
        against=row.against,
        at=row.at,
        eyes=Eyes(row.eyes),
        not_before=row.not_before,
        due_at=row.due_at,
        reminded_at=row.reminded_at,
        state=AppealState(row.state),
        version=row.version,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        erase_at=row.erase_at,
    )
