"""Taking a decision back undoes everything that it did, once, and tells those it touched."""

import pytest

from folkmoot.act import clock
from folkmoot.remember import actions, appeals, cases, decisions, sanctions
from folkmoot.remember.deciding import ActionState, AppealState, DecisionKind
from folkmoot.review import undoing
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import NotAllowedError
from folkmoot.review.queue import TakenError
from folkmoot.review.undoing import UnknownDecisionError
from folkmoot.vocabulary import Outcome
from tests.support.town import ANN, BEN, DAY, HOUR, MIA, NOA, Town


def test_everything_that_was_done_is_undone(town: Town) -> None:
    """Each action gets its inverse, the last done first; sanctions end; the author may post again."""
    kept = town.say(MIA, "cheap pills here")
    decision = town.decide(MIA, Pick.REMOVE, Pick.WARN, Pick.KICK, Pick.MUTE, lasts=DAY)
    did = town.carry()
    town.later(HOUR)
    back = town.undo(decision, by=BEN)
    assert (back.kind, back.supersedes, back.by) == (DecisionKind.UNDO, decision.id, BEN)
    assert town.kinds(back) == ["invite", "unmute", "withdraw", "restore", "allow-next-time"]
    inverses = [one.inverse_of for one in town.actions(back) if one.inverse_of]
    assert inverses == [one.id for one in reversed(did)]
    assert [(one.ended_at, one.ended_by) for one in town.sanctions(decision)] == [(town.now, BEN)]
    mark = town.seals.mark(town.id, MIA, "cheap pills here")
    assert [one[:3] for one in town.do(sanctions.allowed, now=town.now)] == [(town.id, MIA, mark)]
    assert [one["person"] for one in town.letters("undone")] == [MIA]
    assert [one.message for one in town.actions(back) if one.kind.value == "restore"] == [kept.message]
    assert {"decision.undo", "sanction.ended", "case.reopened"} <= set(town.logged())


def test_what_is_over_already_is_not_ended_twice(town: Town) -> None:
    """A decision whose mute ended by itself can be taken back; only what still stands is undone."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.WARN, Pick.MUTE, lasts=HOUR)
    town.carry()
    town.later(2 * HOUR)
    (sanction,) = town.sanctions(decision)
    town.do(clock.end, sanction, at=town.now)
    town.carry()
    back = town.undo(decision)
    assert town.kinds(back) == ["withdraw"]
    assert [one.ended_by for one in town.sanctions(decision)] == ["folkmoot"]


def test_the_case_waits_again(town: Town) -> None:
    """After an undo the case is open, claimed by nobody, and due anew; its text stays."""
    town.say(MIA)
    before = town.open_case(MIA)
    decision = town.decide(MIA, Pick.WARN)
    town.later(30 * DAY)
    town.undo(decision)
    case = town.open_case(MIA)
    assert case.id == before.id
    assert (case.claimed_by, case.closed_at, case.erase_at) == (None, None, None)
    assert case.due_at is not None
    assert case.due_at > town.now
    assert town.decide(MIA, Pick.NOTHING).case == case.id


def test_a_case_stays_closed_where_another_is_open(town: Town) -> None:
    """A member has at most one open case, also after an undo."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.WARN)
    town.say(MIA)
    newer = town.open_case(MIA)
    town.undo(decision)
    assert town.open_case(MIA).id == newer.id
    older = town.do(cases.get, decision.case)
    assert older is not None
    assert older.state == cases.CLOSED


def test_a_decision_is_undone_once(town: Town) -> None:
    """The second is told who was faster, and no action has two inverses."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.BAN)
    town.undo(decision, by=ANN)
    with pytest.raises(TakenError, match=f"{ANN} took this back"):
        town.undo(decision, by=BEN)
    assert len([one for one in town.actions() if one.inverse_of]) == 1


def test_an_undo_is_not_undone(town: Town) -> None:
    """What took something back is final; the case is decided anew instead."""
    town.say(MIA)
    back = town.undo(town.decide(MIA, Pick.WARN))
    with pytest.raises(TakenError, match="decide the case anew"):
        town.undo(back)


def test_what_failed_is_not_taken_back_on_the_platform(town: Town) -> None:
    """An action that never took effect has no inverse, but the sanction that stood ends."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.MUTE, lasts=DAY)
    (muted,) = town.actions(decision)
    town.do(actions.failed, muted, "No power.", at=town.now)
    back = town.undo(decision)
    assert town.actions(back) == []
    assert [one.ended_at for one in town.sanctions(decision)] == [town.now]


