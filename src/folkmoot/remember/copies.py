"""Where the same text was delivered: found by the fingerprints that copies share."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from folkmoot.remember import sheets
from folkmoot.remember.sheets import Entry
from folkmoot.remember.tables import case_verdicts, verdicts
from folkmoot.vocabulary import Outcome

_MOST = 500

Place = tuple[str, str, str]
"""Message, room and sender."""


def delivered(connection: Connection, group: str, case: str, *, since: float) -> Sequence[Place]:
    """Return delivered messages with the same text as those of a case.

    Most came before it was known that many would post the same, so that no verdict is kept of them.
    """
    mine = select(verdicts.c.message).join(case_verdicts, case_verdicts.c.verdict == verdicts.c.id)
    messages = connection.execute(mine.where(case_verdicts.c.case_id == case)).scalars()
    found = delivered_as(connection, group, set(messages), since=since)
    return list(dict.fromkeys(place for places in found.values() for place in places))[:_MOST]


def delivered_as(
    connection: Connection, group: str, messages: set[str], *, since: float
) -> Mapping[str, Sequence[Place]]:
    """Return where each of these messages' text was delivered, at most so many places each."""
    prints = {
        one.message: one.fingerprint
        for one in _entries(connection, group, since)
        if one.message in messages and one.fingerprint
    }
    places: dict[int, list[Place]] = {number: [] for number in prints.values()}
    for one in _entries(connection, group, since) if prints else ():
        if one.fingerprint in places and one.done is not Outcome.STOP and one.sender:
            same = places[one.fingerprint]
            if len(same) < _MOST:
                same.append((one.message, one.room, one.sender))
    return {message: places[number] for message, number in prints.items()}


def _entries(connection: Connection, group: str, since: float) -> Iterator[Entry]:
    """What was judged in a group since then; read twice rather than held in memory."""
    for sheet in sheets.since(connection, since, group=group):
        for entry in sheet.entries:
            if entry.at >= since:
                yield entry
