"""What administrators are told about the operator of their installation."""

from sqlalchemy import Connection, select

from folkmoot.remember import log
from folkmoot.remember.records import Case
from folkmoot.remember.tables import outbox as letters
from folkmoot.review import queue
from folkmoot.review.permissions import Actor, Part
from tests.unit.bot.conftest import ADA
from tests.unit.bot.console.conftest import Hall


async def test_administrators_are_told_that_the_operator_read_a_case(hall: Hall) -> None:
    """A message besides the log, once an hour for a case however often it is read, without a word of it."""
    case, other = hall.reported(text="buy my watch"), hall.reported(ADA, text="buy mine")
    operator = Actor(person="operator", part=Part.OPERATOR, group=hall.group)
    start = hall.scene.clock()

    def read(one: Case, after: float) -> None:
        seals = hall.store.seals
        hall.store.write_now(lambda c: queue.look(c, seals, one.id, by=operator, at=start + after))

    def told() -> int:
        return hall.store.read_now(lambda c: len(_kept(c, queue.OPERATOR_READ)))

    read(case, 0.0)
    said = await hall.said(f"The operator of this installation read case {case.id[:4]}")
    assert "less than a minute ago" in said.body
    assert "watch" not in said.body
    read(case, 60.0)
    read(case, 3599.0)
    assert told() == 1
    read(case, 3601.0)
    assert told() == 2
    read(other, 3601.0)
    assert told() == 3
    entries = hall.store.read_now(lambda c: log.entries(c, hall.group))
    assert [one.kind for one in entries].count("case.read-by-operator") == 5
    await hall.settled()
    texts = [one.body for one in hall.server.rooms[hall.hall].timeline]
    assert not any(f"read case {other.id[:4]}" in one for one in texts)


def _kept(connection: Connection, kind: str) -> list[str]:
    return list(connection.execute(select(letters.c.body).where(letters.c.kind == kind)).scalars())
