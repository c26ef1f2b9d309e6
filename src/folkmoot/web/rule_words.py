"""What exactly sets a rule off, and what it lets pass, in sentences."""

from collections.abc import Iterator, Mapping

from folkmoot.decide.phrases import named
from folkmoot.decide.rules import Rule, Scope
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
    is_a_model,
)
from folkmoot.vocabulary import Category
from folkmoot.web.rendering import Translate
from folkmoot.web.words import category_words

Lists = Mapping[str, tuple[str, ...]]


def details(rule: Rule, lists: Lists, _: Translate) -> Iterator[str]:
    """Return a sentence for each trigger, limit and exception of a rule."""
    for trigger in rule.when:
        sentence = _trigger(trigger, lists, _)
        if trigger.unsure or is_a_model(trigger):
            sentence += " " + _("By itself this opens a case at most.")
        yield sentence
    yield from _scope(rule.scope, _)
    yield from _exceptions(rule, _)


def written(trigger: Trigger) -> Iterator[str]:
    """Return the phrases of a trigger as the policy writes them."""
    if isinstance(trigger, Words):
        yield from trigger.any
    elif isinstance(trigger, Together):
        for each in trigger.each:
            yield from each


def _trigger(trigger: Trigger, lists: Lists, _: Translate) -> str:
    match trigger:
        case Words():
            return _("Looks for any of the words below, also when they are disguised.")
        case Together():
            return _together(trigger, lists, _)
        case Links():
            return _links(trigger, _)
        case Mentions():
            return _mentions(trigger, _)
        case Media():
            return _("Looks at attachments: {types}.").format(types=", ".join(trigger.types))
        case Secrets():
            return _("Looks for keys and tokens that let whoever reads them act as somebody else.")
        case Model():
            return _model(trigger, _)
        case Pattern() | Expert() | Image():
            return _seldom(trigger, _)
        case Copies() | Floods():
            return _counted(trigger, _)


def _model(trigger: Model, _: Translate) -> str:
    category = category_words(Category(trigger.head), _)
    if trigger.at_least == "likely":
        return _("Asks a model whether this is likely: {category}.").format(category=category)
    return _("Asks a model whether this is very likely: {category}.").format(category=category)


def _seldom(trigger: Pattern | Expert | Image, _: Translate) -> str:
    if isinstance(trigger, Image):
        return _image(trigger, _)
    if isinstance(trigger, Pattern):
        return _("Looks for text of this form: {forms}.").format(forms=" · ".join(trigger.any))
    return _("Asks what is known about a message: {condition}.").format(condition=trigger.cel)


def _image(trigger: Image, _: Translate) -> str:
    if trigger.what == "known":
        return _("Looks for pictures that are on the group’s own list, or nearly the same as one.")
    if trigger.what == "unreadable":
        return _("Looks for pictures that cannot be looked at: damaged, far too large, or something else.")
    if trigger.at_least == "likely":
        return _("Asks a model whether a picture is likely to show nudity.")
    return _("Asks a model whether a picture is very likely to show nudity.")


def _together(trigger: Together, lists: Lists, _: Translate) -> str:
    sentence = _(
        "Looks for one word from each of {lists} lists, with at most {words} words in between."
    ).format(lists=len(trigger.each), words=trigger.within)
    places = [name.strip("<>") for one in trigger.each for name in named(one, lists)]
    if not places:
        return sentence
    return (
        sentence + " " + _("In place of a word this counts too: {places}.").format(places=", ".join(places))
    )


def _links(trigger: Links, _: Translate) -> str:
    kinds = {
        "any": _("any link"),
        "shortener": _("shortened links"),
        "invite": _("invitations"),
        "lookalike": _("addresses that look like another’s"),
        "mixed-script": _("addresses that mix alphabets"),
        "number": _("addresses made of numbers"),
        "hidden": _("links that hide where they lead"),
    }
    alike = _("addresses that look like {host}")
    what = [
        *(kinds[kind] for kind in trigger.what),
        *trigger.hosts,
        *(f"“{name}”" for name in trigger.host_lists),
        *(alike.format(host=host) for host in trigger.well_known),
    ]
    sentence = _("Looks at links: {what}.").format(what=", ".join(what))
    if trigger.except_hosts:
        sentence += " " + _("Not to {hosts}.").format(hosts=", ".join(trigger.except_hosts))
    return sentence


def _mentions(trigger: Mentions, _: Translate) -> str:
    parts = []
    if trigger.count is not None and trigger.within is not None:
        counts = _("Counts the different people that one member calls: {count} or more within {within}.")
        parts.append(counts.format(count=trigger.count, within=trigger.within))
    elif trigger.count is not None:
        parts.append(_("Counts the people a message calls: {count} or more.").format(count=trigger.count))
    if trigger.room:
        parts.append(_("Looks for a call to the whole room."))
    return " ".join(parts)


def _counted(trigger: Copies | Floods, _: Translate) -> str:
    if isinstance(trigger, Floods):
        return _("Counts messages of one member in a room: {count} within {within}.").format(
            count=trigger.count, within=trigger.within
        )
    senders = {
        "same": _("by one member"),
        "different": _("by different members"),
        "several": _("by several members of whom this one repeats it"),
        "any": _("by anybody"),
    }
    rooms = {"same": _("in one room"), "different": _("in different rooms"), "any": _("in all rooms")}
    return _("Counts nearly the same text, {senders}, {rooms}: {count} times within {within}.").format(
        senders=senders[trigger.senders],
        rooms=rooms[trigger.rooms],
        count=trigger.count,
        within=trigger.within,
    )


def _scope(scope: Scope, _: Translate) -> Iterator[str]:
    if scope.rooms:
        yield _("Holds in these rooms only: {rooms}.").format(rooms=", ".join(scope.rooms))
    if scope.newcomers is not None:
        if scope.newcomers.joined_within is not None:
            yield _("Holds for who joined within {time}.").format(time=scope.newcomers.joined_within)
        if scope.newcomers.fewer_messages_than is not None:
            yield _("Holds for who sent fewer than {count} messages.").format(
                count=scope.newcomers.fewer_messages_than
            )


def _exceptions(rule: Rule, _: Translate) -> Iterator[str]:
    exceptions = rule.exceptions
    exempt = []
    if exceptions.administrators:
        exempt.append(_("administrators"))
    if exceptions.bots:
        exempt.append(_("bots"))
    if exempt:
        yield _("Exempt: {who}.").format(who=", ".join(exempt))
    if exceptions.members:
        yield _("Single members who are exempt: {count}.").format(count=len(exceptions.members))
    if exceptions.rooms:
        yield _("Does not hold in: {rooms}.").format(rooms=", ".join(exceptions.rooms))
    if exceptions.quoted:
        yield _("Words that somebody quotes do not count.")
