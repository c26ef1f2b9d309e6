"""Where the same text was delivered: found by the fingerprints that copies share."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from folkmoot.remember.tables import case_verdicts, judged, verdicts
from folkmoot.vocabulary import Outcome

_MOST = 500


def delivered(
    connection: Connection, group: str, case: str, *, since: float, as_in: str = ""
) -> Sequence[tuple[str, str, str]]:
    """Return delivered messages with the same text as those of a case, each as message, room and sender.

    Most came before it was known that many would post the same, so that no verdict is kept of them. `as_in`:
    only those with the same text as this message.
    """
    mine = select(verdicts.c.message).join(case_verdicts, case_verdicts.c.verdict == verdicts.c.id)
    if as_in:
        mine = mine.where(verdicts.c.message == as_in)
    same = select(judged.c.fingerprint).where(
        judged.c.at >= since,
        judged.c.group_id == group,
        judged.c.message.in_(mine.where(case_verdicts.c.case_id == case)),
        judged.c.fingerprint.is_not(None),
    )
    query = select(judged.c.message, judged.c.room, judged.c.sender).where(
        judged.c.at >= since,
        judged.c.group_id == group,
        judged.c.done != Outcome.STOP.value,
        judged.c.sender != "",
        judged.c.fingerprint.in_(same),
    )
    return [(row.message, row.room, row.sender) for row in connection.execute(query.limit(_MOST))]
