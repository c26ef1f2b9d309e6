"""Sentences that letters to members have in common."""

from typing import Literal

from folkmoot.explain.languages import Tongue

FoundBy = Literal["report", "rule", "both", "person"]
"""Whether it began with a report, the group's own automatic rules, both, or what an administrator noticed."""
DecidedBy = Literal["person", "rule"]


def how_found(found_by: FoundBy, decided_by: DecidedBy, _: Tongue) -> str:
    """Say whether it began with a report and whether a machine found and decided it; never who reported."""
    began = {
        "report": _(
            "It began with a report by somebody in the group. Who reported is told to nobody but the "
            "administrators."
        ),
        "rule": _("The group's own automatic rules found it. Nobody reported you."),
        "person": _("An administrator noticed it. Nobody reported you."),
        "both": _(
            "The group's own automatic rules found it, and somebody in the group reported it too. "
            "Who reported is told to nobody but the administrators."
        ),
    }
    decided = {
        "person": _("A person decided, not a machine."),
        "rule": _("An automatic rule decided; no person has looked at it yet."),
    }
    return f"{began[found_by]} {decided[decided_by]}"


def objection(decided_by: DecidedBy, _: Tongue, *, answerable: bool = True) -> str:
    """Say how to appeal, in the group and beyond; by an answer only where somebody reads it."""
    who = (
        _("A person will look at it, and not a machine alone.")
        if decided_by == "rule"
        else _("Somebody else than the person who decided will look at it.")
    )
    how = (
        _(
            "If you think this is wrong, you can appeal: answer this message, or open the link below, which "
            "also works after a ban and without an account."
        )
        if answerable
        else _(
            "If you think this is wrong, you can appeal: open the link below, which also works after a ban "
            "and without an account."
        )
    )
    terms = _("It costs nothing, you get an answer with reasons, and you can do so for six months.")
    return f"{how} {who} {terms} {beyond(_)}"


def beyond(_: Tongue) -> str:
    """Say that the group's answer is not the only way."""
    return _("Whatever else the law where you live lets you do stays open to you.")


def given_reasons(words: str, _: Tongue) -> str:
    """Say why, in the words of whoever decided; nothing where there are none."""
    return _("The reasons: {words}").format(words=words.strip()) if words.strip() else ""


def paragraphs(*parts: str) -> str:
    """Return a letter of those of its paragraphs that there are."""
    return "\n\n".join(part for part in parts if part)
