"""The words in which pages say what happened; English here, other languages from the catalogues."""

from msgspec import Struct

from folkmoot.remember.records import Protection, VerdictRecord
from folkmoot.vocabulary import Category, Outcome
from folkmoot.web.rendering import Translate


class Happened(Struct, frozen=True):
    """What happened to a message: a kind (for its colour and mark), a headline, and what that means."""

    kind: str
    headline: str
    meaning: str


def happened(record: VerdictRecord, _: Translate) -> Happened:
    """Return what was done about a message, in words."""
    if record.finding.failure is not None:
        return _unjudged(record, _)
    if record.outcome is Outcome.ALLOW:
        return Happened("tried", _("Delivered"), _("A rule that is only being tried out would have matched."))
    if record.done is Outcome.ALLOW:
        return Happened("practice", _("Delivered, in practice"), _would(record.outcome, _))
    words = {
        Outcome.CASE: Happened(
            "case", _("Delivered, and a case was opened"), _("An administrator should look at it.")
        ),
        Outcome.STOP: Happened("stopped", _("Stopped before delivery"), _("Nobody in the room saw it.")),
        Outcome.REMOVE: Happened(
            "stopped", _("Removed after delivery"), _("It was in the room for a short while.")
        ),
    }
    return words[record.done]


def _unjudged(record: VerdictRecord, _: Translate) -> Happened:
    if record.done is Outcome.STOP:
        return Happened(
            "unjudged",
            _("Held back without a verdict"),
            _("Folkmoot could not judge it in time, and this group is closed while that lasts."),
        )
    return Happened(
        "unjudged",
        _("Delivered without a verdict"),
        _("Folkmoot could not judge it in time, and this group stays open while that lasts."),
    )


def _would(outcome: Outcome, _: Translate) -> str:
    if outcome is Outcome.STOP:
        return _("Live, it would have been stopped before delivery.")
    if outcome is Outcome.REMOVE:
        return _("Live, it would have been removed.")
    return _("Live, a case would have been opened.")


def outcome_words(outcome: Outcome, _: Translate) -> str:
    """Return what a rule does, as a rule's page says it."""
    words = {
        Outcome.ALLOW: _("Lets the message pass"),
        Outcome.CASE: _("Opens a case for a person to decide"),
        Outcome.STOP: _("Stops the message before delivery"),
        Outcome.REMOVE: _("Removes the message"),
    }
    return words[outcome]


def category_words(category: Category, _: Translate) -> str:
    """Return a category's name for people."""
    words = {
        Category.SPAM: _("Spam and flooding"),
        Category.SCAM: _("Fraud"),
        Category.GAMBLING: _("Gambling"),
        Category.SEXUAL: _("Unwanted sexual content"),
        Category.SEXUAL_SELLING: _("Selling sexual content"),
        Category.DRUGS: _("Selling drugs"),
        Category.VIOLENCE: _("Threats and calls to violence"),
        Category.HARASSMENT: _("Harassment of a person"),
        Category.HATE: _("Hate against a protected group"),
        Category.SELF_HARM: _("Concern for somebody"),
        Category.PRIVACY: _("Private details and secrets"),
        Category.OFF_TOPIC: _("House rules"),
    }
    return words[category]


def protection_words(state: Protection, _: Translate) -> str:
    """Return whether a room is protected, in a word or two."""
    words = {
        Protection.ON: _("Protected"),
        Protection.OFF: _("Not protected"),
        Protection.STARTING: _("Being set up"),
    }
    return words[state]