def test_an_allowance_ends_with_its_decision(town: Town) -> None:
    """Undoing “allow next time” stops the message again."""
    for _ in range(3):
        town.say(MIA, outcome=Outcome.STOP)
    decision = town.decide(MIA, Pick.ALLOW_NEXT_TIME)
    assert town.do(sanctions.allowed, now=town.now)
    back = town.undo(decision)
    assert town.do(sanctions.allowed, now=town.now) == []
    assert town.kinds(back) == ["disallow"]


def test_who_may_not_undo(town: Town) -> None:
    """Members, other groups, and whom the decision is about can't take it back."""
    town.report(BEN, NOA)
    decision = town.decide(BEN, Pick.WARN, by=ANN)
    with pytest.raises(NotAllowedError, match="about you"):
        town.undo(decision, by=BEN)
    with pytest.raises(NotAllowedError, match="administrators"):
        town.do(undoing.undo, town.seals, decision.id, by=town.member(NOA), at=town.now)
    other = Town(near=town)
    with pytest.raises(UnknownDecisionError):
        town.do(undoing.undo, town.seals, decision.id, by=other.admin(ANN), at=town.now)
    with pytest.raises(UnknownDecisionError):
        town.do(undoing.undo, town.seals, "0" * 32, by=town.admin(ANN), at=town.now)


def test_an_undo_grants_the_appeal_that_waits(town: Town) -> None:
    """Who takes a decision back in the middle of an appeal grants it: it can't be refused after that."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.MUTE, lasts=DAY)
    appeal = town.appeal(decision.id, MIA)
    back = town.undo(decision, by=ANN, reason="I misread it.")
    found = town.do(appeals.get, appeal.id)
    assert found is not None
    assert (found.state, found.answered_by) == (AppealState.GRANTED, ANN)
    assert [(one["person"], one["decision"]) for one in town.letters("appeal-answer")] == [(MIA, back.id)]
    assert town.letters("undone") == []
    assert town.words(appeal.id)[-1] == (ANN, "I misread it.")
    with pytest.raises(TakenError, match="answered already"):
        town.answer(appeal, by=town.admin(BEN), granted=False)


def test_a_rule_that_is_gone_takes_its_decisions_with_it(town: Town) -> None:
    """Every standing decision that rests on the rule is undone, and no other."""
    for person, rule in ((MIA, "no-pills"), (NOA, "no-pills"), ("@x:x", "other")):
        town.say(person, by_rule=rule)
        town.decide(person, Pick.BAN)
    gone = town.do(
        undoing.undo_rule, town.seals, "no-pills", by=town.admin(), at=town.now, reason="It is gone."
    )
    assert {one.person for one in gone} == {MIA, NOA}
    assert [one.person for one in town.do(sanctions.standing, town.id)] == ["@x:x"]
    again = town.do(undoing.undo_rule, town.seals, "no-pills", by=town.admin(), at=town.now, reason="")
    assert again == []
    with pytest.raises(NotAllowedError):
        town.do(undoing.undo_rule, town.seals, "other", by=town.member(MIA), at=town.now, reason="")


def test_a_decision_row_is_never_changed(town: Town) -> None:
    """What was decided reads the same after the undo."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.WARN)
    town.undo(decision)
    assert town.do(decisions.get, decision.id) == decision


def test_what_nobody_has_begun_is_taken_back_too(town: Town) -> None:
    """An action that still waits has an inverse that waits for it, so that neither is lost."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.BAN)
    back = town.undo(decision)
    (ban,) = town.actions(decision)
    (unban,) = town.actions(back)
    assert (unban.inverse_of, unban.state) == (ban.id, ActionState.WANTED)


def test_what_ended_by_itself_is_not_ended_again(town: Town) -> None:
    """An appeal that is granted after the mute is over undoes the rest, and asks for no second unmute."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.MUTE, Pick.WARN, lasts=HOUR)
    town.carry()
    town.later(2 * HOUR)
    (mute,) = town.do(sanctions.over, now=town.now)
    town.do(clock.end, mute, at=town.now)
    assert "unmute" in town.kinds(decision)
    appeal = town.appeal(decision.id, MIA)
    town.answer(appeal, by=town.admin(BEN), granted=True)
    back = town.do(decisions.superseding, decision.id)
    assert back is not None
    assert town.kinds(back) == ["withdraw"]
