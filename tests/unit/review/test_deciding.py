"""A person decides a case: once, seen before, with consequences that hold and can't be too much."""

import pytest

from folkmoot.remember import actions, cases, decisions, sanctions
from folkmoot.remember.deciding import ActionState, DecidedBy, FoundBy, SanctionKind
from folkmoot.remember.erasure import APPEALABLE, KEPT
from folkmoot.review import deciding, queue
from folkmoot.review.consequences import Choice, Pick, PickError
from folkmoot.review.deciding import LONGEST_REASON
from folkmoot.review.permissions import NotAllowedError
from folkmoot.review.queue import CLAIM_LASTS, TakenError, UnknownCaseError
from folkmoot.vocabulary import Category, Outcome
from tests.support.town import ANN, BEN, CARA, DAY, HOUR, MIA, NOA, OLE, Town


def test_a_decision_closes_the_case_and_asks_for_its_actions(town: Town) -> None:
    """One transaction: the decision, its actions, its sanction, the letter, the entry, the closed case."""
    kept = town.say(MIA)
    case = town.open_case(MIA)
    decision = town.decide(MIA, Pick.REMOVE, Pick.MUTE, lasts=2 * HOUR)
    assert (decision.by, decision.decided_by, decision.found_by) == (ANN, DecidedBy.PERSON, FoundBy.RULE)
    assert (decision.rule, decision.category, decision.policy_version) == ("no-pills", Category.DRUGS, 1)
    assert (decision.case, decision.person, decision.reason) == (case.id, MIA, "That was selling.")
    removed, muted = town.actions(decision)
    assert (removed.kind.value, removed.message, removed.room) == ("remove", kept.message, town.room)
    assert (muted.kind.value, muted.person, muted.until) == ("mute", MIA, town.now + 2 * HOUR)
    assert {removed.state, muted.state} == {ActionState.WANTED}
    assert [(one.kind, one.until) for one in town.sanctions(decision)] == [
        (SanctionKind.MUTE, town.now + 2 * HOUR)
    ]
    closed = town.do(cases.get, case.id)
    assert closed is not None
    assert (closed.state, closed.closed_at, closed.version) == (cases.CLOSED, town.now, case.version + 1)
    assert [one["person"] for one in town.letters("decision")] == [MIA]
    assert [one["action"] for one in town.letters("action")] == [removed.id, muted.id]
    assert "decision.decision" in town.logged()


@pytest.mark.parametrize(("pick", "kept"), [(Pick.NOTHING, KEPT), (Pick.WARN, APPEALABLE)])
def test_text_is_kept_as_long_as_an_appeal_may_need_it(town: Town, pick: Pick, kept: float) -> None:
    """After a restriction for six months, else for thirty days."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.decide(MIA, pick)
    closed = town.do(cases.get, case.id)
    assert closed is not None
    assert closed.erase_at == town.now + kept


def test_a_case_is_decided_once(town: Town) -> None:
    """The second administrator is told who did what, and nothing of theirs happens."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.choose(case, Pick.WARN, by=ANN)
    with pytest.raises(TakenError, match=f"{ANN} decided this case"):
        town.choose(case, Pick.BAN, by=BEN)
    assert len(town.do(decisions.of_case, case.id)) == 1
    assert town.do(sanctions.standing, town.id) == []


def test_who_saw_an_older_version_has_to_look_again(town: Town) -> None:
    """A decision on a version that is not the last is refused."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.do(queue.claim, case.id, case.version, by=town.admin(), at=town.now)
    with pytest.raises(TakenError, match="Look again"):
        town.choose(case, Pick.WARN)
    assert town.do(decisions.of_case, case.id) == []


def test_a_claimed_case_waits_for_who_claimed_it(town: Town) -> None:
    """While one administrator is at it no other decides; after two hours another may."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.do(queue.claim, case.id, case.version, by=town.admin(ANN), at=town.now)
    with pytest.raises(TakenError, match=f"{ANN} is looking"):
        town.decide(MIA, Pick.WARN, by=BEN)
    town.later(CLAIM_LASTS)
    assert town.decide(MIA, Pick.WARN, by=BEN).by == BEN


