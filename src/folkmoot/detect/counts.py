"""Copies, floods, mentions and media: what can be counted without reading."""

from bisect import bisect_right
from fnmatch import fnmatchcase
from typing import Final

from folkmoot.detect.triggers import Copies, Find, Floods, Media, Mentions
from folkmoot.text.prints import person
from folkmoot.vocabulary import Context, Message, Trace


def floods(message: Message, context: Context, trigger: Floods, within: float) -> Find | None:
    """Too many messages of this sender in this room in too short a time."""
    if message.sender is None or len(context.recent) + 1 < trigger.count:
        return None
    # They are in order: how many are younger than that is found without looking at each.
    count = 1 + len(context.recent) - bisect_right(context.recent, context.now - within)
    if count < trigger.count:
        return None
    return Find(
        name="flood", strength=1.0, sentence=f"{count} messages of this member came within {trigger.within}."
    )


def _counts(trace: Trace, message: Message, trigger: Copies) -> bool:
    if trigger.senders in ("same", "different") and (trace.sender == message.sender) != (
        trigger.senders == "same"
    ):
        return False
    return trigger.rooms == "any" or (trace.room == message.room) == (trigger.rooms == "same")


def copies(message: Message, context: Context, trigger: Copies, within: float) -> Find | None:
    """The same or nearly the same text too often."""
    if message.sender is None or len(context.copies) + 1 < trigger.count:
        return None
    since = context.now - within
    same = [trace for trace in context.copies if trace.at > since and _counts(trace, message, trigger)]
    senders = {trace.sender for trace in same}
    if trigger.senders == "several" and (message.sender not in senders or len(senders) < 2):
        return None
    count = 1 + (len(senders) if trigger.senders == "different" else len(same))
    if count < trigger.count:
        return None
    rooms = len({trace.room for trace in same} | {message.room})
    where = f" in {rooms} rooms" if rooms > 1 else ""
    who = f" by {len(senders | {message.sender})} members" if senders - {message.sender} else ""
    sentence = f"The same text came {len(same) + 1} times within {trigger.within}{where}{who}."
    return Find(name="copies", strength=1.0, sentence=sentence)


def mentions(message: Message, context: Context, trigger: Mentions, within: float) -> Find | None:
    """Too many people called at once or one after the other, or the whole room."""
    if trigger.room and message.mentions_room:
        return Find(name="mentions.room", strength=1.0, sentence="It calls everybody in the room.")
    if trigger.within is not None:
        return _storm(message, context, trigger, within)
    if trigger.count is not None and len(message.mentions) >= trigger.count:
        sentence = f"It calls {len(message.mentions)} members at once."
        return Find(name="mentions", strength=1.0, sentence=sentence)
    return None


def _storm(message: Message, context: Context, trigger: Mentions, within: float) -> Find | None:
    """Many different people called by several messages of one sender."""
    if trigger.count is None or not message.mentions:
        return None
    since = context.now - within
    called = {call.person for call in context.calls if call.at > since}
    called.update(map(person, message.mentions))
    if len(called) < trigger.count:
        return None
    sentence = f"This member called {len(called)} different members within {trigger.within}."
    return Find(name="mentions", strength=1.0, sentence=sentence)


_KINDS: Final = {
    "image/*": "a picture",
    "video/*": "a video",
    "audio/*": "a recording",
    "application/pdf": "a PDF document",
    "application/zip": "a packed archive",
}


def media(message: Message, trigger: Media) -> Find | None:
    """An attachment of a kind that the rule names."""
    for wanted in trigger.types:
        if any(fnmatchcase(kind.lower(), wanted.lower()) for kind in message.media):
            kind = _KINDS.get(wanted, f"an attachment of the type {wanted}")
            return Find(name="media", strength=1.0, sentence=f"It carries {kind}.")
    return None
