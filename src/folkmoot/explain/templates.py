"""Short texts to begin a reason or an answer with, as a fair administrator might write them; to be edited."""

from typing import Final

from folkmoot.explain.languages import later, speak
from folkmoot.vocabulary import Category

_WHY: Final = {
    Category.SPAM: later(
        "The same or much the same was posted here many times, or it advertises something. That "
        "drowns out what the others write."
    ),
    Category.SCAM: later(
        "This looks like an attempt to get money, accounts or passwords from people under a pretence. We "
        "have to protect the members here from that."
    ),
    Category.GAMBLING: later("Invitations to gamble for money are not welcome in this group."),
    Category.SEXUAL: later(
        "Sexual content has no place in this group, because people here did not ask for it."
    ),
    Category.SEXUAL_SELLING: later("Sexual content or services must not be offered or sought in this group."),
    Category.DRUGS: later("Drugs must not be offered or sold in this group."),
    Category.VIOLENCE: later(
        "This reads as a threat, or as a call to hurt somebody. However heated a quarrel is, we do not "
        "accept that here."
    ),
    Category.HARASSMENT: later(
        "This attacks a person instead of saying what you disagree with. You are welcome to say the same "
        "in other words."
    ),
    Category.HATE: later(
        "This runs people down for what they are. You may disagree with anybody here, but not deny them "
        "respect."
    ),
    Category.SELF_HARM: later(
        "We are worried about you. Nothing is held against you. If you would like to talk, write to us; "
        "if you are in danger, please call the emergency services where you are."
    ),
    Category.PRIVACY: later(
        "This contains private details or a secret that should not be public. Taking it down protects "
        "whoever it belongs to, perhaps yourself."
    ),
    Category.OFF_TOPIC: later(
        "This does not fit what this group has agreed on. Please look at its rules again."
    ),
}


def reason_text(category: Category, language: str) -> str:
    """Return why something was restricted, for a category."""
    return speak(language)(_WHY[category])


def nothing_wrong(language: str) -> str:
    """Return why nothing was restricted after all."""
    _ = speak(language)
    return _("We looked at this and found that it breaks no rule of the group.")


def report_unfounded(language: str) -> str:
    """Return why a report was not acted on."""
    _ = speak(language)
    return _(
        "We read the message in its context and found that it breaks no rule of the group, even if one "
        "may not like it."
    )


def appeal_granted(language: str) -> str:
    """Return why an appeal is granted."""
    _ = speak(language)
    return _("You are right: the decision was a mistake. We are sorry for the trouble.")


def appeal_refused(language: str) -> str:
    """Return why an appeal is not granted."""
    _ = speak(language)
    return _(
        "We read your appeal and looked at everything once more. We still think that the rule applies here, "
        "because …"
    )