def test_what_comes_in_meanwhile_keeps_nobody_from_deciding(town: Town) -> None:
    """A further report is no reason to look again."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.report(MIA, NOA)
    assert town.choose(case, Pick.WARN).case == case.id


def test_how_it_was_found_is_kept(town: Town) -> None:
    """Reports, rules, or both: the member is told which."""
    town.report(MIA, NOA, category=Category.HARASSMENT)
    by_report = town.decide(MIA, Pick.WARN)
    assert (by_report.found_by, by_report.rule, by_report.category) == (
        FoundBy.REPORT, None, Category.HARASSMENT
    )  # fmt: skip
    town.say(MIA)
    town.report(MIA, NOA)
    assert town.decide(MIA, Pick.WARN).found_by is FoundBy.BOTH


def test_administrators_are_not_sanctioned(town: Town) -> None:
    """What is between administrators is not settled by a tool of one of them; a warning is possible."""
    town.report(BEN, NOA)
    for pick, lasts in ((Pick.MUTE, HOUR), (Pick.KICK, None), (Pick.BAN, None)):
        with pytest.raises(PickError, match="Administrators"):
            town.decide(BEN, pick, lasts=lasts)
    assert town.decide(BEN, Pick.WARN).person == BEN


def test_nobody_decides_about_themselves(town: Town) -> None:
    """A case about an administrator is another's."""
    town.report(ANN, NOA)
    with pytest.raises(NotAllowedError, match="about you"):
        town.decide(ANN, Pick.NOTHING, by=ANN)


def test_a_long_reason_is_refused(town: Town) -> None:
    """A reason has two thousand characters at most: it becomes part of a letter."""
    town.say(MIA)
    with pytest.raises(PickError, match="2,000"):
        town.decide(MIA, Pick.WARN, reason="x" * (LONGEST_REASON + 1))
    assert town.decide(MIA, Pick.WARN, reason="x" * LONGEST_REASON).reason == "x" * LONGEST_REASON


def test_in_practice_nothing_comes_to_hold() -> None:
    """In practice a decision is written down, and nobody is sanctioned or written to."""
    town = Town(practice=True)
    town.say(MIA, done=Outcome.CASE)
    decision = town.decide(MIA, Pick.BAN)
    assert town.kinds(decision) == ["ban"]
    assert town.sanctions(decision) == []
    assert town.letters("decision") == []
    town.undo(decision)
    assert town.letters("undone") == []
    town.close()


def test_a_preview_says_what_would_be_and_changes_nothing(town: Town) -> None:
    """Looking at consequences leaves the case as it was."""
    town.say(MIA)
    case = town.open_case(MIA)
    choice = Choice(picks=(Pick.BAN,), lasts=DAY)
    before = town.log()
    seen = town.do(deciding.preview, town.seals, case.id, choice, by=town.admin(), at=town.now)
    assert [(one.kind.value, one.until) for one in seen.wanted] == [("ban", town.now + DAY)]
    assert (seen.needs_second, seen.practice) == (False, False)
    assert town.open_case(MIA) == case
    assert town.log() == before


def _unsealed(town: Town) -> None:
    """A report of a message whose text nobody could read: to remove it can't be taken back."""
    town.report(MIA, NOA, text="")


def test_what_can_t_be_given_back_takes_two(town: Town) -> None:
    """Where there are two, a removal without a copy waits for the second; nothing holds before."""
    _unsealed(town)
    decision = town.decide(MIA, Pick.REMOVE, Pick.MUTE, lasts=HOUR, by=ANN)
    assert {one.state for one in town.actions(decision)} == {ActionState.HELD}
    assert town.sanctions(decision) == []
    assert town.letters("decision") == town.letters("action") == []
    assert [one["decision"] for one in town.letters("second")] == [decision.id]
    with pytest.raises(NotAllowedError, match="second administrator"):
        town.do(deciding.confirm, decision, by=town.admin(ANN), at=town.now)
    town.do(deciding.confirm, decision, by=town.admin(BEN), at=town.now)
    assert {one.state for one in town.actions(decision)} == {ActionState.WANTED}
    assert len(town.sanctions(decision)) == len(town.letters("decision")) == 1
    assert "decision.confirmed" in town.logged()
    with pytest.raises(TakenError, match="waits"):
        town.do(deciding.confirm, decision, by=town.admin(BEN), at=town.now)
    assert len(town.sanctions(decision)) == 1


