"""In which language the bot answers: the member's own in a chat of two, the group's where all read it."""

from folkmoot.explain.languages import Tongue, speak
from folkmoot.gateways.matrix.bot.asking import Ask, Desk
from folkmoot.review import statements


async def tongue_of(desk: Desk, ask: Ask, *, privately: bool = False) -> Tongue:
    """Return the language of an answer; `privately` where it goes to one person in any case."""
    group = ask.group
    if group is None and not ask.direct:
        group = await desk.whose.group_of(ask.room)
    if group is None:
        group = next(iter(await desk.whose.member_of(ask.person)), None)
    if group is None:
        return speak("en")
    if not (ask.direct or privately):
        return speak(group.language)
    name = group.id
    return speak(await desk.here.store.read(lambda c: statements.language_of(c, name, ask.person)))
