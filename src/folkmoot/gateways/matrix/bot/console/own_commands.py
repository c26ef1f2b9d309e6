"""What administrators settle for themselves and their group: the room, quiet hours, partners, holds."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import structs

from folkmoot.explain.times import moment
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.console import deeds, finding, placing
from folkmoot.gateways.matrix.bot.console.case_commands import actor
from folkmoot.gateways.matrix.bot.sight import tidy
from folkmoot.gateways.matrix.bot.wire import text_of
from folkmoot.remember import preferences, rooms
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.records import Group
from folkmoot.review import choosing
from folkmoot.review.permissions import Actor, Part

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d{2}))?\Z")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_PUBLIC = (
    "Anybody can enter or read this room, so cases can't be shown here. Use a room that one is invited to."
)


async def here(desk: Desk, ask: Ask) -> Answer:
    """Make this room the one in which cases are shown."""
    group = await _group_for(desk, ask)
    if isinstance(group, Answer):
        return group
    if ask.direct:
        return Answer(text="Invite me to a room of all administrators, and write there: !moot here")
    known = await desk.here.store.read(lambda c: rooms.get(c, ask.room))
    if known is not None and known.removed_at is None:
        return Answer(text="Members write in this room. Cases are shown in a room of administrators alone.")
    if await _is_open(desk, ask.room):
        return Answer(text=_PUBLIC)
    by = Actor(person=ask.person, part=Part.ADMINISTRATOR, group=group.id)
    now = desk.here.clock()
    await desk.here.store.write(lambda c: choosing.choose(c, "administrators_room", ask.room, by=by, at=now))
    desk.console.look_again()
    await desk.setup.left(ask.room)
    return Answer(text=await _settled(desk, ask, group))


async def quiet(desk: Desk, ask: Ask) -> Answer:
    """Set the hours in which this person is not written to."""
    group, now = group_of(ask), desk.here.clock()
    known = await desk.here.store.read(lambda c: preferences.get(c, group.id, ask.person))
    said = " ".join(ask.words).strip()
    if not said:
        return Answer(
            text=f"{_quiet(known)} To change it, write: quiet 22:00-07:00 Europe/Berlin, or quiet off"
        )
    if said.casefold() in ("off", "no", "never"):
        wish = structs.replace(known, quiet_from=None, quiet_to=None)
    else:
        found = _hours(said, known.zone)
        if isinstance(found, str):
            return Answer(text=found)
        wish = structs.replace(known, quiet_from=found[0], quiet_to=found[1], zone=found[2])
    await desk.here.store.write(lambda c: preferences.put(c, group.id, ask.person, wish, at=now))
    return Answer(text=_quiet(wish))


async def partner(desk: Desk, ask: Ask) -> Answer:
    """Agree with another group that its administrators answer appeals here, or end that."""
    group, by, now = group_of(ask), actor(ask), desk.here.clock()
    word, name = (ask.words[0].casefold(), ask.words[1]) if len(ask.words) > 1 else ("", "")
    try:
        if word in ("with", "add"):
            both = await desk.here.store.write(lambda c: choosing.agree(c, name, by=by, at=now))
            text = "Agreed." if both else "Agreed on your side. The other group has to agree too:"
            return Answer(text=text if both else f"{text} partner with {group.id}")
        if word in ("end", "without", "remove"):
            ended = await desk.here.store.write(lambda c: choosing.part(c, name, by=by, at=now))
            return Answer(text="Ended." if ended else "There was no such agreement.")
    except UnknownGroupError:
        return Answer(
            text=f"There is no group {name[:40]} here. Its administrators find its id with: partner"
        )
    return Answer(text=await desk.here.store.read(lambda c: placing.partners_in_words(c, group)))


async def hold(desk: Desk, ask: Ask) -> Answer:
    """Keep the words of a case longer, until a day, with a reason."""
    now, by = desk.here.clock(), actor(ask)
    until = next((at for word in ask.words if (at := _day(word)) is not None), None)
    if until is None:
        return Answer(text="Until which day? For instance: hold 3f2a until 2027-01-31 because …")
    words = tuple(word for word in ask.words if _day(word) is None and word.casefold() != "until")
    asked = finding.request(desk, structs.replace(ask, words=words))
    found = await finding.case(desk, ask, asked)
    if isinstance(found, Answer):
        return found
    case, day = found.id, until
    try:
        await desk.here.store.write(
            lambda c: choosing.hold(c, case, until=day, reason=asked.reason, by=by, at=now)
        )
    except deeds.ERRORS as trouble:
        return Answer(text=deeds.words(trouble))
    return Answer(
        text=f"The words of {finding.short(found)} are kept until {moment(until)}. It is in the log."
    )


async def _group_for(desk: Desk, ask: Ask) -> Group | Answer:
    """The group whose administrators' room this is to be: the speaker's own, or the one that they name."""
    theirs = await desk.whose.administered(ask.person)
    if not theirs:
        return Answer(text="Only an administrator of a group that I protect can say that.")
    last = ask.words[-1] if len(ask.words) > 1 and ask.words[-2].casefold() == "in" else ""
    if len(theirs) == 1:
        return theirs[0]
    if last.isascii() and last.isdigit() and 1 <= int(last) <= len(theirs):
        return theirs[int(last) - 1]
    shown = "\n".join(f"{number}. {group.title}" for number, group in enumerate(theirs, 1))
    return Answer(text=f"Of which group?\n{shown}\nWrite for example: !moot here in 1")


async def _settled(desk: Desk, ask: Ask, group: Group) -> str:
    """Say that it is done, and who else sees cases here now."""
    wire = desk.here.wire
    present = [one for one in await wire.joined(ask.room) if one != desk.here.account]
    strangers = [one for one in present if not await desk.whose.administers(group.id, one)]
    text = f"Done: the cases of “{group.title}” are shown here from now on. To see what I can do: help"
    if not strangers:
        return text
    shown = ", ".join(strangers[:5]) + (" and others" if len(strangers) > 5 else "")
    number = "1 person here is no administrator" if len(strangers) == 1 else (
        f"{len(strangers)} people here are no administrators"
    )  # fmt: skip
    return f"{text}\nBeware: {number} of the group, and will see every case: {shown}."


async def _is_open(desk: Desk, room: str) -> bool:
    wire = desk.here.wire
    rules, history = (
        await wire.state(room, "m.room.join_rules"),
        await wire.state(room, "m.room.history_visibility"),
    )
    joining = text_of(rules.content.get("join_rule")) if rules else "invite"
    seen = text_of(history.content.get("history_visibility")) if history else "shared"
    return joining == "public" or seen == "world_readable"


def _hours(said: str, zone: str) -> tuple[int, int, str] | str:
    *most, last = said.split()
    named = last if "/" in last or last.upper() == "UTC" else ""
    found = _HOURS.match(" ".join(most) if named else said)
    if found is None:
        return "I read hours such as: quiet 22:00-07:00 Europe/Berlin"
    start = int(found[1]) * 60 + int(found[2] or 0)
    end = int(found[3]) * 60 + int(found[4] or 0)
    if max(start, end) > 24 * 60 or max(int(found[2] or 0), int(found[4] or 0)) > 59:
        return "A day has 24 hours: quiet 22:00-07:00 Europe/Berlin"
    try:
        ZoneInfo(named or zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"I know no time zone “{tidy(named)}”. They are named after cities, such as Europe/Berlin."
    return start % 1440, end % 1440, named or zone


def _quiet(wish: preferences.Preference) -> str:
    if wish.quiet_from is None or wish.quiet_to is None:
        return "I write to you at any hour."
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (wish.quiet_from, wish.quiet_to))
    return f"I don't write to you alone between {start} and {end} ({wish.zone})."


def _day(word: str) -> float | None:
    found = _DAY.match(word.strip(".,"))
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC).timestamp()
    except ValueError:
        return None
