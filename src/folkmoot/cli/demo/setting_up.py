"""The set-up as an administrator does it: invite the bot, give it power, answer it, and say start."""

import re
import time

from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.person import Answer, Event, Person
from folkmoot.cli.demo.play import Players
from folkmoot.cli.demo.scene import Scene
from folkmoot.cli.demo.witness import receive

_POLICY = r"^(\d)\. .*Neighbours and clubs"
_SAME = r"^(\d)\. .*same as"
_LEVEL = r"power level (\d+)\."
_PATIENCE = 60.0


class SetUpError(Exception):
    """The set-up did not come about; the message says at which step, and what the bot said last."""


async def protect(scene: Scene, players: Players, policy_account: str, tell: Narrator) -> None:
    """Let the first administrator put every room of the scene under protection, and end practice."""
    talk = Talk(players.people[scene.cast.administrators[0]], players.bot, tell)
    for number, place in enumerate(scene.rooms):
        tell.doing(f"Protecting “{place.title}”")
        await _protect_room(talk, players.rooms[place.key], _SAME if number else _POLICY)
        if policy_account not in await talk.person.joined(players.rooms[place.key]):
            raise SetUpError(f"Protection is said to be on, but {policy_account} is not in {place.title}.")
    first = players.rooms[scene.rooms[0].key]
    asked = await talk.ask(first, "!moot start", "✅")
    await talk.tap(asked, "✅", "Practice is over")


async def sign_in_link(players: Players, scene: Scene) -> str:
    """Ask the bot for a one-time link to the console, as an administrator would."""
    talk = Talk(players.people[scene.cast.administrators[0]], players.bot, None)
    said = await talk.ask(players.rooms[scene.rooms[0].key], "!moot console", "https?://")
    return _found(r"https?://\S+", said)[0]


class Talk:
    """A person's conversation with the bot, in rooms and in their direct chat."""

    def __init__(self, person: Person, bot: str, tell: Narrator | None, *, since: int | None = None) -> None:
        """Let `person` talk with `bot`, printed by `tell`.

        `since` is how many events they had seen when it began; what they hear besides is then not printed.
        """
        self.person = person
        self.bot = bot
        self._tell = tell
        self._heard = len(person.seen) if since is None else since
        self._prints_all = since is None

    async def ask(self, room: str, text: str, answer: str) -> Event:
        """Say something and return the bot's first message that fits the pattern."""
        self.print(text)
        _require_sent(await self.person.send(room, text), text)
        return await self.hear(answer)

    async def tap(self, asked: Event, key: str, answer: str) -> Event:
        """Tap a reaction below the bot's question and return its first message that fits the pattern."""
        self.print(f"taps {key}")
        _require_sent(await self.person.react(asked, key), key)
        return await self.hear(answer)

    async def hear(self, wanted: str) -> Event:
        """Return the bot's next message that fits the pattern; SetUpError if it does not come."""
        until = time.monotonic() + _PATIENCE
        last = "nothing"
        while time.monotonic() < until:
            event = self._next()
            if event is None:
                await receive(self.person, self.bot, 1.0)
                continue
            last = event.text
            fits = re.search(wanted, last, re.MULTILINE) is not None
            if self._tell and (fits or self._prints_all):
                self._tell.talk("folkmoot", last)
            if fits:
                return event
        raise SetUpError(f"The bot did not say anything like “{wanted}”. It said last: {last}")

    def print(self, text: str) -> None:
        """Show what the person says or does."""
        if self._tell:
            self._tell.talk(self.person.name, text)

    def _next(self) -> Event | None:
        """Return the bot's next message that was not looked at yet."""
        for event in self.person.seen[self._heard :]:
            self._heard += 1
            if event.sender == self.bot and event.text:
                return event
        return None


async def _protect_room(talk: Talk, room: str, wanted: str) -> None:
    talk.print(f"invites {talk.bot}")
    await talk.person.invite(room, talk.bot)
    level = int(_found(_LEVEL, await talk.hear(_LEVEL))[1])
    talk.print(f"gives it power level {level}")
    powers = await talk.person.state(room, "m.room.power_levels")
    powers["users"] = {**powers.get("users", {}), talk.bot: level}
    await talk.person.set_state(room, "m.room.power_levels", powers)
    asked = await talk.hear(wanted)
    keycap = _found(wanted, asked)[1] + "\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"
    await talk.tap(asked, keycap, "Protection is ON")


def _found(pattern: str, event: Event) -> re.Match[str]:
    found = re.search(pattern, event.text, re.MULTILINE)
    assert found is not None, "only what fits is handed on"
    return found


def _require_sent(answer: Answer, what: str) -> None:
    if answer.event is None:
        raise SetUpError(f"“{what}” could not be sent: {answer.body}")
