"""A group in which anybody may try anything at any time, for whoever watches what comes of it."""

from typing import Any

from sqlalchemy import func, select

from folkmoot.act import clock, raids
from folkmoot.remember import actions, appeals, cases, choices, decisions, sanctions
from folkmoot.remember.deciding import ActionState, DecisionKind, Eyes
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
from tests.support.town import ANN, BEN, CARA, HOUR, MIA, NOA, OLE, PIA, RON, SUE, Town

ADMINISTRATORS = (ANN, BEN, CARA)
CROWD = (MIA, NOA, SUE, *(f"@new{number}:x" for number in range(5)))
_REFUSED = (NotAllowedError, TakenError, PickError, AppealError, ReportError)
_STATE = (case_rows, decision_rows, action_rows, sanction_rows, appeal_rows, report_rows)


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
        except _REFUSED:
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

    def storm(self) -> None:
        """Many members come at once, known ones among them."""
        self.town.do(raids.join_wave, self.town.id, CROWD, at=self.town.now)

    def repel(self, by: str, picks: tuple[Pick, ...]) -> None:
        """An administrator decides about all who came."""
        raid = self.town.do(raids.open_raid, self.town.id)
        if raid is not None and self._is_administrator(by):
            lasts = 2 * HOUR if Pick.MUTE in picks else None
            self._try(self.town.choose, raid, *picks, by=by, lasts=lasts)

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
