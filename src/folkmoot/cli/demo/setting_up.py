"""The set-up as an administrator does it: invite the bot, answer its question, and say start."""

import time
from collections.abc import Callable

from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.person import Event, Person
from folkmoot.cli.demo.play import Players
from folkmoot.cli.demo.scene import Place, Scene
from folkmoot.cli.demo.witness import receive

STARTER = "neighbours"
_PATIENCE = 20.0


class SetUpError(Exception):
    """The set-up did not come about; the message says at which step, and what the bot said last."""


async def protect(scene: Scene, players: Players, policy_account: str, tell: Narrator) -> None:
    """Let the first administrator put every room of the scene under protection, and end practice."""
    administrator = players.people[scene.cast.administrators[0]]
    talk = Talk(administrator, players.bot, tell)
    for number, place in enumerate(scene.rooms):
        await _protect_room(talk, place, players.rooms[place.key], policy_account, first=not number)
    room = players.rooms[scene.rooms[0].key]
    await talk.ask(room, "!moot start", lambda said: "start" in said.casefold())


async def sign_in_link(players: Players, scene: Scene) -> str:
    """Ask the bot for a one-time link to the console, as an administrator would."""
    administrator = players.people[scene.cast.administrators[0]]
    room = players.rooms[scene.rooms[0].key]
    talk = Talk(administrator, players.bot, None)
    said = await talk.ask(room, "!moot console", lambda text: "http" in text)
    return next((word for word in said.split() if word.startswith("http")), "")


class Talk:
    """A person's conversation with the bot, in any room."""

    def __init__(self, person: Person, bot: str, tell: Narrator | None) -> None:
        """Let `person` talk with `bot`, printed by `tell`."""
        self.person = person
        self.bot = bot
        self._tell = tell
        self._heard = len(person.seen)

    async def ask(self, room: str, text: str, answered: Callable[[str], bool]) -> str:
        """Say something and return the bot's first answer that fits."""
        if self._tell:
            self._tell.talk(self.person.name, text)
        answer = await self.person.send(room, text)
        if answer.event is None:
            raise SetUpError(f"“{text}” could not be sent: {answer.body}")
        return await self.hear(answered, f"an answer to “{text}”")

    async def hear(self, answered: Callable[[str], bool], what: str) -> str:
        """Return the next thing the bot says that fits; SetUpError if it does not come."""
        until = time.monotonic() + _PATIENCE
        last = "nothing"
        while time.monotonic() < until:
            for event in self._new():
                last = event.text
                if self._tell:
                    self._tell.talk("folkmoot", event.text)
                if answered(event.text):
                    return event.text
            await receive(self.person, self.bot, 1.0)
        raise SetUpError(f"The bot did not give {what}. It said last: {last}")

    def _new(self) -> list[Event]:
        new = self.person.seen[self._heard :]
        self._heard = len(self.person.seen)
        return [event for event in new if event.sender == self.bot and event.text]


async def _protect_room(talk: Talk, place: Place, room: str, policy_account: str, *, first: bool) -> None:
    administrator = talk.person
    powers = await administrator.state(room, "m.room.power_levels")
    powers["users"] = {**powers.get("users", {}), talk.bot: 50}
    await administrator.set_state(room, "m.room.power_levels", powers)
    await administrator.invite(room, talk.bot)
    await talk.hear(lambda said: "1" in said, f"its question in {place.title}")
    await talk.ask(room, f"!moot {STARTER}" if first else "!moot 1", lambda said: "on" in said.casefold())
    until = time.monotonic() + _PATIENCE
    while policy_account not in await administrator.joined(room):
        if time.monotonic() > until:
            raise SetUpError(f"{policy_account} did not join {place.title}.")
        await receive(administrator, talk.bot, 0.2)
