"""Any order of reports, claims, decisions, second opinions, undos, appeals and votes keeps every promise."""

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from folkmoot.remember import cases, decisions, sanctions
from folkmoot.remember.deciding import ActionState, AppealState, DecisionKind
from folkmoot.remember.deciding_tables import appeals as appeal_rows
from folkmoot.remember.deciding_tables import decisions as decision_rows
from folkmoot.review.consequences import Pick
from folkmoot.vocabulary import Outcome
from tests.support.town import ANN, BEN, CARA, MIA, NOA, OLE, PIA, RON, SUE
from tests.unit.review.life import ADMINISTRATORS, Life

REPORTED, REPORTERS = (MIA, NOA, BEN), (OLE, PIA, RON)
REPELS = ((Pick.LOCK_DOWN, Pick.BAN), (Pick.MUTE,), (Pick.WARN,), (Pick.LOCK_DOWN,))
PICKS = (
        (Pick.NOTHING,), (Pick.UNFOUNDED,), (Pick.WARN,), (Pick.REMOVE, Pick.MUTE), (Pick.MUTE,),
        (Pick.BAN, Pick.REMOVE), (Pick.KICK,), (Pick.ALLOW_NEXT_TIME,),
)  # fmt: skip


class Promises(Life):
    """Such a group, looked at after whatever happened."""

    def _partly(self) -> set[tuple[str, str]]:
        """For whom alone which decision was taken back."""
        rows = decision_rows.c.partly, decision_rows.c.person
        query = select(*rows).where(decision_rows.c.partly.is_not(None))
        return self.town.do(lambda c: {(row.partly, row.person) for row in c.execute(query)})

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
        """What was taken back, for all or for one, has one inverse or never happened; the rest has none."""
        inverses = [one.inverse_of for one in self.town.actions() if one.inverse_of is not None]
        assert len(inverses) == len(set(inverses))
        found = self.town.do(decisions.latest, self.town.id, most=1000)
        superseded, partly = {one.supersedes for one in found}, self._partly()
        for decision in (one for one in found if one.kind is DecisionKind.DECISION):
            for action in self.town.actions(decision):
                if action.inverse_of is not None:
                    continue
                over = any(one.action == action.id and one.ended_at for one in self.town.sanctions(decision))
                back = decision.id in superseded or (decision.id, action.person) in partly
                expected = back and action.state is not ActionState.DROPPED
                assert (inverses.count(action.id) == 1) == expected or (over and not expected)
                assert not back or action.state is not ActionState.HELD
            for one in self.town.sanctions(decision):
                back = decision.id in superseded or (decision.id, one.person) in partly
                assert one.ended_at is not None or not back

    def an_appeal_that_was_granted_undid_it(self) -> None:
        """What was granted stands no more for its member, what is open does; each has one appeal."""
        columns = appeal_rows.c.subject, appeal_rows.c.person, appeal_rows.c.state
        rows = self.town.do(lambda c: c.execute(select(*columns)).all())
        for subject, person, state in rows:
            back = self.town.do(decisions.taken_back, subject, person)
            assert state != AppealState.GRANTED.value or back is not None
            assert state != AppealState.OPEN.value or back is None
        assert len({(row.subject, row.person) for row in rows}) == len(rows)
        granted = {(row.subject, row.person) for row in rows if row.state == AppealState.GRANTED.value}
        assert self._partly() <= granted

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
    (Life.storm, lambda luck: ()),
    *[(Life.repel, lambda luck: (luck.choice(ADMINISTRATORS), luck.choice(REPELS)))] * 2,
    (Life.claim, lambda luck: (luck.choice(REPORTED), luck.choice(ADMINISTRATORS))),
    *[
        (Life.decide, lambda luck: (
            luck.choice(REPORTED), luck.choice(ADMINISTRATORS), luck.choice(PICKS), luck.random() < 0.3
        ))
    ] * 3,
    (Life.confirm, lambda luck: (_number(luck), luck.choice(_LOOKING))),
    (Life.undo, lambda luck: (_number(luck), luck.choice(_LOOKING))),
    *[(Life.appeal, lambda luck: (_number(luck), luck.choice((*REPORTED, *REPORTERS))))] * 3,
    *[(Life.appeal, lambda luck: (_number(luck), luck.choice((MIA, NOA, SUE))))] * 3,
    *[
        (Life.answer, lambda luck: (_number(luck), luck.choice(_LOOKING), luck.random() < 0.5))
    ] * 4,
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
    life = Promises(luck.randint(1, 3), luck.randrange(3))
    try:
        for _ in range(60):
            deed, how = luck.choice(_STEPS)
            deed(life, *how(luck))
            life.keeps_its_promises()
    finally:
        life.town.close()
