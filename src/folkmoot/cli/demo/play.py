"""Plays the scene: each line is really sent, and what became of it is noted."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

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
    """The receipt of a refusal."""
    opened_case: bool = False
    unprotected: float | None = None
    """Seconds that the same message took in a room without protection, where that was tried."""

    @property
    def as_expected(self) -> bool:
        """Whether it is what the scene says should happen, for the right reason."""
        if self.happened not in self.line.expected:
            return False
        if self.line.opens_case and not self.opened_case:
            return False
        return self.happened is Happened.DELIVERED or self.category is self.line.category


class Players(Struct, frozen=True, kw_only=True):
    """Who plays where."""

    people: Mapping[str, Person]
    rooms: Mapping[str, str]
    """Room ids by the scene's keys."""
    bot: str
    books: Books
    unprotected: str | None = None
    """A room with the same members and no protection, to compare the time of a send with."""


class AddedTime(Struct, frozen=True, kw_only=True):
    """Median seconds of a send without and with protection, over so many pairs."""

    without: float
    protected: float
    pairs: int


async def play(scene: Scene, players: Players, *, pause: float) -> AsyncIterator[tuple[Act, Happening]]:
    """Say every line of the scene in order, `pause` seconds apart, and give what became of each."""
    number = 0
    for act in scene.acts:
        for line in act.lines:
            number += 1
            if not line.quickly:
                await asyncio.sleep(pause)
            yield act, await say(line, players, unprotected_first=bool(number % 2))


async def say(line: Line, players: Players, *, unprotected_first: bool = False) -> Happening:
    """Say one line as a real client and find out what became of it."""
    person = players.people[line.who]
    compare = players.unprotected is not None and line.expected == (Happened.DELIVERED,)
    seconds: float | None = None
    if compare and unprotected_first:
        seconds = (await person.send(players.unprotected or "", line.say)).seconds
    before = await asyncio.to_thread(players.books.cases_about, person.id)
    answer = await person.send(players.rooms[line.room], line.say)
    if compare and not unprotected_first:
        seconds = (await person.send(players.unprotected or "", line.say)).seconds
    return await asyncio.to_thread(_happening, line, answer, players.books, person.id, before, seconds)


def added_time(told: Sequence[Happening]) -> AddedTime | None:
    """Return how sends compare that were tried with and without protection; None where none was."""
    pairs = [(one.answer.seconds, one.unprotected) for one in told if one.answer.event and one.unprotected]
    if not pairs:
        return None
    protected, without = zip(*pairs, strict=True)
    return AddedTime(without=median(without), protected=median(protected), pairs=len(pairs))


def _happening(
    line: Line, answer: Answer, books: Books, sender: str, cases_before: int, unprotected: float | None
) -> Happening:
    told = Happening(line=line, answer=answer, happened=None, unprotected=unprotected)
    opened = books.cases_about(sender) > cases_before
    if answer.event is None:
        if answer.body.get("errcode") != "M_FORBIDDEN":
            return replace(told, why=str(answer.body))
        return replace(
            told,
            happened=Happened.STOPPED,
            rule=str(answer.body.get("org.folkmoot.rule", "")),
            category=_category(answer.body.get("org.folkmoot.category")),
            why=str(answer.body.get("error", "")),
            link=str(answer.body.get("org.folkmoot.link", "")),
            opened_case=opened,
        )
    entry = books.about(answer.event)
    if entry is None or entry.record.done is Outcome.ALLOW:
        return replace(told, happened=Happened.DELIVERED)
    return replace(
        told,
        happened=Happened.CASE,
        rule=entry.rule,
        category=entry.category,
        why=entry.why,
        opened_case=opened,
    )


def _category(name: object) -> Category | None:
    return Category(name) if isinstance(name, str) and name in tuple(Category) else None