def test_where_there_is_one_administrator_one_is_enough(village: Town) -> None:
    """Two people are asked for only where the group has two."""
    _unsealed(village)
    decision = village.decide(MIA, Pick.REMOVE)
    assert {one.state for one in village.actions(decision)} == {ActionState.WANTED}


def test_a_copy_makes_a_removal_revocable(town: Town) -> None:
    """Where the text is sealed, a removal can be taken back and takes one person."""
    town.report(MIA, NOA, text="still known")
    decision = town.decide(MIA, Pick.REMOVE)
    assert {one.state for one in town.actions(decision)} == {ActionState.WANTED}


def test_who_may_not_confirm(town: Town) -> None:
    """Another group's administrator, a member, and whom the decision is about can't confirm it."""
    _unsealed(town)
    decision = town.decide(MIA, Pick.REMOVE, by=ANN)
    other = Town(near=town)
    with pytest.raises(UnknownCaseError):
        town.do(deciding.confirm, decision, by=other.admin(BEN), at=town.now)
    with pytest.raises(NotAllowedError, match="administrators"):
        town.do(deciding.confirm, decision, by=town.member(NOA), at=town.now)
    town.appoint(ANN, BEN, MIA)
    with pytest.raises(NotAllowedError, match="about you"):
        town.do(deciding.confirm, decision, by=town.admin(MIA), at=town.now)


def test_a_decision_that_waited_and_was_undone_is_not_confirmed(town: Town) -> None:
    """Undone before anybody agreed, nothing happens, and nobody is told of what never was."""
    _unsealed(town)
    decision = town.decide(MIA, Pick.REMOVE, by=ANN)
    back = town.undo(decision)
    assert {one.state for one in town.actions(decision)} == {ActionState.DROPPED}
    assert town.actions(back) == []
    assert town.letters("undone") == []
    with pytest.raises(TakenError):
        town.do(deciding.confirm, decision, by=town.admin(BEN), at=town.now)


def test_a_decision_about_a_raid_is_one_for_all(town: Town) -> None:
    """Everybody in the case gets the action, the room is locked first, and one undo takes all back."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.do(cases.touch, case.id, kind="raid", person="")
    raid = town.do(cases.get, case.id)
    assert raid is not None
    town.do(cases.add_people, raid, [NOA, OLE, MIA, NOA])
    decision = town.choose(raid, Pick.LOCK_DOWN, Pick.BAN)
    found = [(one.kind.value, one.person) for one in town.actions(decision)]
    assert found == [("lock-down", ""), ("ban", MIA), ("ban", NOA), ("ban", OLE)]
    assert sorted(one["person"] for one in town.letters("decision")) == [MIA, NOA, OLE]
    back = town.undo(decision, by=BEN)
    assert town.kinds(back) == ["unban", "unban", "unban", "reopen"]
    assert all(one.ended_at == town.now for one in town.sanctions(decision))


def test_an_action_is_noted_once(town: Town) -> None:
    """That an action was done is written once, however often a courier says so."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.WARN)
    (action,) = town.actions(decision)
    assert town.do(actions.done, action, at=town.now)
    assert not town.do(actions.done, action, at=town.now)
    assert town.logged().count("action.done") == 1


def test_cases_of_three_administrators_need_no_particular_one() -> None:
    """Any administrator may decide, and any other may confirm."""
    town = Town(3)
    _unsealed(town)
    decision = town.decide(MIA, Pick.REMOVE, by=CARA)
    town.do(deciding.confirm, decision, by=town.admin(ANN), at=town.now)
    assert {one.state for one in town.actions(decision)} == {ActionState.WANTED}
    town.close()
