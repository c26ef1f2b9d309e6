"""Cards about a decision that touched several members, of whom one was granted an appeal."""

from collections.abc import Iterator

import pytest

from folkmoot.gateways.matrix.bot.console import appeal_card, case_card
from folkmoot.gateways.matrix.bot.console.orders import Does
from folkmoot.remember import cases
from folkmoot.remember.deciding import Decision
from folkmoot.review.consequences import Pick
from tests.support.town import BEN, MIA, NOA, Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A group with two administrators."""
    town = Town()
    yield town
    town.close()


def _repelled(town: Town) -> Decision:
    town.say(MIA)
    case = town.open_case(MIA)
    town.do(cases.touch, case.id, kind="raid", person="")
    raid = town.do(cases.get, case.id)
    assert raid is not None
    town.do(cases.add_people, raid, [MIA, NOA])
    return town.choose(raid, Pick.BAN)


def test_the_case_says_for_whom_alone_it_was_taken_back(town: Town) -> None:
    """The decision goes on to be shown, can still be taken back whole, and its message is shown anew."""
    decision = _repelled(town)
    before = town.do(case_card.page, town.seals, decision.case, {})
    appeal = town.appeal(decision.id, NOA)
    town.answer(appeal, by=town.admin(BEN), granted=True)
    page = town.do(case_card.page, town.seals, decision.case, {})
    assert before is not None
    assert page is not None
    assert f"{BEN} granted the appeal of {NOA}" in repr(page.lines)
    assert "2 members banned" in repr(page.lines)
    assert [one.order.does for one in page.offers] == [Does.UNDO]
    assert page.stamp != before.stamp


def test_an_appeal_says_what_granting_it_undoes(town: Town) -> None:
    """Of a decision about several, only what was done to the member who appeals."""
    decision = _repelled(town)
    appeal = town.appeal(decision.id, NOA)
    assert "nothing that was done to others" in repr(
        town.do(appeal_card.page, town.seals, appeal, at=town.now)
    )
    town.say(MIA)
    alone = town.appeal(town.decide(MIA, Pick.WARN).id, MIA)
    assert "everything that was decided is undone" in repr(
        town.do(appeal_card.page, town.seals, alone, at=town.now)
    )
