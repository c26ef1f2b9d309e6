"""What can be tapped below a case: at most three things, each with its consequence."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.console.orders import Does, Offer, Order
from folkmoot.remember import actions, decisions
from folkmoot.remember.deciding import ActionState, Decision, DecisionKind
from folkmoot.remember.records import CaseKind
from folkmoot.review.consequences import Pick
from folkmoot.review.deciding import ground
from folkmoot.review.queue import CaseFile, administrators
from folkmoot.vocabulary import Category

LEAVE, REMOVE, MUTE, AGAIN, LOCK, BAN, UNDO, AGREE = "✅", "🗑️", "🔇", "📨", "🔒", "🚫", "↩️", "☑️"
HOUR = 3600.0


def of_case(connection: Connection, file: CaseFile) -> tuple[Offer, ...]:
    """Return what fits an open case."""
    if file.case.kind is CaseKind.RAID:
        return _of_raid(file)
    delivered, stopped = file.messages(), [one for one in file.verdicts if one.done.value == "stop"]
    offers = [_offer(LEAVE, _leave(file, bool(delivered)), file, Pick.NOTHING)]
    who = file.case.person
    if delivered:
        what = "it" if len(delivered) == 1 else f"all {len(delivered)} messages"
        offers.append(_offer(REMOVE, f"remove {what} and tell {who or 'nobody'} why", file, Pick.REMOVE))
    elif any(one.mark for one in stopped):
        offers.append(_offer(AGAIN, "let it through next time (24 hours)", file, Pick.ALLOW_NEXT_TIME))
    # Somebody in danger is not to be punished, and administrators settle it among themselves.
    spared = who in administrators(connection, file.case.group) or ground(file)[1] is Category.SELF_HARM
    if who and not spared:
        picks = (Pick.REMOVE, Pick.MUTE) if delivered else (Pick.MUTE,)
        sentence = f"{'remove it, and ' if delivered else ''}mute {who} for 1 hour"
        offers.append(_offer(MUTE, sentence, file, *picks, lasts=HOUR))
    return tuple(offers)


def of_decided(connection: Connection, made: Decision) -> tuple[Offer, ...]:
    """Return what can still be done about a decision: agree to it, or take it back."""
    if made.kind is not DecisionKind.DECISION or decisions.superseding(connection, made.id) is not None:
        return ()
    back = Offer(key=UNDO, sentence="take it back", order=Order(does=Does.UNDO, subject=made.id))
    if any(one.state is ActionState.HELD for one in actions.of_decision(connection, made.id)):
        agree = Order(does=Does.CONFIRM, subject=made.id)
        return (Offer(key=AGREE, sentence="agree (a second administrator)", order=agree), back)
    return (back,)


def _of_raid(file: CaseFile) -> tuple[Offer, ...]:
    people, delivered = len(file.people), len(file.messages())
    fine = _offer(LEAVE, "it's fine: nothing more happens", file, Pick.NOTHING)
    lock = _offer(LOCK, "lock the rooms down: nobody new comes in", file, Pick.LOCK_DOWN)
    if not people:
        return (fine, lock)
    picks = (Pick.REMOVE, Pick.BAN) if delivered else (Pick.BAN,)
    removed = f"remove {delivered} messages and " if delivered else ""
    return (fine, lock, _offer(BAN, f"{removed}ban all {people} members", file, *picks))


def _leave(file: CaseFile, delivered: bool) -> str:
    reported = ", and thank whoever reported it" if file.reports else ""
    return f"leave it{reported}" if delivered else f"leave it at that: nothing more happens{reported}"


def _offer(key: str, sentence: str, file: CaseFile, *picks: Pick, lasts: float | None = None) -> Offer:
    case = file.case
    # A raid goes on growing while it is looked at; one person's case has to be what was seen.
    grown = 0 if case.kind is CaseKind.RAID else case.verdict_count + case.report_count
    order = Order(
        does=Does.DECIDE, subject=case.id, version=case.version, grown=grown, picks=picks, lasts=lasts
    )
    return Offer(key=key, sentence=sentence, order=order)
