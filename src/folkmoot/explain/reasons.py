"""The statement of reasons: what was done to a message, why, found how, and how to object.

Its elements follow article 17 of the European Digital Services Act, as a standard of care.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from folkmoot.vocabulary import Category, Outcome, Signal

_HEADLINES = {
    Outcome.STOP: "Your message was stopped before anyone saw it.",
    Outcome.REMOVE: "Your message was removed.",
    Outcome.CASE: "Your message was delivered. An administrator will look at it.",
    Outcome.ALLOW: "Your message was delivered.",
}

_BEHAVIOURS = {
    Category.SPAM: "spam or flooding",
    Category.SCAM: "fraud",
    Category.GAMBLING: "illegal or pressured gambling",
    Category.SEXUAL: "unwanted sexual content",
    Category.SEXUAL_SELLING: "selling sexual content",
    Category.DRUGS: "selling drugs",
    Category.VIOLENCE: "threats or calls to violence",
    Category.HARASSMENT: "harassment of a person",
    Category.HATE: "hate against a group of people",
    Category.SELF_HARM: "worry that somebody may be in danger",
    Category.PRIVACY: "private matters of a person, or secrets",
    Category.OFF_TOPIC: "a house rule of this group",
}

_OBJECTION = (
    "If you think this is wrong, answer this message or write to an administrator of the group. "
    "A person will look at it. You can do so for six months."
)

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
    """What in the message led there, one sentence a finding."""
    found: str
    """Whether a machine found it and whether a machine decided it."""
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


def behaviour(category: Category) -> str:
    """Return what a category is about, in words."""
    return _BEHAVIOURS[category]


def moment(at: float) -> str:
    """Return a time as a reader anywhere understands it."""
    return datetime.fromtimestamp(at, UTC).strftime("%-d %B %Y, %H:%M UTC")


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
) -> Statement:
    """Say to a member what was done to their message and why; `group` and `room` are titles."""
    where = f"in {room} ({group})" if room and room != group else f"in {group}"
    return Statement(
        headline=_HEADLINES[done],
        place=f"It was sent {where} on {moment(at)}.",
        rule=_rule(reason, failure),
        facts=_facts(reason, signals),
        found=_found(done, failure),
        objection=_OBJECTION if done in (Outcome.STOP, Outcome.REMOVE) else "",
        link=link,
    )


def _rule(reason: Reason | None, failure: str | None) -> str:
    if failure == UNREADABLE:
        return "This group does not accept encrypted messages, because its rules cannot be applied to them."
    if failure is not None:
        return "It could not be judged in time, and this group chose to stop messages then. Please try again."
    if reason is None:
        return ""
    return f"The group's rule: {reason.sentence} It is about {behaviour(reason.category)}."


def _facts(reason: Reason | None, signals: Iterable[Signal]) -> tuple[str, ...]:
    wanted = None if reason is None else reason.rule
    sentences = [signal.sentence for signal in signals if signal.rule in (wanted, None)]
    return tuple(dict.fromkeys(sentences))


def _found(done: Outcome, failure: str | None) -> str:
    if failure == UNREADABLE:
        return "A machine decided it, because the message was encrypted, not because of what you wrote."
    if failure is not None:
        return "A machine did this because of a fault of ours, not because of what you wrote."
    if done is Outcome.CASE:
        return "The group's own automatic rules found it. A person will decide; nothing was done to you."
    return "The group's own automatic rules found it and decided it. Nobody reported you."
