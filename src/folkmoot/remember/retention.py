"""What is deleted when its time is over; nothing is kept longer than needed."""

from msgspec import Struct
from sqlalchemy import Connection, delete

from folkmoot.remember import host_lists, judged, log
from folkmoot.remember.tables import acquaintances, gateway_state, outbox, tokens

_DAY = 24 * 3600.0


class Swept(Struct, frozen=True):
    """How much one retention run deleted."""

    answers: int
    letters: int
    tokens: int


def sweep(connection: Connection, *, now: float, answers_days: int) -> Swept:
    """Delete answers and who was answered last before `answers_days`, delivered letters after a week, dead
    tokens after a day, and letters that nobody carried together with the answers."""
    oldest = now - answers_days * _DAY
    answers = judged.sweep(connection, before=oldest)
    connection.execute(delete(acquaintances).where(acquaintances.c.last_at < oldest))
    answers += connection.execute(
        delete(gateway_state).where(
            gateway_state.c.key.startswith("answer:"), gateway_state.c.changed_at < oldest
        )
    ).rowcount
    # A letter that nobody carried for so long (no bot runs here) tells nobody anything any more.
    past = (outbox.c.done_at < now - 7 * _DAY) | (outbox.c.made_at < oldest)
    letters = connection.execute(delete(outbox).where(past)).rowcount
    dead = (tokens.c.ended_at < now - _DAY) | (tokens.c.expires_at < now - _DAY)
    host_lists.sweep(connection, now=now)
    swept = Swept(answers, letters, connection.execute(delete(tokens).where(dead)).rowcount)
    if any((swept.answers, swept.letters, swept.tokens)):
        counts = {name: str(getattr(swept, name)) for name in swept.__struct_fields__}
        log.write(connection, "", "retention.run", by="folkmoot", at=now, **counts)
    return swept
