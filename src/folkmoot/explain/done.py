"""What a decision did to a member, and what an undo took back, in words."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from folkmoot.explain.languages import Tongue
from folkmoot.explain.times import moment


class Done(StrEnum):
    """What a decision did to a member, by the same names as the actions."""

    STOP = "stop"
    REMOVE = "remove"
    WARN = "warn"
    MUTE = "mute"
    KICK = "kick"
    BAN = "ban"
    ALLOW_NEXT_TIME = "allow-next-time"
    NOTHING = "nothing"


RESTRICTIONS: Final = frozenset({Done.STOP, Done.REMOVE, Done.WARN, Done.MUTE, Done.KICK, Done.BAN})
"""What takes something from a member, who is owed reasons and an appeal."""


def was_done(one: Done, _: Tongue, where: str, until: float | None, messages: int) -> str:
    """Say to a member what was done; `until` is its end where it has one."""
    match one:
        case Done.STOP:
            return _("Your message was stopped before anyone saw it.")
        case Done.REMOVE:
            return _removed(messages, _)
        case Done.WARN:
            return _("This is a warning. Nothing else follows from it.")
        case Done.KICK:
            return _("You were taken out of {place}. This is not a ban: you may come back.").format(
                place=where
            )
        case Done.NOTHING:
            return _("Nothing was done to you or to your message.")
        case Done.MUTE | Done.BAN | Done.ALLOW_NEXT_TIME:
            return _lasting(one, _, where, until)


def _removed(messages: int, _: Tongue) -> str:
    if messages == 1:
        return _("Your message was removed.")
    return _.ngettext(
        "{number} message of yours was removed.", "{number} messages of yours were removed.", messages
    ).format(number=messages)


def _lasting(one: Done, _: Tongue, where: str, until: float | None) -> str:
    ends = None if until is None else moment(until, _)
    if one is Done.ALLOW_NEXT_TIME:
        if ends is None:
            return _("You may send the same message once more; it will be let through.")
        return _("You may send the same message once more until {time}; it will be let through.").format(
            time=ends
        )
    if one is Done.MUTE:
        if ends is None:
            return _("You can read {place}, but not write there until an administrator lifts this.").format(
                place=where
            )
        return _("You can read {place}, but not write there until {time}.").format(place=where, time=ends)
    if ends is None:
        return _("You are banned from {place}; this has no end date.").format(place=where)
    return _("You are banned from {place} until {time}.").format(place=where, time=ends)


def were_undone(undone: Iterable[Done], _: Tongue, where: str) -> str:
    """Say to a member that what was done is taken back."""
    return " ".join(filter(None, (_was_undone(one, _, where) for one in dict.fromkeys(undone))))


def _was_undone(one: Done, _: Tongue, where: str) -> str:
    match one:
        case Done.STOP:
            return _("The stopping of your message is taken back: it should have been delivered.")
        case Done.REMOVE:
            return _("The removal of your message is taken back: it should have stayed.")
        case Done.WARN:
            return _("The warning is withdrawn and does not count any more.")
        case Done.MUTE:
            return _("You can write in {place} again.").format(place=where)
        case Done.KICK:
            return _("You are invited to come back to {place}.").format(place=where)
        case Done.BAN:
            return _("You are no longer banned from {place} and may come back.").format(place=where)
        case Done.ALLOW_NEXT_TIME:
            return _("The rules hold again for the message that you could send once more.")
        case Done.NOTHING:
            return ""
