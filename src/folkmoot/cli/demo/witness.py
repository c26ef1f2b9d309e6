"""Checks with the other members' own clients what was seen, and that the stopped were told why."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from folkmoot.cli.demo.person import Person
from folkmoot.cli.demo.play import Happening, Players
from folkmoot.cli.demo.scene import Happened


async def differences_seen(told: Sequence[Happening], players: Players) -> list[str]:
    """Return what somebody saw though it was stopped, or did not see though it was delivered."""
    await asyncio.gather(*(person.sync() for person in players.people.values()))
    delivered = [one for one in told if one.answer.event is not None]
    allowed = Counter((players.rooms[one.line.room], _id(one, players), one.line.say) for one in delivered)
    stopped = {
        (players.rooms[one.line.room], _id(one, players), one.line.say): one
        for one in told
        if one.happened is Happened.STOPPED
    }
    found: list[str] = []
    for person in players.people.values():
        seen = {event.id for event in person.seen}
        found += [
            f"{person.name} did not see {_short(one)}" for one in delivered if one.answer.event not in seen
        ]
        texts = Counter((event.room, event.sender, event.text) for event in person.seen)
        found += [
            f"{person.name} saw {_short(one)}, which was stopped"
            for key, one in stopped.items()
            if texts[key] > allowed[key]
        ]
    return found


async def untold(told: Iterable[Happening], players: Players, bot: str, *, within: float) -> list[str]:
    """Return who was stopped and got no direct message with the reason, after waiting `within` seconds."""
    links: dict[str, list[str]] = {}
    for one in told:
        if one.happened is Happened.STOPPED:
            links.setdefault(one.line.who, []).append(one.link)
    until = time.monotonic() + within
    waiting = set(links)
    while waiting and time.monotonic() < until:
        await asyncio.gather(*(receive(players.people[name], bot) for name in waiting))
        waiting = {
            name
            for name in waiting
            if not any(links[name][0] in text for text in letters(players.people[name], bot))
        }
    return [f"{name} was stopped and got no direct message with the reason" for name in sorted(waiting)]


async def receive(person: Person, bot: str, wait: float = 0.3) -> None:
    """Receive what is new; open the direct message to which the bot invited, as a client would."""
    await person.sync(wait)
    for room in [room for room, inviter in person.invited.items() if inviter == bot]:
        await person.join(room)
        person.letters.add(room)
        await person.sync()


def letters(person: Person, bot: str) -> list[str]:
    """Return what the bot told somebody in direct messages, oldest first."""
    return [
        event.text
        for event in person.seen
        if event.room in person.letters and event.sender == bot and event.text
    ]


def _id(one: Happening, players: Players) -> str:
    return players.people[one.line.who].id


def _short(one: Happening) -> str:
    return f"“{one.line.say[:40]}” by {one.line.who}"
