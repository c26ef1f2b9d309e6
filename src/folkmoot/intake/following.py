"""What follows from verdicts in their own transaction: the ladder's next step, and raids."""

from collections.abc import Sequence

from sqlalchemy import Connection

from folkmoot.act import ladder, raids
from folkmoot.remember import verdicts
from folkmoot.remember.seal import Seals


def record(connection: Connection, asks: Sequence[verdicts.Ask], seals: Seals) -> list[verdicts.Answer]:
    """Record that messages were judged, and what follows from the verdicts kept."""
    answers = verdicts.record(connection, [*asks], seals)
    if all(answer.kept is None for answer in answers):  # as nearly always
        return answers
    pairs = [(ask, answer.kept) for ask, answer in zip(asks, answers, strict=True) if answer.kept is not None]
    kept_ones = [kept for _, kept in pairs]
    ladder.climb(connection, kept_ones)
    said = {kept.id: ask.text for ask, kept in pairs}
    raids.gather(connection, kept_ones, said, seals)
    return answers
