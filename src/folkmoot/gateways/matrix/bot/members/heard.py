"""What was said in one message takes effect once, though it is heard again after a crash."""

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.surroundings import Surroundings

_KEPT = 7 * 86_400.0


class Heard(Struct, frozen=True):
    """What was answered to a message."""

    answer: str


async def once(here: Surroundings, event: str, work: Callable[[Connection], str]) -> str:
    """Do something about a message in one commit, and return the answer; the second time, only the answer."""
    now = here.clock()

    def write(connection: Connection) -> str:
        before = notes.get(connection, Heard, event)
        if before is not None:
            return before.answer
        notes.forget_before(connection, Heard, now - _KEPT)
        answer = work(connection)
        notes.put(connection, Heard, event, Heard(answer), at=now)
        return answer

    return await here.store.write(write)
