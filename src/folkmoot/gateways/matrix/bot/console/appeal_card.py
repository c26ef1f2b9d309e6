"""An appeal as one message to those other eyes that look at it, and to nobody else."""

from sqlalchemy import Connection

from folkmoot.explain.times import moment
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console import rich, said
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.rich import Line
from folkmoot.remember import appeals, groups, rooms
from folkmoot.remember.deciding import Appeal, AppealState, Eyes, Words
from folkmoot.remember.records import Letter
from folkmoot.remember.seal import Seals
from folkmoot.review.subjects import Subject, UnknownAppealError, is_shared, subject_of

_MOST_TURNS = 6
_EYES = {
    Eyes.OTHER: "Another administrator than the one who decided answers it.",
    Eyes.PAUSE: "There is no other administrator, so you look at it once more yourself.",
    Eyes.PANEL: "A panel of members votes on it.",
    Eyes.PARTNER: "Your group agreed to answer this group's appeals.",
}


def short(appeal: str) -> str:
    """Return as much of an appeal's id as people type."""
    return appeal[:4]


def notice(connection: Connection, seals: Seals, letter: Letter, *, at: float) -> Notice | None:
    """Return the message about an appeal that waits; None where it does not wait any more."""
    found = appeals.get(connection, letter.body.get("appeal", ""))
    if found is None or found.state is not AppealState.OPEN:
        return None
    return Notice(
        kind=kept.APPEAL,
        subject=found.id,
        group=found.group,
        lines=tuple(page(connection, seals, found, at=at)),
        stamp=f"{found.version} {len(seals.words(connection, found.id))}",
        person=letter.body.get("to", ""),
    )


def page(connection: Connection, seals: Seals, appeal: Appeal, *, at: float) -> list[Line]:
    """Return an appeal with what it is against, and everything that was said."""
    group = groups.get(connection, appeal.group)
    name = short(appeal.id)
    lines = [
        rich.strong(f"An appeal · please answer by {moment(appeal.due_at)}"),
        rich.line(f"Appeal {name} · {appeal.person} · “{group.title}”"),
        *_against(connection, appeal),
        *_dialogue(seals.words(connection, appeal.id), appeal.person),
        rich.line(_EYES[appeal.eyes]),
    ]
    if appeal.state is not AppealState.OPEN:
        by = appeal.answered_by or "the member"
        return [*lines, rich.strong(f"{appeal.state.value.capitalize()} by {by}.")]
    if appeal.eyes is Eyes.PAUSE and at < appeal.not_before:
        lines.append(rich.line(f"You can answer it from {moment(appeal.not_before)} on."))
    return [
        *lines,
        rich.line(f"grant {name} because …: {_undone(connection, appeal)}, and the member is told."),
        rich.line(f"refuse {name} because …: the decision stands, and the member is told why."),
        rich.line("To ask the member something first, reply to this message."),
    ]


def words(connection: Connection, seals: Seals, letter: Letter) -> Notice | None:
    """Return what the other side of an open appeal wrote last."""
    found = appeals.get(connection, letter.body.get("appeal", ""))
    if found is None or found.state is not AppealState.OPEN:
        return None
    theirs = [one for one in seals.words(connection, found.id) if one.author == found.person]
    if not theirs or theirs[-1].text is None:
        return None
    lines = (
        rich.strong(f"Appeal {short(found.id)}: {found.person} wrote"),
        rich.quoted(theirs[-1].text, (), hidden=False),
        rich.line(f"To read all of it, write: appeal {short(found.id)}"),
    )
    return Notice(
        kind=kept.APPEAL_WORDS,
        subject=f"{found.id}.{letter.id}",
        group=found.group,
        lines=lines,
        stamp="said",
    )


def _undone(connection: Connection, appeal: Appeal) -> str:
    if is_shared(connection, appeal.subject, appeal.person):
        return "everything that was done to them is undone, nothing that was done to others"
    return "everything that was decided is undone"


def _against(connection: Connection, appeal: Appeal) -> list[Line]:
    try:
        about: Subject = subject_of(connection, appeal.subject)
    except UnknownAppealError:
        return [rich.line("What it is against is not there any more.")]
    if about.decision is not None:
        made = about.decision
        lines = [rich.line(f"Against, of {moment(made.at)}: {said.decided(connection, made)}")]
        return [*lines, rich.line(f"The reason then: {made.reason}")] if made.reason else lines
    stopped = about.verdict
    assert stopped is not None
    known = rooms.get(connection, stopped.room)
    where = f" in “{known.title}”" if known else ""
    found = dict.fromkeys(one.sentence for one in stopped.finding.signals)
    return [
        rich.line(f"Against: a rule stopped a message{where} on {moment(stopped.at)}."),
        *(rich.line(f"Found: {one}") for one in found),
    ]


def _dialogue(said_: list[Words], member: str) -> list[Line]:
    lines = []
    shown = [one for one in said_ if one.kind in ("appeal", "answer")]
    for one in shown[-_MOST_TURNS:]:
        who = "The member" if one.author == member else one.author
        lines.append(rich.line(f"{who}, {moment(one.at)}:"))
        text = one.text if one.text is not None else "(erased)"
        lines.append(rich.quoted(text, (), hidden=False))
    return lines
