"""A group that lives: rooms, administrators and members, in a real SQLite database, with a clock to turn."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.pool import StaticPool

from folkmoot.remember import actions, appeals, cases, decisions, groups, log, rooms, verdicts
from folkmoot.remember.deciding import Action, Appeal, Decision, Sanction, Source
from folkmoot.remember.deciding_tables import metadata
from folkmoot.remember.records import Case, Judged, LogEntry, VerdictRecord
from folkmoot.remember.sanctions import of_decision
from folkmoot.remember.seal import Seals
from folkmoot.remember.tables import outbox
from folkmoot.remember.verdicts import Ask
from folkmoot.review import appealing, deciding, queue, reporting, undoing
from folkmoot.review.consequences import Choice, Pick
from folkmoot.review.permissions import Actor, Part
from folkmoot.vocabulary import Category, Outcome, Signal, Verdict
from tests.support.seed import policy, rule

ANN, BEN, CARA = "@ann:x", "@ben:x", "@cara:x"
"""Administrators, as many as a town has, in this order."""
MIA, NOA, OLE, PIA, RON, SUE = "@mia:x", "@noa:x", "@ole:x", "@pia:x", "@ron:x", "@sue:x"
"""Members."""
SQUARE = "!square:x"
RULES = policy(
    rule(
        "no-pills",
        "Nobody sells pills here.",
        "drugs",
        "case",
        '[[rules.when]]\nkind = "words"\nany = ["pills"]\n',
    )
)
HOUR, DAY = 3600.0, 86_400.0

T = TypeVar("T")


class Town:
    """One group, and whatever is done in it; each deed is one transaction."""

    def __init__(
        self,
        administrators: int = 2,
        *,
        practice: bool = False,
        title: str = "Square",
        near: "Town | None" = None,
    ) -> None:
        """Found the group; `near` another one, it lies in the same database and has the same clock."""
        self.now: float = 1_000_000.0 if near is None else near.now
        self.seals: Seals = Seals() if near is None else near.seals
        self.connection: Connection = _database() if near is None else near.connection
        made = self.do(groups.create, title, RULES, by=ANN, at=self.now)
        self.id = made.id
        self.room = SQUARE if near is None else f"!{made.id}:x"
        self.do(rooms.add, self.id, self.room, title, by=ANN, at=self.now)
        self.appoint(*(ANN, BEN, CARA)[:administrators])
        if not practice:
            self.do(groups.start, self.id, by=ANN, at=self.now)
        self._said = 0

    def do(self, work: Callable[..., T], *args: Any, **more: Any) -> T:
        """Do something in a transaction of its own; where it is refused, nothing of it stays."""
        with self.connection.begin():
            return work(self.connection, *args, **more)

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()
        self.connection.engine.dispose()
        self.seals.close()

    def appoint(self, *people: str) -> None:
        """Make these people the administrators, and no others."""
        self.do(rooms.set_administrators, self.room, dict.fromkeys(people, 100), at=self.now)

    def later(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds

    def actor(self, person: str, part: Part) -> Actor:
        """Return somebody as a gateway would have found them out."""
        return Actor(person=person, part=part, group=self.id)

    def admin(self, person: str = ANN) -> Actor:
        """Return an administrator."""
        return self.actor(person, Part.ADMINISTRATOR)

    def member(self, person: str) -> Actor:
        """Return a member."""
        return self.actor(person, Part.MEMBER)

    def holder(self, person: str) -> Actor:
        """Return whoever has the link of a member's receipt."""
        return self.actor(person, Part.HOLDER)

    def say(
        self,
        person: str,
        text: str = "cheap pills",
        outcome: Outcome = Outcome.CASE,
        *,
        by_rule: str = "no-pills",
        category: Category = Category.DRUGS,
        done: Outcome | None = None,
    ) -> VerdictRecord:
        """Let a rule find something in a message, the way judging does."""
        self._said += 1
        message = f"$m{self._said}-{self.id}"
        signal = Signal(
            name="words", category=category, strength=1.0, sentence="It names pills.", rule=by_rule
        )
        verdict = Verdict(message=message, outcome=outcome, policy="p@1", rules=(by_rule,), signals=(signal,))
        was = Judged(
            message=message, group=self.id, room=self.room, sender=person, at=self.now, done=done or outcome
        )
        mark = self.seals.mark(self.id, person, text) if person else ""
        asked = Ask(was, verdict, 1, case_after=3, text=text, mark=mark)
        kept = self.do(verdicts.record, [asked], self.seals)[0].kept
        assert kept is not None
        return kept

    def report(
        self,
        person: str,
        by: str,
        *,
        text: str = "you are all fools",
        message: str | None = None,
        words: str = "Please look.",
        category: Category | None = None,
    ) -> reporting.Received:
        """Let a member report a message of another."""
        if message is None:
            self._said += 1
            message = f"$r{self._said}-{self.id}"
        about = reporting.About(person=person, room=self.room, message=message, text=text)
        return self.do(
            reporting.receive, self.seals, self.id, about,
            by=self.member(by), source=Source.REPLY, at=self.now, words=words, category=category,
        )  # fmt: skip

    def open_case(self, person: str) -> Case:
        """Return the open case about a member."""
        found = self.do(cases.open_about, self.id, person)
        assert found is not None
        return found

    def decide(
        self,
        person: str,
        *picks: Pick,
        by: str = ANN,
        lasts: float | None = None,
        reason: str = "That was selling.",
        messages: tuple[str, ...] = (),
    ) -> Decision:
        """Let an administrator decide the open case about a member."""
        case = self.open_case(person)
        return self.choose(case, *picks, by=by, lasts=lasts, reason=reason, messages=messages)

    def choose(
        self,
        case: Case,
        *picks: Pick,
        by: str = ANN,
        lasts: float | None = None,
        reason: str = "That was selling.",
        messages: tuple[str, ...] = (),
    ) -> Decision:
        """Let an administrator decide a case that they saw in this version."""
        choice = Choice(picks=picks, lasts=lasts, messages=messages)
        return self.do(
            deciding.decide, self.seals, case.id, case.version, choice,
            by=self.admin(by), at=self.now, reason=reason,
        )  # fmt: skip

    def look(self, case: str, by: str = ANN) -> queue.CaseFile:
        """Let an administrator read a case."""
        return self.do(queue.look, self.seals, case, by=self.admin(by), at=self.now)

    def undo(self, decision: Decision, by: str = ANN, reason: str = "A mistake.") -> Decision:
        """Let an administrator take a decision back."""
        return self.do(undoing.undo, self.seals, decision.id, by=self.admin(by), at=self.now, reason=reason)

    def appeal(self, subject: str, by: str, words: str = "I did not mean it so.") -> Appeal:
        """Let a member appeal by the link of the receipt."""
        return self.do(appealing.appeal, self.seals, subject, by=self.holder(by), words=words, at=self.now)

    def answer(self, appeal: Appeal, *, by: Actor, granted: bool, words: str = "We looked again.") -> Appeal:
        """Let somebody answer an appeal in the version that stands."""
        now = self.do(appeals.get, appeal.id)
        assert now is not None
        return self.do(
            appealing.answer, self.seals, appeal.id, now.version,
            by=by, granted=granted, words=words, at=self.now,
        )  # fmt: skip

    def carry(self) -> list[Action]:
        """Note that everything that is wanted was done, and return it."""
        wanted = [one for one in self.actions() if one.state.value == "wanted"]
        for one in wanted:
            self.do(actions.done, one, at=self.now)
        return wanted

    def actions(self, decision: Decision | None = None) -> list[Action]:
        """Return the actions of a decision, or of all of the group's."""
        of = [decision] if decision is not None else self.do(decisions.latest, self.id, most=10_000)
        return [action for one in of for action in self.do(actions.of_decision, one.id)]

    def kinds(self, decision: Decision) -> list[str]:
        """Return what a decision asked for, in words."""
        return [one.kind.value for one in self.actions(decision)]

    def sanctions(self, decision: Decision) -> list[Sanction]:
        """Return what a decision put on members."""
        return self.do(of_decision, decision.id)

    def log(self) -> list[LogEntry]:
        """Return the group's log, newest first."""
        return self.do(log.entries, self.id, most=10_000)

    def logged(self) -> list[str]:
        """Return the kinds of the log's entries, newest first."""
        return [entry.kind for entry in self.log()]

    def words(self, key: str) -> list[tuple[str, str | None]]:
        """Return who said what in a case or an appeal, oldest first."""
        return [(one.author, one.text) for one in self.do(lambda c: self.seals.words(c, key))]

    def letters(self, kind: str | None = None) -> list[dict[str, str]]:
        """Return what gateways were asked to say, oldest first."""
        query = select(outbox.c.kind, outbox.c.body).where(outbox.c.group_id == self.id).order_by(outbox.c.id)
        rows = self.do(lambda c: c.execute(query).all())
        return [
            {"kind": row.kind, **msgspec.json.decode(row.body, type=dict[str, str])}
            for row in rows
            if kind in (None, row.kind)
        ]


def _database() -> Connection:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return engine.connect()
