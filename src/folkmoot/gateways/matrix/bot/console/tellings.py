"""What administrators are told besides: a second person is needed, something failed, too much at once."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console import rich, said
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.case_card import short
from folkmoot.gateways.matrix.bot.console.moments import ahead, spoken
from folkmoot.gateways.matrix.bot.console.orders import Does, Offer, Order
from folkmoot.remember import actions, appeals, breakers, cases, decisions
from folkmoot.remember.deciding import ActionState, AppealState
from folkmoot.remember.records import Letter

GO_ON, BACK = "▶️", "↩️"
_MOST_RESTING = 5


def second(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Ask for a second administrator; nothing where none is needed any more."""
    del at
    made = decisions.get(connection, letter.body.get("decision", ""))
    if made is None or made.group != letter.group or letter.body.get("to") == made.by:
        return None
    if not any(one.state is ActionState.HELD for one in actions.of_decision(connection, made.id)):
        return None
    name = short(made.case or made.id)
    lines = (
        rich.strong(f"A second administrator has to agree (case {name})"),
        rich.line(said.decided(connection, made)),
        rich.line("It can't be given back, because I have no copy of the words."),
        rich.line("☑️ agree, so that it is done"),
        rich.line("↩️ take the decision back"),
    )
    offers = (
        Offer(key="☑️", sentence="agree", order=Order(does=Does.CONFIRM, subject=made.id)),
        Offer(key="↩️", sentence="take it back", order=Order(does=Does.UNDO, subject=made.id)),
    )
    return Notice(kind="second", subject=made.id, group=made.group, lines=lines, offers=offers, stamp="asked")


def failed(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Say what could not be done, and why."""
    del at
    action = actions.get(connection, letter.body.get("action", ""))
    if action is None or action.group != letter.group:
        return None
    made = decisions.get(connection, action.decision)
    case = f" (case {short(made.case)})" if made is not None and made.case else ""
    whom = f" {action.person}" if action.person else ""
    lines = (
        rich.strong(f"It could not be done: {action.kind.value}{whom}{case}"),
        rich.line(letter.body.get("trouble", "") or "The homeserver refused."),
        rich.line("The decision stands. Please do it by hand, or take the decision back."),
    )
    return Notice(kind="action-failed", subject=str(letter.id), group=letter.group, lines=lines, stamp="told")


def breaker(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Ask whether restrictions shall go on that wait because there were too many at once."""
    number = letter.body.get("breaker", "")
    found = breakers.get(connection, int(number)) if number.isascii() and number.isdigit() else None
    if found is None or found.group != letter.group:
        return None
    if found.confirmed_at is not None:
        said_ = f"{found.confirmed_by} let it go on, {spoken(at - found.confirmed_at)} ago."
        return _breaker(number, letter.group, (rich.strong(said_),), (), "gone on")
    lines = (
        rich.strong("Urgent: too much at once"),
        rich.line(
            "More members were restricted within a minute than your group allows, so the rest waits for you. "
            "Lifting something, and locking the rooms down, never waits."
        ),
        rich.line(f"{GO_ON} let what waits be done"),
        rich.line("To take decisions back instead, write: undo, and the case."),
    )
    # The message states the consequence itself, so one tap is enough.
    order = Order(does=Does.GO_ON, subject=number, sure=True)
    return _breaker(
        number, letter.group, lines, (Offer(key=GO_ON, sentence="let it go on", order=order),), "waits"
    )


def rule_gone(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Ask whether decisions shall be taken back that rested on a rule which is not there any more."""
    del at
    rule = letter.body.get("rule", "")
    resting = decisions.standing_by_rule(connection, letter.group, rule)
    if not resting:
        return None
    number = "1 decision that rested" if len(resting) == 1 else f"{len(resting)} decisions that rested"
    lines = (
        rich.strong(f"The rule “{rule}” is gone"),
        rich.line(f"There {'is' if len(resting) == 1 else 'are'} {number} on it and still stand."),
        *(rich.line(f"• {said.decided(connection, one)}") for one in resting[-_MOST_RESTING:]),
        rich.line(f"{BACK} take back the {number} on it, and tell the members"),
    )
    order = Order(does=Does.UNDO_RULE, subject=rule)
    return Notice(
        kind=kept.RULE,
        subject=letter.body.get("subject", rule),
        group=letter.group,
        lines=lines,
        offers=(Offer(key=BACK, sentence="take them back", order=order),),
        stamp="asked",
    )


def operator_read(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Say that the operator read a case, and when."""
    case = cases.get(connection, letter.body.get("case", ""))
    if case is None or case.group != letter.group:
        return None
    lines = (
        rich.strong(f"The operator of this installation read case {short(case.id)}"),
        rich.line(f"That was {spoken(at - float(letter.body['at']))} ago, with everything written in it."),
        rich.line("Each time stands in the group's log. If you don't know why, ask the operator."),
    )
    return Notice(kind=letter.kind, subject=str(letter.id), group=letter.group, lines=lines, stamp="told")


def reminder(connection: Connection, letter: Letter, at: float) -> Notice | None:
    """Remind one person of a case or an appeal that still waits."""
    case = cases.get(connection, letter.body.get("case", ""))
    if case is not None and case.state == cases.OPEN and case.group == letter.group:
        who = case.person or "several members"
        lines = (
            rich.strong(f"Still waiting: case {short(case.id)}, {said.URGENCY[case.urgency].lower()}"),
            rich.line(f"About {who}, since {ahead(case.opened_at, at)}."),
            rich.line(f"To look at it, write: case {short(case.id)}"),
        )
        return _reminder(letter, lines)
    appeal = appeals.get(connection, letter.body.get("appeal", ""))
    if appeal is None or appeal.state is not AppealState.OPEN:
        return None
    lines = (
        rich.strong(f"Still waiting: appeal {short(appeal.id)}"),
        rich.line(f"An answer was due by {ahead(appeal.due_at, at)}."),
        rich.line(f"To look at it, write: appeal {short(appeal.id)}"),
    )
    return _reminder(letter, lines)


def _reminder(letter: Letter, lines: tuple[rich.Line, ...]) -> Notice:
    return Notice(kind="reminder", subject=str(letter.id), group=letter.group, lines=lines, stamp="reminded")


def _breaker(
    number: str, group: str, lines: tuple[rich.Line, ...], offers: tuple[Offer, ...], stamp: str
) -> Notice:
    return Notice(kind=kept.BREAKER, subject=number, group=group, lines=lines, offers=offers, stamp=stamp)
