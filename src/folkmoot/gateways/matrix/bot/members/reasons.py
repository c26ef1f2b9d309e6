"""Why something was done to a member: the newest decision about them, or the one that they mean."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import answers
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.members.meant import find, names_in
from folkmoot.remember.deciding import Decision
from folkmoot.review import statements


async def why(desk: Desk, ask: Ask) -> Answer:
    """Say the reasons of a decision about the member once more, or why a message was stopped."""
    groups = [ask.group] if ask.group is not None else await desk.whose.member_of(ask.person)
    names, ids = names_in(ask), [one.id for one in groups]
    meant = await desk.here.store.read(lambda c: find(c, ask.person, names, ids))
    made = meant.subject.decision if meant.subject is not None else None
    if made is not None and (text := await desk.here.store.read(lambda c: _text(c, desk, ask.person, made))):
        return Answer(text=text, privately=True, about=(made.id,))
    return await answers.why(desk, ask)


def _text(connection: Connection, desk: Desk, person: str, made: Decision) -> str:
    if not statements.actions_about(connection, made.id, person):
        return ""
    language = statements.language_of(connection, made.group, person)
    link = desk.here.receipts.link_for(made.id, person)
    return statements.of_decision(connection, made, person, link=link, language=language).text()
