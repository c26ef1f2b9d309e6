"""What administrators ask and say about cases: look, claim, decide, take back."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec import structs
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.console import case_card, deeds, finding, foreseen, said, taps
from folkmoot.gateways.matrix.bot.console.moments import ahead
from folkmoot.gateways.matrix.bot.console.orders import Does, Order
from folkmoot.remember import actions, breakers, decisions
from folkmoot.remember.deciding import Decision, DecisionKind
from folkmoot.remember.records import Case
from folkmoot.review import queue
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import Actor, Part

_MOST_LISTED = 15
_PICKS = [one.value for one in Pick]
_MOST_LOOKED_AT = 50
NOTHING = Answer(text="")


def actor(ask: Ask) -> Actor:
    """Return the administrator who asks; that they are one was seen before."""
    return Actor(person=ask.person, part=Part.ADMINISTRATOR, group=group_of(ask).id)


async def listed(desk: Desk, ask: Ask) -> Answer:
    """Say which cases wait, the most urgent first."""
    group, by, now = group_of(ask), actor(ask), desk.here.clock()
    found = await desk.here.store.read(lambda c: queue.waiting(c, group.id, by=by))
    if not found:
        return Answer(text=f"No case waits in “{group.title}”.")
    lines = [f"{len(found)} {'case waits' if len(found) == 1 else 'cases wait'} in “{group.title}”:"]
    lines += [_row(one, now) for one in found[:_MOST_LISTED]]
    if len(found) > _MOST_LISTED:
        lines.append(f"And {len(found) - _MOST_LISTED} more.")
    return Answer(text="\n".join([*lines, f"To look at one, write: case {case_card.short(found[0].id)}"]))


async def one(desk: Desk, ask: Ask) -> Answer:
    """Show a case again, with the letters that each choice would send."""
    by = actor(ask)
    found = await finding.case(desk, ask, finding.request(desk, ask))
    if isinstance(found, Answer):
        return found
    now, seals = desk.here.clock(), desk.here.store.seals
    try:
        file = await desk.here.store.write(lambda c: queue.look(c, seals, found.id, by=by, at=now))
    except deeds.ERRORS as trouble:
        return Answer(text=deeds.words(trouble))
    notice = await desk.console.showing.case(found.group, found.id)
    if notice is None:
        return Answer(text="This case is not there any more.")
    here = await _may_be_seen(desk, ask, found.group, file.people)
    room = ask.room if here else await desk.directs.room_with(ask.person)
    await desk.console.board.show_again(room, notice, seed=ask.event)
    letters = await foreseen.answer(desk, notice, by)
    if here:
        return letters
    return structs.replace(letters, text=letters.text or "That is the case.", privately=True)


async def claim(desk: Desk, ask: Ask) -> Answer:
    """Take a case, so that nobody else begins with it."""
    return await _with_case(desk, ask, _claim)


async def let_go(desk: Desk, ask: Ask) -> Answer:
    """Give a claimed case back to everybody."""
    return await _with_case(desk, ask, _let_go)


def decides(*picks: Pick) -> Callable[[Desk, Ask], Awaitable[Answer]]:
    """Return the command that decides a case in this way."""

    async def run(desk: Desk, ask: Ask) -> Answer:
        wanted = finding.request(desk, ask)
        found = await finding.case(desk, ask, wanted)
        if isinstance(found, Answer):
            return found
        return await order_on(desk, ask, found, picks, reason=wanted.reason, lasts=wanted.lasts)

    return run


async def decide(desk: Desk, ask: Ask) -> Answer:
    """Decide a case with several things at once, each by its name."""
    cut = next((at for at, word in enumerate(ask.words) if word.casefold() == "because"), len(ask.words))
    named = [word.casefold().strip(",+") for word in ask.words[:cut]]
    picks = tuple(dict.fromkeys(Pick(word) for word in named if word in _PICKS))
    left = [
        word for at, word in enumerate(ask.words) if at >= cut or named[at] not in (*_PICKS, "and", "+", "")
    ]
    asked = finding.request(desk, structs.replace(ask, words=tuple(left)))
    if not picks:
        return Answer(
            text=f"Decide what? One or more of {', '.join(_PICKS)}: decide 3f2a remove mute 2h because …"
        )
    found = await finding.case(desk, ask, asked)
    if isinstance(found, Answer):
        return found
    return await order_on(desk, ask, found, picks, reason=asked.reason, lasts=asked.lasts)


async def order_on(
    desk: Desk, ask: Ask, case: Case, picks: tuple[Pick, ...], *, reason: str, lasts: float | None = None
) -> Answer:
    """Decide a case as somebody wrote it, or ask them to confirm."""
    order = Order(
        does=Does.DECIDE, subject=case.id, version=case.version, picks=picks, lasts=lasts, reason=reason
    )
    return await wanted(desk, ask, order)


async def wanted(desk: Desk, ask: Ask, order: Order, by: Actor | None = None) -> Answer:
    """Do what somebody wrote, or ask them to confirm; either is said in the room itself."""
    who = by or actor(ask)
    await taps.want(desk.console, order, who, room=ask.room, event=ask.event, reply_to=ask.event, spoken=True)
    return NOTHING


async def undo(desk: Desk, ask: Ask) -> Answer:
    """Take a decision back: that on the case named or replied to, else one's own latest."""
    request = finding.request(desk, ask)
    if request.ref or await finding.card(desk, ask) is not None:
        found = await finding.case(desk, ask, request)
        if isinstance(found, Answer):
            return found
        case = found.id
        made = await desk.here.store.read(lambda c: _standing(c, decisions.of_case(c, case)))
        if made is None:
            return Answer(text=f"Nothing that was decided on {finding.short(found)} stands any more.")
    else:
        group = group_of(ask).id
        latest = await desk.here.store.read(lambda c: decisions.latest(c, group, most=_MOST_LOOKED_AT))
        mine = [one for one in reversed(latest) if one.by == ask.person]
        made = await desk.here.store.read(lambda c: _standing(c, mine))
        if made is None:
            return Answer(text="You decided nothing lately that still stands. Name the case: undo 3f2a")
    return await wanted(desk, ask, Order(does=Does.UNDO, subject=made.id, reason=request.reason))


