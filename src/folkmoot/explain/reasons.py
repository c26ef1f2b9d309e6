"""The statement of reasons: what was done to a message, why, found how, and how to object.

Its elements follow article 17 of the European Digital Services Act, as a standard of care.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from folkmoot.decide.rules import Policy
from folkmoot.explain.findings import finding
from folkmoot.explain.languages import Tongue, speak
from folkmoot.explain.times import moment
from folkmoot.vocabulary import Category, Outcome, Signal

UNREADABLE = "encrypted"
"""Why a message was not judged: nobody but its receivers can read it."""


class Reason(Struct, frozen=True, kw_only=True):
    """The rule that decided, in the words the group reads."""

    rule: str
    sentence: str
    category: Category


class Statement(Struct, frozen=True, kw_only=True):
    """A statement of reasons, one sentence or short paragraph for each element it owes the member."""

    headline: str
    """What was done."""
    place: str
    """Where and when."""
    rule: str
    """Which rule of the group, and what behaviour it is about."""
    facts: tuple[str, ...]
    """Why the rule applies: the words of whoever decided, and what was found, one sentence a finding."""
    found: str
    """Whether it began with a report, whether a machine found it and whether a machine decided it."""
    objection: str
    """How to appeal."""
    link: str | None
    """The page that shows this again, for as long as an appeal is open."""

    def first_line(self) -> str:
        """Return what a chat program may show where there is room for one line only."""
        return f"{self.headline} {self.rule}"

    def text(self) -> str:
        """Return the whole statement as plain text, one element a paragraph."""
        parts = [self.headline, self.place, self.rule, *self.facts, self.found, self.objection]
        if self.link:
            parts.append(self.link)
        return "\n\n".join(part for part in parts if part)


def reason_of(policy: Policy | None, rules: Sequence[str | None]) -> Reason | None:
    """Return the rule that decided, the first of `rules`, in words; None where no rule of the policy did."""
    found = policy.rule(rules[0]) if policy is not None and rules and rules[0] else None
    if found is None:
        return None
    return Reason(rule=found.id, sentence=found.sentence, category=found.category)


def behaviour(category: Category, _: Tongue | None = None) -> str:
    """Return what a category is about, in words that fit after “It is about”."""
    _ = _ or speak("en")
    words = {
        Category.SPAM: _("spam or flooding"),
        Category.SCAM: _("fraud"),
        Category.GAMBLING: _("illegal or pressured gambling"),
        Category.SEXUAL: _("unwanted sexual content"),
        Category.SEXUAL_SELLING: _("selling sexual content"),
        Category.DRUGS: _("selling drugs"),
        Category.VIOLENCE: _("threats or calls to violence"),
        Category.HARASSMENT: _("harassment of a person"),
        Category.HATE: _("hate against a group of people"),
        Category.SELF_HARM: _("worry that somebody may be in danger"),
        Category.PRIVACY: _("private matters of a person, or secrets"),
        Category.OFF_TOPIC: _("a house rule of this group"),
    }
    return words[category]


def statement(
    done: Outcome,
    reason: Reason | None,
    signals: Iterable[Signal],
    *,
    at: float,
    group: str,
    room: str,
    link: str | None,
    failure: str | None = None,
    language: str = "en",
    answerable: bool = True,
) -> Statement:
    """Say to a member what was done to their message and why; `group` and `room` are titles.

    `answerable`: whether somebody reads what the member answers to this, as our bot does.
    """
    _ = speak(language)
    return Statement(
        headline=_headline(done, _),
        place=_("It was sent in {place} on {time}.").format(place=place(_, group, room), time=moment(at, _)),
        rule=_unjudged(failure, _) if failure is not None else rule_words(reason, _),
        facts=facts(reason, signals, _),
        found=_found(done, failure, _),
        objection=_objection(_, answerable) if done in (Outcome.STOP, Outcome.REMOVE) else "",
        link=link,
    )


def place(_: Tongue, group: str, room: str | None) -> str:
    """Return where something was or holds: the room and its group, or the group alone."""
    if room and room != group:
        return _("{room} ({group})").format(room=_isolated(room, _), group=_isolated(group, _))
    return _isolated(group, _)


def rule_words(reason: Reason | None, _: Tongue, category: Category | None = None) -> str:
    """Say which rule of the group it was: the group's own sentence, or a starter's as it is translated."""
    if reason is not None:
        return _("The group's rule: {sentence} It is about {behaviour}.").format(
            sentence=sentence(reason.sentence, _), behaviour=behaviour(reason.category, _)
        )
    return "" if category is None else _("It is about {behaviour}.").format(behaviour=behaviour(category, _))


def sentence(written: str, _: Tongue) -> str:
    """Return a rule's sentence: translated where it is a starter's, else in the group's own words."""
    return (_(written) or written) if written else ""


def facts(reason: Reason | None, signals: Iterable[Signal], _: Tongue) -> tuple[str, ...]:
    """Return what was found for the rule that decided, a sentence a finding."""
    wanted = None if reason is None else reason.rule
    found = [finding(signal.sentence, _) for signal in signals if signal.rule in (wanted, None)]
    return tuple(dict.fromkeys(found))


def _isolated(name: str, _: Tongue) -> str:
    """A name that may run the other way than the text around it, kept from turning it about."""
    return f"\u2068{name}\u2069" if _.direction == "rtl" else name


def _headline(done: Outcome, _: Tongue) -> str:
    words = {
        Outcome.STOP: _("Your message was stopped before anyone saw it."),
        Outcome.REMOVE: _("Your message was removed."),
        Outcome.CASE: _("Your message was delivered. An administrator will look at it."),
        Outcome.ALLOW: _("Your message was delivered."),
    }
    return words[done]


def _objection(_: Tongue, answerable: bool) -> str:
    if not answerable:
        return _(
            "If you think this is wrong, open the link below. A person will look at it. You can do so for "
            "six months."
        )
    return _(
        "If you think this is wrong, answer this message or write to an administrator of the group. "
        "A person will look at it. You can do so for six months."
    )


def _unjudged(failure: str, _: Tongue) -> str:
    if failure == UNREADABLE:
        return _(
            "This group does not accept encrypted messages, because its rules cannot be applied to them."
        )
    return _("It could not be judged in time, and this group chose to stop messages then. Please try again.")


def _found(done: Outcome, failure: str | None, _: Tongue) -> str:
    if failure == UNREADABLE:
        return _("A machine decided it, because the message was encrypted, not because of what you wrote.")
    if failure is not None:
        return _("A machine did this because of a fault of ours, not because of what you wrote.")
    if done is Outcome.CASE:
        return _("The group's own automatic rules found it. A person will decide; nothing was done to you.")
    return _("The group's own automatic rules found it and decided it. Nobody reported you.")
