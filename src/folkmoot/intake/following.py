"""What follows from verdicts in their own transaction: the ladder's next step, and raids."""

from collections.abc import Sequence

from sqlalchemy import Connection

from folkmoot.act import ladder, raids
from folkmoot.remember import verdicts
from folkmoot.remember.seal import Seals


def record(connection: Connection, asks: Sequence[verdicts.Ask], seals: Seals) -> list[verdicts.Answer]:
    """Record that messages were judged, and what follows from the verdicts kept."""
    answers = verdicts.record(connection, [*asks], seals)
    kept = [answer.kept for answer in answers if answer.kept is not None]
    for one in kept:
        ladder.climb(connection, one)
    raids.gather(connection, kept)
    return answers
