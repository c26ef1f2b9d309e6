"""What is meant for the console among what people write, and which group it is about."""

import re

from msgspec import structs

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.console import appeal_commands, finding
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.wire import Event
from folkmoot.remember import cases, groups

_HERE = frozenset({"folkmoot here", "administrators here"})
_ALONE = frozenset({"cases", "appeals", "undo", "choose", "partner", "quiet", "reopen", "lockdown", "help"})
_FOLLOWED = frozenset(
    {
        "case", "claim", "decide", "release", "leave", "unfounded", "remove", "allow", "warn", "mute", "kick",
        "ban", "unmute", "unban", "undo", "confirm", "hold", "choose", "quiet", "partner", "help",
    }
)  # fmt: skip
_PLAIN = re.compile(r"(#?[0-9a-f]{3,}|@\S+|\d{1,2}[:\-]\S+|off|with|end|cases|[a-z]+[_-][a-z]+|ladder)\Z")
_ANSWERS = frozenset({"grant", "refuse", "appeal", "appeals", "help"})


async def meant(desk: Desk, event: Event) -> str | None:
    """Return what a message says to us although it doesn't name us; None if it isn't meant for us.

    In the administrators' room that is a command as one would write it, or a reply to what we showed there.
    """
    body = event.body.strip()
    if body.casefold().strip(".!") in _HERE:
        return "here"
    if event.room not in await desk.console.halls():
        return None
    if event.replies_to is not None and await desk.console.board.card(event.replies_to) is not None:
        return body
    words = body.casefold().split()[:2]
    if len(words) == 1 and words[0] in _ALONE:
        return body
    if len(words) == 2 and words[0] in _FOLLOWED and (_PLAIN.match(words[1]) or _has_pill(event)):
        return body
    return None


async def place(desk: Desk, ask: Ask) -> Ask:
    """Return a request with its group, where what it replies to or names says which one that is."""
    if not ask.direct:
        group = await desk.console.group_of_hall(ask.room)
        return ask if group is None else structs.replace(ask, group=group)
    shown = await finding.card(desk, ask)
    name = shown.group if shown is not None and shown.kind != kept.APPEAL else ""
    ref = finding.request(desk, ask).ref
    if not name and ref:
        for group in await desk.whose.administered(ask.person):
            if await desk.here.store.read(lambda c, group=group: cases.begins(c, group.id, ref)):  # type: ignore[misc]
                name = group.id
                break
    if not name:
        return ask
    found = await desk.here.store.read(lambda c: groups.get(c, name))
    return structs.replace(ask, group=found)


async def in_appeal(desk: Desk, ask: Ask, command: str, said: str) -> Answer | None:
    """Take a reply to an appeal that is no command as words to the member; None where it is none."""
    if ask.replied is None or command in _ANSWERS:
        return None
    return await appeal_commands.reply(desk, ask, said)


def _has_pill(event: Event) -> bool:
    return "https://matrix.to/#/" in str(event.content.get("formatted_body", ""))
