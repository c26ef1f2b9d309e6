"""A message whose pictures are looked at has more time, and no other has."""

from collections.abc import AsyncIterator

import pytest

from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.ports import Terms
from folkmoot.vocabulary import OnFailure
from tests.support.origin import Origin
from tests.unit.matrix.desk import Desk, is_signed

_PICTURE = {"msgtype": "m.image", "body": "a.png", "url": "mxc://other.example/a"}
_LOOKS = Terms(on_failure=OnFailure.CLOSED, looks_at_pictures=True)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A policy server whose judge takes longer than words are given."""
    desk = Desk(Origin(), terms=_LOOKS, limits=Limits(deadline=0.2, media_deadline=2.0))
    desk.delay = 0.6
    yield desk
    await desk.close()


async def test_pictures_have_more_time(desk: Desk) -> None:
    """A message with a picture is judged although that takes longer than words are given."""
    event = desk.origin.event(_PICTURE)
    assert is_signed(desk, event, await desk.sign(event))


async def test_words_have_no_more_time(desk: Desk) -> None:
    """A message without a picture is answered as the group chose once its own time is over."""
    assert (await desk.sign(desk.origin.event("hello")))[0] == 400


async def test_where_none_is_looked_at_pictures_have_no_more_time(desk: Desk) -> None:
    """In a group whose rules ask nothing about pictures, a picture changes no deadline."""
    desk.judging.terms_for_all = Terms(on_failure=OnFailure.CLOSED)
    assert (await desk.sign(desk.origin.event(_PICTURE)))[0] == 400


async def test_pictures_have_an_end_too(desk: Desk) -> None:
    """A message with a picture that takes too long is answered as the group chose."""
    desk.delay = 60.0
    assert (await desk.sign(desk.origin.event(_PICTURE)))[0] == 400
