"""Four scenes through the real homeserver: what is protected is heard, what harms is not."""

import httpx2
import pytest

from folkmoot.cli.demo.play import Happening, Players, say
from folkmoot.cli.demo.scene import Happened, load
from folkmoot.cli.demo.witness import differences_seen, letters, untold

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.timeout(300),
]


_told: dict[str, list[Happening]] = {}


async def _played(scene: str, players: Players) -> list[Happening]:
    """Play a scene once, however many tests look at it: said again it would be copies."""
    if scene not in _told:
        [act] = [act for act in load().acts if act.scene == scene]
        _told[scene] = [await say(line, players) for line in act.lines]
    return _told[scene]


@pytest.mark.parametrize("scene", ["checkpoint", "petition"])
async def test_anger_at_the_police_and_a_petition_are_delivered_to_all_without_a_case(
    players: Players, scene: str
) -> None:
    """A member rails against a checkpoint; members circulate a petition and announce a rally."""
    told = await _played(scene, players)
    assert [one.happened for one in told] == [Happened.DELIVERED] * len(told), [one.why for one in told]
    assert await differences_seen(told, players) == []
    for one in told:
        assert one.answer.event is not None
        assert players.books.was_judged(one.answer.event)
        assert players.books.about(one.answer.event) is None
        assert players.books.cases_about(players.people[one.line.who].id) == 0


async def test_selling_a_video_is_stopped_with_a_reason_and_opens_a_case(players: Players) -> None:
    """A member keeps selling access to a pornographic video: nobody sees it, the seller reads why."""
    told = await _played("video", players)
    sales = [one for one in told if one.line.who == "vendor"]
    assert [one.happened for one in sales] == [Happened.STOPPED] * 3
    assert {str(one.category) for one in sales} == {"sexual-selling"}
    assert await differences_seen(told, players) == []
    assert await untold(told, players, players.bot, within=15) == []
    assert players.books.cases_about(players.people["vendor"].id) == 1


async def test_money_rounds_day_after_day_are_stopped_or_looked_at_with_a_reason(players: Players) -> None:
    """A member runs rounds with stakes and payouts: each is stopped or opens a case, and says why."""
    told = await _played("rounds", players)
    rounds = [one for one in told if one.line.who == "promoter"]
    assert all(one.happened in (Happened.STOPPED, Happened.CASE) for one in rounds)
    assert {str(one.category) for one in rounds} == {"gambling"}
    assert all(one.why for one in rounds)
    assert await differences_seen(told, players) == []
    assert await untold(told, players, players.bot, within=15) == []


async def test_a_refusal_carries_reason_rule_and_a_receipt_that_opens(players: Players) -> None:
    """What the homeserver tells the sender's client names the rule; its link shows the whole statement."""
    [refused] = (await _played("video", players))[:1]
    assert refused.answer.status == 400
    body = refused.answer.body
    assert body["errcode"] == "M_FORBIDDEN"
    assert body["error"].startswith("Your message was stopped before anyone saw it.")
    async with httpx2.AsyncClient(trust_env=False) as anybody:
        page = await anybody.get(body["org.folkmoot.link"])
    assert page.status_code == 200
    assert refused.rule == body["org.folkmoot.rule"]


async def test_the_bot_tells_the_sender_and_nobody_else(players: Players) -> None:
    """Nobody else gets a direct message about somebody's stopped message."""
    told = await _played("video", players)
    await untold(told, players, players.bot, within=15)
    assert letters(players.people["vendor"], players.bot)
    assert letters(players.people["teacher"], players.bot) == []
