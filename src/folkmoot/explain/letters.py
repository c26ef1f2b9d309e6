"""What is written to members about decisions, and by name everything else that is written to them."""

from collections.abc import Iterable, Sequence

from folkmoot.explain.appeal_letters import appeal_answered, appeal_received
from folkmoot.explain.done import RESTRICTIONS, Done, was_done, were_undone
from folkmoot.explain.elements import DecidedBy, FoundBy, given_reasons, how_found, objection, paragraphs
from folkmoot.explain.languages import speak
from folkmoot.explain.reasons import Reason, Statement, facts, place, rule_words
from folkmoot.explain.report_letters import report_answered, report_limited, report_received, report_warned
from folkmoot.explain.times import moment
from folkmoot.vocabulary import Category, Signal

__all__ = [
    "Done",
    "appeal_answered",
    "appeal_received",
    "ban_ended",
    "decision_letter",
    "decision_undone",
    "mute_ended",
    "report_answered",
    "report_limited",
    "report_received",
    "report_warned",
]


def decision_letter(
    done: Sequence[Done],
    *,
    rule: Reason | None,
    reason_text: str,
    found_by: FoundBy,
    decided_by: DecidedBy,
    at: float,
    until: float | None,
    group: str,
    room: str | None,
    link: str | None,
    language: str,
    category: Category | None = None,
    signals: Iterable[Signal] = (),
    messages: int = 1,
    answerable: bool = True,
) -> Statement:
    """Say to a member what was decided about them and why.

    `until` is when the mute or the ban ends (None: it has no end), or until when a message may be sent again.
    `group` and `room` are titles; `room` is None where it holds in all rooms of the group. `reason_text` is
    in the words of whoever decided. `category` is told where no rule names one. `messages` were removed.
    `answerable`: whether somebody reads what the member answers to this, as our bot does.
    """
    _ = speak(language)
    kinds = tuple(dict.fromkeys(done)) or (Done.NOTHING,)
    restricted = not RESTRICTIONS.isdisjoint(kinds)
    where = place(_, group, room)
    return Statement(
        headline=" ".join(was_done(one, _, where, until, messages) for one in kinds),
        place=_("This was decided on {time}. It concerns {place}.").format(time=moment(at, _), place=where),
        rule=rule_words(rule, _, category),
        facts=tuple(text for text in (reason_text.strip(), *facts(rule, signals, _)) if text),
        found=how_found(found_by, decided_by, _),
        objection=objection(decided_by, _, answerable=answerable) if restricted else "",
        link=link,
    )


def decision_undone(
    undone: Sequence[Done],
    words: str,
    *,
    at: float,
    group: str,
    room: str | None,
    link: str | None,
    language: str,
) -> str:
    """Say that an administrator took a decision back without an appeal."""
    _ = speak(language)
    where = place(_, group, room)
    return paragraphs(
        _("An administrator of {group} took back a decision about you on {time}.").format(
            group=place(_, group, None), time=moment(at, _)
        ),
        were_undone(undone, _, where),
        given_reasons(words, _),
        link or "",
    )


def mute_ended(*, group: str, room: str | None, language: str) -> str:
    """Say that a mute has run out."""
    _ = speak(language)
    return _("You can write in {place} again: the time for which you could only read is over.").format(
        place=place(_, group, room)
    )


def ban_ended(*, group: str, room: str | None, link: str | None, language: str) -> str:
    """Say that a ban has run out; `link` leads into the room where there is such a link."""
    _ = speak(language)
    said = _("Your ban from {place} is over: you may come back.").format(place=place(_, group, room))
    return paragraphs(said, link or "")
