"""A group that has started, with two administrators, a room of theirs, and members who misbehave."""

import time

import pytest

from folkmoot.decide.rules import Rule
from folkmoot.gateways.matrix.bot.sight import MEMBER
from folkmoot.gateways.matrix.bot.wire import Event, part_of, text_of
from folkmoot.remember import actions, cases, decisions, groups, outbox, sanctions, verdicts
from folkmoot.remember.deciding import Action, Decision, Sanction, Source
from folkmoot.remember.records import Case, Judged, VerdictRecord
from folkmoot.review import reporting
from folkmoot.review.permissions import Actor, Part
from folkmoot.review.reporting import About
from folkmoot.vocabulary import Category, Outcome, Signal, Span, Verdict
from tests.unit.bot.conftest import ADA, BO, BOT, RULE, Scene

__all__ = ["CY", "DI", "Hall"]

CY, DI = "@cy:twin", "@di:twin"
"""A second administrator, and a plain member."""


class Hall:
    """The administrators' room, and the room that they look after."""

    def __init__(self, scene: Scene, room: str, hall: str) -> None:
        """Keep both rooms."""
        self.scene, self.server, self.store = scene, scene.server, scene.store
        self.room, self.hall = room, hall
        self.group = scene.group(room).id

    def actor(self, person: str, part: Part = Part.ADMINISTRATOR) -> Actor:
        """Return a person of the group."""
        return Actor(person=person, part=part, group=self.group)

    def reported(
        self, about: str = BO, *, by: str = DI, text: str = "buy my watch", category: Category | None = None
    ) -> Case:
        """Let a member write something, and another report it; returns the case."""
        message = self.server.say(self.room, about, text)
        what = About(person=about, room=self.room, message=message, text=text)
        now, reporter = self.scene.clock(), self.actor(by, Part.MEMBER)
        self.store.write_now(
            lambda c: reporting.receive(
                c, self.store.seals, self.group, what,
                by=reporter, source=Source.REPLY, at=now, category=category,
            )
        )  # fmt: skip
        return self.case(about)

    def stopped(
        self, about: str = BO, *, text: str = "send money to my uncle", rule: Rule = RULE
    ) -> VerdictRecord:
        """Let a rule stop a message so that a person has to look, with what matched."""
        signal = Signal(
            name="words",
            category=rule.category,
            strength=1.0,
            spans=(Span(5, 10),),
            sentence="It has a word that the rule names.",
            rule=rule.id,
        )
        name = f"$s{time.monotonic_ns()}"
        verdict = Verdict(
            message=name, outcome=Outcome.STOP, policy="neighbours@1", rules=(rule.id,), signals=(signal,)
        )
        was = Judged(
            message=name, group=self.group, room=self.room, sender=about, at=self.scene.clock(),
            done=Outcome.STOP,
        )  # fmt: skip
        seals = self.store.seals
        ask = verdicts.Ask(was, verdict, 1, 1, 0.0, text, seals.mark(self.group, about, text))
        (answer,) = self.store.write_now(lambda c: verdicts.record(c, [ask], seals))
        assert answer.kept is not None
        return answer.kept

    def case(self, about: str = BO) -> Case:
        """Return the open case about a member."""
        found = self.store.read_now(lambda c: cases.open_about(c, self.group, about))
        assert found is not None
        return found

    def again(self, case: Case) -> Case:
        """Return a case as it is now."""
        found = self.store.read_now(lambda c: cases.get(c, case.id))
        assert found is not None
        return found

    def decisions(self, about: str = BO) -> list[Decision]:
        """Return what was decided about a member, newest first."""
        return self.store.read_now(lambda c: decisions.latest(c, self.group, person=about))

    def actions(self, decision: Decision) -> list[Action]:
        """Return what a decision asked for."""
        return self.store.read_now(lambda c: actions.of_decision(c, decision.id))

    def standing(self, about: str = BO) -> list[Sanction]:
        """Return what restricts a member now."""
        return self.store.read_now(lambda c: sanctions.standing(c, self.group, person=about))

    def cards(self, room: str = "") -> list[Event]:
        """Return the messages about cases in a room, as they were sent first."""
        found = self.server.rooms[room or self.hall].timeline
        return [one for one in found if one.sender == BOT and "Case " in one.body and not one.is_edit]

    def now(self, event: str, room: str = "") -> str:
        """Return what a message says after all its edits."""
        found = self.server.rooms[room or self.hall].timeline
        said = next(one.body for one in found if one.id == event)
        for one in found:
            if one.is_edit and part_of(one.content, "m.relates_to").get("event_id") == event:
                said = text_of(part_of(one.content, "m.new_content").get("body"))
        return said

    def edits(self, event: str, room: str = "") -> list[Event]:
        """Return what changed a message."""
        found = self.server.rooms[room or self.hall].timeline
        return [
            one
            for one in found
            if one.is_edit and part_of(one.content, "m.relates_to").get("event_id") == event
        ]

    def taps(self, event: str, room: str = "") -> set[str]:
        """Return which reactions the bot put below a message."""
        found = self.server.rooms[room or self.hall].timeline
        return {
            text_of(part_of(one.content, "m.relates_to").get("key"))
            for one in found
            if one.kind == "m.reaction"
            and one.sender == BOT
            and part_of(one.content, "m.relates_to").get("event_id") == event
        }

    async def shown(self, case: Case) -> str:
        """Wait until a case is shown with its reactions, and return the message's event."""
        short = f"Case {case.id[:4]} "
        await self.scene.until(lambda: any(short in one.body for one in self.cards()))
        event = next(one.id for one in self.cards() if short in one.body)
        await self.scene.until(lambda: bool(self.taps(event)))
        return event

    async def tap(self, event: str, key: str, by: str = ADA, room: str = "") -> str:
        """React to a message."""
        return self.server.react(room or self.hall, by, event, key)

    async def says(self, event: str, words: str, room: str = "") -> str:
        """Wait until a message says something, and return the whole of it."""
        await self.scene.until(lambda: words in self.now(event, room))
        return self.now(event, room)

    async def said(self, words: str, room: str = "") -> Event:
        """Wait until the bot said something in a room."""

        def find() -> list[Event]:
            found = self.server.rooms[room or self.hall].timeline
            return [one for one in found if one.sender == BOT and words in one.body]

        await self.scene.until(lambda: bool(find()))
        return find()[-1]

    async def asks(self, text: str, by: str = ADA, room: str = "", *, reply_to: str = "") -> str:
        """Say something in the administrators' room and return what the bot answers to it."""
        place = room or self.hall
        asked = self.server.say(place, by, text, reply_to=reply_to)

        def find() -> list[str]:
            """What replies to it; in a direct chat, what else is said then that is no card."""
            found = self.server.rooms[place].timeline
            since = next(number for number, one in enumerate(found) if one.id == asked)
            said = [one for one in found[since:] if one.sender == BOT and one.body and not one.is_edit]
            alone = sum(kind == MEMBER for kind, _ in self.server.rooms[place].state) == 2
            plain = [one for one in said if alone and " · please " not in one.body]
            return [one.body for one in said if one.replies_to == asked] or [one.body for one in plain]

        await self.scene.until(lambda: bool(find()))
        return find()[0]

    async def settled(self) -> None:
        """Wait until every letter to administrators was carried."""
        kinds = ("case", "case-grew", "case-changed", "second", "action-failed", "breaker", "console")
        far = self.scene.clock() + 1e6
        await self.scene.until(
            lambda: not self.store.read_now(lambda c: outbox.due(c, now=far, kinds=kinds, most=500))
        )


async def made(scene: Scene, *, practice: bool = False) -> Hall:
    """Set everything up as people do."""
    room = await scene.protected_room(users={CY: 50})
    for person in (CY, DI):
        scene.server.member(room, person, person, "join")
    await scene.bot.watchdog.look(room)
    if not practice:
        now, group = scene.clock(), scene.group(room).id
        scene.store.write_now(lambda c: groups.start(c, group, by=ADA, at=now))
    hall = scene.server.create_room(ADA, name="Administrators")
    scene.server.member(hall, CY, CY, "join")
    scene.server.member(hall, ADA, BOT, "invite")
    await scene.until(lambda: scene.server.rooms[hall].membership(BOT) == "join")
    scene.server.say(hall, ADA, "folkmoot here")
    await scene.until(lambda: any("are shown here" in text for text in scene.texts(hall)))
    return Hall(scene, room, hall)


@pytest.fixture
async def hall(scene: Scene) -> Hall:
    """An administrators' room of a group that has started."""
    scene.bot._console.carrier._gap = 0.05
    return await made(scene)
