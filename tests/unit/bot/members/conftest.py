"""A group that has started, in which people report, decide and appeal."""

import pytest

from folkmoot.remember import actions, appeals, cases, decisions, groups, outbox
from folkmoot.remember.deciding import Appeal, Decision, Report, Source
from folkmoot.remember.records import Case
from folkmoot.remember.store import Store
from folkmoot.review import appealing, deciding, reporting
from folkmoot.review.consequences import Choice, Pick
from folkmoot.review.permissions import Actor, Part
from folkmoot.review.reporting import About
from tests.unit.bot.conftest import ADA, BO, Scene

__all__ = ["CY", "DI", "Village"]

CY, DI = "@cy:twin", "@di:twin"
"""Plain members."""


class Village:
    """A protected room out of practice, with BO, CY and DI in it."""

    def __init__(self, scene: Scene, room: str) -> None:
        """Keep the scene and its room."""
        self.scene = scene
        self.server = scene.server
        self.store = scene.store
        self.room = room
        self.group = scene.group(room).id

    def actor(self, person: str, part: Part = Part.MEMBER) -> Actor:
        """Return a person of the group."""
        return Actor(person=person, part=part, group=self.group)

    def report(self, reporter: str, message: str, text: str, *, about: str = BO) -> Report:
        """Take a report in as the API does."""
        what = About(person=about, room=self.room, message=message, text=text)
        now, by = self.scene.clock(), self.actor(reporter)
        return self.store.write_now(
            lambda c: reporting.receive(
                c, self.store.seals, self.group, what, by=by, source=Source.API, at=now
            )
        ).report

    def case(self, about: str = BO) -> Case:
        """Return the open case about a member."""
        found = self.store.read_now(lambda c: cases.open_about(c, self.group, about))
        assert found is not None
        return found

    def decide(
        self, *picks: Pick, about: str = BO, by: str = ADA, lasts: float | None = None, reason: str = ""
    ) -> Decision:
        """Decide the open case about a member."""
        case, now = self.case(about), self.scene.clock()
        choice, actor = Choice(picks=picks, lasts=lasts), self.actor(by, Part.ADMINISTRATOR)
        return self.store.write_now(
            lambda c: deciding.decide(
                c, self.store.seals, case.id, case.version, choice, by=actor, at=now, reason=reason
            )
        )

    def appeal(self, decision: str, person: str, words: str) -> Appeal:
        """Appeal as through the link."""
        by, now = self.actor(person, Part.HOLDER), self.scene.clock()
        return self.store.write_now(
            lambda c: appealing.appeal(c, self.store.seals, decision, by=by, words=words, at=now)
        )

    def appeal_against(self, subject: str, person: str = BO) -> Appeal | None:
        """Return a member's appeal against a decision or a verdict."""
        return self.store.read_now(lambda c: appeals.against(c, subject, person))

    def words(self, key: str) -> list[str | None]:
        """Return what is sealed under a key."""
        return [one.text for one in self.store.read_now(lambda c: self.store.seals.words(c, key))]

    def decision(self, name: str) -> Decision:
        """Return a decision."""
        found = self.store.read_now(lambda c: decisions.get(c, name))
        assert found is not None
        return found

    def letter(self, kind: str, **body: str) -> None:
        """Ask for a letter, as another part of the program does."""
        now = self.scene.clock()
        self.store.write_now(lambda c: outbox.put(c, self.group, kind, body, at=now))

    def action(self, decision: Decision) -> str:
        """Return the id of a decision's first action."""
        return self.store.read_now(lambda c: actions.of_decision(c, decision.id))[0].id

    async def told(self, person: str, words: str) -> str:
        """Wait until the bot told a person something, and return the whole message."""
        await self.scene.until(lambda: any(words in text for text in self.scene.told(person)))
        return next(text for text in self.scene.told(person) if words in text)


@pytest.fixture
async def village(scene: Scene, store: Store) -> Village:
    """A group that has started."""
    room = await scene.protected_room()
    for person in (CY, DI):
        scene.server.member(room, person, person, "join")
    group = scene.group(room).id
    store.write_now(lambda c: groups.start(c, group, by=ADA, at=scene.clock()))
    return Village(scene, room)
