"""Plays the scene: each line is really sent, and what became of it is noted."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from msgspec import Struct

from folkmoot.cli.demo.books import Books
from folkmoot.cli.demo.person import Answer, Person
from folkmoot.cli.demo.scene import Act, Happened, Line, Scene
from folkmoot.vocabulary import Category, Outcome


class Happening(Struct, frozen=True, kw_only=True):
    """What became of one line, and why."""

    line: Line
    answer: Answer
    happened: Happened | None
    """None where the homeserver neither delivered nor refused the message: trouble, not a verdict."""
    rule: str = ""
    category: Category | None = None
    why: str = ""
    link: str = ""
    opened_case: bool = False

    @property
    def as_expected(self) -> bool:
        """Whether it is what the scene says should happen, for the right reason."""
        if self.happened not in self.line.expected:
            return False
        return self.happened is Happened.DELIVERED or self.category is self.line.category


class Players(Struct, frozen=True, kw_only=True):
    """Who plays where."""

    people: Mapping[str, Person]
    rooms: Mapping[str, str]
    """Room ids by the scene's keys."""
    books: Books


async def play(scene: Scene, players: Players, *, pause: float) -> AsyncIterator[tuple[Act, Happening]]:
    """Say every line of the scene in order, `pause` seconds apart, and give what became of each."""
    for act in scene.acts:
        for line in act.lines:
            if not line.quickly:
                await asyncio.sleep(pause)
            yield act, await say(line, players)


async def say(line: Line, players: Players) -> Happening:
    """Say one line as a real client and find out what became of it."""
    person = players.people[line.who]
    before = await asyncio.to_thread(players.books.cases_of, person.id)
    answer = await person.send(players.rooms[line.room], line.say)
    return await asyncio.to_thread(_happening, line, answer, players.books, person.id, before)


def _happening(line: Line, answer: Answer, books: Books, sender: str, cases_before: int) -> Happening:
    if answer.event is None and answer.body.get("errcode") != "M_FORBIDDEN":
        return Happening(line=line, answer=answer, happened=None, why=str(answer.body))
    opened = books.cases_of(sender) > cases_before
    if answer.event is None:
        refusal = answer.body
        entry = books.latest_about(sender)
        return Happening(
            line=line,
            answer=answer,
            happened=Happened.STOPPED,
            rule=entry.rule if entry else "",
            category=entry.category if entry else None,
            why=str(refusal.get("error", "")),
            opened_case=opened,
        )
    entry = books.about(answer.event)
    if entry is None or entry.record.done is Outcome.ALLOW:
        return Happening(line=line, answer=answer, happened=Happened.DELIVERED)
    return Happening(
        line=line,
        answer=answer,
        happened=Happened.CASE,
        rule=entry.rule,
        category=entry.category,
        why=entry.why,
        opened_case=opened,
    )
