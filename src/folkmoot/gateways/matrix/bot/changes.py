"""What administrators change: practice, policy, settings, protection; and their way into the console."""

import asyncio

import msgspec
from sqlalchemy import Connection

from folkmoot.decide import starters, touches
from folkmoot.gateways.matrix.bot import protect, texts
from folkmoot.gateways.matrix.bot.answers import would_have
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.notes import Wish
from folkmoot.gateways.matrix.bot.speech import PREFIX, choice, is_yes
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.remember import groups, log, policies, rooms
from folkmoot.remember.records import Encrypted, Group, Room
from folkmoot.review import rules_gone
from folkmoot.vocabulary import OnFailure

_WEEK = 7 * 86_400.0


async def start(desk: Desk, ask: Ask) -> Answer:
    """End practice, once the consequence was stated and confirmed."""
    group = group_of(ask)
    if not group.practice:
        return Answer(text=f"“{group.title}” has started already. To practise again: {PREFIX} practice")
    if not (ask.words and is_yes(ask.words[0])):
        would = await would_have(desk, group, desk.here.clock() - _WEEK)
        text = (
            f"If you end practice in “{group.title}”, a message that breaks a rule is stopped before anyone "
            f"sees it, and its author is told why. In the last 7 days that would have been {would} "
            f"{'message' if would == 1 else 'messages'}. "
            f"To do so, tap ✅ below this message, reply “yes”, or write: {PREFIX} start yes"
        )
        found = await asyncio.to_thread(touches.to_see, await desk.rulebook.in_force(group))
        text = texts.touching(found) + text
        return Answer(text=text, kind="start", choices=("yes",))
    now = desk.here.clock()
    await desk.here.store.write(lambda c: groups.start(c, group.id, by=ask.person, at=now))
    await desk.here.changed()
    text = texts.started(group.title)
    await desk.announce(ask, group, text)
    return Answer(text=text)


async def practice(desk: Desk, ask: Ask) -> Answer:
    """Go back to practice: nothing is stopped any more."""
    group = group_of(ask)
    if group.practice:
        return Answer(text=f"“{group.title}” is in practice. {texts.PRACTICE}")
    now = desk.here.clock()
    await desk.here.store.write(lambda c: groups.practise(c, group.id, by=ask.person, at=now))
    await desk.here.changed()
    text = texts.practising(group.title)
    await desk.announce(ask, group, text)
    return Answer(text=text)


async def policy(desk: Desk, ask: Ask) -> Answer:
    """Put a starter policy in force in place of the present one, or ask which."""
    group = group_of(ask)
    offered = texts.starters()
    picked = choice(" ".join(ask.words), [(one[0], one[1]) for one in offered]) if ask.words else None
    if picked is None:
        shown = [f"{name}: {sentence}" for _, name, sentence in offered]
        text = texts.question(shown, changing=True)
        if ask.words:
            text = f"There is no starter policy “{' '.join(ask.words)[:60]}”. {text}"
        return Answer(text=text, kind="change", choices=tuple(one[0] for one in offered))
    return await _put_in_force(desk, ask, group, offered[picked][0])


async def on_failure(desk: Desk, ask: Ask) -> Answer:
    """Choose whether messages pass while they can't be judged."""
    group = group_of(ask)
    value = _one_of(ask, [one.value for one in OnFailure])
    if value is None:
        return Answer(
            text=f"{texts.on_failure(group.on_failure)} Write open or closed: {PREFIX} on-failure open"
        )
    now, chosen = desk.here.clock(), OnFailure(value)
    await desk.here.store.write(lambda c: groups.set_on_failure(c, group.id, chosen, by=ask.person, at=now))
    await desk.here.changed()
    return Answer(text=texts.on_failure(chosen))


async def encrypted(desk: Desk, ask: Ask) -> Answer:
    """Choose what happens to messages that can't be read."""
    group = group_of(ask)
    value = _one_of(ask, [one.value for one in Encrypted])
    if value is None:
        text = f"Encrypted messages: {group.encrypted.value}. Write sign or refuse: {PREFIX} encrypted sign"
        return Answer(text=text)
    now, chosen = desk.here.clock(), Encrypted(value)
    await desk.here.store.write(lambda c: groups.set_encrypted(c, group.id, chosen, by=ask.person, at=now))
    await desk.here.changed()
    if chosen is Encrypted.REFUSE:
        return Answer(text="Encrypted messages are refused from now on: their text can't be judged.")
    return Answer(text="Encrypted messages are delivered from now on, although their text can't be judged.")


async def protection(desk: Desk, ask: Ask) -> Answer:
    """Switch protection on or off: in this room, or from a direct chat in all rooms of the group."""
    group = group_of(ask)
    value = _one_of(ask, ["on", "off"])
    shown = await desk.here.store.read(lambda c: rooms.of_group(c, group.id))
    meant = shown if ask.direct else [room for room in shown if room.id == ask.room]
    if value is None:
        lines = [*texts.protection(meant), f"Write on or off: {PREFIX} protect off"]
        return Answer(text="\n".join(lines))
    troubles = [await _switch(desk, ask, room, on=value == "on") for room in meant]
    known = await desk.here.store.read(lambda c: rooms.of_group(c, group.id))
    now = [room for room in known if room.id in {one.id for one in meant}]
    return Answer(text="\n".join([*texts.protection(now), *(one for one in troubles if one)]))


async def console(desk: Desk, ask: Ask) -> Answer:
    """Give an administrator a one-time link to the console."""
    group = group_of(ask)
    link = await desk.here.sign_in(group.id, ask.person)
    text = (
        f"The console of “{group.title}”: {link}\n"
        "The link is for you alone. It works once, and for a short time only."
    )
    return Answer(text=text, privately=True)


async def _put_in_force(desk: Desk, ask: Ask, group: Group, starter: str) -> Answer:
    source, name = starters.text(starter), starters.load(starter).name
    now = desk.here.clock()

    def write(connection: Connection) -> int | None:
        if policies.current(connection, group.id).source == source:
            return None
        newest = policies.history(connection, group.id)[0].version
        return rules_gone.put_in_force(
            connection, group.id, source, by=ask.person, at=now, note=f"Starter: {name}", version=newest + 1
        ).version

    version = await desk.here.store.write(write)
    if version is None:
        return Answer(text=f"The policy “{name}” is in force already.")
    await desk.here.changed()
    text = f"The policy of “{group.title}” is now “{name}” (version {version}). To read it: {PREFIX} rules"
    await desk.announce(ask, group, text)
    return Answer(text=text)


async def _switch(desk: Desk, ask: Ask, room: Room, *, on: bool) -> str:
    """Switch one room; returns what stands in the way, if anything does."""
    here, now = desk.here, desk.here.clock()

    def wanted(wish: Wish) -> Wish:
        placed = wish.placed and not on
        return msgspec.structs.replace(wish, on=on, placed=placed, lifted=False, reinvited_at=None)

    await protect.change_wish(here, room.id, wanted)
    kind = "protection.wanted" if on else "protection.unwanted"
    await here.store.write(lambda c: log.write(c, room.group, kind, by=ask.person, at=now, subject=room.id))
    try:
        if not on:
            await protect.clear(here, room.id)
        looked = await desk.watchdog.look(room.id)
    except RefusedError as refused:
        return f"“{room.title}”: the homeserver refused ({refused.code}). Do I have enough power there?"
    return looked.found.remedy if on and looked is not None else ""


def _one_of(ask: Ask, values: list[str]) -> str | None:
    """Return which of these words was written."""
    said = ask.words[0].casefold().strip("!.,") if ask.words else ""
    return said if said in values else None
