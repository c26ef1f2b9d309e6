"""Who may do what: every cell of the table on the page, tried with the functions that do it."""

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.remember import appeals, cases, choices, decisions
from folkmoot.remember.deciding import Eyes, Source
from folkmoot.review import appealing, choosing, deciding, queue, reading, reporting, serving, undoing
from folkmoot.review.appealing import appeal as make_appeal
from folkmoot.review.consequences import Choice, Pick
from folkmoot.review.permissions import (
    COLUMNS,
    MEANING,
    OWN,
    TABLE,
    Actor,
    Deed,
    NotAllowedError,
    Part,
    cell,
    may,
    need,
)
from folkmoot.review.queue import UnknownCaseError
from folkmoot.review.reporting import About
from folkmoot.review.undoing import UnknownDecisionError
from tests.support.town import ANN, BEN, DAY, MIA, NOA, OLE, RON, Town


class Stage:
    """A group in which everything that somebody may want to do can be done."""

    def __init__(self, *, panel: bool = False, partner: bool = False) -> None:
        """Set it up: a decision by Ann about Mia, an appeal, and three cases."""
        self.town = Town(1 if panel or partner else 2)
        if panel:
            self.town.do(choices.put, self.town.id, "panel_size", 1, by=ANN, at=self.town.now)
            self.town.do(appeals.join_panel, self.town.id, OLE, at=self.town.now)
        if partner:
            there = Town(0, near=self.town)
            there.appoint(RON)
            self.town.do(appeals.agree, self.town.id, there.id, by=ANN, at=self.town.now)
            self.town.do(appeals.agree, there.id, self.town.id, by=RON, at=self.town.now)
        self.town.say(MIA)
        self.decision = self.town.decide(MIA, Pick.BAN, by=ANN)
        self.appeal = self.town.appeal(self.decision.id, MIA)
        self.town.report("@una:x", "@victor:x", text="")
        self.held = self.town.decide("@una:x", Pick.REMOVE, by=ANN)
        self.town.report("@wim:x", "@victor:x")
        self.case = self.town.open_case("@wim:x")

    def actor(self, column: str) -> Actor:
        """Return who stands in a column, as a gateway would have found them out."""
        persons = {"administrator": ANN, "another administrator": BEN, "panel member": OLE, "partner": RON}
        persons |= {"member": NOA, "with the link": MIA, "operator": "operator", "stranger": "@zed:x"}
        return Actor(person=persons[column], part=COLUMNS[column], group=self.town.id)


def _report(stage: Stage, by: Actor) -> object:
    about = About(person="@una:x", room=stage.town.room, message=f"$by-{by.person}")
    return stage.town.do(
        reporting.receive, stage.town.seals, stage.town.id, about, by=by, source=Source.API, at=stage.town.now
    )


def _with_seals(work: Callable[..., Any], name: str, **more: object) -> Callable[[Stage, Actor], object]:
    """Try a function about one of the things on the stage."""

    def deed(stage: Stage, by: Actor) -> object:
        about = getattr(stage, name).id
        return stage.town.do(work, stage.town.seals, about, by=by, at=stage.town.now, **more)

    return deed


def _appeal(stage: Stage, by: Actor) -> object:
    stage.town.say(MIA)
    newer = stage.town.decide(MIA, Pick.WARN, by=ANN)
    return stage.town.do(make_appeal, stage.town.seals, newer.id, by=by, words="No.", at=stage.town.now)


def _decide(stage: Stage, by: Actor) -> object:
    town, choice = stage.town, Choice(picks=(Pick.WARN,))
    return town.do(deciding.decide, town.seals, stage.case.id, stage.case.version, choice, by=by, at=town.now)


def _confirm(stage: Stage, by: Actor) -> object:
    return stage.town.do(deciding.confirm, stage.held, by=by, at=stage.town.now)


def _hold(stage: Stage, by: Actor) -> object:
    until = stage.town.now + 400 * DAY
    return stage.town.do(
        choosing.hold, stage.decision.case, until=until, reason="A court asks.", by=by, at=stage.town.now
    )


DEEDS: dict[Deed, Callable[[Stage, Actor], object]] = {
    Deed.REPORT: _report,
    Deed.READ_CASES: lambda stage, by: stage.town.do(queue.waiting, stage.town.id, by=by),
    Deed.READ_CASES_OVERTLY: _with_seals(queue.look, "case"),
    Deed.CLAIM: lambda stage, by: stage.town.do(
        queue.claim, stage.case.id, stage.case.version, by=by, at=stage.town.now
    ),
    Deed.DECIDE: _decide,
    Deed.CONFIRM: _confirm,
    Deed.UNDO: _with_seals(undoing.undo, "decision"),
    Deed.READ_RECEIPT: lambda stage, by: stage.town.do(reading.read, stage.decision.id, by=by),
    Deed.APPEAL: _appeal,
    Deed.WRITE_IN_APPEAL: _with_seals(appealing.write, "appeal", words="Why?"),
    Deed.READ_APPEAL: _with_seals(appealing.read, "appeal"),
    Deed.ANSWER_APPEAL: lambda stage, by: stage.town.answer(stage.appeal, by=by, granted=True),
    Deed.VOTE: _with_seals(appealing.vote, "appeal", grants=True, words=""),
    Deed.SERVE: lambda stage, by: stage.town.do(serving.serve, by=by, at=stage.town.now),
    Deed.CHOOSE: lambda stage, by: stage.town.do(
        choosing.choose, "pause_hours", 2.0, by=by, at=stage.town.now
    ),
    Deed.HOLD: _hold,
}


