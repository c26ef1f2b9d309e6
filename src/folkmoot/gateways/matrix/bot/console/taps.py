"""Reactions below our messages: who may tap, what follows, and what is asked before anything final."""

from msgspec import structs

from folkmoot.gateways.matrix.bot import messages
from folkmoot.gateways.matrix.bot.budget import Budget
from folkmoot.gateways.matrix.bot.console import deeds, rich
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.console import Console, Done
from folkmoot.gateways.matrix.bot.console.notes import Card
from folkmoot.gateways.matrix.bot.console.orders import Does, Offer, Order, final, plain_key
from folkmoot.gateways.matrix.bot.console.rich import Line
from folkmoot.gateways.matrix.bot.wire import Event, part_of, text_of
from folkmoot.remember import decisions, groups
from folkmoot.review import foreseeing
from folkmoot.review.permissions import Actor

YES, NO = "✅", "❌"
_LASTS = 900.0
"""Seconds for which one may confirm."""


async def tapped(console: Console, event: Event, patience: Budget) -> bool:
    """Take a reaction on one of our messages; False if it is on none of these."""
    relation = part_of(event.content, "m.relates_to")
    card = await console.board.card(text_of(relation.get("event_id")))
    if card is None or card.room != event.room or not patience.spend(event.sender):
        return False
    order = card.offers.get(plain_key(text_of(relation.get("key"))))
    if order is None:
        return True
    shown = text_of(relation.get("event_id"))
    by = await console.actor(event.sender, card.group)
    if by is None or card.person not in ("", event.sender):
        await _decline(console, card, event.sender, shown)
        return True
    if card.kind == kept.SURE and console.here.clock() - card.at > _LASTS:
        await say(console, event.room, shown, "That was long ago. Please ask for it again.", event.id)
        return True
    await want(console, order, by, room=event.room, event=event.id, reply_to=shown)
    return True


async def want(
    console: Console, order: Order, by: Actor, *, room: str, event: str, reply_to: str, spoken: bool = False
) -> None:
    """Do what somebody wants, or ask them first; `spoken`: they wrote it, so they get an answer in words."""
    why = final(order)
    if why and not order.sure:
        await ask(console, order, by, why, room=room, event=event, reply_to=reply_to)
        return
    done = await console.carry(order, by, event=event)
    card = await console.board.card(reply_to)
    if card is not None and card.kind == kept.SURE and done.fine:
        await _settle(console, card, done)
        return
    on_a_case = card is not None and card.kind == kept.CASE
    if done.fine and on_a_case and not spoken:
        return  # the message itself says it
    if not done.fine and await _own(console, order, by):
        return
    await say(console, room, reply_to if not spoken else event, done.text, event)


async def ask(
    console: Console, order: Order, by: Actor, why: str, *, room: str, event: str, reply_to: str
) -> None:
    """Ask somebody to confirm what is final, and show what follows; only they can."""
    try:
        shown = await letters(console, order, by)
    except (*deeds.ERRORS, deeds.GrownError) as trouble:
        await say(console, room, reply_to, deeds.words(trouble), event)
        return
    lines = [rich.strong("Are you sure?"), rich.line(why), *shown]
    offers = (
        Offer(key=YES, sentence="yes, do it", order=structs.replace(order, sure=True)),
        Offer(key=NO, sentence="no, leave it", order=Order(does=Does.NOTHING)),
    )
    lines += [rich.line(f"{one.key} {one.sentence}") for one in offers]
    notice = Notice(
        kind=kept.SURE,
        subject=messages.once_in(event, "sure"),
        group=by.group,
        lines=tuple(lines),
        offers=offers,
        stamp="asked",
        person=by.person,
        reply_to=reply_to,
    )
    await console.board.show(room, notice)


async def letters(console: Console, order: Order, by: Actor) -> list[Line]:
    """Return what members would be told, word for word; the errors are those of deciding."""
    if order.does is Does.ANSWER:
        return [rich.line(f"The member gets your words: “{order.reason}”")]
    if order.does not in (Does.DECIDE, Does.SANCTION, Does.LOCK_DOWN):
        return []
    now, seals = console.here.clock(), console.here.store.seals
    found = await console.here.store.write(
        lambda c: foreseeing.letters(c, lambda: deeds.made(c, seals, order, by=by, at=now))
    )
    if not found:
        return []
    person, letter = next(iter(found.items()))
    more = "" if len(found) == 1 else f" (and {len(found) - 1} more the same)"
    return [rich.line(f"{person}{more} gets this letter:"), rich.letter(letter.text())]


async def say(console: Console, room: str, reply_to: str, text: str, event: str) -> None:
    """Answer in a room, once for each event."""
    content = messages.notice(text, reply_to=reply_to)
    once = messages.once_in(event, "answer")
    await console.here.wire.send(room, "m.room.message", content, once=once)


async def _decline(console: Console, card: Card, person: str, shown: str) -> None:
    """Say once to each person below a message that they don't decide there."""
    group = await console.here.store.read(lambda c: groups.get(c, card.group))
    if card.person:
        text = f"Only {card.person} was asked this, so your reaction changes nothing."
    else:
        text = f"Only administrators of “{group.title}” decide this, so your reaction changes nothing."
    content = messages.notice(text, reply_to=shown)
    once = messages.once_in(shown, person)
    await console.here.wire.send(card.room, "m.room.message", content, once=once)


async def _settle(console: Console, card: Card, done: Done) -> None:
    """Put what came of it in the place of the question."""
    notice = Notice(
        kind=kept.SURE,
        subject=card.subject,
        group=card.group,
        lines=(rich.strong(done.text),),
        stamp="settled",
        person=card.person,
    )
    await console.board.show(card.room, notice)


async def _own(console: Console, order: Order, by: Actor) -> bool:
    """Whether it failed only because this same person had decided it a moment before."""
    if order.does is not Does.DECIDE:
        return False
    made = await console.here.store.read(lambda c: decisions.of_case(c, order.subject))
    return bool(made) and made[-1].by == by.person and console.here.clock() - made[-1].at < _LASTS
