"""Whether each trigger of a policy can fire, and fires on what it seems to."""

from collections.abc import Iterator
from typing import Final

from folkmoot.decide.durations import seconds
from folkmoot.decide.expert_firing import expert_troubles
from folkmoot.decide.phrases import named
from folkmoot.decide.places import Path
from folkmoot.decide.rules import Policy
from folkmoot.decide.shape import Trouble, nearest
from folkmoot.detect.hosts import LIST_NAME, until
from folkmoot.detect.places import NAMES
from folkmoot.detect.triggers import (
    Copies,
    Expert,
    Floods,
    Image,
    Links,
    Media,
    Mentions,
    Model,
    Pattern,
    Secrets,
    Together,
    Trigger,
    Words,
)
from folkmoot.detect.words import pattern

MOST_REMEMBERED: Final = 64
"""How many earlier messages and copies a context holds at most."""

MOST_CALLED: Final = 200
"""How many people that a sender called can be counted; a little more is remembered."""

LONGEST_PHRASE: Final = 200


def trigger_troubles(policy: Policy, trigger: Trigger, path: Path) -> Iterator[Trouble]:
    """A trigger says everything it needs to fire."""
    for number, phrase in enumerate(trigger.unless):
        yield from phrase_troubles(policy, phrase, (*path, "unless", number))
    if isinstance(trigger, Words):
        yield from _phrases(policy, trigger.any, (*path, "any"))
    elif isinstance(trigger, Together):
        yield from _together(policy, trigger, path)
    elif isinstance(trigger, Copies | Floods):
        yield from _counts(trigger.count, trigger.within, path)
    elif isinstance(trigger, Image):
        yield from _image(trigger, path)
    elif isinstance(trigger, Pattern | Expert):
        yield from expert_troubles(trigger, path)
    elif not isinstance(trigger, Secrets | Model):
        yield from _other(policy, trigger, path)


def _phrases(policy: Policy, phrases: tuple[str, ...], path: Path) -> Iterator[Trouble]:
    if not phrases:
        yield Trouble(
            path, "The list is empty: the trigger can never fire.", "Add a phrase, or remove the trigger."
        )
    for number, phrase in enumerate(phrases):
        if path[-1] == "any" and phrase in NAMES:
            remedy = "Use the kind “links” for links, or “together” for a price or a contact beside words."
            yield Trouble((*path, number), f"“{phrase}” has no meaning on its own.", remedy)
        else:
            yield from phrase_troubles(policy, phrase, (*path, number))


def _together(policy: Policy, trigger: Together, path: Path) -> Iterator[Trouble]:
    if len(trigger.each) < 2 or len(trigger.each) > 6:
        yield Trouble((*path, "each"), f"It joins {len(trigger.each)} lists.", "Write from two to six lists.")
    for number, phrases in enumerate(trigger.each):
        yield from _phrases(policy, phrases, (*path, "each", number))
    if trigger.each and all(named(phrases, policy.lists) for phrases in trigger.each):
        remedy = "Let at least one list be of words only."
        yield Trouble(
            (*path, "each"), "It would fire on prices, links and contacts alone.", remedy, warning=True
        )
    if not 1 <= trigger.within <= 200:
        yield Trouble(
            (*path, "within"), f"{trigger.within} words is no useful distance.", "Write from 1 to 200."
        )


def duration_troubles(written: str, path: Path) -> Iterator[Trouble]:
    """A length of time can be understood."""
    if seconds(written) is None:
        remedy = (
            'Write a number and a unit, at most 30 days: "30 seconds", "10 minutes", "24 hours", "7 days".'
        )
        yield Trouble(path, f"“{written}” is not a length of time.", remedy)


def _counts(count: int, within: str, path: Path) -> Iterator[Trouble]:
    yield from duration_troubles(within, (*path, "within"))
    if count < 2:
        yield Trouble(
            (*path, "count"), f"A count of {count} would fire on every message.", "Write 2 or more."
        )
    if count > MOST_REMEMBERED:
        remedy = f"Write at most {MOST_REMEMBERED}: no more is remembered."
        yield Trouble((*path, "count"), f"It can never fire: {count} are never counted.", remedy)


def _image(trigger: Image, path: Path) -> Iterator[Trouble]:
    if trigger.what != "nudity" and trigger.at_least != "likely":
        remedy = 'Remove at_least: it is for what = "nudity" only.'
        problem = "Only a model is more or less sure."
        yield Trouble((*path, "at_least"), problem, remedy, warning=True)


