"""What members choose for themselves: their language, and whether they serve on panels."""

from msgspec import structs
from sqlalchemy import Connection

from folkmoot.explain.languages import known, speak
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.members import phrases
from folkmoot.gateways.matrix.bot.members.appealing import tongue
from folkmoot.gateways.matrix.bot.members.meant import Meant, find, names_in
from folkmoot.remember import decisions, groups, links, preferences, rooms
from folkmoot.review import serving
from folkmoot.review.permissions import Actor, NotAllowedError, Part


async def language(desk: Desk, ask: Ask) -> Answer:
    """Keep in which language the member is written to: about this room's group, or about all of theirs."""
    theirs = [ask.group] if ask.group is not None else await desk.whose.member_of(ask.person)
    if not theirs:
        # Somebody who was banned is a member no more, and is still written to.
        theirs = await desk.here.store.read(
            lambda c: [groups.get(c, one.group) for one in decisions.touching(c, ask.person, most=5)]
        )
    code = known(" ".join(ask.words))
    if code is None or not theirs:
        _ = await tongue(desk, ask.person, theirs[0].id if theirs else "")
        return Answer(text=phrases.languages(_), privately=True)
    now = desk.here.clock()

    def write(connection: Connection) -> None:
        for group in theirs:
            wish = preferences.get(connection, group.id, ask.person)
            wish = structs.replace(wish, language=code)
            preferences.put(connection, group.id, ask.person, wish, at=now)

    await desk.here.store.write(write)
    titles = ", ".join(dict.fromkeys(f"“{group.title}”" for group in theirs))
    return Answer(text=phrases.language_set(speak(code), titles), privately=True)


async def close_link(desk: Desk, ask: Ask) -> Answer:
    """Close the link in the letter that the member replies to: somebody else may have it."""
    names, now = names_in(ask), desk.here.clock()
    meant = await desk.here.store.read(lambda c: find(c, ask.person, names, ()) if names else Meant())
    subject = meant.subject
    _ = await tongue(desk, ask.person, subject.group if subject is not None else "")
    if subject is None:
        return Answer(text=phrases.which_link(_), privately=True)
    await desk.here.store.write(lambda c: links.close(c, subject.id, ask.person, at=now))
    return Answer(text=phrases.link_closed(_), privately=True, about=(subject.id,))


async def panel(desk: Desk, ask: Ask) -> Answer:
    """Keep whether the member may be drawn to look at appeals."""
    group, now = group_of(ask), desk.here.clock()
    _ = await tongue(desk, ask.person, group.id)
    said = ask.words[0].casefold().strip(".!") if ask.words else ""
    administers = await desk.here.store.read(lambda c: ask.person in rooms.administrators_of(c, group.id))
    by = Actor(person=ask.person, part=Part.ADMINISTRATOR if administers else Part.MEMBER, group=group.id)
    if said in ("no", "off", "leave"):
        await desk.here.store.write(lambda c: serving.leave(c, by=by, at=now))
        return Answer(text=phrases.panel_left(_, group.title), privately=True)
    if said not in ("yes", "on", "join"):
        return Answer(text=phrases.panel_what(_, group.title), privately=True)
    try:
        await desk.here.store.write(lambda c: serving.serve(c, by=by, at=now))
    except NotAllowedError as trouble:
        return Answer(text=str(trouble), privately=True)
    return Answer(text=phrases.panel_joined(_, group.title), privately=True)
