"""A member objects: heard by other eyes, answered with reasons, and undone where it was wrong."""

import pytest

from folkmoot.remember import appeals, cases, decisions, sanctions
from folkmoot.remember.deciding import Appeal, AppealState, DecisionKind, Eyes
from folkmoot.remember.erasure import APPEALABLE
from folkmoot.review import appealing
from folkmoot.review.appealing import LONGEST_WORDS, AppealError
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import NotAllowedError
from folkmoot.review.queue import TakenError
from folkmoot.review.subjects import UnknownAppealError
from folkmoot.vocabulary import Outcome
from tests.support.town import ANN, BEN, DAY, MIA, NOA, Town


def _muted(town: Town, by: str = ANN) -> str:
    town.say(MIA)
    return town.decide(MIA, Pick.MUTE, lasts=30 * DAY, by=by).id


def _get(town: Town, appeal: Appeal) -> Appeal:
    found = town.do(appeals.get, appeal.id)
    assert found is not None
    return found


def _said(town: Town, appeal: Appeal) -> list[tuple[str, str | None]]:
    return town.words(appeal.id)


def test_an_appeal_goes_to_other_eyes(town: Town) -> None:
    """Another administrator is asked, the member is told, and the words are sealed."""
    appeal = town.appeal(_muted(town), MIA, "It was a joke.")
    assert (appeal.eyes, appeal.against, appeal.not_before) == (Eyes.OTHER, ANN, town.now)
    assert [one["person"] for one in town.letters("appeal")] == [BEN]
    assert [one["person"] for one in town.letters("appeal-received")] == [MIA]
    assert _said(town, appeal) == [(MIA, "It was a joke.")]
    assert town.log()[0].kind == "appeal.received"
    assert MIA not in repr(town.log()[0])


def test_who_decided_neither_reads_nor_answers(town: Town) -> None:
    """An appeal is nothing for the one against whose decision it is."""
    appeal = town.appeal(_muted(town), MIA)
    for granted in (True, False):
        with pytest.raises(NotAllowedError, match="Another person"):
            town.answer(appeal, by=town.admin(ANN), granted=granted)
    with pytest.raises(NotAllowedError):
        town.do(appealing.read, town.seals, appeal.id, by=town.admin(ANN), at=town.now)
    with pytest.raises(NotAllowedError):
        town.do(appealing.write, town.seals, appeal.id, by=town.admin(ANN), words="Hm", at=town.now)


def test_granted_everything_is_undone(town: Town) -> None:
    """The decision is superseded, the mute ends, the case stays settled, and the member is told."""
    subject = _muted(town)
    town.carry()
    appeal = town.appeal(subject, MIA)
    answered = town.answer(appeal, by=town.admin(BEN), granted=True, words="You are right.")
    assert (answered.state, answered.answered_by, answered.erase_at) == (
        AppealState.GRANTED, BEN, town.now + 30 * DAY
    )  # fmt: skip
    back = town.do(decisions.superseding, subject)
    assert back is not None
    assert (back.kind, back.by, back.reason) == (DecisionKind.APPEAL, BEN, "You are right.")
    assert town.kinds(back) == ["unmute"]
    assert town.do(sanctions.standing, town.id) == []
    case = town.do(cases.get, back.case)
    assert case is not None
    assert case.state == cases.CLOSED
    (told,) = town.letters("appeal-answer")
    assert (told["person"], told["decision"]) == (MIA, back.id)
    assert _said(town, appeal)[-1] == (BEN, "You are right.")
    assert {"appeal.granted", "decision.appeal"} <= set(town.logged())


def test_refused_the_decision_stands(town: Town) -> None:
    """An answer that refuses has reasons too, and changes nothing else."""
    subject = _muted(town)
    appeal = town.appeal(subject, MIA)
    answered = town.answer(appeal, by=town.admin(BEN), granted=False, words="It was no joke.")
    assert answered.state is AppealState.REFUSED
    assert town.do(decisions.superseding, subject) is None
    assert len(town.do(sanctions.standing, town.id)) == 1
    with pytest.raises(TakenError, match="answered already"):
        town.answer(appeal, by=town.admin(BEN), granted=True)
    with pytest.raises(AppealError, match="once"):
        town.appeal(subject, MIA)


