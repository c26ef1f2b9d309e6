"""Any order of reports, claims, decisions, second opinions, undos, appeals and votes keeps every promise."""

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from folkmoot.act import clock
from folkmoot.remember import actions, appeals, cases, choices, decisions, sanctions
from folkmoot.remember.deciding import ActionState, AppealState, DecisionKind, Eyes
from folkmoot.remember.deciding_tables import actions as action_rows
from folkmoot.remember.deciding_tables import appeals as appeal_rows
from folkmoot.remember.deciding_tables import decisions as decision_rows
from folkmoot.remember.deciding_tables import reports as report_rows
from folkmoot.remember.deciding_tables import sanctions as sanction_rows
from folkmoot.remember.tables import cases as case_rows
from folkmoot.remember.tables import log as log_rows
from folkmoot.review import appealing, deciding, queue
from folkmoot.review.appealing import AppealError
from folkmoot.review.consequences import Pick, PickError
from folkmoot.review.permissions import NotAllowedError, Part
from folkmoot.review.queue import TakenError
from folkmoot.review.reporting import ReportError
from folkmoot.vocabulary import Outcome
from tests.support.town import ANN, BEN, CARA, HOUR, MIA, NOA, OLE, PIA, RON, Town

REPORTED, REPORTERS = (MIA, NOA, BEN), (OLE, PIA, RON)
ADMINISTRATORS = (ANN, BEN, CARA)
REFUSED = (NotAllowedError, TakenError, PickError, AppealError, ReportError)
_STATE = (case_rows, decision_rows, action_rows, sanction_rows, appeal_rows, report_rows)
PICKS = (
        (Pick.NOTHING,), (Pick.UNFOUNDED,), (Pick.WARN,), (Pick.REMOVE, Pick.MUTE), (Pick.MUTE,),
        (Pick.BAN, Pick.REMOVE), (Pick.KICK,), (Pick.ALLOW_NEXT_TIME,),
)  # fmt: skip


