"""The letters that each choice about a case would send, before anybody chooses."""

from folkmoot.gateways.matrix.bot.asking import Answer, Desk
from folkmoot.gateways.matrix.bot.console import deeds
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.orders import Does, Offer
from folkmoot.review import foreseeing
from folkmoot.review.permissions import Actor


async def answer(desk: Desk, notice: Notice, by: Actor) -> Answer:
    """Return what the member would get for each thing that can be tapped below a case."""
    shown = [one for one in notice.offers if one.order.does is Does.DECIDE]
    parts = [part for part in [await _letter(desk, one, by) for one in shown] if part]
    if not parts:
        return Answer(text="")
    return Answer(text="\n\n".join(["What would be written, if you tapped:", *parts]))


async def _letter(desk: Desk, offer: Offer, by: Actor) -> str:
    now, seals = desk.here.clock(), desk.here.store.seals
    order = offer.order
    try:
        found = await desk.here.store.write(
            lambda c: foreseeing.letters(c, lambda: deeds.made(c, seals, order, by=by, at=now))
        )
    except (*deeds.ERRORS, deeds.GrownError) as trouble:
        return f"{offer.key} {deeds.words(trouble)}"
    if not found:
        return f"{offer.key} nothing to the member."
    person, letter = next(iter(found.items()))
    more = "" if len(found) == 1 else f" (and {len(found) - 1} more)"
    return f"{offer.key} to {person}{more}:\n{letter.text()}"
