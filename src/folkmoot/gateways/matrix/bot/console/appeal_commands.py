"""What those other eyes ask and say about appeals: list, read, write, grant, refuse."""

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.console import appeal_card, deeds, finding
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.case_commands import NOTHING, wanted
from folkmoot.gateways.matrix.bot.console.moments import ahead
from folkmoot.gateways.matrix.bot.console.orders import Does, Order
from folkmoot.remember.deciding import Appeal, AppealState, Eyes
from folkmoot.review import appealing, eyes
from folkmoot.review.permissions import Actor

_NOT_HERE = "There is no open appeal of that number that you may answer. To see yours, write: appeals"
_PRIVATELY = "I speak about appeals in our direct chat only."


async def listed(desk: Desk, ask: Ask) -> Answer:
    """Say which appeals wait for this person."""
    now = desk.here.clock()
    known = await desk.here.store.read(lambda c: finding.open_appeals(c, ask.person))
    mine = []
    for one in known:
        if one.eyes is not Eyes.PANEL and await _is_mine(desk, ask, one):
            mine.append(one)
    if not mine:
        return Answer(text="No appeal waits for you.", privately=True)
    lines = [f"{appeal_card.short(one.id)} · {one.person} · due {ahead(one.due_at, now)}" for one in mine]
    last = f"To read one, write: appeal {appeal_card.short(mine[0].id)}"
    return Answer(text="\n".join(["Appeals that wait for you:", *lines, last]), privately=True)


async def one(desk: Desk, ask: Ask) -> Answer | None:
    """Show an appeal to who may answer it; None if this is not about one of theirs."""
    found = await _mine(desk, ask)
    if found is None:
        return None
    if not ask.direct:
        return Answer(text=_PRIVATELY, privately=True)
    now, seals = desk.here.clock(), desk.here.store.seals
    lines = await desk.here.store.read(lambda c: appeal_card.page(c, seals, found, at=now))
    notice = Notice(
        kind=kept.APPEAL,
        subject=found.id,
        group=found.group,
        lines=tuple(lines),
        stamp=f"again {ask.event}",
        person=ask.person,
    )
    await desk.console.board.show_again(ask.room, notice, seed=ask.event)
    return NOTHING


async def grant(desk: Desk, ask: Ask) -> Answer | None:
    """Grant an appeal with reasons, after a second tap; None if it is not theirs to answer."""
    return await _answer(desk, ask, granted=True)


async def refuse(desk: Desk, ask: Ask) -> Answer | None:
    """Refuse an appeal with reasons, after a second tap; None if it is not theirs to answer."""
    return await _answer(desk, ask, granted=False)


async def reply(desk: Desk, ask: Ask, words: str) -> Answer | None:
    """Write to the member who appealed, by replying to the appeal; None if the reply is to none."""
    shown = await finding.card(desk, ask)
    if shown is None or shown.kind != kept.APPEAL:
        return None
    by = await desk.console.actor(ask.person, shown.group)
    if by is None:
        return Answer(text=_NOT_HERE)
    now, seals = desk.here.clock(), desk.here.store.seals
    try:
        await desk.here.store.write(
            lambda c: appealing.write(c, seals, shown.subject, by=by, words=words, at=now)
        )
    except deeds.ERRORS as trouble:
        return Answer(text=deeds.words(trouble))
    return Answer(text="I have passed that on to the member. You hear here what they answer.")


async def _answer(desk: Desk, ask: Ask, *, granted: bool) -> Answer | None:
    asked = finding.request(desk, ask)
    found = await finding.appeal(desk, ask, asked)
    if found is None or found.eyes is Eyes.PANEL:
        return None
    by = await _actor(desk, ask, found)
    if by is None:
        return None
    reason = asked.reason or asked.name
    word = "grant" if granted else "refuse"
    if found.state is not AppealState.OPEN:
        return Answer(text=f"This appeal was answered already, by {found.answered_by}.", privately=True)
    if not reason:
        text = f"Say why, for the member to read: {word} {appeal_card.short(found.id)} because …"
        return Answer(text=text, privately=True)
    try:
        now = desk.here.clock()
        await desk.here.store.read(lambda c: eyes.need_sight(c, found, by, now))
    except deeds.ERRORS as trouble:
        return Answer(text=deeds.words(trouble), privately=True)
    order = Order(does=Does.ANSWER, subject=found.id, version=found.version, granted=granted, reason=reason)
    return await wanted(desk, ask, order, by)


async def _mine(desk: Desk, ask: Ask) -> Appeal | None:
    found = await finding.appeal(desk, ask, finding.request(desk, ask))
    return found if found is not None and await _is_mine(desk, ask, found) else None


async def _is_mine(desk: Desk, ask: Ask, appeal: Appeal) -> bool:
    """Whether this person is one of those other eyes, also as the rooms themselves say it now."""
    listed = await desk.here.store.read(lambda c: eyes.of(c, appeal))
    return ask.person in listed and await _actor(desk, ask, appeal) is not None


async def _actor(desk: Desk, ask: Ask, appeal: Appeal) -> Actor | None:
    return await desk.console.actor(ask.person, appeal.group)
