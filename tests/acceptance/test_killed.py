"""Folkmoot is killed again and again while people report, decide, appeal and undo, on a real homeserver."""

import asyncio
import contextlib
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from folkmoot.cli.demo import deciding, setting_up
from folkmoot.cli.demo.deciding import PeopleDecide
from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.performance import Performance
from folkmoot.cli.demo.person import Answer, Person
from folkmoot.cli.demo.play import Players
from folkmoot.cli.demo.witness import letters, receive
from folkmoot.remember.deciding_tables import actions, appeals, decisions, reports, sanctions
from folkmoot.remember.tables import log

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.timeout(600),
]

_KILLS = 6


class _Restless:
    """Kills and starts Folkmoot at moments that nobody chose."""

    def __init__(self, performance: Performance) -> None:
        self._stage = performance.stage
        self._moments = random.Random(20261122)
        self.kills = 0

    async def run(self) -> None:
        assert self._stage.account is not None
        while self.kills < _KILLS:
            await asyncio.sleep(self._moments.uniform(0.1, 2.5))
            await asyncio.to_thread(self._stage.product.kill)
            self.kills += 1
            await asyncio.to_thread(self._stage.product.start, self._stage.account)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """People try again while the homeserver can't ask the policy server."""
    once = Person._send

    async def again(self: Person, room: str, kind: str, content: dict[str, Any]) -> Answer:
        answer = await once(self, room, kind, content)
        for _ in range(60):
            if answer.status < 500:
                break
            await asyncio.sleep(0.5)
            answer = await once(self, room, kind, content)
        return answer

    monkeypatch.setattr(Person, "_send", again)
    # Starting again takes its time, and six times in a row the more.
    monkeypatch.setattr(setting_up, "_PATIENCE", 240.0)
    monkeypatch.setattr(deciding, "_PATIENCE", 240.0)


async def test_nothing_confirmed_is_lost_and_everything_happens_once(
    performance: Performance, players: Players, patient: None
) -> None:
    """Whatever instant it is killed at, a report, decision, appeal and undo come to their end, each once."""
    people = PeopleDecide(performance.scene, players, Narrator())
    await people.prepare()
    restless = _Restless(performance)
    kills = asyncio.create_task(restless.run())
    try:
        await people.play()
    finally:
        kills.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await kills
    assert people.differs == []
    assert restless.kills >= 3
    script = performance.scene.deciding
    author, reporter = players.people[script.author], players.people[script.reporter]
    for _ in range(4):
        await asyncio.gather(*(receive(one, players.bot, 0.5) for one in (author, reporter)))
    _see_books(performance, author.id)
    _see_letters(author, reporter, players.bot, script.says)
    room = players.rooms[script.room]
    redactions = [one for one in await author.messages(room, 200) if one.kind == "m.room.redaction"]
    assert len({str(one.content.get("redacts")) for one in redactions}) == len(redactions)


def _see_books(performance: Performance, author: str) -> None:
    engine = create_engine(f"sqlite:///file:{performance.stage.product.database}?mode=ro&uri=true")
    with engine.connect() as connection:
        assert len(connection.execute(select(reports.c.id).where(reports.c.person == author)).all()) == 1
        made = connection.execute(
            select(decisions.c.id, decisions.c.kind).where(decisions.c.person == author)
        )
        kinds = {row.id: row.kind for row in made}
        assert Counter(kinds.values()) == {"decision": 1, "appeal": 1}
        assert len(connection.execute(select(appeals.c.id).where(appeals.c.person == author)).all()) == 1
        done = connection.execute(
            select(actions.c.kind, actions.c.state).where(actions.c.decision_id.in_(kinds))
        )
        assert Counter((row.kind, row.state) for row in done) == {
            ("remove", "done"): 1,
            ("restore", "done"): 1,
            ("allow-next-time", "done"): 1,
        }
        assert connection.execute(select(sanctions.c.id).where(sanctions.c.ended_at.is_(None))).all() == []
        noted = Counter(connection.execute(select(log.c.kind)).scalars())
        for kind in (
            "report.received",
            "decision.appeal",
            "appeal.received",
            "appeal.granted",
            "sanction.ended",
        ):
            assert noted[kind] == 1, kind
    engine.dispose()


def _see_letters(author: Person, reporter: Person, bot: str, text: str) -> None:
    told = letters(author, bot)
    assert sum(one.startswith("Your message was removed.") for one in told) == 1
    assert sum("it was granted" in one for one in told) == 1
    assert sum(one == text for one in told) == 1
    heard = letters(reporter, bot)
    assert sum("Your report about a message" in one and "was received" in one for one in heard) == 1
    assert all(reporter.id not in one for one in told)
