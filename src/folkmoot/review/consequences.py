"""From what an administrator picks to what will happen: the actions, and their consequences in words."""

from enum import StrEnum

from msgspec import Struct

from folkmoot.remember.actions import Wanted
from folkmoot.review.queue import CaseFile
from folkmoot.vocabulary import ActionKind

LONGEST = 366 * 24 * 3600.0


class Pick(StrEnum):
    """What an administrator can decide about a case."""

    NOTHING = "nothing"
    """The message may stay; the report was made in good faith."""
    UNFOUNDED = "unfounded"
    """The message may stay, and there was no ground to report it."""
    REMOVE = "remove"
    WARN = "warn"
    MUTE = "mute"
    KICK = "kick"
    BAN = "ban"
    ALLOW_NEXT_TIME = "allow-next-time"
    LOCK_DOWN = "lock-down"


class PickError(ValueError):
    """This can't be decided; the message says what is missing or too much."""


class Choice(Struct, frozen=True, kw_only=True):
    """What one administrator picked, with what belongs to it."""

    picks: tuple[Pick, ...]
    lasts: float | None = None
    """Seconds, for a mute or a ban; None: a ban without end. A mute always has one."""
    messages: tuple[str, ...] = ()
    """Which messages to remove; empty: all delivered ones of the case."""


def wanted(file: CaseFile, choice: Choice, *, at: float) -> tuple[Wanted, ...]:
    """Return the actions that a choice asks for, in the order in which they are done."""
    _see(file, choice)
    until = None if choice.lasts is None else at + choice.lasts
    made: list[Wanted] = []
    if Pick.LOCK_DOWN in choice.picks:
        made.append(Wanted(kind=ActionKind.LOCK_DOWN))
    if Pick.REMOVE in choice.picks:
        for message, room, sender in file.messages():
            if not choice.messages or message in choice.messages:
                made.append(Wanted(kind=ActionKind.REMOVE, person=sender, room=room, message=message))
    for person in file.people:
        for pick in (Pick.WARN, Pick.MUTE, Pick.KICK, Pick.BAN):
            if pick in choice.picks:
                ends = until if pick in (Pick.MUTE, Pick.BAN) else None
                made.append(Wanted(kind=ActionKind(pick.value), person=person, until=ends))
    if Pick.ALLOW_NEXT_TIME in choice.picks:
        made += _allowances(file)
    return tuple(made)


def irrevocable(file: CaseFile, asked: tuple[Wanted, ...]) -> list[Wanted]:
    """Return what can't be given back: the removal of messages that we have no sealed copy of."""
    return [one for one in asked if one.kind is ActionKind.REMOVE and file.text_of(one.message) is None]


def _allowances(file: CaseFile) -> list[Wanted]:
    stopped = {(one.sender, one.mark) for one in file.verdicts if one.mark and one.done.value == "stop"}
    if not stopped:
        raise PickError("None of the messages in this case was stopped, so there is none to let through.")
    return [
        Wanted(kind=ActionKind.ALLOW_NEXT_TIME, person=person, receipt={"mark": mark})
        for person, mark in sorted(stopped)
    ]


def _see(file: CaseFile, choice: Choice) -> None:
    picks = choice.picks
    if not picks:
        raise PickError("Pick at least one thing to do, or “nothing”.")
    alone = {Pick.NOTHING, Pick.UNFOUNDED, Pick.ALLOW_NEXT_TIME} & set(picks)
    if alone and len(set(picks)) > 1:
        raise PickError(f"“{min(alone).value}” can't be combined with anything else.")
    if not file.people and {Pick.WARN, Pick.MUTE, Pick.KICK, Pick.BAN} & set(picks):
        raise PickError("Nobody knows who sent this, so there is nobody to warn, mute, kick or ban.")
    if Pick.MUTE in picks and choice.lasts is None:
        raise PickError("A mute needs an end: say for how long.")
    if Pick.MUTE in picks and Pick.BAN in picks:
        raise PickError("Who is banned can't write anyway: pick a mute or a ban.")
    if choice.lasts is not None and not 60.0 <= choice.lasts <= LONGEST:
        raise PickError("It can last from one minute to one year.")
    if Pick.UNFOUNDED in picks and not file.reports:
        raise PickError("Nobody reported this, so no report was unfounded.")
    unknown = set(choice.messages) - {message for message, _, _ in file.messages()}
    if unknown:
        raise PickError("A message to remove is not one of this case's delivered messages.")
    if Pick.REMOVE in picks and not file.messages():
        raise PickError("Nothing in this case was delivered, so there is nothing to remove.")