def test_an_answer_needs_reasons_and_the_version_that_stands(town: Town) -> None:
    """Nobody answers without words, or what somebody else changed meanwhile."""
    appeal = town.appeal(_muted(town), MIA)
    with pytest.raises(AppealError, match="Say why"):
        town.answer(appeal, by=town.admin(BEN), granted=True, words="  ")
    with pytest.raises(TakenError, match="Look again"):
        town.do(
            appealing.answer, town.seals, appeal.id, 99,
            by=town.admin(BEN), granted=True, words="Yes", at=town.now,
        )  # fmt: skip


def test_an_appeal_has_a_window_of_six_months(town: Town) -> None:
    """To the last second of six months, and not after."""
    subject = _muted(town)
    town.later(APPEALABLE)
    assert town.appeal(subject, MIA).state is AppealState.OPEN
    other = town
    other.say(NOA)
    late = other.decide(NOA, Pick.WARN).id
    town.later(APPEALABLE + 1)
    with pytest.raises(AppealError, match="six months"):
        town.appeal(late, NOA)


def test_words_are_needed_and_bounded(town: Town) -> None:
    """An empty appeal and one too long are refused with the bound."""
    subject = _muted(town)
    for words, match in ((" \n", "Say why"), ("x" * (LONGEST_WORDS + 1), "4,000")):
        with pytest.raises(AppealError, match=match):
            town.appeal(subject, MIA, words)
    assert town.letters("appeal") == []


def test_only_whom_it_touches_appeals(town: Town) -> None:
    """Nobody appeals for another, and nobody against nothing."""
    subject = _muted(town)
    with pytest.raises(NotAllowedError, match="whom it touches"):
        town.appeal(subject, NOA)
    with pytest.raises(UnknownAppealError):
        town.appeal("0" * 32, MIA)
    other = Town(near=town)
    with pytest.raises(UnknownAppealError):
        other.appeal(subject, MIA)


def test_appealing_again_adds_to_the_open_appeal(town: Town) -> None:
    """One decision has one appeal, in which there is room for a dialogue."""
    subject = _muted(town)
    first = town.appeal(subject, MIA, "First.")
    again = town.appeal(subject, MIA, "And this.")
    assert again.id == first.id
    town.do(appealing.write, town.seals, first.id, by=town.admin(BEN), words="Who was it?", at=town.now)
    town.do(appealing.write, town.seals, first.id, by=town.holder(MIA), words="My brother.", at=town.now)
    said = [(MIA, "First."), (MIA, "And this."), (BEN, "Who was it?"), (MIA, "My brother.")]
    assert _said(town, first) == said
    told = [one["person"] for one in town.letters("appeal-words")]
    assert told == [BEN, MIA, BEN]
    read = town.do(appealing.read, town.seals, first.id, by=town.holder(MIA), at=town.now)
    assert [(one.author, one.text) for one in read] == said


def test_a_dialogue_ends_somewhere(town: Town) -> None:
    """After fifty turns one waits for the answer."""
    appeal = town.appeal(_muted(town), MIA)
    for _ in range(49):
        town.do(appealing.write, town.seals, appeal.id, by=town.holder(MIA), words="more", at=town.now)
    with pytest.raises(AppealError, match="Enough"):
        town.do(appealing.write, town.seals, appeal.id, by=town.holder(MIA), words="more", at=town.now)


