"""Points in time and lengths of time, as they are written in a language."""

import re
from datetime import UTC, datetime
from typing import Final

from folkmoot.explain.languages import Tongue, speak

_WITHIN: Final = re.compile(r"(\d{1,4}) ?(second|minute|hour|day|week)s?")


def moment(at: float, _: Tongue | None = None) -> str:
    """Return a time as a reader anywhere understands it."""
    _ = _ or speak("en")
    then = datetime.fromtimestamp(at, UTC)
    month = _months(_)[then.month - 1]
    # Translators: a date and a time; the name of the month comes from the list of months.
    return _("{day} {month} {year}, {time} UTC").format(
        day=then.day, month=month, year=then.year, time=then.strftime("%H:%M")
    )


def within(written: str, _: Tongue) -> str:
    """Return a length of time as a rule writes it (`10 minutes`), as it stands after “within”."""
    match = _WITHIN.fullmatch(written.strip().lower())
    if not match:
        return written
    number = int(match[1])
    forms = {
        "second": _.npgettext("within", "{number} second", "{number} seconds", number),
        "minute": _.npgettext("within", "{number} minute", "{number} minutes", number),
        "hour": _.npgettext("within", "{number} hour", "{number} hours", number),
        "day": _.npgettext("within", "{number} day", "{number} days", number),
        "week": _.npgettext("within", "{number} week", "{number} weeks", number),
    }
    return forms[match[2]].format(number=number)


def _months(_: Tongue) -> tuple[str, ...]:
    return (
        _.pgettext("in a date", "January"),
        _.pgettext("in a date", "February"),
        _.pgettext("in a date", "March"),
        _.pgettext("in a date", "April"),
        _.pgettext("in a date", "May"),
        _.pgettext("in a date", "June"),
        _.pgettext("in a date", "July"),
        _.pgettext("in a date", "August"),
        _.pgettext("in a date", "September"),
        _.pgettext("in a date", "October"),
        _.pgettext("in a date", "November"),
        _.pgettext("in a date", "December"),
    )
