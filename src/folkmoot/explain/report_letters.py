"""What is written to members about their reports."""

from folkmoot.explain.elements import beyond, given_reasons, paragraphs
from folkmoot.explain.languages import speak
from folkmoot.explain.reasons import place
from folkmoot.explain.times import moment


def report_received(*, at: float, group: str, room: str | None, language: str) -> str:
    """Confirm a report, and say that the reporter is named to nobody."""
    _ = speak(language)
    return paragraphs(
        _("Thank you. Your report about a message in {place} was received on {time}.").format(
            place=place(_, group, room), time=moment(at, _)
        ),
        _(
            "The administrators of the group look at it and decide. They see that it came from you; the "
            "member whom it is about is not told. You will hear here what came of it."
        ),
    )


def report_answered(
    acted: bool, words: str = "", *, at: float, group: str, room: str | None, link: str | None, language: str
) -> str:
    """Tell the reporter the outcome; `words` are reasons meant for the reporter, `link` is for an appeal."""
    _ = speak(language)
    where, time = place(_, group, room), moment(at, _)
    if acted:
        said = _(
            "The administrators looked at your report about a message in {place} and acted on it on {time}. "
            "What exactly was done stays between them and the member. Thank you for your help."
        )
        return paragraphs(said.format(place=where, time=time), given_reasons(words, _))
    said = _(
        "The administrators looked at your report about a message in {place} and decided on {time} not to "
        "act on it. Thank you for writing all the same."
    )
    return paragraphs(
        said.format(place=where, time=time),
        given_reasons(words, _),
        _(
            "If you think this is wrong, you can appeal: answer this message, or open the link below. "
            "Somebody else than the person who decided will look at it. It costs nothing, and you can do so "
            "for six months."
        ),
        beyond(_),
        link or "",
    )


def report_warned(*, group: str, language: str) -> str:
    """Warn a member whose reports were unfounded several times, before anything is limited."""
    _ = speak(language)
    return paragraphs(
        _("Several of your reports in {group} turned out to be unfounded.").format(
            group=place(_, group, None)
        ),
        _(
            "Please report only what you believe breaks a rule of the group. An honest mistake is no harm; "
            "but if this goes on, your reports will not be accepted for some time."
        ),
    )


def report_limited(until: float, *, group: str, language: str) -> str:
    """Say that reports of a member are not accepted until some time, and why."""
    _ = speak(language)
    return paragraphs(
        _("Your reports in {group} are not accepted until {time}.").format(
            group=place(_, group, None), time=moment(until, _)
        ),
        _("Several of them were unfounded, also after a warning. Nothing else follows for you from this."),
        _(
            "If somebody is in danger, write to an administrator of the group directly, or call the "
            "emergency services."
        ),
    )
