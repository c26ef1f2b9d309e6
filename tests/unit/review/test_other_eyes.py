"""Other eyes: another administrator, a panel, a partner group, or the same person after a pause."""

import pytest

from folkmoot.remember import appeals, choices, sanctions
from folkmoot.remember.deciding import Appeal, AppealState, Eyes
from folkmoot.review import appealing, eyes
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import NotAllowedError, Part
from folkmoot.review.queue import TakenError
from tests.support.town import ANN, BEN, DAY, HOUR, MIA, NOA, OLE, PIA, RON, Town


def _muted(town: Town, by: str = ANN) -> str:
    town.say(MIA)
    return town.decide(MIA, Pick.MUTE, lasts=30 * DAY, by=by).id


def _get(town: Town, appeal: Appeal) -> Appeal:
    found = town.do(appeals.get, appeal.id)
    assert found is not None
    return found


def _said(town: Town, appeal: Appeal) -> list[tuple[str, str | None]]:
    return town.words(appeal.id)


def test_the_only_administrator_looks_after_a_pause(village: Town) -> None:
    """Where there is nobody else, who decided looks again after the pause that the group chose."""
    village.do(choices.put, village.id, "pause_hours", 48, by=ANN, at=village.now)
    appeal = village.appeal(_muted(village), MIA)
    assert (appeal.eyes, appeal.not_before) == (Eyes.PAUSE, village.now + 48 * HOUR)
    village.later(48 * HOUR - 1)
    with pytest.raises(NotAllowedError, match="pause"):
        village.answer(appeal, by=village.admin(ANN), granted=False)
    village.later(1)
    assert village.answer(appeal, by=village.admin(ANN), granted=True).state is AppealState.GRANTED


def test_who_came_meanwhile_looks_at_once(village: Town) -> None:
    """A second administrator who came after the appeal need not wait, and the first may not look any more."""
    appeal = village.appeal(_muted(village), MIA)
    village.appoint(ANN, BEN)
    village.later(30 * DAY)
    with pytest.raises(NotAllowedError):
        village.answer(appeal, by=village.admin(ANN), granted=False)
    assert village.answer(appeal, by=village.admin(BEN), granted=False).state is AppealState.REFUSED


def test_where_the_others_went_there_is_still_a_pause(town: Town) -> None:
    """When every other administrator has gone, who decided waits the pause all the same."""
    appeal = town.appeal(_muted(town), MIA)
    town.appoint(ANN)
    with pytest.raises(NotAllowedError, match="pause"):
        town.answer(appeal, by=town.admin(ANN), granted=False)
    town.later(24 * HOUR)
    assert town.answer(appeal, by=town.admin(ANN), granted=False).state is AppealState.REFUSED


def _with_panel(size: int, *people: str) -> Town:
    village = Town(1)
    village.do(choices.put, village.id, "panel_size", size, by=ANN, at=village.now)
    for person in people:
        village.do(appeals.join_panel, village.id, person, at=village.now)
    return village


def _vote(town: Town, appeal: Appeal, person: str, grants: bool, words: str = "") -> Appeal:
    return town.do(
        appealing.vote, town.seals, appeal.id,
        by=town.actor(person, Part.PANEL), grants=grants, words=words, at=town.now,
    )  # fmt: skip


def test_a_panel_is_drawn_among_those_who_agreed() -> None:
    """Neither the appellant nor an administrator is drawn; the majority decides, with its reasons only."""
    town = _with_panel(3, MIA, NOA, OLE, PIA, ANN)
    appeal = town.appeal(_muted(town), MIA)
    drawn = set(town.do(appeals.votes, appeal.id))
    assert appeal.eyes is Eyes.PANEL
    assert drawn == {NOA, OLE, PIA} == {one["person"] for one in town.letters("appeal")}
    _vote(town, appeal, NOA, True, "Fair enough.")
    _vote(town, appeal, OLE, False, "No.")
    assert _get(town, appeal).state is AppealState.OPEN
    answered = _vote(town, appeal, PIA, True, "A joke.")
    assert (answered.state, answered.answered_by) == (AppealState.GRANTED, "a panel")
    assert _said(town, appeal)[-1] == ("a panel", "Fair enough.\n\nA joke.")
    assert town.do(sanctions.standing, town.id) == []
    voted = [entry.by for entry in town.log() if entry.kind == "appeal.voted"]
    assert voted == ["a panel member"] * 3
    with pytest.raises(TakenError):
        _vote(town, appeal, OLE, True)
    town.close()


def test_a_panel_may_refuse_and_change_its_mind() -> None:
    """A vote can be changed until the majority is there; without words there is still an answer."""
    town = _with_panel(3, NOA, OLE, PIA)
    appeal = town.appeal(_muted(town), MIA)
    _vote(town, appeal, NOA, True, "Yes.")
    _vote(town, appeal, NOA, False)
    answered = _vote(town, appeal, OLE, False)
    assert answered.state is AppealState.REFUSED
    assert _said(town, appeal)[-1] == ("a panel", "A panel of members of the group voted on it.")
    town.close()