def _stage(column: str) -> Stage:
    return Stage(panel=column == "panel member", partner=column == "partner")


@pytest.mark.parametrize("column", [*COLUMNS])
@pytest.mark.parametrize("deed", list(Deed), ids=str)
def test_every_cell(deed: Deed, column: str) -> None:
    """What the page allows is done, and what it doesn't allow is refused and leaves the log as it was."""
    stage = _stage(column)
    expected = cell(deed, column)
    # In the column of members somebody tries what is not their own; nobody but Mia has her link.
    mine = column == "with the link" or (column == "panel member" and deed is not Deed.APPEAL)
    refused = expected == "–" or (expected == "own" and not mine)
    if (column, deed) == ("panel member", Deed.READ_RECEIPT):
        refused = True
    before = len(stage.town.log())
    if not refused:
        assert DEEDS[deed](stage, stage.actor(column)) is not False
    elif deed is Deed.APPEAL:
        with pytest.raises(NotAllowedError):
            DEEDS[deed](stage, stage.actor(column))
    else:
        with pytest.raises(NotAllowedError):
            DEEDS[deed](stage, stage.actor(column))
        assert len(stage.town.log()) == before
    stage.town.close()


@pytest.mark.parametrize("deed", sorted(OWN), ids=str)
def test_a_member_may_do_so_about_their_own(deed: Deed) -> None:
    """A member whom the gateway knows needs no link for what touches themselves."""
    stage = Stage()
    DEEDS[deed](stage, stage.town.member(MIA))
    stage.town.close()


@pytest.mark.parametrize("part", list(Part), ids=str)
@pytest.mark.parametrize("deed", list(Deed), ids=str)
def test_a_part_in_another_group_is_none_here(deed: Deed, part: Part) -> None:
    """Whatever somebody is elsewhere, here they are refused, or told that there is no such thing."""
    stage = Stage()
    other = Town(near=stage.town)
    by = Actor(person=BEN, part=part, group=other.id)
    before = stage.town.log()
    if deed in (Deed.SERVE, Deed.CHOOSE):  # these are about the actor's own group, whichever it is
        with_here = [one for one in (Part.STRANGER,) if one is part]
        assert not with_here or not may(by, deed, stage.town.id)
    else:
        with pytest.raises((NotAllowedError, LookupError)):
            DEEDS[deed](stage, by)
        assert deed is Deed.APPEAL or stage.town.log() == before
    stage.town.close()


def test_the_operator_s_reading_is_in_the_log() -> None:
    """The one thing that an operator may do leaves an entry that the group sees."""
    stage = Stage()
    DEEDS[Deed.READ_CASES_OVERTLY](stage, stage.actor("operator"))
    assert stage.town.logged()[0] == "case.read-by-operator"
    stage.town.close()


def test_a_member_reads_of_a_decision_what_touches_them() -> None:
    """Who is named beside them in a raid, and who appealed, is none of their business."""
    stage = Stage()
    town = stage.town
    town.say(NOA)
    case = town.open_case(NOA)
    town.do(cases.touch, case.id, kind="raid", person="")
    raid = town.do(cases.get, case.id)
    assert raid is not None
    town.do(cases.add_people, raid, [NOA, OLE])
    decision = town.choose(raid, Pick.BAN)
    town.appeal(decision.id, OLE)
    own = town.do(reading.read, decision.id, by=town.holder(NOA))
    assert ([one.person for one in own.actions], [*own.letters], own.appeals) == ([NOA], [NOA], ())
    every = town.do(reading.read, decision.id, by=town.admin(BEN))
    assert ([*every.letters], len(every.appeals)) == ([NOA, OLE], 1)
    assert "banned" in every.letters[NOA].text()
    back = town.undo(decision)
    assert town.do(reading.read, decision.id, by=town.admin()).superseded_by == back
    assert town.do(reading.read, back.id, by=town.admin()).letters == {}
    town.close()


def test_a_decision_of_another_group_is_not_there() -> None:
    """Whoever asks for a decision of another group is told that there is none."""
    stage = Stage()
    other = Town(near=stage.town)
    with pytest.raises(UnknownDecisionError):
        other.do(reading.read, stage.decision.id, by=other.admin(ANN))
    with pytest.raises(UnknownCaseError):
        other.do(deciding.confirm, stage.held, by=other.admin(BEN), at=other.now)
    stage.town.close()


def test_the_table_names_every_deed_and_says_for_whom_it_is() -> None:
    """No deed is left out of the table or of the page, and a refusal names those who may."""
    assert set(TABLE) == set(MEANING) == set(DEEDS) == set(Deed)
    for deed, parts in TABLE.items():
        assert parts, deed
        assert Part.STRANGER not in parts
        with pytest.raises(NotAllowedError, match="can do this"):
            need(Actor(person="@z:x", part=Part.STRANGER, group="g"), deed, "g")


def test_the_stage_is_what_it_says() -> None:
    """The appeal on each stage is for other eyes, for the panel, for the partner."""
    for column, eyes in (("member", Eyes.OTHER), ("panel member", Eyes.PANEL), ("partner", Eyes.PARTNER)):
        stage = _stage(column)
        assert stage.appeal.eyes is eyes
        assert stage.town.do(decisions.superseding, stage.decision.id) is None
        stage.town.close()
