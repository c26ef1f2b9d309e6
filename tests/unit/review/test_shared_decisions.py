"""A decision that touches several members: each has an appeal of their own, and what is granted is theirs."""

import pytest
from sqlalchemy import insert, select, update

from folkmoot.remember import appeals, cases, decisions, sanctions
from folkmoot.remember.deciding import ActionState, AppealState, Decision, DecisionKind
from folkmoot.remember.deciding_tables import figures
from folkmoot.remember.erasure import APPEALABLE, RECORD, erase
from folkmoot.remember.records import Case
from folkmoot.remember.tables import case_verdicts
from folkmoot.remember.tables import cases as case_rows
from folkmoot.review import deciding, reading
from folkmoot.review.appealing import AppealError
from folkmoot.review.consequences import Pick
from folkmoot.review.queue import TakenError
from tests.support.town import ANN, BEN, DAY, MIA, NOA, OLE, RON, Town


def _raid(town: Town, *people: str) -> Case:
    """A case about several members, each with a message that was delivered."""
    said = [town.say(person, f"pills from {person}") for person in people]
    first = town.open_case(people[0])
    town.do(cases.touch, first.id, kind="raid", person="")
    for kept in said[1:]:
        row = {"case_id": first.id, "verdict": kept.id}
        town.do(lambda c, row=row: c.execute(insert(case_verdicts), [row]))
    raid = town.do(cases.get, first.id)
    assert raid is not None
    town.do(cases.add_people, raid, [*people])
    return raid


def _repelled(town: Town, *picks: Pick) -> Decision:
    decision = town.choose(_raid(town, MIA, NOA, OLE), *(picks or (Pick.REMOVE, Pick.BAN)))
    if any(one.state is ActionState.HELD for one in town.actions(decision)):
        town.do(deciding.confirm, decision, by=town.admin(BEN), at=town.now)
    town.carry()
    return decision


def _granted(town: Town, decision: Decision, person: str, words: str = "You were not one of them.") -> None:
    town.answer(town.appeal(decision.id, person), by=town.admin(BEN), granted=True, words=words)


def _banned(town: Town) -> list[str]:
    return sorted(one.person for one in town.do(sanctions.standing, town.id))


def _state(town: Town, decision: Decision, person: str) -> AppealState | None:
    found = town.do(appeals.against, decision.id, person)
    return None if found is None else found.state


def test_each_member_has_an_appeal_of_their_own(town: Town) -> None:
    """One's appeal neither stands in another's way nor shows them what was said."""
    decision = _repelled(town)
    first, second = town.appeal(decision.id, MIA, "Mine."), town.appeal(decision.id, NOA, "Not mine.")
    assert first.id != second.id
    assert (town.words(first.id), town.words(second.id)) == ([(MIA, "Mine.")], [(NOA, "Not mine.")])
    town.answer(first, by=town.admin(BEN), granted=False)
    states = [_state(town, decision, one) for one in (MIA, NOA, OLE)]
    assert states == [AppealState.REFUSED, AppealState.OPEN, None]
    with pytest.raises(AppealError, match="once"):
        town.appeal(decision.id, MIA)


def test_what_is_granted_to_one_is_undone_for_them_alone(town: Town) -> None:
    """Their ban ends and their message comes back; the others' stay as they are, and the decision stands."""
    decision = _repelled(town, Pick.LOCK_DOWN, Pick.REMOVE, Pick.BAN)
    _granted(town, decision, NOA)
    assert _banned(town) == [MIA, OLE]
    assert town.do(decisions.superseding, decision.id) is None
    (back,) = town.do(decisions.partly, decision.id)
    assert (back.kind, back.person, back.by, back.supersedes) == (DecisionKind.APPEAL, NOA, BEN, None)
    assert town.kinds(back) == ["unban", "restore", "allow-next-time"]
    assert {one.person for one in town.actions(back)} == {NOA}
    case = town.do(cases.get, decision.case)
    assert case is not None
    assert case.state == cases.CLOSED
    assert [one["person"] for one in town.letters("appeal-answer")] == [NOA]
    assert town.letters("undone") == []
    assert town.do(decisions.of_case, decision.case) == [decision]


def test_everybody_can_be_right(town: Town) -> None:
    """Granted to each of them, nothing of what was done to them is left; what was done to nobody stays."""
    decision = _repelled(town, Pick.LOCK_DOWN, Pick.BAN)
    for person in (MIA, NOA, OLE):
        _granted(town, decision, person)
    assert _banned(town) == []
    assert {one.person for one in town.do(decisions.partly, decision.id)} == {MIA, NOA, OLE}
    reopened = [one for one in town.actions() if one.kind.value == "reopen"]
    assert reopened == []