def _other(policy: Policy, trigger: Links | Mentions | Media, path: Path) -> Iterator[Trouble]:
    if isinstance(trigger, Links) and not (
        trigger.what or trigger.hosts or trigger.host_lists or trigger.well_known
    ):
        yield Trouble(
            path,
            "The trigger can never fire: it names no link.",
            'Add what = ["any"] or hosts = ["example.org"].',
        )
    if isinstance(trigger, Links):
        yield from _hosts(policy, trigger, path)
        yield from _lists(trigger, path)
    if isinstance(trigger, Mentions) and trigger.within is not None:
        yield from _storm(trigger, trigger.within, path)
    if isinstance(trigger, Mentions) and trigger.count is None and not trigger.room:
        yield Trouble(path, "The trigger can never fire.", "Add count = 10 or room = true.")
    if isinstance(trigger, Mentions) and trigger.count is not None and trigger.count < 1:
        yield Trouble((*path, "count"), "It would fire on every message.", "Write 1 or more.")
    if isinstance(trigger, Media) and not trigger.types:
        yield Trouble(
            (*path, "types"), "The trigger can never fire: it names no type.", 'Write types = ["video/*"].'
        )


def _storm(trigger: Mentions, within: str, path: Path) -> Iterator[Trouble]:
    yield from duration_troubles(within, (*path, "within"))
    if trigger.count is None:
        remedy = "Add count = 20, or remove within."
        yield Trouble((*path, "within"), "There is no count for it.", remedy)
    elif trigger.count > MOST_CALLED:
        remedy = f"Write at most {MOST_CALLED}: no more is remembered."
        yield Trouble((*path, "count"), f"It can never fire: {trigger.count} are never counted.", remedy)


def _hosts(policy: Policy, trigger: Links, path: Path) -> Iterator[Trouble]:
    for key in ("hosts", "except_hosts", "well_known"):
        for number, host in enumerate(getattr(trigger, key)):
            place: Path = (*path, key, number)
            if host.startswith("@") and key != "well_known":
                yield from phrase_troubles(policy, host, place)
                for at, one in enumerate(policy.lists.get(host[1:], ())):
                    yield from _host(one, ("lists", host[1:], at))
            else:
                yield from _host(host, place)


def _lists(trigger: Links, path: Path) -> Iterator[Trouble]:
    for number, name in enumerate(trigger.host_lists):
        if not LIST_NAME.fullmatch(name):
            remedy = "Write its name as `folkmoot hosts list` shows it: small letters, digits and dashes."
            if name.startswith("@"):
                remedy = f'For a list under [lists] write hosts = ["{name}"].'
            yield Trouble((*path, "host_lists", number), f"“{name}” is no name of a list.", remedy)


def _host(written: str, place: Path) -> Iterator[Trouble]:
    if not _is_host(written):
        remedy = "Write it like this: example.org, or example.org until 2026-12-24"
        yield Trouble(place, f"“{written}” is no host.", remedy)


def _is_host(written: str) -> bool:
    try:
        host, _ = until(written)
    except ValueError:
        return False
    return host == host.lower() and "." in host and not {*"/: "} & {*host}


def phrase_troubles(policy: Policy, phrase: str, path: Path) -> Iterator[Trouble]:
    """A phrase can be found, and names nothing that is not there."""
    if phrase.startswith("@"):
        if phrase[1:] not in policy.lists:
            remedy = nearest(phrase[1:], [*policy.lists]) if policy.lists else "Add it under [lists]."
            yield Trouble(path, f"There is no list “{phrase[1:]}”.", remedy)
    elif phrase.startswith("<") and phrase.endswith(">"):
        if phrase not in NAMES:
            yield Trouble(path, f"There is no “{phrase}”.", nearest(phrase, [*NAMES]))
    elif len(phrase) > LONGEST_PHRASE:
        yield Trouble(path, f"The phrase has {len(phrase)} characters.", f"Write at most {LONGEST_PHRASE}.")
    elif "*" in phrase.removeprefix("=").strip("*"):
        yield Trouble(
            path, "A star stands inside the phrase.", "Put it at the beginning or the end of a word: stem*"
        )
    elif not pattern(phrase).strip():
        yield Trouble(
            path, "Nothing of this phrase can be looked for.", "Write a word: letters, digits or an emoji."
        )
    elif phrase.endswith("*") and len(pattern(phrase).decode().strip()) < 3:
        yield Trouble(path, f"“{phrase}” fits very many words.", "Write more of the word.", warning=True)
