"""Why nothing of a muted member arrives: a decision about them stands."""

from folkmoot.explain.languages import speak
from folkmoot.explain.reasons import Statement, place
from folkmoot.explain.times import moment


def muted_statement(
    *,
    at: float,
    until: float | None,
    group: str,
    room: str,
    link: str | None,
    language: str = "en",
    answerable: bool = True,
) -> Statement:
    """Say to a muted member why a message was stopped, and until when; `link` opens the decision.

    `answerable`: whether somebody reads what the member answers to this, as our bot does.
    """
    _ = speak(language)
    where = place(_, group, room)
    if until is None:
        limit = _("You can't write in {place} until an administrator lifts this.").format(place=where)
    else:
        limit = _("You can't write in {place} until {time}.").format(place=where, time=moment(until, _))
    return Statement(
        headline=_("Your message was stopped before anyone saw it."),
        place=_("It was sent in {place} on {time}.").format(place=where, time=moment(at, _)),
        rule=limit,
        facts=(),
        found=_("It was not stopped for what it says. A decision about you stands: the link says why."),
        objection=_("You can appeal against that decision on the page of the link, or by answering me.")
        if answerable
        else _("You can appeal against that decision on the page of the link."),
        link=link,
    )
