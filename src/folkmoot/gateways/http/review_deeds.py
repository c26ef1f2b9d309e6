"""What the API does about people: each function is one transaction, and begins with who asks."""

from folkmoot.act import handing
from folkmoot.explain.reasons import Statement
from folkmoot.explain.report_letters import report_received
from folkmoot.gateways.http import review_asked as asking
from folkmoot.gateways.http import review_shown as shown
from folkmoot.gateways.http import review_wire as wire
from folkmoot.gateways.http.review_desk import Desk
from folkmoot.remember import choices, decisions, groups, rooms
from folkmoot.remember.choices import Choices
from folkmoot.remember.deciding import ActionState, Decision, Source
from folkmoot.review import (
    choosing,
    deciding,
    foreseeing,
    queue,
    reading,
    reporting,
    statements,
    undoing,
)
from folkmoot.review.consequences import Choice
from folkmoot.review.permissions import Actor, NotAllowedError
from folkmoot.review.reporting import About
from folkmoot.review.undoing import UnknownDecisionError


def report(desk: Desk, asked: asking.ReportToMake) -> wire.ReportTaken:
    """Take a report in."""
    known = rooms.get(desk.connection, asked.room) if asked.room else None
    elsewhere = known is None or known.group != desk.group
    message = asked.message or ""
    about = About(
        person=asked.person,
        room=asked.room or "",
        message=shown.ours(desk.group, message) if message and elsewhere else message,
        text=asked.text,
    )
    taken = reporting.receive(
        desk.connection, desk.seals, desk.group, about,
        by=desk.member(asked.by), source=Source.API, at=desk.now, words=asked.words, category=asked.category,
    )  # fmt: skip
    letter = report_received(
        at=taken.report.at,
        group=groups.get(desk.connection, desk.group).title,
        room=statements.title_of(desk.connection, desk.group, taken.report.room),
        language=statements.language_of(desk.connection, desk.group, asked.by),
    )
    return wire.ReportTaken(report=taken.report.id, is_new=taken.is_new, letter=letter)


def cases(desk: Desk, by: str) -> wire.Cases:
    """List the cases that wait."""
    found = queue.waiting(desk.connection, desk.group, by=desk.administrator(by))
    return wire.Cases(cases=tuple(map(shown.case, found)))


def case(desk: Desk, by: str, name: str) -> wire.CaseShown:
    """Show one case."""
    actor = desk.administrator(by)
    return shown.file(queue.look(desk.connection, desk.seals, name, by=actor, at=desk.now))


def claim(desk: Desk, name: str, asked: asking.Claim) -> wire.Claimed:
    """Claim a case."""
    actor = desk.administrator(asked.by)
    return wire.Claimed(
        case=shown.case(queue.claim(desk.connection, name, asked.version, by=actor, at=desk.now))
    )


def decide(desk: Desk, name: str, asked: asking.DecisionToMake) -> wire.DecisionRecord:
    """Decide a case, or say what would follow."""
    actor = desk.administrator(asked.by)
    known = {shown.theirs(desk.group, one): one for one in _messages(desk, name, actor)}
    picked = tuple(known.get(one, one) for one in asked.messages)
    choice = Choice(picks=asked.picks, lasts=asked.lasts, messages=picked)
    if asked.preview:
        return _foreseen(desk, name, asked, choice, actor)
    made = deciding.decide(
        desk.connection, desk.seals, name, asked.version, choice,
        by=actor, at=desk.now, reason=asked.reason,
    )  # fmt: skip
    return _record(desk, made.id, actor)


def _messages(desk: Desk, name: str, actor: Actor) -> list[str]:
    found = queue.look(desk.connection, desk.seals, name, by=actor, at=desk.now)
    return [message for message, _, _ in found.messages()]


