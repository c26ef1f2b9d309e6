"""The words in which pages say what happened; English here, other languages from the catalogues."""

from msgspec import Struct

from folkmoot.remember.records import LogEntry, Protection, VerdictRecord
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


def log_words(entry: LogEntry, _: Translate) -> str:
    """Return what a line of the log says was done."""
    sentence = _log_sentences(_).get(entry.kind, entry.kind)
    return sentence.format_map(_Missing({**entry.body, "subject": entry.subject}))


class _Missing(dict[str, str]):
    """What an older line does not say stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _log_sentences(_: Translate) -> dict[str, str]:
    return {
        "administrator.added": _("{subject} became an administrator."),
        "administrator.gone": _("{subject} is no administrator any more."),
        "group.created": _("Made the group."),
        "group.encrypted": _("Chose what happens to encrypted messages: {encrypted}."),
        "group.on_failure": _("Chose what happens while Folkmoot can’t judge: {on_failure}."),
        "group.practice": _("Went back to practice."),
        "group.started": _("Ended practice: verdicts take effect."),
        "objection": _("Objected to a verdict."),
        "policy.changed": _("Put version {subject} of the rules in force."),
        "protection.off": _("Protection is off: {reason}"),
        "protection.on": _("Protection is on. {reason}"),
        "protection.starting": _("Protection is being set up: {reason}"),
        "protection.unwanted": _("Switched protection of a room off."),
        "protection.wanted": _("Switched protection of a room on."),
        "room.added": _("Put the room “{title}” into the group."),
        "room.removed": _("Took a room out of the group."),
        "token.api": _("Made a key for the HTTP API: {label}."),
        "token.api.ended": _("Ended a key for the HTTP API."),
        "token.session": _("Signed in to the console."),
        "token.session.ended": _("Signed out of the console."),
        "token.sign-in": _("Got a link to sign in to the console."),
        "token.sign-in.ended": _("A sign-in link was ended."),
    }
