"""The whole demonstration in order: start, set up as an administrator would, play, look, sum up, stay."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from folkmoot.cli.demo import summary, witness
from folkmoot.cli.demo.books import Books
from folkmoot.cli.demo.chat import Group
from folkmoot.cli.demo.chat_server import ChatServer
from folkmoot.cli.demo.chatting import View
from folkmoot.cli.demo.deciding import PeopleDecide
from folkmoot.cli.demo.gathering import make_people, make_room, make_rooms
from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.person import Person
from folkmoot.cli.demo.play import Happening, Players, added_time, play
from folkmoot.cli.demo.ports import Ports
from folkmoot.cli.demo.scene import Place, Scene
from folkmoot.cli.demo.setting_up import protect, sign_in_link
from folkmoot.cli.demo.stage import Stage
from folkmoot.settings import Keep

_PAUSE = 0.05
_LETTERS_WITHIN = 45.0
_COMPARISON = Place(
    key="comparison", title="Comparison", topic="Not protected: to compare the time of a send", version="11"
)


class Performance:
    """One run of the demonstration; `close` ends everything that it started."""

    def __init__(self, folder: Path, ports: Ports, scene: Scene, narrator: Narrator) -> None:
        """Prepare; nothing runs yet."""
        self.scene = scene
        self.narrator = narrator
        self.stage = Stage(folder, ports)
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, str] = {}
        self._ports = ports
        self._ending = contextlib.AsyncExitStack()
        self._ending.push_async_callback(self.stage.stop)

    async def prepare(self) -> Players:
        """Start everything and set the group up, as its administrators would."""
        tell = self.narrator
        tell.heading("Setting up")
        tell.doing("Starting a real homeserver (Synapse)")
        await self.stage.start_homeserver()
        tell.doing("Starting Folkmoot: policy server, bot and console")
        await self.stage.start_product()
        tell.doing(f"Making {len(self.scene.cast.everyone)} accounts and {len(self.scene.rooms)} rooms")
        self.people = await make_people(self.scene, self.stage)
        for person in self.people.values():
            self._ending.push_async_callback(person.close)
        self.rooms = await make_rooms(self.scene, self.people)
        unprotected = await make_room(self.scene, _COMPARISON, self.people)
        await asyncio.gather(*(person.sync() for person in self.people.values()))
        tell.doing("Setting up the protection")
        books = Books(self.stage.product.database)
        self._ending.callback(books.close)
        players = Players(
            people=self.people,
            rooms=self.rooms,
            bot=self.stage.bot,
            books=books,
            unprotected=unprotected,
        )
        await protect(self.scene, players, self.stage.product.policy_account, tell)
        return players

    async def perform(self, players: Players) -> bool:
        """Play the scene and sum up; returns whether everything was as expected."""
        told: list[Happening] = []
        people = PeopleDecide(self.scene, players, self.narrator)
        await people.prepare()
        lines = sum(1 for _ in self.scene.lines())
        self.narrator.doing("Playing the scene", steps=lines)
        title = ""
        async for act, happening in play(self.scene, players, pause=_PAUSE):
            if act.title != title:
                title = act.title
                self.narrator.heading(title)
            self.narrator.line(happening)
            self.narrator.done()
            told.append(happening)
        self.narrator.doing("Asking every member's client what it saw, and who was told why")
        others = await witness.differences_seen(told, players)
        others += await witness.untold(told, players, players.bot, within=_LETTERS_WITHIN)
        await people.play()
        others += people.differs
        self.narrator.rest()
        self._sum_up(told, others, players)
        return not others and all(one.as_expected for one in told)

    async def stay(self, players: Players) -> None:
        """Serve the chat page, print the addresses to open, and wait until told to stop."""
        chat = await self.open_chat(players)
        link = await sign_in_link(players, self.scene)
        self.narrator.rest()
        self._addresses(chat, link)
        await asyncio.Event().wait()

    async def open_chat(self, players: Players) -> str:
        """Serve the chat page and return its address."""
        chat = ChatServer(self._group(players), self._ports.chat)
        self._ending.push_async_callback(chat.stop)
        await chat.start()
        return chat.url

    async def close(self) -> None:
        """Stop everything that was started, the last first; no trouble with one spares the others."""
        await self._ending.aclose()

    def _sum_up(self, told: Sequence[Happening], others: Sequence[str], players: Players) -> None:
        summary.tell(self.narrator, told, added_time(told), others)
        seen = len(players.people)
        told_why = len({one.line.who for one in told if one.answer.event is None})
        if not others:
            self.narrator.say(
                f"  All {seen} clients saw every delivered message and no stopped one. All {told_why} who "
                "were stopped got a direct message with the reason."
            )

    def _group(self, players: Players) -> Group:
        names = {person.id: name for name, person in self.people.items()} | {players.bot: "Folkmoot"}
        cast = self.scene.cast
        return Group(
            title=self.scene.title,
            rooms=self.scene.rooms,
            views={
                name: View(person, players.bot, self.rooms, names) for name, person in self.people.items()
            },
            roles=dict.fromkeys(cast.administrators, "administrator")
            | dict.fromkeys(cast.members, "member")
            | dict.fromkeys(cast.strangers, "stranger"),
            console=self.stage.product.console,
        )

    def _addresses(self, chat: str, link: str) -> None:
        member, steward = self.people[self.scene.cast.members[0]], self.scene.cast.administrators[0]
        minutes = Keep().sign_in_minutes
        self.narrator.heading("Everything keeps running. Open:")
        for what, address in (
            ("chat as a member", chat),
            ("console", link),
            ("", f"works once, for {minutes} minutes; another: write “!moot console” as {steward}"),
            ("homeserver", f"{self.stage.homeserver.url}, for Element or another client"),
            ("", f"account {member.id}, password {member.password}"),
        ):
            self.narrator.say(f"  {what:<17} {address}")
        self.narrator.say("Ctrl-C stops everything.", style="bold")