class Life:
    """A group in which anybody may try anything at any time."""

    def __init__(self, several: int, panel: int) -> None:
        """Begin with one to three administrators, and perhaps a panel."""
        self.town = Town(several)
        self.town.do(choices.put, self.town.id, "panel_size", panel, by=ANN, at=self.town.now)
        for person in (OLE, PIA, RON)[: panel + 1]:
            self.town.do(appeals.join_panel, self.town.id, person, at=self.town.now)

    def _try(self, work: Any, *args: Any, **more: Any) -> Any:
        """Do something that may be refused; what is refused changes nothing, what is done is in the log."""
        before, entries = self._state(), self._entries()
        try:
            result = work(*args, **more)
        except REFUSED:
            assert self._state() == before
            assert self._entries() == entries
            return None
        if self._state() != before:
            assert self._entries() > entries
        return result

    def _state(self) -> list[Any]:
        return self.town.do(lambda c: [c.execute(select(one)).all() for one in _STATE])

    def _entries(self) -> int:
        return self.town.do(lambda c: int(c.execute(select(func.count()).select_from(log_rows)).scalar_one()))

    def _is_administrator(self, person: str) -> bool:
        return person in self.town.do(queue.administrators, self.town.id)

    def _decision(self, number: int) -> Any:
        found = self.town.do(decisions.latest, self.town.id, most=1000)
        return found[number % min(len(found), 4)] if found else None

    def _appeal(self, number: int) -> Any:
        found = self.town.do(
            lambda c: list(c.execute(select(appeal_rows.c.id).order_by(appeal_rows.c.at)).scalars())
        )
        return self.town.do(appeals.get, found[number % len(found)]) if found else None

    def report(self, person: str, reporter: str, known: bool) -> None:
        """A member reports, with or without a text that can be kept."""
        self._try(self.town.report, person, reporter, text="what was said" if known else "")

    def say(self, person: str, outcome: Outcome) -> None:
        """A rule finds something."""
        self.town.say(person, f"text of {person}", outcome)

    def claim(self, person: str, by: str) -> None:
        """An administrator takes a case."""
        case = self.town.do(cases.open_about, self.town.id, person)
        if case is not None and self._is_administrator(by):
            town = self.town
            self._try(town.do, queue.claim, case.id, case.version, by=town.admin(by), at=town.now)

    def decide(self, person: str, by: str, picks: tuple[Pick, ...], late: bool) -> None:
        """An administrator decides, perhaps on a case that they saw too long ago."""
        waiting = self.town.do(cases.still_open, self.town.id)
        case = next((one for one in waiting if one.person == person), waiting[0] if waiting else None)
        if case is None or not self._is_administrator(by):
            return
        self._try(self.town.choose, case, *picks, by=by, lasts=2 * HOUR if Pick.MUTE in picks else None)
        if late:
            assert self._try(self.town.choose, case, Pick.NOTHING, by=by) is None or (
                len(self.town.do(decisions.of_case, case.id)) >= 1
            )

    def confirm(self, number: int, by: str) -> None:
        """A second administrator agrees."""
        decision, town = self._decision(number), self.town
        if decision is not None and self._is_administrator(by):
            self._try(town.do, deciding.confirm, decision, by=town.admin(by), at=town.now)

    def undo(self, number: int, by: str) -> None:
        """An administrator takes something back."""
        decision = self._decision(number)
        if decision is not None and self._is_administrator(by):
            self._try(self.town.undo, decision, by=by)

    def appeal(self, number: int, person: str) -> None:
        """Somebody appeals."""
        decision = self._decision(number)
        if decision is not None and decision.kind is DecisionKind.DECISION:
            self._try(self.town.appeal, decision.id, person)

    def answer(self, number: int, by: str, granted: bool) -> None:
        """An administrator answers an appeal, if they may."""
        found = self._appeal(number)
        if found is None or not self._is_administrator(by):
            return
        if self._try(self.town.answer, found, by=self.town.admin(by), granted=granted) is not None:
            pause = self.town.now - found.at >= 24 * HOUR
            assert by != found.against or pause
            assert by != found.person

    def vote(self, number: int, person: str, grants: bool) -> None:
        """Somebody votes, if they were drawn."""
        found, town = self._appeal(number), self.town
        if found is not None:
            by = town.actor(person, Part.PANEL)
            done = self._try(
                town.do, appealing.vote, town.seals, found.id, by=by, grants=grants, words="", at=town.now
            )
            assert done is None or (found.eyes is Eyes.PANEL and person != found.person)

    def wait(self, hours: float) -> None:
        """Time goes by, and what is over is ended."""
        self.town.later(hours * HOUR)
        for one in self.town.do(sanctions.over, now=self.town.now):
            self._try(self.town.do, clock.end, one, at=self.town.now)

    def appoint(self, several: int) -> None:
        """Administrators come and go."""
        self.town.appoint(*ADMINISTRATORS[:several])

    def carry(self) -> None:
        """The courier does what is wanted."""
        for one in self.town.actions():
            if one.state is ActionState.WANTED:
                self._try(self.town.do, actions.done, one, at=self.town.now)

    def a_case_is_decided_once(self) -> None:
        """A case has at most one decision that stands, and a closed one stays closed."""
        found = self.town.do(decisions.latest, self.town.id, most=1000)
        superseded = {one.supersedes for one in found}
        standing = [
            one.case for one in found if one.kind is DecisionKind.DECISION and one.id not in superseded
        ]
        assert len(standing) == len(set(standing))
        for case in {one.case for one in found if one.case}:
            kept = self.town.do(cases.get, case)
            assert kept is not None
            assert kept.state == cases.CLOSED or case not in standing

    def everything_is_undone_once(self) -> None:
        """Of a superseded decision each action has one inverse or never happened, and no sanction stands."""
        inverses = [one.inverse_of for one in self.town.actions() if one.inverse_of is not None]
        assert len(inverses) == len(set(inverses))
        found = self.town.do(decisions.latest, self.town.id, most=1000)
        superseded = {one.supersedes for one in found}
        for decision in (one for one in found if one.kind is DecisionKind.DECISION):
            for action in self.town.actions(decision):
                if action.inverse_of is not None:
                    continue
                over = any(one.action == action.id and one.ended_at for one in self.town.sanctions(decision))
                expected = decision.id in superseded and action.state is not ActionState.DROPPED
                assert (inverses.count(action.id) == 1) == expected or (over and not expected)
                assert decision.id not in superseded or action.state is not ActionState.HELD
            if decision.id in superseded:
                assert all(one.ended_at is not None for one in self.town.sanctions(decision))

    def an_appeal_that_was_granted_undid_it(self) -> None:
        """A granted appeal is against what stands no more, a refused one against what stands."""
        rows = self.town.do(lambda c: c.execute(select(appeal_rows.c.subject, appeal_rows.c.state)).all())
        for subject, state in rows:
            back = self.town.do(decisions.superseding, subject)
            assert state != AppealState.GRANTED.value or back is not None
            assert state != AppealState.OPEN.value or back is None

    def nobody_is_sanctioned_for_ever_by_mistake(self) -> None:
        """Every mute has an end, and no administrator at the time of the decision is sanctioned."""
        for one in self.town.do(sanctions.standing, self.town.id):
            assert one.until is not None or one.kind.value == "ban"

    def no_reporter_is_named(self) -> None:
        """Neither the log nor a letter to another names who reported."""
        written = "".join(repr(one) for one in self.town.log() if not one.kind.startswith("administrator."))
        others = [one for one in self.town.letters() if one.get("person") not in REPORTERS]
        for reporter in REPORTERS:
            assert reporter not in written
            assert reporter not in repr(others)

    def keeps_its_promises(self) -> None:
        """Look at every promise."""
        self.a_case_is_decided_once()
        self.everything_is_undone_once()
        self.an_appeal_that_was_granted_undid_it()
        self.nobody_is_sanctioned_for_ever_by_mistake()
        self.no_reporter_is_named()


