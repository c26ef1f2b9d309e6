"""People decide, through nothing but a Matrix client: a report, a decision, a mute that ends, an appeal."""

import re
import time

from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.person import Event, Person
from folkmoot.cli.demo.play import Players
from folkmoot.cli.demo.scene import Deciding, Scene
from folkmoot.cli.demo.setting_up import SetUpError, Talk
from folkmoot.cli.demo.witness import receive

_FLAG, _REMOVE, _YES = "🚩", "🗑️", "✅"
_MUTE_SECONDS = 60
_PATIENCE = 30.0


class PeopleDecide:
    """What administrators and members of the scene decide; `differs` says what was not as it should be."""

    def __init__(self, scene: Scene, players: Players, tell: Narrator) -> None:
        """Use the people who play; nothing happens yet."""
        self.script: Deciding = scene.deciding
        self.differs: list[str] = []
        self._tell = tell
        self._players = players
        self._first, self._second = (players.people[name] for name in scene.cast.administrators[:2])
        self._room = players.rooms[self.script.room]
        self._stewards = ""
        self._mute_ends = 0.0
        self._seen_by = {person.name: len(person.seen) for person in players.people.values()}

    async def prepare(self) -> None:
        """Give the administrators a room of their own, and mute somebody for a minute."""
        self._tell.heading("The administrators' own room, and a mute of one minute")
        bot, first = self._players.bot, self._first
        self._stewards = await first.create_room(
            name="Stewards", preset="private_chat", invite=[self._second.id, bot]
        )
        await self._second.join(self._stewards)
        talk = self._talk(first)
        await self._joined(bot, self._stewards)
        await talk.ask(self._stewards, "!moot here", "are shown here")
        muted = self._players.people[self.script.muted]
        said = f"!moot mute {muted.id} 1m because {self.script.mute_reason}"
        await talk.ask(self._stewards, said, "decided: .* muted")
        self._mute_ends = time.monotonic() + _MUTE_SECONDS
        heard = await self._talk(muted).hear("not write there")
        self._expect("appeal" in heard.text or "object" in heard.text, "the mute's letter says how to appeal")
        answer = await muted.send(self._room, self.script.muted_says)
        self._tell.talk(muted.name, self.script.muted_says)
        self._expect(answer.event is None, "a muted member's message is stopped")
        self._tell.talk("", f"→ {answer.body.get('error', 'delivered')}")

    async def play(self) -> None:
        """Report, decide, appeal and grant; and wait for the end of the mute."""
        self._seen_by |= {person.name: len(person.seen) for person in self._players.people.values()}
        self._tell.heading("A report, a decision, an appeal, and everything undone")
        posted = await self._post()
        await self._report(posted)
        await self._remove(posted)
        await self._appeal()
        await self._mute_is_over()

    async def _post(self) -> Event:
        author = self._players.people[self.script.author]
        self._tell.talk(author.name, self.script.says)
        answer = await author.send(self._room, self.script.says)
        self._expect(answer.event is not None, "the message that will be reported is delivered")
        return await self._seen(self._players.people[self.script.reporter], answer.event or "")

    async def _report(self, posted: Event) -> None:
        reporter = self._players.people[self.script.reporter]
        talk = self._talk(reporter)
        await talk.tap(posted, _FLAG, "Thank you|report")

    async def _remove(self, posted: Event) -> None:
        talk = self._talk(self._first)
        author = self._players.people[self.script.author]
        shown = await talk.hear(re.escape(author.id))
        letters = self._talk(author)
        self._tell.talk(self._first.name, f"taps {_REMOVE}")
        await self._first.react(shown, _REMOVE)
        letter = await letters.hear("removed")
        self._expect("http" in letter.text, "the letter about the decision has its link")
        self._expect(await self._gone(posted), "the removed message is gone from the room")

    async def _appeal(self) -> None:
        author = self._players.people[self.script.author]
        writer, judge = self._talk(author), self._talk(self._second)
        direct = next(iter(author.letters))
        await writer.ask(direct, f"appeal {self.script.appeals}", "appeal .* was received")
        shown = await judge.hear(re.escape(author.id) + r"[\s\S]*grant (\w+)")
        name = re.search(r"grant (\w+)", shown.text)
        assert name is not None, "only what fits is handed on"
        asked = await judge.ask(shown.room, f"grant {name[1]} because {self.script.answer}", _YES)
        await self._second.react(asked, _YES)
        given_back = await writer.hear(re.escape(self.script.says))
        self._expect(bool(given_back.text), "the author gets the removed text back")
        again = await author.send(self._room, self.script.says)
        self._tell.talk(author.name, self.script.says)
        self._expect(again.event is not None, "the author can post the text again")

    async def _mute_is_over(self) -> None:
        muted = self._players.people[self.script.muted]
        wait = self._mute_ends - time.monotonic()
        if wait > 0:
            self._tell.doing(f"Waiting for the mute to end ({wait:.0f} seconds more)")
        talk = self._talk(muted)
        await talk.hear("again")
        answer = await muted.send(self._room, self.script.muted_says)
        self._tell.talk(muted.name, self.script.muted_says)
        self._expect(answer.event is not None, "after the mute its member can write again")

    def _talk(self, person: Person) -> Talk:
        return Talk(person, self._players.bot, self._tell, since=self._seen_by[person.name])

    async def _joined(self, whom: str, room: str) -> None:
        until = time.monotonic() + _PATIENCE
        while whom not in await self._first.joined(room):
            if time.monotonic() > until:
                raise SetUpError("The bot does not come into the administrators' room.")
            await receive(self._first, self._players.bot, 0.3)

    async def _seen(self, person: Person, event: str) -> Event:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            for one in person.seen:
                if one.id == event:
                    return one
            await person.sync(0.5)
        raise SetUpError("A delivered message did not arrive.")

    async def _gone(self, posted: Event) -> bool:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            kept = [one for one in await self._second.messages(self._room) if one.id == posted.id]
            if kept and not kept[0].text:
                return True
        return False

    def _expect(self, true: bool, what: str) -> None:
        if not true:
            self.differs.append(f"It is not so that {what}.")
