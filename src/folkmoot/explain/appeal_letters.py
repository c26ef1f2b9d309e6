"""What is written to members about their appeals."""

from collections.abc import Sequence
from typing import Literal

from folkmoot.explain.done import Done, were_undone
from folkmoot.explain.elements import beyond, given_reasons, paragraphs
from folkmoot.explain.languages import Tongue, speak
from folkmoot.explain.reasons import place
from folkmoot.explain.times import moment

Eyes = Literal["another", "same-later", "panel", "partner"]
"""Who decides: another administrator, the only one after a pause, members by lot, a partner group."""


def appeal_received(
    *,
    at: float,
    eyes: Eyes,
    not_before: float | None,
    due_at: float | None,
    group: str,
    link: str | None,
    language: str,
) -> str:
    """Confirm an appeal: who will look at it, by when, and how to add to it."""
    _ = speak(language)
    return paragraphs(
        _("Your appeal in {group} was received on {time}.").format(
            group=place(_, group, None), time=moment(at, _)
        ),
        _eyes(eyes, not_before, _),
        "" if due_at is None else _("You can expect an answer by {time}.").format(time=moment(due_at, _)),
        _("You can add something at any time: answer this message, or open the link."),
        link or "",
    )


def _eyes(eyes: Eyes, not_before: float | None, _: Tongue) -> str:
    match eyes:
        case "another":
            return _("An administrator who did not make the decision will look at it.")
        case "panel":
            return _("Members of the group who agreed to serve, drawn by lot, will look at it.")
        case "partner":
            return _("An administrator of another group, which helps this one, will look at it.")
        case "same-later":
            pass
    if not_before is None:
        return _("The group has one administrator only, who will look at it once more after a pause.")
    return _(
        "The group has one administrator only, who will look at it once more after a pause: "
        "not before {time}."
    ).format(time=moment(not_before, _))


def appeal_answered(
    granted: bool,
    undone: Sequence[Done],
    words: str,
    restored_text: bool,
    *,
    at: float,
    group: str,
    room: str | None,
    link: str | None,
    language: str,
    shared: bool = False,
) -> str:
    """Answer an appeal: what was undone, and the reasons in the words of whoever answered.

    With `restored_text` the caller puts the text of the member's removed message below, and nowhere else.
    With `shared` the decision touched others too, for whom it stands.
    """
    _ = speak(language)
    taken_back = were_undone(undone, _, place(_, group, room))
    headline = _headline(granted, shared, _).format(group=place(_, group, None), time=moment(at, _))
    return paragraphs(
        headline,
        taken_back if granted else "",
        given_reasons(words, _),
        _("The decision counts as reversed in the figures of the group.") if granted else "",
        "" if granted else beyond(_),
        link or "",
        _("This is the text of your message. If you like, you can send it again:") if restored_text else "",
    )


def _headline(granted: bool, shared: bool, _: Tongue) -> str:
    if not granted:
        return _("Your appeal in {group} was decided on {time}: it was not granted, and the decision stands.")
    if shared:
        return _(
            "Your appeal in {group} was decided on {time}: it was granted, and what was done to you is "
            "undone."
        )
    return _("Your appeal in {group} was decided on {time}: it was granted, and the decision is undone.")