_LOOKING = (ANN, ANN, BEN, BEN, CARA)
Step = tuple[Callable[..., None], Callable[[Random], tuple[Any, ...]]]


def _number(luck: Random) -> int:
    return luck.randrange(10)


_STEPS: tuple[Step, ...] = (
    (Life.report, lambda luck: (luck.choice(REPORTED), luck.choice(REPORTERS), luck.random() < 0.6)),
    (Life.say, lambda luck: (luck.choice((MIA, NOA)), luck.choice((Outcome.CASE, Outcome.STOP)))),
    (Life.claim, lambda luck: (luck.choice(REPORTED), luck.choice(ADMINISTRATORS))),
    *[
        (Life.decide, lambda luck: (
            luck.choice(REPORTED), luck.choice(ADMINISTRATORS), luck.choice(PICKS), luck.random() < 0.3
        ))
    ] * 3,
    (Life.confirm, lambda luck: (_number(luck), luck.choice(_LOOKING))),
    (Life.undo, lambda luck: (_number(luck), luck.choice(_LOOKING))),
    *[(Life.appeal, lambda luck: (_number(luck), luck.choice((*REPORTED, *REPORTERS))))] * 3,
    *[
        (Life.answer, lambda luck: (_number(luck), luck.choice(_LOOKING), luck.random() < 0.5))
    ] * 2,
    (Life.vote, lambda luck: (_number(luck), luck.choice((OLE, PIA, RON, MIA)), luck.random() < 0.5)),
    (Life.wait, lambda luck: (luck.choice((0.5, 3, 25, 24 * 40)),)),
    (Life.appoint, lambda luck: (luck.randint(1, 3),)),
    (Life.carry, lambda luck: ()),
)  # fmt: skip


# Shrinking makes short lives in which little happens: each life here is a long one.
@given(luck=st.randoms(use_true_random=True))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_people_do_the_promises_hold(luck: Random) -> None:
    """After each of many steps in any order, refused or not, every promise holds."""
    life = Life(luck.randint(1, 3), luck.randrange(3))
    try:
        for _ in range(60):
            deed, how = luck.choice(_STEPS)
            deed(life, *how(luck))
            life.keeps_its_promises()
    finally:
        life.town.close()