async def confirm(desk: Desk, ask: Ask) -> Answer:
    """Agree, as a second administrator, to what can't be given back; or let go on what waits."""
    if ask.words and ask.words[0].casefold() in ("breaker", "all", "waiting"):
        group = group_of(ask).id
        if await desk.here.store.read(lambda c: breakers.tripped(c, group)) is None:
            return Answer(text="Nothing waits: no more was done at once than your group allows.")
        return await wanted(desk, ask, Order(does=Does.GO_ON))
    found = await finding.case(desk, ask, finding.request(desk, ask))
    if isinstance(found, Answer):
        return found
    made = await desk.here.store.read(lambda c: _standing(c, decisions.of_case(c, found.id)))
    if made is None:
        return Answer(text=f"Nothing on {finding.short(found)} waits for a second person.")
    return await wanted(desk, ask, Order(does=Does.CONFIRM, subject=made.id))


async def reopen(desk: Desk, ask: Ask) -> Answer:
    """Take the latest lock-down back."""
    group = group_of(ask).id
    made = await desk.here.store.read(lambda c: _locked(c, group))
    if made is None:
        return Answer(text="The rooms are not locked down by me.")
    return await wanted(desk, ask, Order(does=Does.UNDO, subject=made.id))


async def _with_case(desk: Desk, ask: Ask, deed: Callable[[Connection, Case, Actor, float], str]) -> Answer:
    by, now = actor(ask), desk.here.clock()
    found = await finding.case(desk, ask, finding.request(desk, ask))
    if isinstance(found, Answer):
        return found
    case = found
    try:
        text = await desk.here.store.write(lambda c: deed(c, case, by, now))
    except deeds.ERRORS as trouble:
        return Answer(text=deeds.words(trouble))
    desk.console.carrier.wake()
    return Answer(text=text)


def _claim(connection: Connection, case: Case, by: Actor, at: float) -> str:
    queue.claim(connection, case.id, case.version, by=by, at=at)
    return f"{finding.short(case).capitalize()} is yours for two hours. To give it back: release"


def _let_go(connection: Connection, case: Case, by: Actor, at: float) -> str:
    queue.let_go(connection, case.id, by=by, at=at)
    return f"{finding.short(case).capitalize()} is free again."


def _standing(connection: Connection, made: list[Decision]) -> Decision | None:
    """The latest of these decisions that nobody took back."""
    for one in reversed(made):
        if one.kind is DecisionKind.DECISION and decisions.superseding(connection, one.id) is None:
            return one
    return None


def _locked(connection: Connection, group: str) -> Decision | None:
    latest = reversed(decisions.latest(connection, group, most=_MOST_LOOKED_AT))
    shut = [
        one
        for one in latest
        if any(done.kind.value == Pick.LOCK_DOWN for done in actions.of_decision(connection, one.id))
    ]
    return _standing(connection, shut)


async def _may_be_seen(desk: Desk, ask: Ask, group: str, about: Sequence[str]) -> bool:
    """A case is shown where only administrators are, as far as we were told, and none whom it is about."""
    if ask.direct:
        return True
    people = await desk.here.store.read(lambda c: queue.administrators(c, group))
    return (await desk.console.halls()).get(ask.room) == group and not set(about) & set(people)


def _row(case: Case, now: float) -> str:
    who = case.person or "several members"
    parts = [case_card.short(case.id), said.URGENCY[case.urgency], who]
    if case.report_count:
        parts.append("1 report" if case.report_count == 1 else f"{case.report_count} reports")
    if case.due_at is not None:
        parts.append(f"due {ahead(case.due_at, now)}")
    if case.claimed_by:
        parts.append(f"{case.claimed_by} is looking at it")
    return " · ".join(parts)