def _foreseen(
    desk: Desk, name: str, asked: asking.DecisionToMake, choice: Choice, actor: Actor
) -> wire.DecisionRecord:
    seen = deciding.preview(desk.connection, desk.seals, name, choice, by=actor, at=desk.now)
    letters = foreseeing.letters(
        desk.connection,
        lambda: deciding.decide(
            desk.connection, desk.seals, name, asked.version, choice,
            by=actor, at=desk.now, reason=asked.reason,
        ),
    )  # fmt: skip
    return wire.DecisionRecord(
        decision=None,
        actions=tuple(shown.foreseen(desk.group, one) for one in seen.wanted),
        letters=tuple(shown.letter(person, one) for person, one in letters.items()),
        needs_second=seen.needs_second,
        practice=seen.practice,
    )


def decision(desk: Desk, by: str, name: str) -> wire.DecisionRecord:
    """Show a decision: to an administrator all of it, to a member what touches them."""
    return _record(desk, name, desk.either(by))


def undo(desk: Desk, name: str, asked: asking.Back) -> wire.DecisionRecord:
    """Take a decision back."""
    actor = desk.administrator(asked.by)
    made = undoing.undo(desk.connection, desk.seals, name, by=actor, at=desk.now, reason=asked.reason)
    return _record(desk, made.id, actor)


def confirm(desk: Desk, name: str, asked: asking.Asked) -> wire.DecisionRecord:
    """Agree, as the second administrator."""
    actor, found = desk.administrator(asked.by), decisions.get(desk.connection, name)
    if found is None or found.group != desk.group:
        raise UnknownDecisionError
    deciding.confirm(desk.connection, found, by=actor, at=desk.now)
    return _record(desk, name, actor)


def _record(desk: Desk, name: str, actor: Actor) -> wire.DecisionRecord:
    found = reading.read(desk.connection, name, by=actor)
    held = any(one.state is ActionState.HELD for one in found.actions)
    told = () if held else found.letters
    return wire.DecisionRecord(
        decision=shown.decision(found.decision),
        actions=tuple(map(shown.action, found.actions)),
        letters=tuple(shown.letter(one, _with_link(desk, found.decision, one)) for one in told),
        needs_second=held,
        practice=groups.get(desk.connection, desk.group).practice,
        superseded_by=found.superseded_by.id if found.superseded_by else None,
        undone_for=found.undone_for,
        appeals=tuple(one.id for one in found.appeals),
    )


def _with_link(desk: Desk, made: Decision, person: str) -> Statement:
    language = statements.language_of(desk.connection, desk.group, person)
    link = desk.receipts.link_for(made.id, person)
    return statements.of_decision(desk.connection, made, person, link=link, language=language)


def actions(desk: Desk) -> wire.Actions:
    """Hand over what is to be done on the caller's chat now."""
    found = handing.wanted(desk.connection, desk.group, at=desk.now)
    return wire.Actions(actions=tuple(map(shown.wanted, found)))


def action(desk: Desk, name: str, asked: asking.ActionReport) -> wire.Settled:
    """Note what became of an action."""
    if asked.done:
        handing.done(desk.connection, desk.group, name, asked.kind, at=desk.now)
    else:
        handing.cant(desk.connection, desk.group, name, asked.kind, asked.trouble, at=desk.now)
    return wire.Settled()


def chosen(desk: Desk) -> Choices:
    """Show how the group decides."""
    return choices.get(desk.connection, desk.group)


def choose(desk: Desk, asked: asking.ChoiceToMake) -> Choices:
    """Choose how the group decides."""
    actor = desk.administrator(asked.by)
    return choosing.choose(desk.connection, asked.name, asked.value, by=actor, at=desk.now)


def administrators(desk: Desk) -> wire.Administrators:
    """Show who administers the group."""
    return wire.Administrators(administrators=tuple(queue.administrators(desk.connection, desk.group)))


def name_administrators(desk: Desk, asked: asking.AdministratorsToName) -> wire.Administrators:
    """Name who administers a group whose chat tells us no powers."""
    if rooms.of_group(desk.connection, desk.group):
        raise NotAllowedError("This group has Matrix rooms: whoever has the power there administers it.")
    by = f"api:{desk.token.label or desk.token.hash[:12]}"
    rooms.name_administrators(desk.connection, desk.group, asked.administrators, by=by, at=desk.now)
    return administrators(desk)
