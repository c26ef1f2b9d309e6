"""Which case, which appeal and which member a command is about."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.console import case_card, people, reading, said
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console.notes import Card
from folkmoot.gateways.matrix.bot.console.reading import Request
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.remember import appeals, cases, decisions, rooms
from folkmoot.remember.deciding import Appeal
from folkmoot.remember.records import Case
from folkmoot.review.reporting import About

_MOST_SHOWN = 6
_LONGEST = 8_000


def request(desk: Desk, ask: Ask) -> Request:
    """Take apart what follows a command."""
    content = ask.said.content if ask.said is not None else {}
    return reading.request(ask.words, content, account=desk.here.account)


async def card(desk: Desk, ask: Ask) -> Card | None:
    """Return what the message shows that somebody replied to, if it is one of ours."""
    return None if ask.replied is None else await desk.console.board.card(ask.replied.id)


async def case(desk: Desk, ask: Ask, wanted: Request) -> Case | Answer:
    """Return the case that is meant: the one named, else the one replied to."""
    group = ask.group.id if ask.group else ""
    if wanted.ref:
        found = await desk.here.store.read(lambda c: cases.begins(c, group, wanted.ref))
        still = [one for one in found if one.state == cases.OPEN]
        meant = found if len(found) == 1 else still
        if len(meant) == 1:
            return meant[0]
        if not meant and found:
            return found[0]
        return _which(meant, wanted.ref)
    shown = await card(desk, ask)
    name = "" if shown is None else await _case_of(desk, shown)
    replied = await desk.here.store.read(lambda c: cases.get(c, name)) if name else None
    if replied is not None and replied.group == group:
        return replied
    if wanted.first:
        return Answer(
            text=f"“{wanted.first[:40]}” is no case. Write its number, as in: case 3f2a. All of them: cases"
        )
    return Answer(text="Which case? Reply to its message, or write its number. All of them: cases")


async def appeal(desk: Desk, ask: Ask, wanted: Request) -> Appeal | None:
    """Return the open appeal that is meant, whichever group it is of; None where none is."""
    if wanted.ref:
        known = await desk.here.store.read(lambda c: open_appeals(c, ask.person))
        found = [one for one in known if one.id.startswith(wanted.ref)]
        return found[0] if len(found) == 1 else None
    shown = await card(desk, ask)
    if shown is None or shown.kind != kept.APPEAL:
        return None
    return await desk.here.store.read(lambda c: appeals.get(c, shown.subject))


async def member(desk: Desk, ask: Ask, wanted: Request) -> About | Answer:
    """Return the member that is meant: the one named, else who wrote the message that was replied to."""
    group = ask.group.id if ask.group else ""
    noticed = await _replied_to(desk, ask, group)
    if wanted.people:
        if noticed is not None and noticed.person == wanted.people[0]:
            return noticed
        return About(person=wanted.people[0])
    if wanted.name:
        found = await people.named(desk.here, group, wanted.name)
        if len(found) == 1:
            return About(person=found[0])
        if not found:
            name = wanted.name[:60]
            return Answer(text=f"I know nobody called “{name}” here. Write the whole id: @name:server")
        shown = "\n".join(found[:_MOST_SHOWN])
        return Answer(text=f"Whom do you mean? Write the whole id:\n{shown}")
    if noticed is not None:
        return noticed
    return Answer(text="Whom do you mean? Write the id, such as @name:server, or reply to their message.")


async def _replied_to(desk: Desk, ask: Ask, group: str) -> About | None:
    """The message of a member that somebody replied to, in a room of the group."""
    event = ask.said.replies_to if ask.said is not None else None
    known = await desk.here.store.read(lambda c: rooms.get(c, ask.room))
    if event is None or ask.replied is not None or known is None or known.group != group:
        return None
    try:
        found = await desk.here.wire.event(ask.room, event)
    except RefusedError:
        return None
    if found is None or found.sender in (desk.here.account, desk.here.policy.user_id):
        return None
    return About(person=found.sender, room=ask.room, message=found.id, text=found.body[:_LONGEST])


async def _case_of(desk: Desk, shown: Card) -> str:
    if shown.kind == kept.CASE:
        return shown.subject
    if shown.kind == "second":
        made = await desk.here.store.read(lambda c: decisions.get(c, shown.subject))
        return (made.case or "") if made else ""
    return ""


def open_appeals(connection: Connection, person: str) -> list[Appeal]:
    """Return the open appeals of the groups that somebody administers, and of their partner groups."""
    mine = rooms.groups_of(connection, person)
    partners = [one for group in mine for one in appeals.partners_of(connection, group)]
    return [
        one for group in dict.fromkeys([*mine, *partners]) for one in appeals.still_open(connection, group)
    ]


def _which(found: list[Case], ref: str) -> Answer:
    if not found:
        return Answer(text=f"There is no case {ref[:16]} in this group. To see those that wait: cases")
    lines = [f"{one.id[:8]} · {said.URGENCY[one.urgency]} · {one.person or 'several'}" for one in found]
    return Answer(text="\n".join(["Which one? Write more of its number:", *lines]))


def short(found: Case) -> str:
    """Return how a case is called."""
    return f"case {case_card.short(found.id)}"