def test_a_stranger_sees_nothing_of_an_appeal(town: Town) -> None:
    """Neither another member nor another group's administrator reads or writes in it."""
    appeal = town.appeal(_muted(town), MIA)
    for by in (town.member(NOA), town.holder(NOA)):
        for deed in (appealing.read, appealing.write):
            more = {"words": "Hm"} if deed is appealing.write else {}
            with pytest.raises(NotAllowedError):
                town.do(deed, town.seals, appeal.id, by=by, at=town.now, **more)
    other = Town(near=town)
    with pytest.raises(UnknownAppealError):
        town.do(appealing.read, town.seals, appeal.id, by=other.admin(BEN), at=town.now)
    with pytest.raises(UnknownAppealError):
        town.do(appealing.read, town.seals, "0" * 32, by=town.admin(BEN), at=town.now)


def test_an_appeal_can_be_withdrawn(town: Town) -> None:
    """By its member only; the decision stands, and there is no second appeal."""
    subject = _muted(town)
    appeal = town.appeal(subject, MIA)
    with pytest.raises(NotAllowedError):
        town.do(appealing.withdraw, appeal.id, by=town.holder(NOA), at=town.now)
    town.do(appealing.withdraw, appeal.id, by=town.holder(MIA), at=town.now)
    assert _get(town, appeal).state is AppealState.WITHDRAWN
    with pytest.raises(AppealError, match="withdrew"):
        town.appeal(subject, MIA)
    with pytest.raises(TakenError):
        town.do(appealing.withdraw, appeal.id, by=town.holder(MIA), at=town.now)


def test_a_rule_s_decision_is_any_administrator_s_to_look_at(village: Town) -> None:
    """Where no person decided, the only administrator looks at once: these are other eyes than a rule's."""
    kept = village.say(MIA, outcome=Outcome.STOP)
    appeal = village.appeal(kept.id, MIA)
    assert (appeal.eyes, appeal.against, appeal.about_verdict) == (Eyes.OTHER, "", True)
    village.answer(appeal, by=village.admin(ANN), granted=True)
    mark = village.seals.mark(village.id, MIA, "cheap pills")
    assert [one[:3] for one in village.do(sanctions.allowed, now=village.now)] == [(village.id, MIA, mark)]
    reversed_ = village.do(decisions.superseding, kept.id)
    assert reversed_ is not None
    assert (reversed_.rule, reversed_.person) == ("no-pills", MIA)


@pytest.mark.parametrize("outcome", [Outcome.CASE, Outcome.ALLOW])
def test_what_restricted_nobody_is_not_appealed(town: Town, outcome: Outcome) -> None:
    """A message that was delivered is nothing to appeal against."""
    with pytest.raises(UnknownAppealError):
        town.appeal(town.say(MIA, outcome=outcome).id, MIA)


def test_a_reporter_may_appeal_where_nothing_was_done(town: Town) -> None:
    """A decision not to act can be appealed too; granted, the case waits again and the answer is open."""
    received = town.report(MIA, NOA)
    decision = town.decide(MIA, Pick.NOTHING, by=ANN)
    with pytest.raises(NotAllowedError):
        town.appeal(decision.id, MIA)
    appeal = town.appeal(decision.id, NOA, "She threatens people.")
    assert MIA not in repr(town.letters("appeal"))
    town.answer(appeal, by=town.admin(BEN), granted=True)
    assert town.open_case(MIA).id == received.report.case
    town.decide(MIA, Pick.WARN, by=BEN)
    assert [one["person"] for one in town.letters("report-answer")] == [NOA, NOA]


def test_a_reporter_does_not_appeal_where_something_was_done(town: Town) -> None:
    """What was done about a member is between them and the group."""
    town.report(MIA, NOA)
    decision = town.decide(MIA, Pick.WARN)
    with pytest.raises(NotAllowedError):
        town.appeal(decision.id, NOA)


def test_what_was_taken_back_is_not_appealed(town: Town) -> None:
    """There is nothing left to object to."""
    town.say(MIA)
    decision = town.decide(MIA, Pick.WARN)
    town.undo(decision)
    with pytest.raises(AppealError, match="taken back"):
        town.appeal(decision.id, MIA)