def test_a_tie_is_a_doubt_and_grants() -> None:
    """Two who disagree can't leave a member without an answer."""
    town = _with_panel(2, NOA, OLE)
    appeal = town.appeal(_muted(town), MIA)
    _vote(town, appeal, NOA, False, "No.")
    assert _vote(town, appeal, OLE, True, "Yes.").state is AppealState.GRANTED
    assert _said(town, appeal)[-1] == ("a panel", "Yes.")
    town.close()


def test_who_was_not_drawn_does_not_vote() -> None:
    """Neither another volunteer, nor an administrator, nor a member as such."""
    town = _with_panel(1, NOA, OLE)
    appeal = town.appeal(_muted(town), MIA)
    (drawn,) = town.do(appeals.votes, appeal.id)
    other = OLE if drawn == NOA else NOA
    with pytest.raises(NotAllowedError, match="not drawn"):
        _vote(town, appeal, other, True)
    for by in (town.admin(ANN), town.member(drawn)):
        with pytest.raises(NotAllowedError, match="drawn"):
            town.do(appealing.vote, town.seals, appeal.id, by=by, grants=True, words="", at=town.now)
    with pytest.raises(NotAllowedError):
        town.answer(appeal, by=town.admin(ANN), granted=False)
    town.close()


def test_too_few_volunteers_are_no_panel() -> None:
    """Where fewer agreed than the group wants, there is a pause instead."""
    town = _with_panel(3, NOA, OLE)
    assert town.appeal(_muted(town), MIA).eyes is Eyes.PAUSE
    town.close()


def _partners() -> tuple[Town, Town]:
    here = Town(1)
    there = Town(0, near=here)
    there.appoint(RON)
    here.do(appeals.agree, here.id, there.id, by=ANN, at=here.now)
    there.do(appeals.agree, there.id, here.id, by=RON, at=here.now)
    return here, there


def test_a_partner_group_s_administrator_looks() -> None:
    """Where both groups agreed, the partner's administrator answers in place of the only one here."""
    here, _ = _partners()
    appeal = here.appeal(_muted(here), MIA)
    assert appeal.eyes is Eyes.PARTNER
    assert [one["person"] for one in here.letters("appeal")] == [RON]
    with pytest.raises(NotAllowedError):
        here.answer(appeal, by=here.admin(ANN), granted=False)
    partner = here.actor(RON, Part.PARTNER)
    assert here.do(appealing.read, here.seals, appeal.id, by=partner, at=here.now)
    assert here.answer(appeal, by=partner, granted=True).state is AppealState.GRANTED
    here.close()


def test_a_partner_decides_nothing_else() -> None:
    """Where the appeal is for somebody in the group, a partner's administrator has no say."""
    here, _ = _partners()
    here.appoint(ANN, RON)
    appeal = here.appeal(_muted(here), MIA)
    assert appeal.eyes is Eyes.OTHER
    with pytest.raises(NotAllowedError, match="within the group"):
        here.answer(appeal, by=here.actor(RON, Part.PARTNER), granted=True)
    here.close()


def test_one_sided_agreement_is_none() -> None:
    """A group that only one side named decides nothing."""
    here, there = _partners()
    there.do(appeals.part, there.id, here.id)
    assert here.appeal(_muted(here), MIA).eyes is Eyes.PAUSE
    here.close()


def test_a_partner_that_has_gone_leaves_nobody_waiting() -> None:
    """When the agreement ends in the middle of an appeal, the only administrator looks after the pause."""
    here, there = _partners()
    appeal = here.appeal(_muted(here), MIA)
    there.do(appeals.part, there.id, here.id)
    with pytest.raises(NotAllowedError):
        here.answer(appeal, by=here.actor(RON, Part.PARTNER), granted=True)
    here.later(24 * HOUR)
    assert here.answer(appeal, by=here.admin(ANN), granted=True).state is AppealState.GRANTED
    here.close()


def test_a_partner_whose_only_administrator_decided_is_no_other_eyes() -> None:
    """The same person in two groups is still the same person."""
    here, there = _partners()
    there.appoint(ANN)
    assert here.appeal(_muted(here), MIA).eyes is Eyes.PAUSE
    here.close()


def test_the_appellant_never_looks(town: Town) -> None:
    """An administrator who appeals is not among those who look at it."""
    town.report(BEN, NOA)
    decision = town.decide(BEN, Pick.WARN, by=ANN)
    appeal = town.appeal(decision.id, BEN)
    assert appeal.eyes is Eyes.PAUSE
    assert town.do(eyes.of, appeal) == [ANN]
    with pytest.raises(NotAllowedError, match="your own"):
        town.answer(appeal, by=town.admin(BEN), granted=True)