def test_an_undo_undoes_the_rest_and_answers_those_who_wait(town: Town) -> None:
    """Each action has one inverse; an open appeal is granted, and each member is told once."""
    decision = _repelled(town, Pick.LOCK_DOWN, Pick.REMOVE, Pick.BAN)
    _granted(town, decision, NOA)
    town.carry()
    town.appeal(decision.id, MIA)
    back = town.undo(decision, reason="It was no raid.")
    inverses = sorted(one.inverse_of or "" for one in town.actions() if one.inverse_of)
    assert inverses == sorted(one.id for one in town.actions(decision))
    assert {one.person for one in town.actions(back)} == {MIA, OLE, ""}
    assert _banned(town) == []
    assert [_state(town, decision, one) for one in (MIA, NOA)] == [AppealState.GRANTED, AppealState.GRANTED]
    assert [one["person"] for one in town.letters("undone")] == [OLE]
    assert [one["person"] for one in town.letters("appeal-answer")] == [NOA, MIA]
    with pytest.raises(TakenError):
        town.undo(decision)
    with pytest.raises(AppealError, match="taken back"):
        town.appeal(decision.id, OLE)


def test_one_member_alone_is_the_whole_decision(town: Town) -> None:
    """Where a decision touches one member only, a granted appeal supersedes it as ever."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.REMOVE, Pick.BAN)
    _granted(town, decision, MIA)
    back = town.do(decisions.superseding, decision.id)
    assert back is not None
    assert back == town.do(decisions.taken_back, decision.id, MIA)
    assert town.do(decisions.partly, decision.id) == []


def test_what_was_granted_before_a_second_person_agreed_never_comes_to_hold(town: Town) -> None:
    """Whoever was spared while the decision waited is neither banned by the agreement nor written to."""
    town.report(MIA, RON, text="")
    case = town.open_case(MIA)
    town.do(cases.touch, case.id, kind="raid", person="")
    raid = town.do(cases.get, case.id)
    assert raid is not None
    town.do(cases.add_people, raid, [MIA, NOA])
    decision = town.choose(raid, Pick.REMOVE, Pick.BAN)
    assert {one.state for one in town.actions(decision)} == {ActionState.HELD}
    _granted(town, decision, NOA)
    town.do(deciding.confirm, decision, by=town.admin(BEN), at=town.now)
    assert _banned(town) == [MIA]
    assert [one["person"] for one in town.letters("decision")] == [MIA]
    assert {one.person for one in town.carry()} == {MIA}


def test_each_reads_what_became_of_their_own(town: Town) -> None:
    """A member sees their own appeal and whether it was taken back for them; an administrator all of it."""
    decision = _repelled(town)
    _granted(town, decision, NOA)
    town.appeal(decision.id, OLE)
    for person, undone, states in (
        (MIA, (), []), (NOA, (NOA,), [AppealState.GRANTED]), (OLE, (), [AppealState.OPEN])
    ):  # fmt: skip
        own = town.do(reading.read, decision.id, by=town.holder(person))
        assert (own.undone_for, [one.state for one in own.appeals]) == (undone, states)
        assert (own.superseded_by is not None) == (person == NOA)
    whole = town.do(reading.read, decision.id, by=town.admin(ANN))
    assert (whole.undone_for, len(whole.appeals), whole.superseded_by) == ((NOA,), 2, None)


def test_every_reporter_has_an_appeal_and_one_that_is_granted_answers_all(town: Town) -> None:
    """The case is looked at anew for everybody; what was said to one reporter is not told to another."""
    town.report(MIA, NOA)
    town.report(MIA, OLE)
    decision = town.decide(MIA, Pick.NOTHING)
    first, second = town.appeal(decision.id, NOA), town.appeal(decision.id, OLE, "He threatens us.")
    town.answer(first, by=town.admin(BEN), granted=True, words="Thank you, Noa.")
    assert town.do(decisions.superseding, decision.id) is not None
    assert town.open_case(MIA).id == decision.case
    assert [_state(town, decision, one) for one in (NOA, OLE)] == [AppealState.GRANTED] * 2
    assert town.words(second.id) == [(OLE, "He threatens us.")]
    assert [one["person"] for one in town.letters("appeal-answer")] == [OLE, NOA]


def test_figures_count_each_member_s_granted_appeal_once(town: Town) -> None:
    """When the records are deleted, one decision and as many reversals as were granted stay as numbers."""
    decision = _repelled(town, Pick.WARN)
    for person in (MIA, NOA):
        _granted(town, decision, person)
    over = town.now - APPEALABLE - RECORD - DAY
    done = update(case_rows).where(case_rows.c.id == decision.case).values(erase_at=None, closed_at=over)
    town.do(lambda c: c.execute(done))
    town.do(erase, town.seals, now=town.now)
    rows = town.do(lambda c: c.execute(select(figures.c.what, figures.c.number)).all())
    kept = {row.what: row.number for row in rows}
    assert (kept["decision"], kept["decision.reversed"]) == (1, 2)
